"""The report as one document: a title, a brand and a list of blocks, read from an executed notebook."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from readiness.errors import ModelError
from readiness.language import ENGLISH, tr, use
from readiness.language import language as spoken
from readiness.report.blocks import MIME_TYPE, VERSION, Block, Cover, Exhibit, Heading, Strict, Table
from readiness.report.brand import DEFAULT_BRAND, Brand, in_colours
from readiness.report.markdown import blocks_of
from readiness.report.narrative import with_narrative
from readiness.report.words import WORDS

SCREEN_ONLY = "screen-only"


class Document(Strict):
    """What every way of rendering starts from; two documents that are equal render to the same bytes."""

    title: str
    client: str = ""
    as_of: str = ""
    status: str = "draft"
    language: str = "en"
    brand: Brand = DEFAULT_BRAND
    blocks: tuple[Block, ...]

    @property
    def date(self) -> datetime.date | None:
        """The day the report speaks of, when ``as_of`` is one: ``2026-11-23`` or ``23 November 2026``."""
        for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y"):
            try:
                return datetime.datetime.strptime(self.as_of.strip(), form).date()
            except ValueError:
                continue
        return None

    def exhibits(self) -> Iterator[Exhibit]:
        """The exhibits in the order of the page."""
        return (block for block in self.blocks if isinstance(block, Exhibit))

    def numbering(self) -> dict[str, str]:
        """What each exhibit is called, by its id: ``Figure 3`` or ``Table 2``.

        Notes
        -----
        Figures and tables are counted apart. An exhibit with both is called by its figure, and its table has the next
        number among the tables.
        """
        figures = tables = 0
        names = {}
        for exhibit in self.exhibits():
            figures += exhibit.figure is not None
            tables += exhibit.table is not None
            if exhibit.figure is not None:
                names[exhibit.id] = f"{WORDS['figure']} {figures}"
            elif exhibit.table is not None:
                names[exhibit.id] = f"{WORDS['table']} {tables}"
        return names


def make(blocks: list[dict[str, Any]], *, brand: Brand | None = None, language: str = "en") -> Document:
    """A document from blocks in the form in which cells hand them over.

    Parameters
    ----------
    blocks
        Blocks as plain dictionaries, each with its ``kind``.
    brand
        The consultancy's paper; without one, that of the cover, or the plain default.
    language
        Language of the text, as an ISO 639 code: read aloud by screen readers.

    Raises
    ------
    ModelError
        When a block is not what the renderers know: a mistake of ours, with its place.

    Examples
    --------
    >>> make([{"kind": "heading", "level": 1, "text": "Summary"}]).title
    'Summary'
    """
    try:
        blocks = _levelled(blocks)
        content = Document(title="", language=language, blocks=tuple(blocks)).blocks
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ModelError(f"{first['msg'].removeprefix('Value error, ')}", place=place) from None
    cover = next((block for block in content if isinstance(block, Cover)), None)
    title = next((block.text for block in content if isinstance(block, Heading)), tr("Report"))
    paper = brand or (cover.brand if cover and cover.brand else DEFAULT_BRAND)
    content = tuple(
        block.model_copy(update={"figure": in_colours(block.figure, paper)}) if isinstance(block, Exhibit) and block.figure else block for block in content
    )
    document = Document(
        title=cover.title if cover else title,
        client=cover.client if cover else "",
        as_of=cover.as_of if cover else "",
        status=cover.status if cover else "draft",
        language=language,
        brand=paper,
        blocks=content,
    )
    _check(document)
    return document


def _levelled(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Headings begin at level 1 and go down one step at a time, as bookmarks and PDF/UA want them."""
    levels = [
        block["level"] for block in blocks if block.get("kind") == "heading" and isinstance(block.get("level"), int)
    ]
    top, before = min(levels, default=1), 0
    found = []
    for block in blocks:
        if block.get("kind") == "heading" and isinstance(block.get("level"), int):
            before = min(block["level"] - top + 1, before + 1)
            block = {**block, "level": before}
        found.append(block)
    return found


