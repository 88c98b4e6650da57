"""Cells run in this process as a kernel would run them, and nothing of it stays behind."""

from __future__ import annotations

import builtins
import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import EngagementError, ModelError, UsageError
from readiness.report import shell
from readiness.report.running import NotebookError, run_notebook, stripped
from readiness.report.soundness import check_sound


def notebook(path: Path, *cells: str, tags: tuple[str, ...] = ()) -> Path:
    made = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "metadata": {"tags": list(tags)} if tags else {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for n, source in enumerate(cells)
    ]
    parameters = {
        "cell_type": "code",
        "id": "p",
        "metadata": {"tags": ["parameters"]},
        "execution_count": None,
        "outputs": [],
        "source": 'engagement = ""',
    }
    path.write_text(json.dumps({"cells": [parameters, *made], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def run(path: Path, *cells: str, **parameters: Any) -> list[dict[str, Any]]:
    """The outputs of all cells after the parameters."""
    node = run_notebook(notebook(path / "n.ipynb", *cells), {"engagement": "x.yaml", **parameters})
    return [output for cell in node["cells"][2:] for output in cell["outputs"]]


def test_outputs_stand_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    outputs = run(tmp_path, "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\ndisplay(1)\nprint('d')\n2")
    told = [(o["output_type"], o.get("text") or o["data"]["text/plain"]) for o in outputs]
    assert told == [("stream", "a\nb\n"), ("stream", "c\n"), ("display_data", "1"), ("stream", "d\n"), ("execute_result", "2")]


def test_a_display_can_be_updated_and_cleared(tmp_path: Path) -> None:
    updated = run(tmp_path, "h = display('one', display_id=True)\nh.update('two')\nprint(end='')")
    assert [o["data"]["text/plain"] for o in updated] == ["'two'"]
    cleared = run(tmp_path, "from IPython.display import clear_output\nprint('gone')\nclear_output(wait=True)\nprint('here')")
    assert [o["text"] for o in cleared] == ["here\n"]


def test_a_semicolon_shows_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "1 + 1;") == []


@pytest.mark.parametrize("way_out", ["import sys; sys.exit(0)", "exit()", "quit()", "raise SystemExit"])
def test_leaving_quietly_is_an_error(tmp_path: Path, way_out: str) -> None:
    with pytest.raises(NotebookError, match="the rest has not run"):
        run(tmp_path, way_out, "1")


def test_an_error_of_ours_keeps_its_class_and_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match=r"acme\.yaml: is wrong"):
        run(tmp_path, "from readiness.errors import EngagementError\nraise EngagementError('is wrong', file='acme.yaml')")


@pytest.mark.parametrize(("cell", "said"), [("1 / 0", "ZeroDivisionError"), ("def", "SyntaxError"), ("nowhere", "NameError")])
def test_any_other_error_is_the_notebook_s(tmp_path: Path, cell: str, said: str) -> None:
    with pytest.raises(NotebookError, match=said):
        run(tmp_path, cell)


def test_an_interrupt_stays_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, "raise KeyboardInterrupt")


def test_a_flood_ends_the_run_even_where_a_cell_catches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "MOST_PRINTED", 1000)
    monkeypatch.setattr(shell, "MOST_SHOWN", 1000)
    with pytest.raises(NotebookError, match="printed more than 1,000"):
        run(tmp_path, "for _ in range(10_000):\n    try:\n        print('flood')\n    except Exception:\n        pass")
    with pytest.raises(NotebookError, match="showed more than 1,000"):
        run(tmp_path, "display('x' * 2000)")


def test_a_parameter_that_does_not_exist_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="audience"):
        run(tmp_path, "1 / 0", audiense="board")


def test_this_process_is_as_it_was(tmp_path: Path) -> None:
    before = (sys.modules["__main__"], sys.displayhook, sys.excepthook, list(sys.path), set(vars(builtins)), sys.stdout)
    threads = threading.active_count()
    run(tmp_path, "import sys; sys.path.append('x'); answer = 42; print(answer)")
    assert (sys.modules["__main__"], sys.displayhook, sys.excepthook, list(sys.path), set(vars(builtins)), sys.stdout) == before
    assert threading.active_count() == threads
    assert not hasattr(sys.modules["__main__"], "answer")


