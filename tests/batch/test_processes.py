"""Real processes: each client alone in its own, ended when it must be, and none left behind whoever is killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from readiness.batch.clients import find_clients
from readiness.batch.job import Job
from readiness.batch.outcome import judged
from readiness.batch.runner import Options, Results, run_batch
from readiness.batch.workers import ForkingWorkers, SpawnedWorkers, can_fork, settled_environment

forks = pytest.mark.skipif(not can_fork(), reason="nothing forks here")
Write = Callable[..., Path]
TOKEN = "READINESS_TEST_TOKEN"


def bearing(token: str) -> list[int]:
    """All processes that inherited a token, whatever group, session or parent they have now."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                if token.encode() in (process / "environ").read_bytes() and "Z" not in (process / "stat").read_text().rpartition(")")[2].split()[:1]:
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def none_left(token: str, seconds: float = 8.0) -> bool:
    until = time.monotonic() + seconds
    while bearing(token):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Marks every process of a test; ends what a failed test leaves."""
    mark = uuid.uuid4().hex
    yield mark
    for process in bearing(mark):
        os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, write_client: Write, sabotaged: Path) -> tuple[Results, Path]:
    """One batch of clients that are fine, each with a canary, and of clients that break at once."""
    from datetime import date

    home = tmp_path_factory.mktemp("mixed")
    for number in range(3):
        write_client(home / "clients", f"fine-{number}", seed=number, note=f"canary{number}canary")
    for way in (
        "segfault",
        "memory",
        "leave-at-once",
        "exit-zero",
        "zero-division",
        "headline-of-nan",
        "empty-figure",
        "interrupt",
        "descriptor-flood",
    ):
        write_client(home / "clients", way)
    (home / "clients" / "bad-yaml.yaml").write_text("client: {id: [}\n")
    options = Options(date(2026, 11, 23), ("ipynb", "pdf", "html"), workers=2, notebook=sabotaged, memory_megabytes=500, timeout_seconds=60)
    return run_batch(find_clients([home / "clients"]), home / "out", options), home / "out"


@pytest.mark.slow
@forks
def test_every_break_is_told_as_what_it_is(mixed: tuple[Results, Path]) -> None:
    results, _ = mixed
    assert {o.name: o.kind for o in results.outcomes} == {
        "fine-0": None, "fine-1": None, "fine-2": None, "segfault": "crashed", "memory": "crashed", "leave-at-once": "crashed",
        "exit-zero": "notebook_error", "zero-division": "notebook_error", "headline-of-nan": "model_error", "empty-figure": "notebook_error",
        "interrupt": "notebook_error", "descriptor-flood": "notebook_error", "bad-yaml": "bad_input",
    }  # fmt: skip
    said = {o.name: o.said for o in results.outcomes}
    assert "SIGSEGV" in said["segfault"]
    assert "500 MB" in said["memory"]
    assert said["bad-yaml"].startswith("bad-yaml.yaml: line 1")


@pytest.mark.slow
@forks
def test_one_client_s_words_stand_in_no_other_client_s_files(mixed: tuple[Results, Path]) -> None:
    from pypdf import PdfReader

    _, out = mixed
    for number in range(3):
        for file in (f for f in out.rglob("*") if f.is_file()):
            text = "".join(page.extract_text() for page in PdfReader(file).pages) if file.suffix == ".pdf" else file.read_text("utf-8")
            own = file.parent.name == f"fine-{number}"
            seen = f"canary{number}canary" in text.replace("\n", "")
            assert seen == own or (own and file.name in ("record.json", "report.manifest.json")), file


@pytest.mark.slow
@forks
def test_a_failed_client_s_folder_holds_its_record_alone(mixed: tuple[Results, Path]) -> None:
    results, out = mixed
    assert all([p.name for p in (out / o.name).iterdir()] == ["record.json"] for o in results.failed)


@pytest.mark.slow
@forks
def test_the_warm_process_has_one_thread_has_not_set_a_page_and_gives_memory_back(tmp_path: Path) -> None:
    asked = (
        "import resource\nimport sys\nfrom pathlib import Path\nfrom readiness.batch.warm import give_back\nfrom readiness.batch.warming import warm_up\n"
        "resident = lambda: int(Path('/proc/self/statm').read_text().split()[1]) * resource.getpagesize()\nassert warm_up() == ''\n"
        "print(len(list(Path('/proc/self/task').iterdir())), 'typst' in sys.modules, 'IPython' in sys.modules)\n"
        # Freed, but with something kept in between, so that nothing of it goes back by itself.
        "give_back()\nprint(resident() < 300e6)\nkept = [bytearray(2000) for _ in range(100_000)][::1000]\n"
        "before = resident()\ngive_back()\nprint(resident() < 0.8 * before)"
    )
    told = subprocess.run(
        [sys.executable, "-P", "-c", asked], env=settled_environment(tmp_path), capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.split() == ["1", "False", "True", "True", "True"]


def job_for(client: Path, scratch: Path, number: int, notebook: Path, seconds: float) -> Job:
    (scratch / str(number)).mkdir(parents=True)
    return Job(number, str(client), str(scratch / str(number)), "2026-11-23", ("ipynb",), notebook=str(notebook), timeout_seconds=seconds)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [pytest.param(ForkingWorkers, marks=forks, id="forked"), pytest.param(SpawnedWorkers, id="spawned")])
def test_what_takes_too_long_is_ended_with_all_it_started(
    kind: type[ForkingWorkers | SpawnedWorkers], tmp_path: Path, write_client: Write, sabotaged: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, token)
    workers = kind(1, tmp_path)
    try:
        workers.submit(job_for(write_client(tmp_path, "spin"), tmp_path, 1, sabotaged, 5))
        ended = []
        while not ended:
            ended = workers.ended(1)
        assert judged(ended[0], timeout_seconds=5)[0] == "timeout"
    finally:
        workers.close()
    assert none_left(token)


@pytest.mark.slow
@forks
def test_a_child_that_left_its_group_is_ended_too(
    tmp_path: Path, write_client: Write, sabotaged: Path, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, token)
    workers = ForkingWorkers(1, tmp_path)
    try:
        workers.submit(job_for(write_client(tmp_path, "child-that-stays"), tmp_path, 1, sabotaged, 6))
        while not workers.ended(1):
            pass
        until = time.monotonic() + 5
        while len(bearing(token)) > 1 and time.monotonic() < until:
            time.sleep(0.05)
        assert len(bearing(token)) == 1  # the warm process itself
    finally:
        workers.close()
    assert none_left(token)


@pytest.mark.slow
@forks
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["Ctrl-C", "a polite end", "kill -9"])
def test_no_process_outlives_the_runner(number: signal.Signals, tmp_path: Path, write_client: Write, sabotaged: Path, token: str) -> None:
    for name, way in (("a", "child-that-stays"), ("b", "spin")):
        write_client(tmp_path / "clients" / name, way)
    command = [
        sys.executable,
        "-m",
        "readiness",
        "batch",
        f"{tmp_path}/clients/*/*.yaml",
        "--out",
        str(tmp_path / "out"),
        "--notebook",
        str(sabotaged),
        "-j",
        "2",
    ]
    runner = subprocess.Popen(command, env={**os.environ, TOKEN: token}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 40
    while len(bearing(token)) < 5:  # the runner, the warm process, two clients, and the child of one
        assert time.monotonic() < until
        assert runner.poll() is None
        time.sleep(0.05)
    runner.send_signal(number)
    status = runner.wait(20)
    assert none_left(token)
    if number != signal.SIGKILL:
        assert status == 130
        assert "interrupted" in (tmp_path / "out" / "summary.csv").read_text()
        assert not (tmp_path / "out" / ".batch").exists()


@pytest.mark.slow
@forks
def test_a_warm_process_that_is_killed_is_started_again(tmp_path: Path, write_client: Write, sabotaged: Path, options: Callable[..., Options], token: str,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv(TOKEN, token)
    write_client(tmp_path / "clients", "fine")
    killed: list[int] = []

    class Killing:
        """Kills the warm process as soon as the first client was sent to it."""

        def __getattr__(self, name: str) -> Callable[..., None]:
            def told(*_: object) -> None:
                if name == "tick" and not killed:
                    killed.extend(bearing(token))
                    for process in killed:
                        os.kill(process, signal.SIGKILL)

            return told

    results = run_batch(find_clients([tmp_path / "clients"]), tmp_path / "out", options(), Killing())  # type: ignore[arg-type]
    assert killed
    assert [(o.kind, o.attempts) for o in results.outcomes] == [(None, 2)]
    assert none_left(token)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [ForkingWorkers, SpawnedWorkers], ids=["forked", "spawned"])
def test_a_python_that_cannot_start_is_a_start_that_failed(workers: type[ForkingWorkers | SpawnedWorkers], tmp_path: Path, write_client: Write,
                                                           options: Callable[..., Options], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from readiness.batch import runner

    broken = [sys.executable, "-c", "import sys; sys.exit('no module named numpy')"]
    monkeypatch.setattr(runner.Batch, "_workers", lambda self: workers(1, self._scratch, broken))
    write_client(tmp_path / "clients", "fine")
    results = run_batch(find_clients([tmp_path / "clients"]), tmp_path / "out", options())
    assert [(o.kind, o.attempts) for o in results.outcomes] == [("start_failed", 2)]
    assert results.exit_status == 2
    assert "numpy" in results.outcomes[0].said


@pytest.mark.slow
def test_killed_at_any_point_and_resumed_gives_the_same_files(tmp_path: Path, synthetic: ModuleType, still_tree: Path, short: Path) -> None:
    clients = 40  # a few hundredths of a second each: enough that some are left after the last kill
    synthetic.write_clients(tmp_path / "clients", clients)
    command = [sys.executable, "-P", "-m", "readiness", "batch", str(tmp_path / "clients"), "--formats", "ipynb", "--as-of", "2026-11-23",
               "--notebook", str(short), "-j", "2", "--out"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(still_tree)}
    whole = subprocess.run([*command, str(tmp_path / "whole")], env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert whole.returncode == 0, whole.stderr
    dice = random.Random(20261123)
    for done in (1, 9, 19):
        runner = subprocess.Popen([*command, str(tmp_path / "broken"), "--resume"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 90
        while sum('"state": "done"' in p.read_text() for p in (tmp_path / "broken").glob("*/record.json")) < done:
            assert time.monotonic() < until
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 0.3))
        runner.kill()
        runner.wait()
    assert len(list((tmp_path / "broken").glob("*/report.ipynb"))) < clients
    resumed = subprocess.run(
        [*command, str(tmp_path / "broken"), "--resume"], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert resumed.returncode == 0, resumed.stderr
    assert files(tmp_path / "broken") == files(tmp_path / "whole")


def files(out: Path) -> dict[str, bytes]:
    """Everything but the clock and the lock."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name not in ("timings.json", ".batch.lock")}


@pytest.mark.slow
def test_folder_time_zone_locale_and_start_leave_no_trace(
    tmp_path: Path, write_client: Write, options: Callable[..., Options], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = (("here", {}, "spawn"), ("somewhere else", {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "123"}, ""))
    made = []
    for folder, environment, start in ways:
        write_client(tmp_path / folder / "clients", "acme", seed=7)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        results = run_batch(
            find_clients([tmp_path / folder / "clients"]), tmp_path / folder / "out", options(formats=("pdf", "html", "ipynb"), start=start)
        )
        assert results.exit_status == 0
        made.append(files(tmp_path / folder / "out"))
    assert made[0] == made[1]
    assert all(str(tmp_path).encode() not in content for content in made[0].values())
