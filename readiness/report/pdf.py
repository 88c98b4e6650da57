"""The document as a PDF: set by typst, from data, with our own fonts, without network, script or system fonts."""

from __future__ import annotations

import datetime
import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from readiness.errors import ModelError
from readiness.report import typefaces
from readiness.report.blocks import Exhibit, FiguresPanel, Table
from readiness.report.columns import column_widths
from readiness.report.svg import figure_for_page
from readiness.report.svg.wording import wrapped
from readiness.report.words import WORDS

if TYPE_CHECKING:
    import typst

    from readiness.report.document import Document

Paper = Literal["a4", "us-letter"]
# Width of the page less its two margins of 62 pt, in points.
_TEXT_WIDTH = {"a4": 471.28, "us-letter": 488.0}
# Up to so many headings a report needs no table of contents.
_SHORT_REPORT = 3
# Headline numbers keep so many points from their neighbours, over and above the gutter.
_APART = 6.0
# A chart of more than this height, in points, does not wait for a place between two paragraphs.
_TALL = 260.0
# Running text of up to so many letters is an introduction.
_FEW_LETTERS = 600
# A table of less than this height, in points, is never broken over two pages; a taller one would leave too much of a page empty.
_WHOLE = 150.0
# A taller one begins where its caption, its head and three rows find room, as long as that is not half a page.
_FIRST_ROWS, _HEAD, _MOST_BEGINNING = 3, 64.0, 240.0
# Its last rows stay together with its note, as far as they are no taller than this.
_LAST_ROWS, _MOST_END = 3, 150.0
# Insets of a cell across and down, in points, and height of a line in multiples of its size: as in the template.
_INSET, _ROW_INSET, _LEADING = 12.0, 9.6, 1.2
# Size and room of a figure's line in the contents, in points, and where its finding may end.
_LISTED, _LISTED_ROOM = 8.4, 385.0
_A_CLAUSE = 20
_CLAUSE_ENDS = re.compile(r"(?<=\w\w)[.:;] ")
# Size of the running lines in points.
_RUNNING = 7.6


def write_pdf(document: Document, *, paper: Paper = "a4") -> bytes:
    """The finished PDF.

    Parameters
    ----------
    document
        What to set.
    paper
        ``"a4"`` or ``"us-letter"``.

    Returns
    -------
    bytes
        A PDF 1.7 that keeps PDF/UA-1 (typst refuses to write one that does not); the same bytes for the same document.

    Raises
    ------
    ModelError
        When typst refuses the document.
    """
    import typst  # 8 ms, and a thread pool that must not exist before a batch run forks

    if paper not in _TEXT_WIDTH:
        raise ModelError(f'the paper is "{paper}", but must be one of {", ".join(_TEXT_WIDTH)}')
    own = document.brand.faces
    with typefaces.set_in(own):
        content = page_content(document, paper=paper)
    day = document.date
    moment = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) if day else 0
    with as_file(files("readiness.report") / "templates") as folder, _fonts(own) as fonts:
        content |= fonts.named
        try:
            return typst.compile(
                folder / "report.typ",
                root=folder,
                font_paths=fonts.all,
                ignore_system_fonts=True,
                sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
                pdf_standards="ua-1",
                timestamp=moment,
                format="pdf",
            )
        except typst.TypstError as error:
            raise ModelError(f"typst refuses the document: {error.message}") from error


class _Fonts(NamedTuple):
    """What typst may set in, and what it calls the faces of text and headings."""

    all: typst.Fonts
    named: dict[str, Any]


@contextmanager
def _fonts(own: typefaces.Faces | None) -> Iterator[_Fonts]:
    """Our fonts, and before them those of the brand, in a folder of their own while typst reads them."""
    import typst

    if own is None:
        yield _Fonts(_our_fonts(), {})
        return
    with tempfile.TemporaryDirectory(prefix="readiness-fonts-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for use, face in (("text", own.text), ("bold", own.bold), ("heading", own.heading)):
            (folder / f"{use}.{face.kind}").write_bytes(face.content)
        # Typst makes names of families of its own ("Condensed" is a width to it), so it is asked.
        known = {Path(font.path).stem: font for font in typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]).fonts() if font.path}
        if known.keys() != {"text", "bold", "heading"}:
            raise ModelError("typst cannot read a font of the brand", hint="export it anew, as TTF or OTF")
        behind, heading = typefaces.families(), known["heading"]
        named = {"families": [known["text"].family, *behind], "headings": [heading.family, *behind], "heading-weight": heading.weight}
        yield _Fonts(typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder, *typefaces.folders()]), named)


@lru_cache(maxsize=1)
def _our_fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[*typefaces.folders()])