def test_one_run_sees_nothing_of_another(tmp_path: Path) -> None:
    run(tmp_path, "secret = 'canary'")
    with pytest.raises(NotebookError, match="NameError"):
        run(tmp_path, "secret")


def test_neither_folder_nor_clock_stands_in_a_run(tmp_path: Path) -> None:
    node = run_notebook(notebook(tmp_path / "n.ipynb", "1"), {"engagement": str(tmp_path / "acme.yaml")})
    text = json.dumps(node)
    assert str(tmp_path) not in text
    assert "papermill" not in text
    assert 'engagement = \\"acme.yaml\\"' in text
    again = run_notebook(notebook(tmp_path / "n.ipynb", "1"), {"engagement": str(tmp_path / "acme.yaml")})
    assert again == node


def test_a_path_with_braces_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "{engagement}").mkdir()
    assert run(tmp_path / "{engagement}", "1")[0]["data"]["text/plain"] == "1"


def sound(*cells: dict[str, Any]) -> None:
    check_sound({"cells": list(cells), "metadata": {}})


def cell(source: str = "x = 1", outputs: tuple[dict[str, Any], ...] = (), count: int | None = 1, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "execution_count": count, "metadata": {"tags": list(tags)}}


def shown(block: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"application/vnd.readiness.blocks+json": {"version": 1, "blocks": [block]}}, "metadata": {}}


def figure(*traces: dict[str, Any]) -> dict[str, Any]:
    return shown({"kind": "exhibit", "id": "e", "figure": {"data": list(traces)}})


def headline(value: str, between: str = "1 to 2") -> dict[str, Any]:
    return shown({"kind": "figures_panel", "figures": [{"label": "Loss", "value": value, "range": between}]})


@pytest.mark.parametrize(
    ("broken", "error", "said"),
    [
        pytest.param(cell(count=None), NotebookError, "did not run", id="a cell that did not run"),
        pytest.param(cell("f()"), NotebookError, "shows nothing", id="a last line without an output"),
        pytest.param(cell("f()", (figure(),)), NotebookError, "without anything in it", id="a figure without traces"),
        pytest.param(cell("f()", (figure({"x": [float("nan")], "y": ["a"]}),)), NotebookError, "no value is a number", id="a figure of NaN"),
        pytest.param(cell("f()", (headline("not known"),)), ModelError, "headline", id="a headline that is not known"),
        pytest.param(cell("f()", (headline("USD nan"),)), ModelError, "headline", id="a headline of nan"),
        pytest.param(cell("f()", (headline("USD 3", "1 to inf"),)), ModelError, "headline", id="a range without an end"),
        pytest.param(cell("f()", ({"output_type": "error", "ename": "E", "evalue": ""},)), NotebookError, "failed", id="an error that was kept"),
    ],
)
def test_what_is_not_whole_is_refused(broken: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        sound(broken)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(cell(), id="an assignment shows nothing"),
        pytest.param(cell("f();"), id="a semicolon"),
        pytest.param(cell("", count=None), id="an empty cell"),
        pytest.param(cell("f()", tags=("may-be-empty",)), id="a form that is only there on screen"),
        pytest.param(cell("f()", (figure({"x": ["a"], "y": [1.0]}),)), id="a figure"),
        pytest.param(cell("f()", (figure({"z": [[1.0]]}),)), id="a map of heat"),
        pytest.param(cell("f()", (headline("USD 3 of 4 financial infants"),)), id="words that hold nan and inf"),
    ],
)
def test_what_is_whole_passes(whole: dict[str, Any]) -> None:
    sound(whole)


def test_stripping_leaves_tags_alone() -> None:
    node = {"metadata": {"papermill": 1}, "cells": [{"metadata": {"tags": ["screen-only"], "papermill": {}}, "cell_type": "code"}]}
    assert stripped(node, "")["cells"][0]["metadata"] == {"tags": ["screen-only"]}
