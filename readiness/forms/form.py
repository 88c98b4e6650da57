"""What all forms share: their look, and one way to hand back what somebody did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from readiness.errors import ReadinessError

_STATIC = Path(__file__).parent / "static"
Listener = Callable[[Mapping[str, Any]], Any]


@lru_cache(maxsize=16)
def script(*names: str) -> str:
    """The scripts of a form as one module."""
    return "\n".join((_STATIC / name).read_text("utf-8") for name in names)


STYLE = script("forms.css")


class Form(anywidget.AnyWidget):
    """A form: traits go to the screen, what somebody does there comes back through `say`.

    Notes
    -----
    Messages are used on the way back, not traits: the front end keeps only the last of several values that a trait
    takes in quick succession, and a second answer must not swallow the first.
    """

    _css = STYLE
    status = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._listeners: list[Listener] = []
        self.on_msg(lambda _, content, __: self.say(content))

    def on_said(self, listener: Listener) -> None:
        """Be told what somebody did, as a mapping with at least ``do``."""
        self._listeners.append(listener)

    def say(self, message: Any) -> None:
        """What a click does; a mistake of ours becomes a sentence on the screen, never a traceback in front of a client."""
        if not isinstance(message, Mapping) or not isinstance(message.get("do"), str):
            return
        serial = str(message.get("serial", ""))[:40]
        self._serial = serial
        try:
            for listener in self._listeners:
                listener(message)
        except ReadinessError as problem:
            self.show("refused", problem.message, problem.hint or "")
        except Exception as problem:
            self.show(
                "not saved", f"NOT SAVED: the workbook made a mistake ({type(problem).__name__})", "What was saved before is safe. Please report it."
            )
        if serial and self.status.get("serial") != serial:
            self.status = {**self.status, "serial": serial}

    def show(self, state: str, text: str, hint: str = "") -> None:
        """Say what became of the last thing that somebody did."""
        self.status = {"state": state, "text": text, "hint": hint, "serial": getattr(self, "_serial", "")}
