"""Starts clients' processes and says how they ended: forked from a warm process where that is safe, spawned elsewhere."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from readiness.batch.job import PRINTED, WHOLE, Job, read_result
from readiness.batch.outcome import Ended
from readiness.errors import StorageError

# A warm process that dies is started again, but not for ever.
MOST_RESTARTS = 5
_SECONDS_TO_GIVE_WAY = 5.0
_NEW_PROCESS_GROUP = 0x200


class Workers(Protocol):
    """Where jobs go; the caller hands over no more of them than there is room for."""

    @property
    def room(self) -> int:
        """How many jobs fit at once."""

    def submit(self, job: Job) -> None:
        """Start a job."""

    def ended(self, seconds: float) -> list[Ended]:
        """The jobs that ended, after waiting for at most so long."""

    def close(self) -> None:
        """End everything that still runs."""


def can_fork() -> bool:
    """Whether forking a warm process is safe: macOS has fork, but its own libraries do not survive it."""
    return sys.platform == "linux"


def settled_environment(scratch: Path) -> dict[str, str]:
    """The environment of every client's process: one time zone, locale and thread, no Jupyter configuration, temporary files that go with it."""
    empty = scratch / "jupyter"
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH", "JUPYTER_DATA_DIR", "JUPYTER_PATH", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {
        "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "LANGUAGE": "", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1",
        "JUPYTER_NO_CONFIG": "1", "JUPYTER_PLATFORM_DIRS": "1", "MPLBACKEND": "agg", "TERM": "dumb", "NO_COLOR": "1",
        # One thread each: the processes are as many as the cores, and sums then always add up in the same order.
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
        # pyarrow, should anything import it, keeps a thread to tidy its memory; who forks has one thread.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        **{name: str(empty / name.lower()) for name in folders},
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
    }  # fmt: skip
    empty.mkdir(parents=True, exist_ok=True)
    home = str(Path(__file__).resolve().parents[2])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER_", "IPYTHON", "PYTEST_", "COV_"))}
    path = os.pathsep.join(dict.fromkeys(filter(None, (home, kept.get("PYTHONPATH", "")))))
    return {**kept, **own, "PYTHONPATH": path}


def python(module: str) -> list[str]:
    """The command for a module of ours in this very Python; warnings stay what they are there."""
    return [sys.executable, "-P", "-m", module]


def asked_for(formats: Sequence[str], notebook: object) -> tuple[str, ...]:
    """What a warm process is told to be warm for: the formats, and the whole report where no other notebook is run."""
    return tuple(formats) if notebook else (WHOLE, *formats)


