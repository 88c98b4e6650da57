"""Clients' runs on other machines: a dask.distributed cluster, by the address of its scheduler.

A job travels with the client's files and comes back with the report's, so that no disk is shared. Each worker of the
cluster keeps a warm process of its own. When a worker is lost, dask runs its jobs elsewhere.
"""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from readiness.batch.inputs import Versions, input_files, versions
from readiness.batch.job import REPORT, Job, read_result
from readiness.batch.outcome import Ended
from readiness.batch.workers import ForkingWorkers, SpawnedWorkers, asked_for, can_fork
from readiness.errors import StorageError, UsageError
from readiness.report.running import NOTEBOOK, notebook_for

# Names of inputs may lead out of the client's folder; so deep lies the folder in what is sent.
_DEPTH = 8
_SECONDS_TO_CONNECT = 10
_own = threading.local()


class ClusterWorkers:
    """Jobs as tasks of a cluster.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    UsageError
        When the extra ``cluster`` is not installed, or nobody answers at that address.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("needs the extra cluster", place="--scheduler", hint='pip install "production-readiness-workbook[cluster]"') from None
        try:
            self._client = Client(address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as problem:
            raise UsageError(f"no scheduler answers at {address}", place="--scheduler", hint=f"start one with: dask scheduler ({problem})") from None
        self._running: dict[int, tuple[Job, Any, float]] = {}
        self._done: queue.SimpleQueue[int] = queue.SimpleQueue()

    @property
    def room(self) -> int:
        """Twice as many as the cluster's threads, so that none waits for the network."""
        return max(1, 2 * sum(self._client.nthreads().values()))

    def submit(self, job: Job) -> None:
        """Send a job with everything that it reads."""
        client = Path(job.engagement)
        files = {name: path.read_bytes() for name, path in input_files(client) if path.is_file()}
        notebook = Path(job.notebook) if job.notebook else notebook_for(job.audience)
        own = notebook.read_bytes() if job.notebook else b""
        future = self._client.submit(run_far, job.as_json(), client.is_dir(), client.name, files, own, versions(notebook).as_data(),
                                     pure=False, key=f"readiness-{client.name}-{job.number}-{time.time_ns()}")  # fmt: skip
        self._running[job.number] = (job, future, time.monotonic())
        future.add_done_callback(lambda _, number=job.number: self._done.put(number))

    def ended(self, seconds: float) -> list[Ended]:
        """The jobs whose reports have come back, or never will."""
        found: list[Ended] = []
        patience = seconds
        while True:
            try:
                number = self._done.get(timeout=patience) if patience > 0 else self._done.get_nowait()
            except queue.Empty:
                return found
            if number in self._running:
                found.append(self._ended(number))
            patience = 0.0

    def _ended(self, number: int) -> Ended:
        job, future, started = self._running.pop(number)
        took = time.monotonic() - started
        if future.status != "finished":
            problem = future.exception() if future.status == "error" else None
            why = type(problem).__name__ if problem else future.status
            return Ended(number, None, False, None, seconds=took, tail=f"the cluster lost it: {why}")
        told = future.result()
        folder = Path(job.scratch) / REPORT
        folder.mkdir(parents=True, exist_ok=True)
        try:
            for name, content in told.pop("contents").items():
                (folder / PurePosixPath(name).name).write_bytes(content)
        except OSError as problem:
            raise StorageError(f"cannot be written: {problem.strerror}", file=folder) from None
        return Ended(number, **told)

    def close(self) -> None:
        """Take back what has not begun, and hang up; what runs ends by its own time limit."""
        if self._running:
            self._client.cancel([future for _, future, _ in self._running.values()])
        self._client.close()


def run_far(job_text: str, is_folder: bool, name: str, files: Mapping[str, bytes], notebook: bytes, wanted: Mapping[str, str]) -> dict[str, Any]:
    """One job on a worker of the cluster: in a process of its own there as well.

    Returns
    -------
    dict
        The fields of `Ended` but the number, and the report's files under ``contents``.
    """
    here = Path(tempfile.mkdtemp(prefix="readiness-"))
    try:
        home = _laid_out(here / "inputs", files)
        own_notebook = here / NOTEBOOK
        if notebook:
            own_notebook.write_bytes(notebook)
        sent = Job.from_json(job_text)
        found = versions(own_notebook if notebook else notebook_for(sent.audience))
        if differing := _differing(found, wanted):
            return _told(Ended(0, {"error": {"class": "WorkerDiffers", "said": f"a worker of the cluster has another {differing}"}}, True, None), {})
        if is_folder:
            home = home.rename(home.with_name(name))
        scratch = here / "scratch"
        scratch.mkdir()
        job = replace(sent, engagement=str(home if is_folder else home / name), scratch=str(scratch),
                      notebook=str(own_notebook) if notebook else "")  # fmt: skip
        workers = _own_workers(asked_for(sent.formats, sent.notebook))
        workers.submit(job)
        ended: list[Ended] = []
        while not ended:
            ended = workers.ended(1.0)
        report = scratch / REPORT
        result, _, _ = read_result(scratch)
        contents = {p.name: p.read_bytes() for p in report.iterdir()} if result and not result["error"] else {}
        return _told(ended[0], contents)
    finally:
        shutil.rmtree(here, ignore_errors=True)


def _own_workers(asked: Sequence[str]) -> ForkingWorkers | SpawnedWorkers:
    """The warm process of this thread of this worker, kept for the next job."""
    if not hasattr(_own, "workers"):
        scratch = Path(tempfile.mkdtemp(prefix="readiness-warm-"))
        _own.workers = ForkingWorkers(1, scratch, asked=asked) if can_fork() else SpawnedWorkers(1, scratch)
    workers: ForkingWorkers | SpawnedWorkers = _own.workers
    return workers


def _laid_out(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files under ``root`` as they lay around the client, and nowhere else."""
    home = root.joinpath(*["d"] * _DEPTH)
    home.mkdir(parents=True)
    for name, content in files.items():
        target = Path(*_resolved((*home.relative_to(root).parts, *PurePosixPath(name).parts)))
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        (root / target).write_bytes(content)
    return home


def _resolved(parts: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for part in parts:
        if part == "..":
            if not found:
                raise UsageError("names a file too far from the client's folder to be sent", hint="keep banks and bills near the client")
            found.pop()
        elif part not in (".", "/"):
            found.append(part)
    return found


def _differing(found: Versions, wanted: Mapping[str, str]) -> str:
    return next((what for what, digest in found.as_data().items() if digest != wanted[what]), "")


def _told(ended: Ended, contents: Mapping[str, bytes]) -> dict[str, Any]:
    return {"result": ended.result, "began": ended.began, "exit_code": ended.exit_code, "timed_out": ended.timed_out, "seconds": ended.seconds,
            "peak_megabytes": ended.peak_megabytes, "tail": ended.tail, "contents": dict(contents)}  # fmt: skip
