"""The consultant's own words for chapters of the report: read from a file, bounded, and put where they belong as text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from readiness.engagement.schema import Audience
from readiness.errors import EngagementError, did_you_mean
from readiness.report.audience import may_read
from readiness.report.brand_file import KINDS
from readiness.yaml_source import read_yaml, validated

LONGEST_NARRATIVE = 100_000


class Section(BaseModel):
    """What is said in one chapter, and who may read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    audience: Audience = "client"


def _section(given: Any) -> Any:
    return {"text": given} if isinstance(given, str) else given


class Narrative(BaseModel):
    """Text by the title of the chapter in which it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    sections: dict[str, Annotated[Section, BeforeValidator(_section)]] = Field(default={})


def load_narrative(file: Path, audience: str) -> dict[str, Any]:
    """The narrative for an audience as an executed notebook carries it.

    Parameters
    ----------
    file
        YAML: ``version: 1`` and ``sections``, a mapping from a chapter's title to text, or to ``text`` and
        ``audience``. An empty line begins a new paragraph; nothing in it is markup.
    audience
        Who will read the report; sections that are not meant for them are left out.

    Returns
    -------
    dict
        ``digest`` of the file and ``sections``: paragraphs by title.

    Raises
    ------
    EngagementError
        When the file is no narrative, or holds more than 100,000 characters.
    """
    if file.suffix.lower() not in KINDS:
        raise EngagementError("is not a narrative", file=file, hint="a narrative is a YAML file with sections")
    source = read_yaml(file, EngagementError)
    narrative = validated(source, Narrative)
    letters = sum(len(s.text) for s in narrative.sections.values())
    if letters > LONGEST_NARRATIVE:
        raise EngagementError(f"holds {letters:,} characters; a report takes at most {LONGEST_NARRATIVE:,}", file=file, hint="shorten it")
    sections = {
        title: [p for p in (" ".join(part.split()) for part in re.split(r"\n\s*\n", s.text)) if p]
        for title, s in narrative.sections.items()
        if may_read(audience, s.audience)
    }
    digest = hashlib.sha256(narrative.model_dump_json().encode()).hexdigest()
    return {"digest": digest, "file": file.name, "sections": sections}


def with_narrative(blocks: Sequence[dict[str, Any]], narrative: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The blocks of a report with the consultant's words under the headings that they name.

    Parameters
    ----------
    blocks
        As cells hand them over.
    narrative
        As `load_narrative` gives it.

    Raises
    ------
    EngagementError
        When a section is named after no heading of the report, with a guess.

    Examples
    --------
    >>> heading = {"kind": "heading", "level": 1, "text": "Summary"}
    >>> with_narrative([heading], {"file": "words.yaml", "sections": {"summary": ["We were glad to help."]}})[1]["paragraphs"]
    ['We were glad to help.']
    """
    titles = {_plain(b["text"]): b["text"] for b in blocks if b.get("kind") == "heading"}
    wanted = {}
    for title, paragraphs in narrative["sections"].items():
        if _plain(title) not in titles:
            hint = did_you_mean(title, titles.values()) or f"the report has {', '.join(titles.values())}"
            raise EngagementError(f'"{title}" is not a heading of the report', file=narrative.get("file"), place="sections", hint=hint)
        wanted[_plain(title)] = paragraphs
    found: list[dict[str, Any]] = []
    for block in blocks:
        found.append(block)
        if block.get("kind") == "heading" and (paragraphs := wanted.pop(_plain(block["text"]), None)):
            found.append({"kind": "text", "paragraphs": list(paragraphs)})
    return found


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
