"""What is tried again, kept, stopped and cleared away: with workers that do as they are told, so that it is quick."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from readiness.batch import runner
from readiness.batch.clients import find_clients
from readiness.batch.job import BEGAN, REPORT, RESULT, Job, read_result
from readiness.batch.outcome import Ended, Kind
from readiness.batch.record import read_record, sha256
from readiness.batch.runner import Options, Results, run_batch
from readiness.errors import StorageError, UsageError

Script = dict[str, list[str]]


class Obedient:
    """Ends each job as a script says: one word for each start of a client, and fine when there is no word left."""

    def __init__(self, script: Script, room: int = 1) -> None:
        self.room, self.script, self.waiting, self.starts = room, script, [], []  # type: ignore[var-annotated]
        self.closed = False

    def submit(self, job: Job) -> None:
        self.waiting.append(job)
        self.starts.append(Path(job.engagement).stem)

    def ended(self, seconds: float) -> list[Ended]:
        return [self._ended(self.waiting.pop(0))]

    def _ended(self, job: Job) -> Ended:
        words = self.script.get(Path(job.engagement).stem, [])
        word = words.pop(0) if words else "fine"
        scratch = Path(job.scratch)
        if word == "ctrl-c":
            raise KeyboardInterrupt
        if word == "no-start":
            return Ended(job.number, None, False, 1)
        (scratch / BEGAN).touch()
        if word == "crash":
            return Ended(job.number, None, True, -11)
        if word == "late":
            return Ended(job.number, None, True, -9, timed_out=True)
        if word == "edit":
            Path(job.engagement).write_text("version: 1\nedited: while it ran\n")
        result: dict[str, Any] = {"error": {"class": word, "said": "what was said"}}
        if word in ("fine", "edit", "lost"):
            content = f"report of {Path(job.engagement).stem}".encode()
            (scratch / REPORT).mkdir()
            for wanted in job.formats:
                if word != "lost":
                    (scratch / REPORT / f"report.{wanted}").write_bytes(content)
            result = {"error": None, "outputs": {f"report.{f}": sha256(content) for f in job.formats}, "headline": [["Verdict", "Go"]], "parts": {}}
        (scratch / RESULT).write_text(json.dumps(result))
        return Ended(job.number, read_result(scratch)[0], True, 0)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    for name in ("a", "b", "c", "d"):
        (tmp_path / "clients").mkdir(exist_ok=True)
        (tmp_path / "clients" / f"{name}.yaml").write_text(f"name: {name}\n")
    return tmp_path / "clients"


Go = Callable[..., tuple[Results, Obedient]]


@pytest.fixture
def go(clients: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: Callable[..., Options]) -> Go:
    def run(script: Script | None = None, **others: Any) -> tuple[Results, Obedient]:
        workers = Obedient(script or {})
        monkeypatch.setattr(runner.Batch, "_workers", lambda self: workers)
        return run_batch(find_clients([clients]), tmp_path / "out", options(**others)), workers

    return run


def kinds(results: Results) -> dict[str, Kind | None]:
    return {o.name: o.kind for o in results.outcomes}


@pytest.mark.parametrize(
    ("words", "kind", "starts"),
    [
        pytest.param(["crash"], None, 2, id="a crash may have been bad luck"),
        pytest.param(["crash", "crash", "fine"], "crashed", 2, id="a second crash is none"),
        pytest.param(["late"], None, 2, id="a timeout may have been bad luck"),
        pytest.param(["no-start"], None, 2, id="a start that failed may go well"),
        pytest.param(["late", "crash"], "crashed", 2, id="the last word counts"),
        pytest.param(["EngagementError"], "bad_input", 1, id="bad input stays bad"),
        pytest.param(["ModelError"], "model_error", 1, id="a model error stays one"),
        pytest.param(["NotebookError"], "notebook_error", 1, id="a notebook error stays one"),
        pytest.param(["lost", "lost"], "crashed", 2, id="a result without its files is none"),
        pytest.param(["edit"], None, 2, id="a client edited meanwhile is run again"),
    ],
)
def test_only_what_may_go_well_is_tried_again_and_once(go: Go, words: list[str], kind: Kind | None, starts: int) -> None:
    results, workers = go({"b": words})
    assert kinds(results) == {"a": None, "b": kind, "c": None, "d": None}
    assert workers.starts.count("b") == starts


def test_a_record_is_there_for_every_end(go: Go, tmp_path: Path) -> None:
    go({"b": ["ModelError"]})
    done, failed = read_record(tmp_path / "out" / "a"), read_record(tmp_path / "out" / "b")
    assert done is not None
    assert failed is not None
    assert (done.state, failed.state, failed.kind) == ("done", "failed", "model_error")
    assert {name: sha256((tmp_path / "out" / "a" / name).read_bytes()) for name in done.outputs} == done.outputs
    assert failed.outputs == {}


def test_a_failed_client_keeps_no_old_report(go: Go, tmp_path: Path) -> None:
    go()
    (tmp_path / "out" / "b" / "report.pdf").write_text("of an earlier batch with more formats")
    (tmp_path / "out" / "b" / "notes.txt").write_text("a person's own")
    go({"b": ["EngagementError"]})
    assert sorted(p.name for p in (tmp_path / "out" / "b").iterdir()) == ["notes.txt", "record.json"]


def test_resume_runs_what_is_missing_changed_or_failed_and_nothing_else(go: Go, clients: Path, tmp_path: Path) -> None:
    go({"a": ["ModelError"]})
    (clients / "b.yaml").write_text("name: changed\n")
    (tmp_path / "out" / "c" / "report.ipynb").write_text("edited by hand")
    (clients / "e.yaml").write_text("name: e\n")
    results, workers = go(resume=True)
    assert sorted(workers.starts) == ["a", "b", "c", "e"]
    assert [o.name for o in results.outcomes if o.kept] == ["d"]
    assert go(resume=True)[1].starts == []


@pytest.mark.parametrize("other", [{"audience": "board"}, {"formats": ("pdf",)}, {"paper": "us-letter"}], ids=["audience", "formats", "paper"])
def test_resume_does_not_take_one_report_for_another(go: Go, other: dict[str, Any]) -> None:
    go()
    assert len(go(resume=True, **other)[1].starts) == 4


def test_resume_with_another_day_runs_all(go: Go) -> None:
    from datetime import date

    go()
    assert len(go(resume=True, as_of=date(2026, 12, 1))[1].starts) == 4


@pytest.mark.parametrize("part", ["code", "data", "notebook", "workbook"])
def test_resume_with_another_version_runs_all(go: Go, tmp_path: Path, part: str) -> None:
    go()
    for record in (tmp_path / "out").glob("*/record.json"):
        content = json.loads(record.read_text())
        content["key"][part] = "another"
        record.write_text(json.dumps(content))
    assert len(go(resume=True)[1].starts) == 4


@pytest.mark.parametrize("damage", ["", "{}", '{"format": 99}', "[1]", '{"format": 1, "state": "done"}', "\udcff"])
def test_a_record_that_is_none_is_not_believed(go: Go, tmp_path: Path, damage: str) -> None:
    go()
    (tmp_path / "out" / "a" / "record.json").write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert go(resume=True)[1].starts == ["a"]


def test_only_failed_runs_what_failed_and_leaves_the_rest(go: Go, clients: Path) -> None:
    go({"a": ["ModelError"], "b": ["crash", "crash"]})
    (clients / "e.yaml").write_text("name: e\n")
    results, workers = go(only_failed=True)
    assert workers.starts == ["a", "b"]
    assert kinds(results) == {"a": None, "b": None, "c": None, "d": None, "e": "not_run"}


def test_an_interrupt_says_what_did_not_end_and_resume_goes_on(go: Go, tmp_path: Path) -> None:
    results, workers = go({"b": ["ctrl-c"]})
    assert (results.exit_status, results.state) == (130, "interrupted")
    assert workers.closed
    assert kinds(results) == {"a": None, "b": "interrupted", "c": "not_run", "d": "not_run"}
    record = read_record(tmp_path / "out" / "b")
    assert record is not None
    assert record.kind == "interrupted"
    assert go(only_failed=True)[1].starts == ["b"]
    assert go(resume=True)[1].starts == ["c", "d"]


def test_too_many_failures_stop_the_batch(go: Go) -> None:
    results, workers = go({"a": ["ModelError"], "b": ["ModelError"]}, max_failures=2)
    assert results.exit_status == 3
    assert kinds(results) == {"a": "model_error", "b": "model_error", "c": "not_run", "d": "not_run"}
    assert workers.starts == ["a", "b"]


def test_as_many_failures_as_there_are_clients_stop_nothing(go: Go) -> None:
    results, _ = go({"d": ["ModelError"]}, max_failures=1)
    assert results.exit_status == 1


def test_nothing_temporary_is_left(go: Go, tmp_path: Path) -> None:
    (tmp_path / "out" / ".batch" / "7").mkdir(parents=True)
    (tmp_path / "out" / "a" / ".report-killed").mkdir(parents=True)
    go({"b": ["crash", "crash"], "c": ["ctrl-c"]})
    assert [p.name for p in (tmp_path / "out").rglob(".*")] == [".batch.lock"]


def test_two_batches_never_write_to_one_folder(go: Go, tmp_path: Path) -> None:
    from filelock import FileLock

    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".batch.lock"), pytest.raises(StorageError, match="another batch"):
        go()


@pytest.mark.parametrize("out", [".", "a", "a/evidence", "a/../b"])
def test_no_report_lies_among_a_client_s_own_files(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: Callable[..., Options]) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "engagement.yaml").write_text("version: 1\n")
        (tmp_path / name / "report.csv").write_text("the client's own bill")
    monkeypatch.setattr(runner.Batch, "_workers", lambda self: Obedient({}))
    with pytest.raises(UsageError, match="among the files of the client"):
        run_batch(find_clients([tmp_path]), tmp_path / out, options())
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == [f"{n}/{f}" for n in "ab" for f in ("engagement.yaml", "report.csv")]
    assert run_batch(find_clients([tmp_path / "a"]), tmp_path / "a" / "reports", options()).exit_status == 0


@pytest.mark.parametrize(
    "wish",
    [{"audience": "bord"}, {"formats": ("docx",)}, {"formats": ()}, {"paper": "a3"}, {"timeout_seconds": 0}, {"timeout_seconds": float("nan")},
     {"workers": -1}, {"max_failures": -1}, {"memory_megabytes": -1}, {"notebook": Path("nowhere.ipynb")}],
)  # fmt: skip
def test_a_wish_that_cannot_be_met_is_refused_before_anything_runs(go: Go, wish: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        go(**wish)
    assert not (tmp_path / "out").exists()
