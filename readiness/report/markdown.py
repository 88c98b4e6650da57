"""The markdown cells of our own notebooks as blocks of the report; anything that is not plain prose stays text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from readiness.language import tr
from readiness.report.blocks import LONGEST_TEXT

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 40 ms, and a document made by hand does not need it

    # Pictures, raw HTML and automatic links stay the letters they are: none of them may fetch anything.
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "autolink", "html_inline", "html_block"])


def blocks_of(source: str) -> list[dict[str, Any]]:
    """Blocks of one markdown cell, in the form in which cells hand them over.

    Parameters
    ----------
    source
        Markdown: headings, paragraphs, lists, quotes, ``**bold**``, ``*italic*``, ```code``` and links ``[..](#id)`` to
        exhibits. Formulas, pictures and HTML are not read and stay as they are written.

    Returns
    -------
    list of dict
        Blocks of the kinds heading, text and list.

    Examples
    --------
    >>> blocks_of("## What breaks first\\n\\nBudget is $5,000 now and $10,000 with **HA**.")[0]
    {'kind': 'heading', 'level': 2, 'text': 'What breaks first'}
    >>> blocks_of("$5,000 and $10,000")[0]["paragraphs"]
    [[{'text': '$5,000 and $10,000'}]]
    """
    if len(source) > LONGEST_TEXT:
        return [{"kind": "text", "paragraphs": [[{"text": source}]]}]
    blocks: list[dict[str, Any]] = []
    tokens = _parser().parse(source)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open":
            text = "".join(span["text"] for span in _spans(tokens[place + 1]))
            blocks.append({"kind": "heading", "level": min(int(token.tag[1]), 3), "text": text})
            place += 2
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            end = _end(tokens, place)
            blocks.append(_list(tokens[place : end + 1]))
            place = end
        elif token.type in ("inline", "fence", "code_block"):
            spans = _spans(token) if token.type == "inline" else [{"text": token.content.rstrip(), "code": True}]
            if blocks and blocks[-1]["kind"] == "text":
                blocks[-1]["paragraphs"].append(spans)
            else:
                blocks.append({"kind": "text", "paragraphs": [spans]})
        place += 1
    if not blocks and source.strip() and not all(token.type == "hr" for token in tokens):
        # Nested deeper than the parser goes: the letters are kept as they are.
        return [{"kind": "text", "paragraphs": [[{"text": source.strip()}]]}]
    return blocks


def _end(tokens: list[Token], start: int) -> int:
    """Place of the token that closes the one at ``start``."""
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens) - 1


def _list(tokens: list[Token]) -> dict[str, Any]:
    """One list; a paragraph or a list inside a point goes on in the same point, after a line break."""
    points: list[list[dict[str, Any]]] = []
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith("list_item") else 0
        if token.type == "list_item_open" and depth == 1:
            points.append([])
        elif token.type == "list_item_open":
            points[-1].append({"text": "\n\N{EN DASH} "})
        elif token.type == "inline":
            if points[-1] and not points[-1][-1]["text"].endswith("\N{EN DASH} "):
                points[-1].append({"text": "\n"})
            points[-1].extend(_spans(token))
        elif token.type in ("fence", "code_block"):
            points[-1].append({"text": "\n" + token.content.rstrip(), "code": True})
    return {"kind": "list", "points": points, "numbered": tokens[0].type.startswith("ordered")}


def _spans(token: Token) -> list[dict[str, Any]]:
    """Runs of text in one style; neighbours of the same style are joined."""
    spans: list[dict[str, Any]] = []
    style: dict[str, Any] = {}
    for part in token.children or ():
        text, extra = part.content, dict[str, Any]()
        if part.type in ("strong_open", "em_open"):
            style["bold" if part.type == "strong_open" else "italic"] = True
        elif part.type in ("strong_close", "em_close"):
            style.pop("bold" if part.type == "strong_close" else "italic", None)
        elif part.type == "link_open":
            target = str(part.attrs.get("href", ""))
            style["link"] = target
        elif part.type == "link_close":
            target = style.pop("link", "")
            # An address outside the report is shown in full, as text: paper cannot be clicked, and nothing is fetched.
            text = "" if target.startswith("#") else f" ({target})"
        elif part.type in ("softbreak", "hardbreak"):
            text = " " if part.type == "softbreak" else "\n"
        elif part.type == "code_inline":
            extra = {"code": True}
        if not text:
            continue
        link = style.get("link", "")
        look = {key: value for key, value in style.items() if key != "link"} | extra
        look |= {"to": link[1:]} if link.startswith("#") and len(link) > 1 else {}
        if spans and {key: value for key, value in spans[-1].items() if key != "text"} == look:
            spans[-1]["text"] += text
        else:
            spans.append({"text": text, **look})
    return [{**span, "text": tr(span["text"])} for span in spans]
