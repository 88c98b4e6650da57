"""Reports of many clients: one papermill run each, in a process of its own, resumable, and done only when proved done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

_HOME = {
    "Client": "readiness.batch.clients",
    "Kind": "readiness.batch.outcome",
    "Options": "readiness.batch.runner",
    "Outcome": "readiness.batch.outcome",
    "Results": "readiness.batch.runner",
    "find_clients": "readiness.batch.clients",
    "run_batch": "readiness.batch.runner",
}
__all__ = ["Client", "Kind", "Options", "Outcome", "Results", "find_clients", "run_batch"]

if TYPE_CHECKING:
    from readiness.batch.clients import Client, find_clients
    from readiness.batch.outcome import Kind, Outcome
    from readiness.batch.runner import Options, Results, run_batch


def __getattr__(name: str) -> Any:
    """Fetch an exported name when it is first used: a warm process needs none of them."""
    if name not in _HOME:
        raise AttributeError(f"module 'readiness.batch' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
