"""Runs a notebook in this very process: papermill's engine `readiness`, without a kernel to start."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager


class InProcessEngine(NBClientEngine):
    """Papermill's own bookkeeping around cells that run here."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str | None = None, **kwargs: Any) -> None:
        """Run every code cell in order and stop at the first that fails, as papermill's other engines do."""
        # Papermill imports all engines when it starts; who uses another one does not pay for IPython here.
        from readiness.report.shell import fresh_shell

        with fresh_shell() as shell:
            count = 0
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip():
                    count += 1
                    cell.outputs, failed = shell.run(cell.source)
                    cell.execution_count = count
                    for output in cell.outputs:
                        if output.output_type == "execute_result":
                            output.execution_count = count
                    if failed:
                        nb_man.cell_exception(cell, index)
                        nb_man.cell_complete(cell, index)
                        break
                nb_man.cell_complete(cell, index)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """A name is asked for, though no kernel is started."""
        return name or "python3"

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Python, whatever the notebook's metadata leave out."""
        return language or "python"
