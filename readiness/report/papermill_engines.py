"""Makes our engine known to papermill, also where the package's entry points were not installed."""

from __future__ import annotations

from typing import Any


class ReadinessEngine:
    """Papermill's engine ``readiness``, by entry point.

    Papermill loads the engines of all packages while it is itself being imported. Ours is built on one of papermill's,
    so naming it there would import it in a circle; this class knows it only when it is used.
    """

    @classmethod
    def execute_notebook(cls, *given: Any, **named: Any) -> Any:
        """As papermill's engines."""
        return _engine().execute_notebook(*given, **named)

    @classmethod
    def nb_kernel_name(cls, *given: Any, **named: Any) -> Any:
        """As papermill's engines."""
        return _engine().nb_kernel_name(*given, **named)

    @classmethod
    def nb_language(cls, *given: Any, **named: Any) -> Any:
        """As papermill's engines."""
        return _engine().nb_language(*given, **named)


def register() -> None:
    """Register the engine ``readiness``; again is harmless."""
    from papermill.engines import papermill_engines

    papermill_engines.register("readiness", ReadinessEngine)


def _engine() -> Any:
    from readiness.report.engine import InProcessEngine

    return InProcessEngine
