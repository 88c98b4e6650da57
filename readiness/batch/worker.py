"""One client's process where nothing forks: ``python -m readiness.batch.worker``, a job on standard input.

Its input stays open for as long as the runner lives; when it ends, so does this process.
"""

from __future__ import annotations

import os
import sys
import threading


def main() -> None:
    """Read one job, do it, and end."""
    from readiness.batch.job import Job, run_job
    from readiness.report.running import quick_nbformat

    job = Job.from_json(sys.stdin.readline())
    threading.Thread(target=_end_with_the_runner, daemon=True).start()
    os.environ["TMPDIR"] = os.environ["TEMP"] = os.environ["TMP"] = job.scratch
    if sys.platform == "linux":
        from readiness.batch.warm import limit

        limit(job.memory_megabytes)
    with quick_nbformat():
        import papermill.execute  # noqa: F401
    run_job(job)
    os._exit(0)


def _end_with_the_runner() -> None:
    while os.read(0, 4096):
        pass
    if hasattr(os, "killpg"):
        import signal

        os.killpg(0, signal.SIGKILL)  # it leads a group of its own
    os._exit(1)


if __name__ == "__main__":
    main()
