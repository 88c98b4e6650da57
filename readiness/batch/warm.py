"""The warm process: imports and reckons once, then forks one child per client. The only place that forks.

Run as ``python -m readiness.batch.warm ASKED ...`` with what `warm_up` takes. It reads jobs as lines of JSON on standard
input and writes what becomes of them on standard output. When its input ends, however the runner died, it ends every
child and then itself.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.batch.job import PRINTED, Job

# A scratch file of what is printed outside cells may not fill the disk; no report comes near.
LARGEST_FILE_BYTES = 256_000_000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass
class Running:
    """One client's process."""

    job: Job
    started: float
    timed_out: bool = False


class WarmProcess:
    """Forks a child for every job and watches them; one thread, so that forking is safe."""

    def __init__(self, jobs: int, answers: int) -> None:
        self._jobs, self._answers = jobs, answers
        self._running: dict[int, Running] = {}
        self._rest = b""

    def serve(self) -> None:
        """Take jobs until there are no more."""
        woken, wake = os.pipe()
        for end in (woken, wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._jobs, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select(self._patience())}
                if woken in ready:
                    with suppress(BlockingIOError):
                        os.read(woken, 4096)
                self._end_late_ones()
                self._reap()
                if self._jobs in ready and not self._take_jobs():
                    break
        self._end_all()

    def _patience(self) -> float | None:
        """Seconds until the next child is late."""
        now = time.monotonic()
        late = [r.started + r.job.timeout_seconds - now for r in self._running.values() if not r.timed_out]
        return max(0.0, min(late)) if late else None

    def _take_jobs(self) -> bool:
        """Start what was asked for; False at the end of the input."""
        chunk = os.read(self._jobs, 65536)
        if not chunk:
            return False
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._start(Job.from_json(line.decode()))
        return True

    def _start(self, job: Job) -> None:
        parent = os.getpid()
        try:
            child = os.fork()
        except OSError as problem:
            self._tell({"ended": job.number, "exit": None, "said": f"no process could be made: {problem.strerror}"})
            return
        if child == 0:
            _be_child(job, parent)
        with suppress(OSError):  # the child does the same: whoever comes first
            os.setpgid(child, child)
        self._running[child] = Running(job, time.monotonic())

    def _end_late_ones(self) -> None:
        now = time.monotonic()
        for child, running in self._running.items():
            if not running.timed_out and now - running.started >= running.job.timeout_seconds:
                running.timed_out = True
                _end_group(child)

    def _reap(self) -> None:
        """Report every child that has ended, after ending whatever it left behind."""
        while True:
            try:
                seen = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if seen is None:
                return
            # Its group goes before it is reaped: until then nobody else can have its number.
            _end_group(seen.si_pid)
            _, status, usage = os.wait4(seen.si_pid, 0)
            running = self._running.pop(seen.si_pid, None)
            if running is None:
                continue  # something that a notebook had started, and that was left to us
            _end_strays(set(self._running))
            self._tell({
                "ended": running.job.number, "exit": os.waitstatus_to_exitcode(status), "timed_out": running.timed_out,
                "seconds": time.monotonic() - running.started, "peak_megabytes": usage.ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20),
            })  # fmt: skip

    def _end_all(self) -> None:
        for child in self._running:
            _end_group(child)
        for child in self._running:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)
        _end_strays(set())

    def _tell(self, what: dict[str, Any]) -> None:
        with suppress(BrokenPipeError):
            os.write(self._answers, (json.dumps(what) + "\n").encode())


def _end_group(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _end_strays(known: set[int]) -> None:
    """End processes that left their client's group: as their nearest living ancestor we inherit them (Linux)."""
    with suppress(OSError):
        for child in map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()):
            if child not in known:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)


def _be_child(job: Job, parent: int) -> None:
    """Everything that happens in a child; it never returns."""
    status = 1
    try:
        os.setpgid(0, 0)
        process_control(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # the parent was gone before it could be told to take us along
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_DFL)
        scratch = Path(job.scratch)
        _only_own_files(scratch)
        limit(job.memory_megabytes)
        os.environ["TMPDIR"] = job.scratch
        import tempfile

        tempfile.tempdir = None
        from readiness.batch.job import run_job

        run_job(job)
        status = 0
    except BaseException:
        import traceback

        with suppress(BaseException):
            traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _only_own_files(scratch: Path) -> None:
    """Nothing on standard input; output to a file of its own; every other descriptor of the parent closed."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(scratch / PRINTED, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.closerange(3, 256)
    sys.stdin, sys.stdout, sys.stderr = (open(fd, mode, encoding="utf-8", closefd=False) for fd, mode in ((0, "r"), (1, "w"), (2, "w")))  # noqa: SIM115


def limit(memory_megabytes: int) -> None:
    """Bounds for memory, for files, and no dumps of a client's memory on the disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))
    if memory_megabytes:
        with suppress(OSError, ValueError):
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + memory_megabytes * (1 << 20)
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def process_control(option: int, value: int) -> None:
    """Linux's prctl; elsewhere nothing, and the pipe on standard input does the same work a little later."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def give_back() -> None:
    """Memory that warming up needed and freed goes back to the machine (glibc keeps it): half a gigabyte that would be counted for every child."""
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def main() -> None:
    """Warm up, say so, and serve."""
    # Whatever is printed from here on goes to standard error: the answers have a descriptor of their own.
    answers = os.dup(1)
    os.dup2(2, 1)
    jobs = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    process_control(_PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started = time.perf_counter()
    gc.disable()  # nearly all that imports make stays
    from readiness.batch.warming import warm_up

    said = warm_up(sys.argv[1:])
    # Collected now and never looked at again: children then do not copy these pages only to count references.
    gc.collect()
    gc.freeze()
    # What a report makes it keeps until it ends, so looking for garbage often finds none.
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    give_back()
    os.write(answers, (json.dumps({"ready": time.perf_counter() - started, "said": said, "pid": os.getpid()}) + "\n").encode())
    WarmProcess(jobs, answers).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