class ForkingWorkers:
    """Jobs as forks of one warm process, which is started again when it dies.

    Parameters
    ----------
    room
        How many at once.
    scratch
        A folder of this run; everything in it is temporary.
    command
        Instead of our own warm process.
    asked
        What the jobs will ask for, as `warm_up` takes it.
    """

    def __init__(self, room: int, scratch: Path, command: list[str] | None = None, *, asked: Sequence[str] = ()) -> None:
        self.room, self._scratch = room, scratch
        self._command = command or [*python("readiness.batch.warm"), *asked]
        self._running: dict[int, Job] = {}
        self._restarts = 0
        self.seconds_to_start = 0.0
        self.said = ""
        self._environment = settled_environment(scratch)
        self._process, self._told = self._launched()

    def _launched(self) -> tuple[subprocess.Popen[bytes], queue.SimpleQueue[dict[str, Any] | None]]:
        told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._born = time.perf_counter()
        with (self._scratch / "warm.txt").open("ab") as log:
            # A session of its own: Ctrl-C reaches the runner, which then closes the pipe.
            process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self._environment,
                                       cwd=self._scratch, bufsize=0, start_new_session=True)  # fmt: skip
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, told), daemon=True).start()
        return process, told

    def submit(self, job: Job) -> None:
        """Start a job as soon as the process is warm."""
        self._running[job.number] = job
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, OSError):  # its end is told by `ended`
            self._process.stdin.write((job.as_json() + "\n").encode())

    def ended(self, seconds: float) -> list[Ended]:
        """The jobs that ended; when the warm process died, all that ran."""
        found: list[Ended] = []
        patience = seconds
        while True:
            try:
                told = self._told.get(timeout=patience) if patience > 0 else self._told.get_nowait()
            except queue.Empty:
                return found
            if told is None:
                return found + self._lost()
            if "ready" in told:
                self.seconds_to_start, self.said = time.perf_counter() - self._born, told["said"]
                continue
            found.append(self._told_of(told))
            patience, self._restarts = 0.0, 0  # it works: only deaths in a row are hopeless

    def _told_of(self, told: Mapping[str, Any]) -> Ended:
        job = self._running.pop(told["ended"])
        result, began, tail = read_result(Path(job.scratch))
        # Whoever was ended late may have finished in the same instant; then its result counts.
        late = bool(told.get("timed_out")) and result is None
        return Ended(
            job.number, result, began, told["exit"], late, told.get("seconds", 0.0), told.get("peak_megabytes", 0.0), told.get("said") or tail
        )

    def _lost(self) -> list[Ended]:
        """The warm process is gone: its clients with it, and a new one is started."""
        status = self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        lost = []
        for job in list(self._running.values()):
            result, began, _ = read_result(Path(job.scratch))
            with suppress(OSError):
                tail = (self._scratch / "warm.txt").read_bytes()[-4000:].decode("utf-8", "replace")
            lost.append(Ended(job.number, result, began, status, tail=tail or "the process that starts them ended"))
        self._running.clear()
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            raise StorageError(f"the process that starts clients' runs ended {self._restarts} times",
                               hint="is there enough memory? readiness doctor looks at the installation")  # fmt: skip
        self._process, self._told = self._launched()
        return lost

    def close(self) -> None:
        """Close its input, on which it ends all clients; end it when it does not."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_SECONDS_TO_GIVE_WAY)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _listen(stream: IO[bytes], told: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    with stream:
        for line in stream:
            with suppress(ValueError):
                told.put(json.loads(line))
    told.put(None)


class SpawnedWorkers:
    """Jobs as fresh Python processes, one for each: slower by the imports, and safe everywhere."""

    def __init__(self, room: int, scratch: Path, command: list[str] | None = None) -> None:
        self.room = room
        self._command = command or python("readiness.batch.worker")
        self._environment = settled_environment(scratch)
        self._running: dict[int, tuple[Job, subprocess.Popen[bytes] | None, float]] = {}
        self.seconds_to_start, self.said = 0.0, ""

    def submit(self, job: Job) -> None:
        """Start a process for the job."""
        posix = os.name == "posix"
        try:
            with (Path(job.scratch) / PRINTED).open("ab") as log:
                # A process group of its own, by the means of either system.
                process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self._environment, cwd=job.scratch,
                                           bufsize=0, start_new_session=posix, creationflags=0 if posix else _NEW_PROCESS_GROUP)  # fmt: skip
        except OSError:
            self._running[job.number] = (job, None, time.monotonic())
            return
        self._running[job.number] = (job, process, time.monotonic())
        assert process.stdin is not None
        with suppress(BrokenPipeError, OSError):
            process.stdin.write((job.as_json() + "\n").encode())

    def ended(self, seconds: float) -> list[Ended]:
        """The jobs that ended, looked for every twentieth of a second."""
        until = time.monotonic() + seconds
        while True:
            found = list(self._found())
            if found or time.monotonic() >= until:
                return found
            time.sleep(min(0.05, max(0.0, until - time.monotonic())))

    def _found(self) -> Iterator[Ended]:
        for number, (job, process, started) in list(self._running.items()):
            took = time.monotonic() - started
            late = took >= job.timeout_seconds
            if process is not None and process.poll() is None and not late:
                continue
            if process is not None:
                end_tree(process)
            del self._running[number]
            result, began, tail = read_result(Path(job.scratch))
            code = process.returncode if process is not None else None
            yield Ended(number, result, began, code, late and result is None, took, 0.0, tail)

    def close(self) -> None:
        """End them all."""
        for _, process, _ in self._running.values():
            if process is not None:
                end_tree(process)
        self._running.clear()


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    if os.name == "posix":
        import signal

        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
