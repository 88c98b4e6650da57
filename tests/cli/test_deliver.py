"""`readiness verify` and `readiness purge`, as a person types them."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from readiness.cli import deliver, reports
from readiness.errors import ReadinessError
from readiness.report.make import make_report

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    made = typer.Typer()
    deliver.register(made)
    reports.register(made)
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    make_report(EXAMPLES / "quillfield.yaml", out, formats=("md",), as_of=date(2026, 11, 23))
    return out


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "quillfield-1"
    (folder / "journal").mkdir(parents=True)
    shutil.copy(EXAMPLES / "quillfield.yaml", folder / "engagement.yaml")
    return folder


@pytest.mark.slow
def test_verify_says_yes_with_status_0_and_no_with_status_1(app, made):
    runner = CliRunner()
    good = runner.invoke(app, ["verify", str(made), "--engagement", str(EXAMPLES / "quillfield.yaml")])
    assert good.exit_code == 0, good.output
    assert "belongs to this engagement" in good.output
    bad = runner.invoke(app, ["verify", str(made), "--engagement", str(EXAMPLES / "cheerly.yaml"), "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["good"] is False


@pytest.mark.slow
def test_a_report_with_every_format_and_a_brand(app, tmp_path):
    done = CliRunner().invoke(
        app, ["report", str(EXAMPLES / "quillfield.yaml"), "--out", str(tmp_path), "--formats", "xlsx,json,md,csv", "--brand", str(EXAMPLES / "brands" / "fernhill.yaml")]
    )
    assert done.exit_code == 0, done.output
    assert sorted(f.name for f in tmp_path.iterdir()) == ["report.csv", "report.json", "report.manifest.json", "report.md", "report.xlsx"]
    assert "Fernhill Advisory" in (tmp_path / "report.md").read_text("utf-8")


@pytest.mark.parametrize("answer", ["", "no", "y", "Quillfield"])
def test_purge_asks_for_the_name_and_keeps_the_client_without_it(answer, app, client):
    done = CliRunner().invoke(app, ["purge", str(client)], input=f"{answer}\n")
    assert done.exit_code == 1
    assert "nothing was removed" in done.output
    assert (client / "engagement.yaml").exists()


@pytest.mark.parametrize(("arguments", "typed"), [((), "quillfield\n"), (("--yes",), "")], ids=["asked", "not asked"])
def test_purge_removes_a_client_that_was_named(arguments, typed, app, client):
    done = CliRunner().invoke(app, ["purge", str(client), *arguments], input=typed)
    assert done.exit_code == 0, done.output
    assert not client.exists()


def test_purge_refuses_what_is_no_client(app, tmp_path):
    done = CliRunner().invoke(app, ["purge", str(tmp_path), "--yes"])
    assert isinstance(done.exception, ReadinessError)
    assert tmp_path.is_dir()