def page_content(document: Document, *, paper: Paper) -> dict[str, Any]:
    """What the typst template is given: plain data, every text drawable, charts as SVG, columns measured."""
    width = _TEXT_WIDTH[paper]
    day = document.date
    cover = next((block for block in document.blocks if block.kind == "cover"), None)
    brand = document.brand
    blocks = [_block(block, width) for block in document.blocks if block.kind != "cover"]
    _keep_together(blocks)
    headings = sum(block["kind"] == "heading" for block in blocks)
    footer = brand.footer or (f"{WORDS['confidential']}: {document.client}" if document.client else "")
    as_of = f"{WORDS['as_of']} {document.as_of}" if document.as_of else ""
    content = {
        "paper": paper,
        "language": document.language,
        "title": document.title,
        "description": f"{document.title}, {document.client}" if document.client else document.title,
        "date": [day.year, day.month, day.day] if day else None,
        "families": list(typefaces.families()), "headings": list(typefaces.families()), "heading-weight": 0,
        "words": WORDS.said(),
        "header": {
            "left": _short(document.client or brand.name, width * 0.56),
            "right": _short(document.title, width * 0.4),
        },
        "footer": _short(
            "  \N{MIDDLE DOT}  ".join(part for part in (as_of, WORDS[document.status], footer) if part), width * 0.8
        ),
        "brand": {
            "name": brand.name,
            "accent": brand.accent,
            "ink": brand.ink,
            "legal_note": brand.legal_note,
            "logo": None,
        },
        "cover": None,
        "contents": headings > _SHORT_REPORT and not (cover and cover.contents == "cover"),
        "exhibits": sorted(document.numbering()),
        "listed": _listed(document),
        "blocks": blocks,
    }
    if cover is not None:
        longest = typefaces.width(cover.title, size=1, bold=True)
        content["cover"] = cover.model_dump(exclude={"kind", "brand"}) | {"size": 34 if longest < 26 else 24}
    drawn: dict[str, Any] = _drawable(content)
    drawn["brand"]["logo"] = _logo(document)
    return drawn


def _keep_together(blocks: list[dict[str, Any]]) -> None:
    """A few words between a heading and what follows stay with it; a chapter never begins on a page without it. What keeps pages full is decided here too."""
    for place, block in enumerate(blocks):
        if block["kind"] == "exhibit":
            before = blocks[place - 1] if place else {"kind": ""}
            opens = before["kind"] == "heading" or before.get("sticky", False)
            tall = bool(block["chart"]) and block["chart"]["height"] > _TALL
            # A long table begins on what is left of a page, which a chart cannot; a tall chart then goes to the foot of this page or the next.
            block["turned"] = bool(block["chart"] and block["table"]) and not block["table"]["whole"] and (opens or tall)
            block["floats"] = block["turned"] and tall
        if block["kind"] == "list":
            block["short"] = sum(len(span["text"]) for point in block["points"] for span in point) < _FEW_LETTERS
        if block["kind"] in ("text", "missing"):
            after_heading = place > 0 and blocks[place - 1]["kind"] == "heading"
            before_content = place + 1 < len(blocks) and blocks[place + 1]["kind"] in ("exhibit", "text", "missing", "list")
            letters = len(block["text"]) if block["kind"] == "missing" else sum(len(span["text"]) for paragraph in block["paragraphs"] for span in paragraph)
            block["short"] = letters < _FEW_LETTERS
            block["sticky"] = after_heading and before_content and block["short"]


def _listed(document: Document) -> list[dict[str, str]]:
    """What the contents say of figures and tables on a line: of a figure its finding or the first clause of it, of a table what it is about."""
    names = document.numbering()
    listed: list[dict[str, str]] = []
    tables = 0
    for exhibit in document.exhibits():
        finding, title = exhibit.finding.strip(), exhibit.title.strip()
        if exhibit.figure is not None:
            words = _on_a_line(finding) or title or finding or exhibit.id
            listed.append(
                {"kind": "figure", "label": f"exhibit-{exhibit.id}", "name": names[exhibit.id], "words": words}
            )
        if exhibit.table is not None:
            tables += 1
            label = f"{'exhibit' if exhibit.figure is None else 'table'}-{exhibit.id}"
            words = title or finding or exhibit.id
            listed.append({"kind": "table", "label": label, "name": f"{WORDS['table']} {tables}", "words": words})
    return listed


def _on_a_line(finding: str) -> str:
    """A finding, its first sentence or its first clause, whichever is the longest that fits a line of the contents; empty when none does."""
    cuts = [match.start() for match in _CLAUSE_ENDS.finditer(finding)]
    colons = [cut for cut in cuts if finding[cut] == ":"]
    starts = [finding, *(finding[:cut] for cut in reversed(cuts) if cut not in colons[1:] and finding.count("“", 0, cut) == finding.count("”", 0, cut) and cut > _A_CLAUSE)]
    return next((start for start in starts if typefaces.width(start, size=_LISTED) <= _LISTED_ROOM), "")


