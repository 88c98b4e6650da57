"""Breaks the run of a client whose id says how; run inside a notebook by the tests of batch runs."""

from __future__ import annotations

import os
import sys
from typing import Any

MIME_TYPE = "application/vnd.readiness.blocks+json"


def sabotage(way: str) -> None:
    """Do what the id of the client says; nothing for any other id."""
    action = _WAYS.get(way)
    if action is not None:
        action()


def _shown(*blocks: dict[str, Any]) -> None:
    from IPython.display import display

    display({MIME_TYPE: {"version": 1, "blocks": list(blocks)}}, raw=True)


def _empty_figure() -> None:
    _shown({"kind": "exhibit", "id": "sabotaged", "title": "t", "finding": "f", "note": "", "alt": "a", "number_ids": [],
            "figure": {"data": [], "layout": {}}, "table": None})  # fmt: skip


def _figure_of_nan() -> None:
    _shown({"kind": "exhibit", "id": "sabotaged", "title": "t", "finding": "f", "note": "", "alt": "a", "number_ids": [],
            "figure": {"data": [{"type": "bar", "x": [float("nan")], "y": ["a"]}], "layout": {}}, "table": None})  # fmt: skip


def _headline_of_nan() -> None:
    _shown({"kind": "figures_panel", "figures": [{"label": "Expected loss", "value": "not known", "range": "", "note": ""}]})


def _print_flood() -> None:
    while True:
        try:
            sys.stdout.write("flood " * 1000)
        except Exception:  # a cell that goes on whatever is said to it
            if getattr(sys.stdout, "_outputs", None) is None or sys.stdout._outputs.printed_characters > 30_000_000:  # type: ignore[attr-defined]
                return


def _display_flood() -> None:
    from IPython.display import HTML, display

    for _ in range(100_000):
        display(HTML("flood " * 10_000))


def _descriptor_flood() -> None:
    while True:
        os.write(1, b"flood " * 100_000)


def _segfault() -> None:
    import ctypes

    ctypes.string_at(0)


def _memory() -> None:
    hog = []
    while True:
        hog.append(bytearray(50_000_000))


def _spin() -> None:
    while True:
        pass


def _child_that_stays() -> None:
    """Waits for ever for a child that has left the group and listens to nobody."""
    import subprocess

    subprocess.run([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"],
                   start_new_session=True, check=False)  # fmt: skip


def _raise(name: str) -> None:
    import builtins

    import readiness.errors

    raise (getattr(readiness.errors, name, None) or getattr(builtins, name))("sabotage")


_WAYS = {
    "empty-figure": _empty_figure,
    "figure-of-nan": _figure_of_nan,
    "headline-of-nan": _headline_of_nan,
    "print-flood": _print_flood,
    "display-flood": _display_flood,
    "descriptor-flood": _descriptor_flood,
    "segfault": _segfault,
    "memory": _memory,
    "spin": _spin,
    "child-that-stays": _child_that_stays,
    "exit-zero": lambda: sys.exit(0),
    "leave-at-once": lambda: os._exit(0),
    "kill-itself": lambda: os.kill(os.getpid(), 9),
    "abort": os.abort,
    "zero-division": lambda: _raise("ZeroDivisionError"),
    "model-error": lambda: _raise("ModelError"),
    "interrupt": lambda: _raise("KeyboardInterrupt"),
    "assertion": lambda: _raise("AssertionError"),
}
