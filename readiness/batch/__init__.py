"""Reports of many clients: one papermill run each, in a process of its own, resumable, and done only when proved done."""

from __future__ import annotations

from readiness.batch.clients import Client, find_clients
from readiness.batch.outcome import Kind, Outcome
from readiness.batch.runner import Options, Results, run_batch

__all__ = ["Client", "Kind", "Options", "Outcome", "Results", "find_clients", "run_batch"]
