"""The only place of the workshop where HTML is made; every text and every attribute is escaped here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from readiness.text import escape_html

_VOID = ("input", "meta", "br")


class Markup(str):
    """HTML that was made here; any other text is escaped before it is put into an element."""

    __slots__ = ()


def element(tag: str, *children: object, **attributes: object) -> Markup:
    """An element with its children and attributes, all texts escaped.

    Examples
    --------
    >>> element("p", "<b>", class_="x\\"y")
    '<p class="x&quot;y">&lt;b&gt;</p>'
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape_html(value)}"' for name, value in attributes.items() if value not in (None, False)
    )
    inside = "".join(child if isinstance(child, Markup) else escape_html(child) for child in children if child is not None)
    return Markup(f"<{tag}{said}>" if tag in _VOID else f"<{tag}{said}>{inside}</{tag}>")


def page(title: str, *children: object, style: str = "", script: str = "", about: Any = None) -> str:
    """A page that opens offline: no network, no script but its own.

    Parameters
    ----------
    title
        Of the window.
    style, script
        The page's own; written by us, never by a client.
    about
        Plain data for the script, put where no text of it can end a script.
    """
    import base64
    import hashlib

    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"
    data = json.dumps(about, sort_keys=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{escape_html(policy)}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        Markup(f"<style>{style}</style>"),
    )
    body = element("body", *children, Markup(f'<script type="application/json" id="about">{data}</script><script>{script}</script>'))
    return f'<!doctype html>\n<html lang="en">{head}{body}</html>\n'


def rows(fields: Sequence[tuple[Markup, Markup]]) -> list[Markup]:
    """Labels beside their controls."""
    return [element("div", label, control, class_="line") for label, control in fields]
