"""Every format that a report is written in: from the executed notebook, and from nothing else, to the bytes of one file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from readiness.errors import ModelError
from readiness.report.document import Document, attachments
from readiness.report.whole import Whole

# An executed notebook, the document that it holds, and the paper, to the bytes of one file.
Renderer = Callable[[dict[str, Any], Document, str], bytes]


def _pdf(node: dict[str, Any], document: Document, paper: str) -> bytes:
    from readiness.report.pdf import write_pdf

    return write_pdf(document, paper=paper)  # type: ignore[arg-type]


def _html(node: dict[str, Any], document: Document, paper: str) -> bytes:
    from readiness.report.html import write_html

    return write_html(document).encode()


def _xlsx(node: dict[str, Any], document: Document, paper: str) -> bytes:
    from readiness.report.xlsx import write_xlsx

    return write_xlsx(whole_in(node), brand=document.brand)


def _json(node: dict[str, Any], document: Document, paper: str) -> bytes:
    return (json.dumps(whole_in(node).model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _markdown(node: dict[str, Any], document: Document, paper: str) -> bytes:
    from readiness.report.brief import write_brief

    return write_brief(document).encode()


def _csv(node: dict[str, Any], document: Document, paper: str) -> bytes:
    from readiness.report.issues_csv import write_issues

    return write_issues(whole_in(node)).encode()


def _ipynb(node: dict[str, Any], document: Document, paper: str) -> bytes:
    return (json.dumps(node, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def whole_in(node: Mapping[str, Any]) -> Whole:
    """The whole assessment that an executed notebook carries.

    Raises
    ------
    ModelError
        When no cell showed where the report comes from.
    """
    content = attachments(node).get("whole")
    if content is None:
        raise ModelError("carries no assessment", hint="its last cell has to show client.provenance()")
    return Whole.model_validate(content)


# One line for each format; a renderer imports what it needs when it is called.
RENDERERS: dict[str, Renderer] = {"pdf": _pdf, "html": _html, "xlsx": _xlsx, "json": _json, "md": _markdown, "csv": _csv, "ipynb": _ipynb}
