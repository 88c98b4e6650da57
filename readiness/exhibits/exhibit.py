"""What a reader sees: a finding with its table, its figure and the ids of its numbers; the same in every format."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from readiness.text import Printed, escape_html

MIME_TYPE = "application/vnd.readiness.blocks+json"
Align = Literal["left", "right"]
Tone = Literal["good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what its head says, how it is aligned, and its share of the width."""

    label: str
    align: Align = "left"
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of printed text; ``emphasis`` and ``muted`` name rows by position."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    emphasis: tuple[int, ...] = ()
    muted: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exhibit:
    """A finding and what shows it.

    Parameters
    ----------
    id
        A word; figures and tables are referred to by it.
    title
        What it is about.
    finding
        What it says, as a sentence made from the numbers.
    table, figure
        What shows it; the figure is a plotly figure as plain data, made when it is first wanted.
    alt
        The figure in words, for who cannot see it.
    note
        How to read it, and what it leaves out.
    printed
        The numbers that stand in it.
    """

    id: str
    title: str
    finding: str
    table: Table | None = None
    figure: Callable[[], Mapping[str, Any]] | None = field(default=None, repr=False)
    alt: str = ""
    note: str = ""
    printed: tuple[Printed, ...] = field(default=(), repr=False)

    def brief(self, height: float | None = None) -> Exhibit:
        """The exhibit without its note, its figure at most so many pixels high: for a page that holds several."""
        made = self.figure
        if made is None or height is None:
            return replace(self, note="")

        def lower() -> Mapping[str, Any]:
            figure = made()
            layout = figure["layout"]
            return {**figure, "layout": {**layout, "height": min(height, layout.get("height", height))}}

        return replace(self, note="", figure=lower)

    def payload(self) -> dict[str, Any]:
        """The block as plain data."""
        return {
            "kind": "exhibit", "id": self.id, "title": self.title, "finding": self.finding, "note": self.note, "alt": self.alt,
            "number_ids": list(dict.fromkeys(p.id for p in self.printed)),
            "figure": dict(self.figure()) if self.figure else None,
            "table": _table_payload(self.table) if self.table else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Anything else on the page: a cover, a panel, text, a list; ``content`` is its payload."""

    kind: str
    content: Mapping[str, Any]
    printed: tuple[Printed, ...] = field(default=(), repr=False)

    def payload(self) -> dict[str, Any]:
        return {"kind": self.kind, **self.content}


Part = Exhibit | Block


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", {"level": level, "text": text})


def text(*paragraphs: str, printed: Iterable[Printed] = ()) -> Block:
    return Block("text", {"paragraphs": list(paragraphs)}, tuple(printed))


def points(items: Sequence[str], *, title: str = "", numbered: bool = False, printed: Iterable[Printed] = ()) -> Block:
    content: dict[str, Any] = {"points": list(items), "numbered": numbered}
    return Block("list", content | ({"title": title} if title else {}), tuple(printed))


def missing(what: str, printed: Iterable[Printed] = ()) -> Block:
    """A quiet line that says what is not known here and how to supply it."""
    return Block("missing", {"text": what}, tuple(printed))


def new_page() -> Chapter:
    """What follows begins a new page."""
    return Chapter((Block("page_break", {}),))


def definitions(terms: Sequence[tuple[str, str]], printed: Iterable[Printed] = ()) -> Block:
    return Block("definitions", {"terms": [list(t) for t in terms]}, tuple(printed))


def _table_payload(table: Table) -> dict[str, Any]:
    columns = [{"key": str(i), "label": c.label, "align": c.align} | ({"width": c.width} if c.width else {}) for i, c in enumerate(table.columns)]
    return {"columns": columns, "rows": [list(r) for r in table.rows], "emphasis": list(table.emphasis), "muted": list(table.muted)}


@dataclass(frozen=True)
class Chapter:
    """Parts in reading order; what a notebook cell shows.

    Parameters
    ----------
    parts
        What stands on the page.
    attached
        What the finished files need and no reader sees: the brand, the narrative, the workings behind the numbers.
    """

    parts: tuple[Part, ...]
    attached: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __add__(self, other: Chapter) -> Chapter:
        """This chapter and then the other, as one."""
        return Chapter((*self.parts, *other.parts), {**self.attached, **other.attached})

    def only(self, *ids: str) -> Chapter:
        """The exhibits with these ids, and blocks of these kinds; what a board's page shows of a longer chapter."""
        return Chapter(tuple(p for p in self.parts if _name(p) in ids), self.attached)

    def without(self, *ids: str) -> Chapter:
        """What `only` left, for the appendix."""
        return Chapter(tuple(p for p in self.parts if _name(p) not in ids), self.attached)

    def brief(self, height: float | None = None) -> Chapter:
        """Its exhibits without their notes and with lower figures."""
        return Chapter(tuple(p.brief(height) if isinstance(p, Exhibit) else p for p in self.parts), self.attached)

    def findings(self, title: str = "") -> Chapter:
        """What its exhibits say, in a sentence each, and what is missing; without tables and figures."""
        told = [(e.finding, e.printed) for e in self.exhibits if e.finding]
        said = points([finding for finding, _ in told], title=title, printed=[p for _, printed in told for p in printed])
        return Chapter((*([said] if told else []), *(p for p in self.parts if _name(p) == "missing")), self.attached)

    def payload(self) -> dict[str, Any]:
        printed = [
            [p.id, p.value if math.isfinite(p.value) else None, p.unit, p.text, part.id if isinstance(part, Exhibit) else part.kind]
            for part in self.parts for p in part.printed
        ]  # fmt: skip
        return {"version": 1, "blocks": [part.payload() for part in self.parts], "printed": printed, **self.attached}

    @property
    def printed(self) -> tuple[Printed, ...]:
        return tuple(p for part in self.parts for p in part.printed)

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return tuple(part for part in self.parts if isinstance(part, Exhibit))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        payload = self.payload()
        return {MIME_TYPE: payload, "text/html": on_screen(payload), "text/plain": plain_text(payload)}


def _name(part: Part) -> str:
    return part.id if isinstance(part, Exhibit) else part.kind


def on_screen(payload: Mapping[str, Any], *, picture: Callable[[Mapping[str, Any]], str | None] = lambda _: None) -> str:
    """The blocks as HTML for a notebook; every text is escaped here and nowhere else.

    Parameters
    ----------
    picture
        Address of a chart's picture, as a data URI; None leaves the chart out.
    """
    return '<div class="readiness">' + "".join(_block_html(block, picture) for block in payload["blocks"]) + "</div>"


_CHART_STYLE = "display:block;width:100%;max-width:760px;height:auto;background:#fff;padding:8px;box-sizing:border-box"
_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.4em 0"


def _block_html(block: Mapping[str, Any], picture: Callable[[Mapping[str, Any]], str | None]) -> str:
    e = escape_html
    kind = block["kind"]
    if kind == "exhibit":
        chart = picture(block["figure"]) if block["figure"] else None
        drawn = f"<img src='{e(chart)}' alt='{e(block['alt'])}' style='{_CHART_STYLE}'>" if chart else ""
        body = f"<p><strong>{e(block['finding'])}</strong></p>{drawn}" + (_table_html(block["table"]) if block["table"] else "")
        return f"<h4>{e(block['title'])}</h4>{body}" + (f"<p><small>{e(block['note'])}</small></p>" if block["note"] else "")
    if kind == "heading":
        return f"<h{block['level'] + 1}>{e(block['text'])}</h{block['level'] + 1}>"
    if kind == "text":
        return "".join(f"<p>{e(p)}</p>" for p in block["paragraphs"])
    if kind == "list":
        return "<ul>" + "".join(f"<li>{e(p)}</li>" for p in block["points"]) + "</ul>"
    if kind == "verdict":
        return (
            f"<h3>{e(block['verdict'])}</h3><p>{e(block['sentence'])}</p><ul>"
            + "".join(f"<li>{e(r['text'])}</li>" for r in block["reasons"])
            + "</ul>"
        )
    if kind == "figures_panel":
        cells = "".join(
            f"<td style='padding:0 1.5em 0 0;text-align:left'><small>{e(f['label'])}</small><br><strong style='font-size:1.4em'>{e(f['value'])}</strong><br><small>{e(f['range'])}</small></td>"
            for f in block["figures"]
        )
        return f"<table style='{_STYLE}'><tr>{cells}</tr></table>"
    if kind == "definitions":
        return "<dl>" + "".join(f"<dt>{e(t)}</dt><dd>{e(m)}</dd>" for t, m in block["terms"]) + "</dl>"
    if kind == "missing":
        return f"<p><em>{e(block['text'])}</em></p>"
    if kind == "cover":
        return f"<h2>{e(block['client'])}</h2><p>{e(block['title'])}, as of {e(block['as_of'])} ({e(block['status'])})</p>"
    return ""


def _table_html(table: Mapping[str, Any]) -> str:
    e = escape_html
    aligns = [c["align"] for c in table["columns"]]
    head = "".join(f"<th style='text-align:{a}'>{e(c['label'])}</th>" for a, c in zip(aligns, table["columns"], strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td style='text-align:{a}'>{e(cell)}</td>" for a, cell in zip(aligns, row, strict=True)) + "</tr>" for row in table["rows"]
    )
    return f"<table style='{_STYLE}'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def plain_text(payload: Mapping[str, Any]) -> str:
    """The findings, for terminals and logs."""
    lines = []
    for block in payload["blocks"]:
        lines += [str(block[key]) for key in ("finding", "sentence", "text") if block.get(key)]
        lines += [str(p) for p in block.get("paragraphs", ())]
    return "\n".join(lines)
