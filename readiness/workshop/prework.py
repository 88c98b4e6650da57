"""What nobody knows on the spot, asked before the meeting: a spreadsheet and a page to fill in, and the way back."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError, StorageError
from readiness.forms.form import script
from readiness.forms.html import Markup, element, page, rows
from readiness.readers.opening import read_json
from readiness.workshop.fields import FIELDS, GROUPS, TOGETHER, Field, described, shown, stored
from readiness.workshop.room import Room, Saved, Wish
from readiness.workshop.sheetfile import read_sheet

FORMAT = 1
HEADS = ("Question", "Low", "Likely", "High", "Unit", "What helps", "Address (leave as it is)")
INTRO = (
    "Please fill in what you know and leave the rest open: what is open is reckoned with its whole range. "
    "Low and high are wanted where a number is not certain: would you bet nine to one that it lies between them?"
)


def asked() -> tuple[Field, ...]:
    """The fields that are asked before a meeting."""
    return tuple(f for f in FIELDS if f.prework)


def write_prework(room: Room, out: Path) -> tuple[Path, ...]:
    """Write the spreadsheet and the page; what is known already stands in them."""
    contents = {"prework.xlsx": sheet(room), "prework.html": html_page(room).encode()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (out / name).write_bytes(content)
    except OSError as problem:
        raise StorageError(f"cannot be written: {problem.strerror}", file=out, hint="name another folder with --out") from None
    return tuple(out / name for name in contents)


def sheet(room: Room) -> bytes:
    """The spreadsheet: one row for each question, three cells where a range is wanted, all texts as texts."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    page_ = book.add_worksheet("Before we meet")
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    fill = book.add_format(
        {"bg_color": "#fff6e0", "border": 1, "border_color": "#cfd6dd", "locked": False, "valign": "top", "num_format": "#,##0.##########"}
    )
    grey, title = book.add_format({"font_color": "#55606b", "valign": "top", "text_wrap": True}), book.add_format({"bold": True, "font_size": 14})
    page_.write_string(0, 0, f"Before we meet: {room.engagement.client.name}", title)
    page_.merge_range(1, 0, 1, 5, INTRO, wrapped)
    page_.set_row(1, 48)
    for column, head in enumerate(HEADS):
        page_.write_string(3, column, head, bold)
    for number, one in enumerate(asked(), start=4):
        about, value = described(one, room.catalog, room.engagement), shown(one, room.raw, room.engagement)
        page_.write_string(number, 0, one.label, wrapped)
        parts = value if isinstance(value, Mapping) else {"likely": value}
        for column, part in enumerate(("low", "likely", "high"), start=1):
            wanted = part == "likely" or one.kind == "range"
            given = parts.get(part)
            if given is None:
                page_.write_blank(number, column, None, fill if wanted else grey)
            elif isinstance(given, str):
                page_.write_string(number, column, given, fill)
            else:
                page_.write_number(number, column, float(given), fill)
        page_.write_string(number, 4, about["unit"], grey)
        page_.write_string(number, 5, "; ".join(w for w in (one.hint, f"while open: {about['assumed']}" if about["assumed"] else "") if w), grey)
        page_.write_string(number, 6, one.address, grey)
    for column, width in enumerate((38, 13, 13, 13, 22, 46, 34)):
        page_.set_column(column, column, width)
    page_.freeze_panes(4, 1)
    page_.set_landscape()
    page_.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def html_page(room: Room) -> str:
    """The page: fills in offline and saves a small file to send back."""
    parts: list[Markup] = [
        element("h1", f"Before we meet: {room.engagement.client.name}"),
        element("p", INTRO),
        *rows([(element("label", "Who fills this in", for_="who"), element("span", element("input", id="who", type="text", maxlength="120")))]),
    ]
    number = 0
    for group, title in GROUPS:
        held = [f for f in asked() if f.group == group]
        if held:
            parts.append(element("h2", title))
        for one in held:
            number += 1
            parts += rows([_line(room, one, number)])
    parts += [element("button", "Save my answers", id="save", type="button"), element("p", id="said", role="status")]
    about = {"format": FORMAT, "client": room.engagement.client.id}
    return page(f"Before we meet: {room.engagement.client.name}", *parts, style=script("prework.css"), script=script("prework.js"), about=about)


