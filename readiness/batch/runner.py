"""Runs a batch: starts clients, judges how they ended, tries again what may go well, and keeps the records."""

from __future__ import annotations

import os
import shutil
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from readiness.batch.clients import Client
from readiness.batch.inputs import NOT_READ, inputs_digest, versions
from readiness.batch.job import REPORT, Job
from readiness.batch.outcome import KIND_WORDS, RETRIED, Ended, Kind, Outcome, judged
from readiness.batch.progress import Silent, Watcher
from readiness.batch.record import Record, begin, finish, key_of, read_record, still_right
from readiness.batch.workers import ForkingWorkers, SpawnedWorkers, Workers, asked_for, can_fork
from readiness.errors import ReadinessError, StorageError, UsageError
from readiness.report.make import check_formats
from readiness.report.make import replace as put
from readiness.report.running import notebook_for
from readiness.report.session import AUDIENCES

SCRATCH, LOCK = ".batch", ".batch.lock"
MOST_STARTS = 2
_PATIENCE_SECONDS = 0.25
State = Literal["finished", "aborted", "interrupted"]


@dataclass(frozen=True)
class Options:
    """What a batch is to make, and how.

    Parameters
    ----------
    as_of
        The day all reports are about.
    formats, audience, paper
        As for one report.
    notebook
        Another notebook with the same parameters; the workbook's own report when None.
    workers
        How many clients at once; as many as there are cores when 0.
    resume
        Leave alone what is done and still right.
    only_failed
        Run again what failed or was interrupted the last time, and nothing else.
    timeout_seconds, memory_megabytes
        For one client.
    max_failures
        Stop after so many clients have failed; never when 0.
    scheduler
        Address of a dask.distributed scheduler; this machine when empty.
    start
        ``fork`` or ``spawn``; what is safe here when empty.
    """

    as_of: date
    formats: tuple[str, ...] = ("pdf", "html")
    audience: str = "client"
    paper: str = "a4"
    notebook: Path | None = None
    workers: int = 0
    resume: bool = False
    only_failed: bool = False
    timeout_seconds: float = 300.0
    memory_megabytes: int = 2048
    max_failures: int = 0
    scheduler: str = ""
    start: Literal["", "fork", "spawn"] = ""

    def checked(self) -> Options:
        """The same with every wish that cannot be met refused."""
        if self.audience not in AUDIENCES:
            raise UsageError(f'"{self.audience}" is not an audience', place="--audience", hint=f"audiences are {', '.join(AUDIENCES)}")
        if self.paper not in ("a4", "us-letter"):
            raise UsageError(f'"{self.paper}" is not a paper', place="--paper", hint="papers are a4 and us-letter")
        if not self.timeout_seconds > 0:
            raise UsageError(f"is {self.timeout_seconds:g}, but a client needs some time", place="--timeout")
        for value, place in ((self.workers, "--jobs"), (self.max_failures, "--max-failures"), (self.memory_megabytes, "--memory")):
            if value < 0:
                raise UsageError(f"is {value}, but cannot be negative", place=place)
        if self.notebook is not None and not self.notebook.is_file():
            raise UsageError("does not exist", file=self.notebook, place="--notebook")
        return replace(self, formats=check_formats(self.formats))


@dataclass(frozen=True)
class Results:
    """How a batch ended: one outcome for every client, in the order of their names."""

    outcomes: tuple[Outcome, ...]
    state: State
    as_of: str
    seconds: float = 0.0
    seconds_to_start: float = 0.0
    workers: int = 0

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(o for o in self.outcomes if not o.done)

    @property
    def exit_status(self) -> int:
        """0 all good, 1 some failed, 2 nothing ran, 3 aborted, 130 interrupted."""
        if self.state == "interrupted":
            return 130
        if self.state == "aborted":
            return 3
        if all(o.kind in ("start_failed", "not_run") for o in self.outcomes):
            return 2
        return 1 if self.failed else 0


@dataclass
class _Run:
    """One client on its way."""

    client: Client
    starts: int = 0
    key: dict[str, object] = field(default_factory=dict)


