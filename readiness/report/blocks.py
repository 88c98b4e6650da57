"""What a report is made of: one frozen model for each kind of block that a notebook cell may put on the page."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from readiness.report.brand import Brand

MIME_TYPE = "application/vnd.readiness.blocks+json"
VERSION = 1
LONGEST_TEXT = 100_000
# Written direction marks can make "exe.fdp" out of "pdf.exe"; a lone surrogate cannot be written to any file at all.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]")


def clean(text: object) -> str:
    """The text as it may reach a page: composed, and harmful characters replaced by a visible sign.

    Parameters
    ----------
    text
        Plain text; at most 100,000 characters.

    Raises
    ------
    ValueError
        When it is not text, or longer than that.

    Examples
    --------
    >>> clean("exe\\u202efdp") == "exe\\ufffdfdp"
    True
    """
    if not isinstance(text, str):
        raise ValueError(f"is {type(text).__name__}, but must be text; numbers are formatted before they come here")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"has {len(text):,} characters; at most {LONGEST_TEXT:,} fit a report")
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", unified))


Text = Annotated[str, BeforeValidator(clean)]


class Strict(BaseModel):
    """A model that refuses what it does not know and does not change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Strict):
    """A run of text in one style; ``to`` is the id of an exhibit that it points at."""

    text: Text
    bold: bool = False
    italic: bool = False
    code: bool = False
    to: str | None = None


def _as_spans(value: Any) -> Any:
    """Plain text as one span: most paragraphs are plain."""
    return ({"text": value},) if isinstance(value, str) else value


Rich = Annotated[tuple[Span, ...], BeforeValidator(_as_spans)]
Pair = tuple[Text, Text]


def plain(spans: tuple[Span, ...]) -> str:
    """The letters of rich text without its styles."""
    return "".join(span.text for span in spans)


class Cover(Strict):
    """The first page: whose report it is, as of when, and the facts that were signed off."""

    kind: Literal["cover"] = "cover"
    title: Text
    client: Text
    subtitle: Text = ""
    as_of: Text
    status: Literal["draft", "final"] = "draft"
    facts: tuple[Pair, ...] = ()
    contents: Literal["page", "cover"] = "page"
    brand: Brand | None = None


class Reason(Strict):
    """One reason for a verdict, and whether it speaks for or against."""

    text: Text
    tone: Literal["good", "warn", "bad"]


class Verdict(Strict):
    """Go, Go with conditions or Not yet, for a named promise."""

    kind: Literal["verdict"] = "verdict"
    verdict: Literal["Go", "Go with conditions", "Not yet"]
    promise: Text = ""
    sentence: Text = ""
    reasons: tuple[Reason, ...] = ()


class Headline(Strict):
    """One big number with its range."""

    label: Text
    value: Text
    range: Text = ""
    note: Text = ""


class FiguresPanel(Strict):
    """Two to four headline numbers side by side."""

    kind: Literal["figures_panel"] = "figures_panel"
    figures: tuple[Headline, ...] = Field(min_length=1, max_length=6)


class Column(Strict):
    """One column of a table; ``width`` is its share relative to the other columns that give one."""

    key: str = ""
    label: Text
    align: Literal["left", "right"] = "left"
    width: float | None = Field(default=None, gt=0, le=100)


class Table(Strict):
    """Rows of formatted text; ``emphasis`` and ``muted`` are numbers of rows, from 0."""

    columns: tuple[Column, ...] = Field(min_length=1, max_length=20)
    rows: tuple[tuple[Text, ...], ...] = ()
    emphasis: tuple[int, ...] = ()
    muted: tuple[int, ...] = ()


class Exhibit(Strict):
    """A finding with its figure, its table, or both."""

    kind: Literal["exhibit"] = "exhibit"
    id: str = Field(pattern=r"^[A-Za-z0-9_.:-]{1,120}$")
    number_ids: tuple[str, ...] = ()
    title: Text
    finding: Text = ""
    note: Text = ""
    alt: Text = ""
    figure: dict[str, Any] | None = None
    table: Table | None = None


class Paragraphs(Strict):
    """Running text."""

    kind: Literal["text"] = "text"
    paragraphs: tuple[Rich, ...]


class Points(Strict):
    """A list, with bullets or numbers."""

    kind: Literal["list"] = "list"
    title: Text = ""
    points: tuple[Rich, ...]
    numbered: bool = False


class Definitions(Strict):
    """Terms and what they mean."""

    kind: Literal["definitions"] = "definitions"
    terms: tuple[tuple[Text, Rich], ...]


class Heading(Strict):
    """A heading; level 1 begins a chapter."""

    kind: Literal["heading"] = "heading"
    level: Literal[1, 2, 3] = 1
    text: Text


class Missing(Strict):
    """A quiet line: what is missing here and how to supply it."""

    kind: Literal["missing"] = "missing"
    text: Text


class PageBreak(Strict):
    """What follows begins a new page."""

    kind: Literal["page_break"] = "page_break"


Block = Annotated[
    Cover | Verdict | FiguresPanel | Exhibit | Paragraphs | Points | Definitions | Heading | Missing | PageBreak,
    Field(discriminator="kind"),
]