def _check(document: Document) -> None:
    """What a single block cannot see: ids are unique, rows fit their columns, charts have words for who cannot see."""
    seen = set()
    for exhibit in document.exhibits():
        if exhibit.id in seen:
            raise ModelError("two exhibits have the same id", place=exhibit.id)
        seen.add(exhibit.id)
        if exhibit.figure is not None and not (exhibit.alt or exhibit.finding).strip():
            raise ModelError("a chart needs an alternative text", place=exhibit.id)
        if exhibit.table is not None:
            _check_table(exhibit.table, exhibit.id)


def _check_table(table: Table, place: str) -> None:
    for number, row in enumerate(table.rows):
        if len(row) != len(table.columns):
            raise ModelError(f"row {number} has {len(row)} cells for {len(table.columns)} columns", place=place)
    if any(not 0 <= row < len(table.rows) for row in (*table.emphasis, *table.muted)):
        raise ModelError("a row to stress does not exist", place=place)


def from_notebook(notebook: Mapping[str, Any], *, brand: Brand | None = None) -> Document:
    """The document that an executed notebook holds.

    Parameters
    ----------
    notebook
        The notebook as a dictionary (nbformat 4). Markdown cells become text; a cell's outputs with the MIME type
        ``application/vnd.readiness.blocks+json`` become what they say. Code is never shown; a cell with the tag
        ``screen-only`` is left out.
    brand
        The consultancy's paper, before that of the cover.

    Returns
    -------
    Document
        With the cover first, wherever its cell stands; the notebook's title cell gives way to it.

    Raises
    ------
    ModelError
        When a cell failed, or handed over something that is not a list of blocks.
    """
    attached = attachments(notebook)
    use(attached.get("locale", ENGLISH))
    if brand is None and "brand" in attached:
        brand = Brand.model_validate(attached["brand"])
    gathered: list[dict[str, Any]] = []
    titled: list[dict[str, Any]] = []
    for number, cell in enumerate(notebook.get("cells", ())):
        if SCREEN_ONLY in cell.get("metadata", {}).get("tags", ()):
            continue
        if cell.get("cell_type") == "markdown":
            read = blocks_of(_joined(cell.get("source", "")))
            # The title cell tells who runs the notebook what it does; a reader of the report has the cover.
            is_title = not gathered and bool(read) and read[0].get("kind") == "heading" and read[0].get("level") == 1
            (titled if is_title and not titled else gathered).extend(read)
        elif cell.get("cell_type") == "code":
            for output in cell.get("outputs", ()):
                gathered.extend(_handed_over(output, number))
    covers = [block for block in gathered if block.get("kind") == "cover"]
    if covers:
        gathered = [covers[0], *(block for block in gathered if block.get("kind") != "cover")]
    else:
        gathered = titled + gathered
    if "narrative" in attached:
        gathered = with_narrative(gathered, attached["narrative"])
    said_in = spoken() if "locale" in attached else str(notebook.get("metadata", {}).get("language", ENGLISH))
    return make(gathered, brand=brand, language=said_in)


def attachments(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """What cells handed over beside their blocks: the brand, the narrative, the whole assessment, the printed numbers."""
    found: dict[str, Any] = {"printed": []}
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()) if cell.get("cell_type") == "code" else ():
            payload = output.get("data", {}).get(MIME_TYPE)
            if isinstance(payload, Mapping):
                found["printed"].extend(payload.get("printed", ()))
                found |= {key: value for key, value in payload.items() if key in ("brand", "locale", "narrative", "whole")}
    return found


def _handed_over(output: Mapping[str, Any], cell: int) -> list[dict[str, Any]]:
    """The blocks of one output of a cell."""
    if output.get("output_type") == "error":
        raise ModelError(
            f"the cell failed with {output.get('ename', 'an error')}, so the report would not be whole",
            place=f"cell {cell}",
        )
    payload = output.get("data", {}).get(MIME_TYPE)
    if payload is None:
        return []
    if not isinstance(payload, Mapping) or payload.get("version") != VERSION:
        raise ModelError(f"hands over blocks that are not of version {VERSION}", place=f"cell {cell}")
    blocks = payload.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, Mapping) for block in blocks):
        raise ModelError("hands over something that is not a list of blocks", place=f"cell {cell}")
    return [dict(block) for block in blocks]


def _joined(source: str | list[str]) -> str:
    """The text of a cell, which nbformat allows as a list of lines."""
    return source if isinstance(source, str) else "".join(source)
