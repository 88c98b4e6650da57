"""Runs a notebook in this very process: papermill's engine `readiness`, without a kernel to start.

It takes over `__main__`, so a process runs one notebook and then ends; `readiness batch` forks one child per client.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager

LONGEST_CELL_OUTPUT = 20_000_000


class CellStopped(RuntimeError):
    """A cell ended the run without an error: `sys.exit` or an interrupt; the rest has not run."""


class InProcessEngine(NBClientEngine):
    """Papermill's own bookkeeping around cells that run here."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str | None = None, **kwargs: Any
    ) -> None:
        """Run every code cell in order and stop at the first that fails, as papermill's other engines do."""
        run = in_this_process()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                nb_man.cell_start(cell, index)
                nb_man.cell_complete(cell, index)
                continue
            nb_man.cell_start(cell, index)
            started = time.perf_counter()
            outputs, failed = run(cell.source)
            cell.outputs = outputs
            cell.execution_count = index + 1
            cell.metadata.setdefault("papermill", {})["duration"] = time.perf_counter() - started
            if failed:
                nb_man.cell_exception(cell, index)
                break
            nb_man.cell_complete(cell, index)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """A name is asked for, though no kernel is started."""
        return name or "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        return language or "python"


def in_this_process() -> Callable[[str], tuple[list[Any], bool]]:
    """A fresh shell; each call runs one cell and gives its outputs, and whether it failed."""
    import nbformat
    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shown: list[Any] = []

    class Keeping(DisplayHook):
        """Keeps what a cell's last line gives, instead of printing it."""

        def write_output_prompt(self) -> None:
            return None

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            shown.append(nbformat.v4.new_output("execute_result", data=format_dict, metadata=md_dict or {}))

        def finish_displayhook(self) -> None:
            return None

    class Shell(InteractiveShell):
        displayhook_class = Keeping

    InteractiveShell.clear_instance()
    shell = Shell.instance(history_load_length=0)
    if shell.history_manager is not None:
        shell.history_manager.enabled = False
    shell.colors = "nocolor"
    sources: list[str] = []

    def run(source: str) -> tuple[list[Any], bool]:
        shown.clear()
        sources.append(source)
        shell.user_ns["In"] = list(sources)
        with capture_output() as captured:
            result = shell.run_cell(source, store_history=False, silent=False)
        outputs: list[Any] = []
        for name, text in (("stdout", captured.stdout), ("stderr", captured.stderr)):
            if text:
                outputs.append(nbformat.v4.new_output("stream", name=name, text=text[:LONGEST_CELL_OUTPUT]))
        outputs += [
            nbformat.v4.new_output("display_data", data=o.data, metadata=o.metadata or {}) for o in captured.outputs
        ]
        outputs += shown
        problem = result.error_before_exec or result.error_in_exec
        if problem is None:
            return outputs, False
        if isinstance(problem, SystemExit | KeyboardInterrupt):
            problem = CellStopped(f"the cell ended the run ({type(problem).__name__}); the rest has not run")
        said = f"{type(problem).__name__}: {problem}"
        outputs = [o for o in outputs if o.output_type != "stream" or "Traceback" not in o.text]
        outputs.append(
            nbformat.v4.new_output("error", ename=type(problem).__name__, evalue=str(problem), traceback=[said])
        )
        return outputs, True

    return run
