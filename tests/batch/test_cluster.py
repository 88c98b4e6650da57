"""Clients' runs on a cluster: the same files, another day's version refused, and a lost worker's clients redone elsewhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from readiness.batch.clients import find_clients
from readiness.batch.outcome import Outcome
from readiness.batch.progress import Silent
from readiness.batch.runner import Options, run_batch
from readiness.errors import UsageError

pytest.importorskip("distributed", reason="the extra cluster is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers as processes of their own; gives the address and the workers."""
    dask = [sys.executable, "-W", "ignore", "-m"]
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    started = [subprocess.Popen([*dask, "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                                 "--scheduler-file", str(file)], **quiet)]  # type: ignore[call-overload]  # fmt: skip
    try:
        until = time.monotonic() + 30
        while not file.exists() or not file.read_text().strip():
            assert time.monotonic() < until
            assert started[0].poll() is None
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        for _ in range(2):
            started.append(subprocess.Popen([*dask, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                             "--death-timeout", "60", "--local-directory", str(tmp_path)], **quiet))  # type: ignore[call-overload]  # fmt: skip
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


class Killing(Silent):
    """Kills a worker of the cluster as soon as one client is done."""

    def __init__(self, victim: subprocess.Popen[bytes]) -> None:
        self.victim, self.killed = victim, False

    def ended(self, outcome: Outcome) -> None:
        if not self.killed:
            self.killed = True
            os.kill(self.victim.pid, signal.SIGKILL)


def test_a_lost_worker_s_clients_are_redone_elsewhere_and_the_files_are_the_same(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path, synthetic: ModuleType, options: Callable[..., Options], short: Path
) -> None:
    address, workers = cluster
    synthetic.write_clients(tmp_path / "clients", 8)
    (tmp_path / "clients" / "bad.yaml").write_text("client: {id: [}\n")
    clients = find_clients([tmp_path / "clients"])
    watcher = Killing(workers[0])
    far = run_batch(clients, tmp_path / "far", options(scheduler=address, notebook=short), watcher)
    assert watcher.killed
    assert workers[0].poll() is not None
    assert {o.name: o.kind for o in far.outcomes} == {**{f"client-{n:04}": None for n in range(1, 9)}, "bad": "bad_input"}
    near = run_batch(clients, tmp_path / "near", options(notebook=short))
    assert near.exit_status == 1
    assert files(tmp_path / "far") == files(tmp_path / "near")


def files(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and not p.name.startswith(".")}


def test_an_address_at_which_nobody_answers_is_said_so(tmp_path: Path, options: Callable[..., Options], write_client: Callable[..., Path],
                                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from readiness.batch import cluster

    monkeypatch.setattr(cluster, "_SECONDS_TO_CONNECT", 1)
    write_client(tmp_path / "clients", "acme")
    with pytest.raises(UsageError, match="no scheduler answers at"):
        run_batch(find_clients([tmp_path / "clients"]), tmp_path / "out", options(scheduler="tcp://127.0.0.1:1"))


def test_a_worker_with_another_version_is_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    from readiness.batch.cluster import run_far
    from readiness.batch.inputs import versions
    from readiness.batch.job import Job
    from readiness.report.running import NOTEBOOK, notebook_folder

    wanted = {**versions(notebook_folder() / NOTEBOOK).as_data(), "data": "another"}
    told = run_far(Job(1, "acme.yaml", "", "2026-11-23", ("pdf",)).as_json(), False, "acme.yaml", {"acme.yaml": b"version: 1\n"}, b"", wanted)
    assert "another data" in told["result"]["error"]["said"]


def test_what_is_sent_stays_inside_its_folder(tmp_path: Path) -> None:
    from readiness.batch.cluster import _laid_out

    home = _laid_out(tmp_path / "root", {"a.yaml": b"1", "../bank/b.yaml": b"2"})
    assert (home.parent / "bank" / "b.yaml").read_bytes() == b"2"
    with pytest.raises(UsageError, match="too far"):
        _laid_out(tmp_path / "other", {"/".join([".."] * 9 + ["etc", "x"]): b"3"})