def _line(room: Room, one: Field, number: int) -> tuple[Markup, Markup]:
    about, value = described(one, room.catalog, room.engagement), shown(one, room.raw, room.engagement)
    place = f"f{number}"
    common = {"data_address": one.address, "data_place": place, "data_kind": one.kind, "autocomplete": "off"}
    boxes: list[Markup]
    if one.kind == "range":
        parts = value if isinstance(value, Mapping) else {}
        boxes = [element("input", id=place if part == "likely" else None, data_part=part, placeholder=part, aria_label=f"{one.label}: {part}",
                         inputmode="decimal", value=parts.get(part, ""), **common) for part in ("low", "likely", "high")]  # fmt: skip
    else:
        boxes = [element("input", id=place, type="text" if one.kind == "text" else None, inputmode=None if one.kind == "text" else "decimal",
                         value="" if value is None else value, maxlength="400", **common)]  # fmt: skip
    help_ = "; ".join(w for w in (one.hint, f"while open: {about['assumed']}" if about["assumed"] else "") if w)
    label = element("label", one.label, element("small", help_) if help_ else None, for_=place)
    return label, element(
        "span", *boxes, element("span", about["unit"], class_="unit"), element("small", id=f"wrong-{place}", class_="wrong", role="alert")
    )


@dataclass(frozen=True)
class Taken:
    """What was read back: what was saved, and what did not fit, with the reason."""

    saved: Saved
    taken: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    unchanged: int = 0

    def lines(self) -> list[str]:
        """For a terminal."""
        told = [f"Taken as claimed: {one}" for one in self.taken]
        told += [f"Did not fit: {one}" for one in self.unfit]
        told.append(f"{len(self.taken)} taken, {self.unchanged} as they were, {len(self.unfit)} did not fit. {self.saved.text}")
        return told


@dataclass
class _Said:
    values: dict[str, Any] = field(default_factory=dict)
    who: str = ""
    unfit: list[str] = field(default_factory=list)


def take_in(room: Room, file: Path, *, who: str = "") -> Taken:
    """Read a filled sheet or page back into the client's journal, as *claimed*; what cannot be is listed, the rest is taken.

    Raises
    ------
    ImportFileError
        When the file is not one of ours.
    """
    said = _from_page(room, file) if file.suffix.lower() == ".json" else _from_sheet(file)
    who = who or said.who
    known = {f.address: f for f in asked()}
    wishes: list[Wish] = []
    taken: list[str] = []
    unfit, unchanged = list(said.unfit), 0
    whole: dict[str, dict[str, Any]] = {}
    for address, value in said.values.items():
        one = known.get(address)
        if one is None:
            unfit.append(f'"{address[:60]}" is not asked here')
            continue
        if _tidy(value) == _tidy(shown(one, room.raw, room.engagement)):
            unchanged += 1
            continue
        try:
            stands = stored(one, value, who=who, on=room.as_of.isoformat())
        except (TypeError, ValueError, KeyError, OverflowError):
            unfit.append(f'{one.label}: "{str(value)[:60]}" is not a number')
            continue
        parent = next((p for p, parts in TOGETHER.items() if address in parts), None)
        if parent:
            whole.setdefault(parent, {})[address.rpartition(".")[2]] = stands
            continue
        problem = _unfit(room, [*wishes, Wish(address, stands, "prework")])
        if problem:
            unfit.append(f"{one.label}: {problem}")
        else:
            wishes.append(Wish(address, stands, "prework"))
            taken.append(f"{one.label}: {_words(value)} {described(one, room.catalog, room.engagement)['unit']}".rstrip())
    for parent, given in whole.items():
        before = room.raw
        for step in parent.split("."):
            before = before.get(step) or {}
        wish = Wish(parent, {**before, **given}, "prework")
        problem = "these belong together, and one is missing" if len(wish.value) < len(TOGETHER[parent]) else _unfit(room, [*wishes, wish])
        if problem:
            unfit.append(f"What happened in the last twelve months: {problem}")
        else:
            wishes.append(wish)
            taken.append("What happened in the last twelve months: " + ", ".join(_words(v) for v in given.values()))
    saved = room.put(wishes, who=who, group=f"prework {file.name[:40]} {room.as_of}") if wishes else Saved("unchanged", "Nothing new was in it.")
    return Taken(saved, tuple(taken) if saved.good else (), tuple(unfit), unchanged)


