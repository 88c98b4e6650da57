"""A sheet of fields: numbers with units, ranges, choices, and words beside a field when its value cannot be."""

from __future__ import annotations

from typing import Any

import traitlets

from readiness.forms.form import Form, script


class Sheet(Form):
    """Fields, buttons, lines of text, and a finished file to open.

    Says ``{"do": "set", "key": ..., "value": ...}``, ``{"do": "slide", ...}`` while a slider moves, and
    ``{"do": "press", "action": ...}``. None is "we don't know".
    """

    _esm = script("dom.js", "sheet.js")
    title = traitlets.Unicode().tag(sync=True)
    intro = traitlets.Unicode().tag(sync=True)
    fields: Any = traitlets.List().tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    messages = traitlets.Dict().tag(sync=True)
    actions: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    compact = traitlets.Bool(False).tag(sync=True)
    file = traitlets.Dict().tag(sync=True)
    content = traitlets.Bytes(b"").tag(sync=True)

    def complain(self, key: str, words: str) -> None:
        """Put words beside a field, or take them away."""
        messages: dict[str, Any] = {k: v for k, v in self.messages.items() if k != key}
        self.messages = messages | ({key: words} if words else {})
