"""Two hundred clients, 24 of them broken in different ways: every one is told for what it is, and the others are fine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from readiness.batch.clients import find_clients
from readiness.batch.outcome import Kind
from readiness.batch.runner import Options, run_batch
from readiness.batch.summary import totals, write_summary
from readiness.batch.workers import can_fork

GOOD = (
    "client: {id: x, name: X}\njourneys: [{name: main, title: T, promise: {slo: 0.99}}]\n"
    "architecture: {tiers: [{name: web, need: web_compute, way: vm_single}]}\n"
)
# What stands in the file of a client whose input is bad.
FILES: dict[str, bytes] = {
    "bad-brackets": b"client: {id: [}\n",
    "bad-empty": b"",
    "bad-list": b"- client\n",
    "bad-bytes": b"client: \xff\xfe\x00\n",
    "bad-key": GOOD.replace("journeys", "jurneys").encode(),
    "bad-answer": (GOOD + "answers: {on_call: rotta}\n").encode(),
    "bad-way": GOOD.replace("vm_single", "postgres_vm_single").encode(),
    "bad-promise": GOOD.replace("0.99", "99.9").encode(),
    "bad-nan": GOOD.replace("0.99", ".nan").encode(),
    "bad-alias": (GOOD + "notes: &n [{text: x}]\n").encode(),
    "bad-bank": (GOOD + "bank: ../no-such-bank\n").encode(),
}
WAYS: dict[str, Kind] = {
    "model-error": "model_error", "headline-of-nan": "model_error",
    "zero-division": "notebook_error", "exit-zero": "notebook_error", "empty-figure": "notebook_error", "figure-of-nan": "notebook_error",
    "print-flood": "notebook_error", "display-flood": "notebook_error",
    "segfault": "crashed", "leave-at-once": "crashed", "kill-itself": "crashed", "memory": "crashed",
    "child-that-stays": "timeout",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not can_fork(), reason="two hundred spawned processes take too long")
def test_every_one_of_24_broken_clients_is_told_apart_and_176_are_fine(
    tmp_path: Path, synthetic: ModuleType, write_client: Callable[..., Path], sabotaged: Path, options: Callable[..., Options]
) -> None:
    clients = tmp_path / "clients"
    synthetic.write_clients(clients, 176)
    for name, content in FILES.items():
        (clients / f"{name}.yaml").write_bytes(content)
    for number, way in enumerate(WAYS):
        write_client(clients, way, seed=1000 + number)
    expected: dict[str, Kind] = {**dict.fromkeys(FILES, "bad_input"), **WAYS}
    assert len(expected) == 24
    results = run_batch(find_clients([clients]), tmp_path / "out", options(workers=3, notebook=sabotaged, timeout_seconds=12, memory_megabytes=600))
    assert {o.name: o.kind for o in results.outcomes if not o.done} == expected
    assert totals(results) == {
        "clients": 200,
        "done": 176,
        "failed": 24,
        "bad_input": 11,
        "model_error": 2,
        "notebook_error": 6,
        "crashed": 4,
        "timeout": 1,
    }
    assert results.exit_status == 1
    write_summary(tmp_path / "out", results)
    rows = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["clients"]
    assert {row["client"] for row in rows[:24]} == set(expected)
    for row in rows:
        names = sorted(p.name for p in (tmp_path / "out" / row["client"]).iterdir())
        assert names == (["record.json", "report.ipynb", "report.manifest.json"] if row["state"] == "done" else ["record.json"])
    assert all(o.said and str(tmp_path) not in o.said for o in results.failed)
