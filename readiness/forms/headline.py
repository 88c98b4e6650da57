"""The headline panel: numbers that follow every answer."""

from __future__ import annotations

from typing import Any

import traitlets

from readiness.forms.form import Form, script


class HeadlinePanel(Form):
    """Numbers with ranges, what the last answer moved, and whether they are a supposition."""

    _esm = script("dom.js", "headline.js")
    title = traitlets.Unicode().tag(sync=True)
    numbers: Any = traitlets.List().tag(sync=True)
    moved = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)
    stale = traitlets.Bool(False).tag(sync=True)
    what_if = traitlets.Bool(False).tag(sync=True)
    serial = traitlets.Int(0).tag(sync=True)