def _logo(document: Document) -> dict[str, Any] | None:
    """The logo as typst takes it: an SVG as text, a PNG as a list of bytes."""
    brand = document.brand
    if brand.logo is None:
        return None
    alt = brand.logo_alt or brand.name
    if brand.logo_media_type == "image/svg+xml":
        return {"format": "svg", "content": typefaces.drawable(brand.logo.decode("utf-8", "replace")), "alt": alt}
    return {"format": "png", "content": list(brand.logo), "alt": alt}


def _block(block: Any, width: float) -> dict[str, Any]:
    """One block as data for the template."""
    content: dict[str, Any] = block.model_dump(exclude={"figure", "number_ids"})
    if isinstance(block, Exhibit):
        title, finding = block.title.strip(), block.finding.strip()
        content["caption"] = finding or title or block.id
        content["shows"] = title if finding and title != finding else ""
        content["alt"] = block.alt or finding or title
        content["chart"] = figure_for_page(block.figure, width=width) if block.figure is not None else None
        if block.table is not None:
            content["table"] |= _table(block.table, width) | {"caption": title or finding}
    elif isinstance(block, FiguresPanel):
        across = 3 if len(block.figures) > 4 else len(block.figures)
        room = (width - 14 * (across - 1)) / across
        content["label-lines"] = max(len(_lines(number.label, room, 8.6)) for number in block.figures)
        # One size for all of them: a larger number would look like a more important one.
        size = min(_fitting(number.value, room) for number in block.figures)
        content["figures"] = [{**number, "size": size} for number in content["figures"]]
    return content


def _table(table: Table, width: float) -> dict[str, Any]:
    """Measured columns, the size of the type, and the rows too tall to be kept on one page."""
    size = 8.7 if len(table.columns) <= 7 else 7.8
    widths = column_widths(table, width, size=size)
    long = [
        column.align == "right" and any(row[place].endswith(")") and typefaces.width(row[place], size=size) > widths[place] - _INSET for row in table.rows)
        for place, column in enumerate(table.columns)
    ]
    # A number stands over its range all down a column, when one of them does not fit a line.
    rows = [[cell.replace(" (", "\n(", 1) if broken and cell.endswith(")") else cell for cell, broken in zip(row, long, strict=True)] for row in table.rows]
    tall = [
        number
        for number, row in enumerate(rows)
        if any(
            typefaces.width(cell, size=size) > 30 * column or cell.count("\n") > 30
            for cell, column in zip(row, widths, strict=True)
        )
    ]
    lines = [max(1 + typefaces.width(cell, size=size) // (wide - _INSET) + cell.count("\n") for cell, wide in zip(row, widths, strict=True)) for row in rows]
    heights = [n * size * _LEADING + _ROW_INSET for n in lines]
    foot = max((n for n in range(1, min(_LAST_ROWS, max(1, len(heights) // 2)) + 1) if sum(heights[-n:]) < _MOST_END and not set(tall) & set(range(len(heights) - n, len(heights)))), default=0)
    beginning = min(_HEAD + sum(heights[:_FIRST_ROWS]), _MOST_BEGINNING)
    return {"rows": rows, "size": size, "widths": widths, "tall": tall, "whole": sum(heights) < _WHOLE, "beginning": beginning, "foot": foot}


def _fitting(value: str, room: float) -> float:
    """The largest size, from 22 pt down to 12 pt, at which a headline number fits on one line."""
    for size in (22.0, 20.0, 18.0, 16.0, 14.0):
        if typefaces.width(value, size=size, bold=True) <= room - _APART:
            return size
    return 12.0


def _short(text: str, room: float) -> str:
    """One line for the top or the foot of a page, cut where it does not fit."""
    flat = " ".join(text.split())
    if typefaces.width(flat, size=_RUNNING, bold=True) <= room:
        return flat
    while flat and typefaces.width(flat, size=_RUNNING, bold=True) > room - _RUNNING:
        flat = flat[:-1]
    return flat.rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _lines(text: str, room: float, size: float) -> list[str]:
    """The lines on which a text is set."""
    return wrapped(text, room - 1, lambda words: typefaces.width(words, size=size), 9)


def _drawable(content: Any) -> Any:
    """The same data with every text made drawable."""
    if isinstance(content, str):
        return typefaces.drawable(content)
    if isinstance(content, dict):
        return {key: _drawable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_drawable(value) for value in content]
    return content