class Batch:
    """One run over many clients."""

    def __init__(self, clients: Sequence[Client], out: Path, options: Options, watcher: Watcher) -> None:
        self.out, self.options, self._watcher = Path(out).resolve(), options.checked(), watcher
        self._clients = {client.name: client for client in clients}
        self._notebook = (options.notebook or notebook_for(options.audience)).resolve()
        self._outcomes: dict[str, Outcome] = {}
        self._waiting: deque[_Run] = deque()
        self._running: dict[int, _Run] = {}
        self._numbers = 0
        self._state: State = "finished"

    def run(self) -> Results:
        """Run it to its end, or to the first interrupt."""
        started = time.perf_counter()
        seconds_to_start, room = 0.0, 0
        self._check_places()
        with self._own_scratch():
            workers: Workers | None = None
            try:
                workers = self._workers()
                room = workers.room
                self._versions = versions(self._notebook).as_data()
                self._plan()
                self._watcher.begin(len(self._clients), len(self._waiting))
                self._until_done(workers)
            except KeyboardInterrupt:
                self._state = "interrupted"
            finally:
                if workers is not None:
                    seconds_to_start = getattr(workers, "seconds_to_start", 0.0)
                    workers.close()
                self._close()
                self._watcher.end()
        outcomes = tuple(self._outcomes[name] for name in sorted(self._outcomes))
        return Results(outcomes, self._state, self.options.as_of.isoformat(), time.perf_counter() - started, seconds_to_start, room)

    def _check_places(self) -> None:
        """No report lies among the files that a client's report is made from."""
        homes = {client.path.resolve() for client in self._clients.values() if client.path.is_dir()}
        for name in self._clients:
            target = self.out / name
            home = next((p for p in (target, *target.parents) if p in homes), None)
            if home is not None and (target == home or target.relative_to(home).parts[0] not in NOT_READ):
                raise UsageError(f"reports would lie among the files of the client {home.name}", file=self.out, hint="choose another folder with --out")

    def _workers(self) -> Workers:
        if self.options.scheduler:
            from readiness.batch.cluster import ClusterWorkers

            return ClusterWorkers(self.options.scheduler)
        room = self.options.workers or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))
        forks = self.options.start == "fork" or (not self.options.start and can_fork())
        return ForkingWorkers(room, self._scratch, asked=asked_for(self.options.formats, self.options.notebook)) if forks else SpawnedWorkers(room, self._scratch)

    @contextmanager
    def _own_scratch(self) -> Iterator[None]:
        """A scratch folder beside the reports; nobody else may write there at the same time."""
        from filelock import FileLock, Timeout

        self._scratch = self.out / SCRATCH
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.out / LOCK)
            lock.acquire(timeout=0)
        except Timeout:
            raise StorageError("another batch is writing there", file=self.out, hint="wait for it, or choose another --out") from None
        except OSError as problem:
            raise StorageError(f"cannot be written to: {problem.strerror}", file=self.out, hint="choose another folder with --out") from None
        try:
            shutil.rmtree(self._scratch, ignore_errors=True)  # of a run that was killed
            self._scratch.mkdir()
            yield
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)
            lock.release()

    def _plan(self) -> None:
        """What is to be run, and what stands already."""
        for client in self._clients.values():
            folder = self.out / client.name
            record = read_record(folder)
            if self.options.only_failed:
                if record is None:
                    self._outcomes[client.name] = self._failed(client, "not_run", "it has not been run before, and only what failed was asked for")
                    continue
                if record.state == "done":
                    right = still_right(folder, record, self._key(client))
                    self._outcomes[client.name] = (
                        self._kept(client, record) if right else self._failed(client, "not_run", "its report is no longer right; run with --resume")
                    )
                    continue
            elif self.options.resume and still_right(folder, record, self._key(client)):
                assert record is not None
                self._outcomes[client.name] = self._kept(client, record)
                continue
            self._waiting.append(_Run(client))

    def _key(self, client: Client) -> dict[str, object]:
        o = self.options
        return key_of(inputs_digest(client.path), self._versions, as_of=o.as_of.isoformat(), formats=o.formats, audience=o.audience, paper=o.paper)

    def _until_done(self, workers: Workers) -> None:
        while self._waiting or self._running:
            while self._waiting and len(self._running) < workers.room:
                self._start(workers, self._waiting.popleft())
            for ended in workers.ended(_PATIENCE_SECONDS):
                self._settle(ended)
            self._watcher.tick()
            failures = sum(o.kind not in (None, "not_run") for o in self._outcomes.values())
            if self._state == "finished" and self._waiting and 0 < self.options.max_failures <= failures:
                self._state = "aborted"
                for run in self._waiting:
                    self._outcomes[run.client.name] = self._failed(run.client, "not_run", f"the batch was stopped after {failures} failures")
                self._waiting.clear()

    def _start(self, workers: Workers, run: _Run) -> None:
        self._numbers += 1
        number, o = self._numbers, self.options
        scratch = self._scratch / str(number)
        run.starts += 1
        self._running[number] = run
        run.key = self._key(run.client)
        begin(self.out / run.client.name, run.key, run.client.path.name)
        scratch.mkdir()
        workers.submit(Job(number, str(run.client.path), str(scratch), o.as_of.isoformat(), o.formats, o.audience, o.paper,
                           str(self._notebook) if o.notebook else "", o.timeout_seconds, o.memory_megabytes))  # fmt: skip
        self._watcher.started(run.client.name)

    def _settle(self, ended: Ended) -> None:
        """Judge one end; start again what may go well the second time."""
        run = self._running.pop(ended.job)
        scratch = self._scratch / str(ended.job)
        kind, said = judged(ended, timeout_seconds=self.options.timeout_seconds)
        result = ended.result or {}
        changed = kind is None and self._key(run.client) != run.key
        if kind is None and not changed:
            kind, said = self._taken_over(run.client, scratch / REPORT, result["outputs"])
        if changed:
            kind, said = "bad_input", "the client's files were changed while the report was made"
        if (changed or kind in RETRIED) and run.starts < MOST_STARTS:
            shutil.rmtree(scratch, ignore_errors=True)
            self._watcher.again(run.client.name, KIND_WORDS[kind] if kind else "")
            self._waiting.appendleft(run)
            return
        outcome = Outcome(run.client.name, run.client.path.name, kind, said, attempts=run.starts, seconds=ended.seconds,
                          peak_megabytes=ended.peak_megabytes, parts=result.get("parts", {}))  # fmt: skip
        if kind is None:
            outcome = replace(outcome, headline=_pairs(result["headline"]), outputs=result["outputs"])
        finish(self.out / run.client.name, run.key, outcome)
        shutil.rmtree(scratch, ignore_errors=True)
        self._outcomes[run.client.name] = outcome
        self._watcher.ended(outcome)

    def _taken_over(self, client: Client, made: Path, outputs: dict[str, str]) -> tuple[Kind | None, str]:
        """Move a report's files to where they belong; all of them, or it is no report."""
        missing = [f"report.{wanted}" for wanted in self.options.formats if not outputs.get(f"report.{wanted}")]
        missing += [name for name in outputs if not (made / name).is_file() or not (made / name).stat().st_size]
        if missing:
            return "crashed", f"left no {missing[0]}"
        try:
            for name in outputs:
                put(made / name, self.out / client.name / name)
        except OSError as problem:
            raise StorageError(f"cannot be written: {problem.strerror}", file=self.out / client.name) from None
        return None, ""

    def _close(self) -> None:
        """After an interrupt, or when the disk is full: say so of everything that has not ended."""
        for run in self._running.values():
            outcome = self._failed(run.client, "interrupted", "the batch was interrupted while it ran", run.starts)
            with suppress(ReadinessError):
                finish(self.out / run.client.name, run.key, outcome)
            self._outcomes[run.client.name] = outcome
        for client in self._clients.values():
            if client.name not in self._outcomes:
                self._outcomes[client.name] = self._failed(client, "not_run", "the batch was interrupted before it was its turn")

    def _failed(self, client: Client, kind: Kind, said: str, attempts: int = 0) -> Outcome:
        return Outcome(client.name, client.path.name, kind, said, attempts=attempts)

    def _kept(self, client: Client, record: Record) -> Outcome:
        return Outcome(client.name, client.path.name, None, "", record.headline, record.outputs, kept=True)


def _pairs(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in rows)


def run_batch(clients: Sequence[Client], out: Path, options: Options, watcher: Watcher | None = None) -> Results:
    """The reports of many clients, each in a folder of its name, and how each run ended.

    Parameters
    ----------
    clients
        From `find_clients`.
    out
        Folder for the reports; each client's lies in a folder of its name, with a ``record.json`` that is written last.
    options
        What to make, and how.
    watcher
        Told of everything as it happens.

    Returns
    -------
    Results
        An outcome for every client. A client is done when its record says so; on any failure its folder holds the
        record of that failure and no report.

    Raises
    ------
    UsageError
        For options that cannot be met.
    StorageError
        When the folder cannot be written to, or another batch is writing there.
    """
    if not clients:
        raise UsageError("no client was named", hint="name a folder of clients")
    return Batch(clients, out, options, watcher or Silent()).run()
