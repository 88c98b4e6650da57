"""Makes our engine known to papermill, also where the package's entry points were not installed."""

from __future__ import annotations


def register() -> None:
    """Register the engine ``readiness``; again is harmless."""
    from papermill.engines import papermill_engines

    from readiness.report.engine import InProcessEngine

    papermill_engines.register("readiness", InProcessEngine)
