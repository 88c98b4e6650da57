"""A fresh IPython shell in this very process that gives back what a cell shows, bounded and in order."""

from __future__ import annotations

import atexit
import builtins
import io
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

# A report prints nothing and its charts take a few hundred kilobytes; what goes far beyond is a loop gone wild.
MOST_PRINTED = 5_000_000
MOST_SHOWN = 100_000_000


class OutputFlood(RuntimeError):
    """A notebook printed or showed more than any report needs."""


class CellStopped(RuntimeError):
    """A cell ended the run without an error: `sys.exit`, or an interrupt; the rest has not run."""


class Outputs:
    """What one notebook shows, cell by cell; counts everything and refuses more than a report needs.

    Notes
    -----
    A cell may catch the refusal and print on. Nothing more is kept then, and `flooded` still fails the cell.
    """

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.printed_characters = self.shown_characters = 0
        self.flooded = ""
        self._clear_next = False

    def begin(self) -> None:
        """A new cell."""
        self.shown, self._clear_next = [], False

    def write(self, stream: str, text: str) -> None:
        """Text on standard output or error; neighbouring pieces are one output, as a kernel makes them."""
        room = MOST_PRINTED - self.printed_characters
        self.printed_characters += len(text)
        if room > 0 and text:
            self._make_room()
            last = self.shown[-1] if self.shown else None
            if last is not None and last.output_type == "stream" and last.name == stream:
                last["parts"].append(text[:room])
            else:
                self.shown.append(nbformat.from_dict({"output_type": "stream", "name": stream, "text": "", "parts": [text[:room]]}))
        if room < len(text):
            self._refuse(f"the notebook printed more than {MOST_PRINTED:,} characters")

    def show(self, kind: str, data: Any, metadata: Any, display_id: str | None = None, update: bool = False) -> None:
        """A table, a chart, text: anything with a MIME type; an update goes to where its display id stands."""
        self.shown_characters += sum(_size(value) for value in data.values())
        if self.shown_characters > MOST_SHOWN:
            self._refuse(f"the notebook showed more than {MOST_SHOWN:,} characters")
        if update:
            for output in self.shown:
                if display_id and output.get("display_id") == display_id:
                    output.data, output.metadata = nbformat.from_dict(data), nbformat.from_dict(metadata or {})
            return
        self._make_room()
        self.shown.append(nbformat.v4.new_output(kind, data=data, metadata=metadata or {}))
        if display_id:
            self.shown[-1]["display_id"] = display_id

    def clear(self, wait: bool = False) -> None:
        """Forget what the cell has shown, at once or when something new comes."""
        if wait:
            self._clear_next = True
        else:
            self.shown = []

    def finished(self) -> list[Any]:
        """The outputs of this cell as a notebook stores them."""
        for output in self.shown:
            if "parts" in output:
                output["text"] = "".join(output.pop("parts"))
            output.pop("display_id", None)
        return self.shown

    def _make_room(self) -> None:
        if self._clear_next:
            self.shown, self._clear_next = [], False

    def _refuse(self, why: str) -> None:
        self.flooded = why
        raise OutputFlood(why)


def _size(value: Any) -> int:
    """Characters of a text; of nested data about as many as its JSON has, without writing it out."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return sum(len(str(key)) + _size(inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    return 8


class _Stream(io.TextIOBase):
    """Standard output or error of a cell."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        return len(text)


class _Hook(DisplayHook):
    """What a cell's last line gives goes to the outputs instead of a terminal."""

    shell: Any

    def quiet(self) -> bool:
        return bool(self.semicolon_at_end_of_expression(self.shell.source_of_cell))

    def write_output_prompt(self) -> None:
        return None

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.outputs.show("execute_result", format_dict, md_dict)

    def finish_displayhook(self) -> None:
        return None


class _Publisher(DisplayPublisher):
    """What `display` shows goes to the outputs."""

    shell: Any

    def publish(self, data: Any, metadata: Any = None, *args: Any, transient: Any = None, update: bool = False, **kwargs: Any) -> None:
        self.shell.outputs.show("display_data", data, metadata, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class Shell(InteractiveShell):
    """IPython without a terminal, history or files of its own."""

    displayhook_class = _Hook
    display_pub_class = _Publisher
    outputs: Outputs
    source_of_cell = ""

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the error becomes an output of its cell."""

    showsyntaxerror = showtraceback

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window to draw in."""

    def ask_exit(self) -> None:
        """`exit` and `quit` are no quiet way out of a report."""
        raise SystemExit(0)

    def run(self, source: str) -> tuple[list[Any], bool]:
        """Run one cell; its outputs, and whether it failed."""
        self.source_of_cell = source
        self.user_ns["In"].append(source)
        self.outputs.begin()
        with redirect_stdout(_Stream(self.outputs, "stdout")), redirect_stderr(_Stream(self.outputs, "stderr")):
            result = self.run_cell(source, store_history=False, silent=False)
        problem = result.error_before_exec or result.error_in_exec
        if self.outputs.flooded:
            problem = OutputFlood(self.outputs.flooded)
        elif isinstance(problem, SystemExit):
            problem = CellStopped("the cell ended the run (SystemExit); the rest has not run")
        outputs = self.outputs.finished()
        if problem is None:
            return outputs, False
        name = type(problem).__name__
        outputs.append(nbformat.v4.new_output("error", ename=name, evalue=str(problem), traceback=[f"{name}: {problem}"]))
        return outputs, True


@contextmanager
def fresh_shell() -> Iterator[Shell]:
    """A shell with an empty namespace; everything it takes over in this process is given back afterwards."""
    quiet = Config({"HistoryManager": {"enabled": False}, "Completer": {"use_jedi": False}})
    before = {name: getattr(sys, name) for name in ("displayhook", "excepthook", "ps1", "ps2", "ps3") if hasattr(sys, name)}
    main, known, path = sys.modules.get("__main__"), set(vars(builtins)), list(sys.path)
    instance = InteractiveShell._instance
    with ExitStack() as stack:
        # What a notebook does to the filters for warnings ends with it; IPython's advice on how to leave helps nobody here.
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", message="To exit: use")
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="readiness-shell-", ignore_cleanup_errors=True))
        try:
            shell = Shell(config=quiet, ipython_dir=folder, warn_venv=False, colors="nocolor")
            shell.outputs = Outputs()
            shell.user_ns["In"] = []
            InteractiveShell._instance = shell  # type: ignore[assignment]  # `get_ipython` finds it there
            yield shell
            # IPython keeps its shells until the process ends; what a client's cells made goes now.
            atexit.unregister(shell.atexit_operations)
            shell.user_ns.clear()
            shell.displayhook.exec_result = None
        finally:
            InteractiveShell._instance = instance
            for name, value in before.items():
                setattr(sys, name, value)
            if main is not None:
                sys.modules["__main__"] = main
            sys.path[:] = path
            for name in set(vars(builtins)) - known:
                delattr(builtins, name)