def _unfit(room: Room, wishes: list[Wish]) -> str:
    return room.would_refuse(wishes)


def _tidy(value: Any) -> Any:
    if isinstance(value, Mapping):
        parts = {k: float(v) for k, v in value.items() if isinstance(v, int | float)}
        return parts.get("likely") if len(set(parts.values())) == 1 and len(parts) in (1, 3) else parts
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value or None


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{value['low']:,g} / {value['likely']:,g} / {value['high']:,g}"
    return f"{value:,g}" if isinstance(value, int | float) else str(value)[:60]


def _from_page(room: Room, file: Path) -> _Said:
    content, _ = read_json(file, limit=1_000_000)
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("answers"), dict):
        raise ImportFileError("is not a page that was filled in for this workbook", file=file)
    if content.get("client") != room.engagement.client.id:
        raise ImportFileError(f"was filled in for another client ({str(content.get('client'))[:60]})", file=file)
    said = _Said(who=str(content.get("who") or "")[:120])
    for address, value in content["answers"].items():
        _keep(said, str(address), value)
    return said


def _from_sheet(file: Path) -> _Said:
    said = _Said()
    table = read_sheet(file)
    start = next((i for i, row in enumerate(table) if len(row) > 6 and row[6] == HEADS[6]), None)
    if start is None:
        raise ImportFileError("is not the sheet that readiness prework wrote", file=file, hint="its heads and its last column have to stay")
    for row in table[start + 1 :]:
        cells = [*row, *[None] * 7][:7]
        address = cells[6]
        if not isinstance(address, str) or not address:
            if any(c not in (None, "") for c in cells[:4]):
                said.unfit.append(f'a row of its own: "{str(cells[0] or cells[2])[:60]}"')
            continue
        parts = {name: _cell(cells[at]) for name, at in (("low", 1), ("likely", 2), ("high", 3)) if cells[at] not in (None, "")}
        if parts:
            _keep(said, address, parts)
    return said


def _cell(value: Any) -> Any:
    """A number that somebody typed as a text is a number."""
    if isinstance(value, str):
        plain = value.replace(",", "").replace(" ", "").replace("\u00a0", "")
        try:
            return float(plain)
        except ValueError:
            return value.strip()
    return value


def _keep(said: _Said, address: str, value: Any) -> None:
    one = next((f for f in asked() if f.address == address), None)
    if one is None or one.kind == "range":
        if isinstance(value, Mapping):
            if "likely" not in value:
                said.unfit.append(f"{one.label if one else address[:60]}: the likely value is missing")
                return
            likely = value["likely"]
            value = {"low": value.get("low", likely), "likely": likely, "high": value.get("high", likely)}
    elif isinstance(value, Mapping):
        if set(value) - {"likely"}:
            said.unfit.append(f"{one.label}: only one value is wanted; the likely one is taken")
        value = value.get("likely")
        if value is None:
            return
    if one is not None and one.kind == "text" and isinstance(value, float):
        value = f"{value:g}"
    said.values[address] = value
