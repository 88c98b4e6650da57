"""The wheel: built, installed in a fresh virtual environment, and used from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*command: str | Path, cwd: Path, home: Path) -> str:
    """Run without anything of this checkout in the environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "COV_", "XDG_"))}
    ran = subprocess.run([str(c) for c in command], cwd=cwd, env=kept | {"HOME": str(home)}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out, home=out)
    [made] = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; its dependencies are those that the lock put into this one."""
    home = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", home / "venv", cwd=home, home=home)
    python = home / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=home, home=home)
    # A line in a .pth file adds the folder alone: the editable install of this checkout does not come along.
    [site] = (home / "venv" / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (home / "empty").mkdir()
    return home


@pytest.mark.slow
def test_the_wheel_holds_data_and_notebooks_and_nothing_of_ours_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    wanted = {"py.typed", "data/causes.yaml", "data/examples/northlight.yaml", "data/catalog.json", "notebooks/9_report.ipynb"}
    wanted.add("report/templates/report.typ")
    assert {f"readiness/{name}" for name in wanted} <= set(names)
    assert not [n for n in names if n.startswith(("tests/", "docs/")) or "__pycache__" in n or ".ipynb_checkpoints" in n]


@pytest.mark.slow
def test_the_wheel_alone_makes_a_report_in_an_empty_folder(installed: Path) -> None:
    python, empty = installed / "venv" / "bin" / "python", installed / "empty"
    where = run(python, "-c", "import readiness; print(readiness.__file__)", cwd=empty, home=installed)
    assert where.startswith(str(installed))
    command = installed / "venv" / "bin" / "readiness"
    example = run(
        python, "-c", "from readiness.catalog import data_folder; print(data_folder() / 'examples' / 'northlight.yaml')", cwd=empty, home=installed
    ).strip()
    assert example.startswith(str(installed))
    assert "northlight.yaml: good" in run(command, "check", example, cwd=empty, home=installed)
    told = run(command, "report", example, "--out", "out", "--as-of", "2026-11-23", cwd=empty, home=installed)
    assert told.startswith("Verdict")
    assert (empty / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert sorted(p.name for p in empty.iterdir()) == ["out"]


@pytest.mark.slow
def test_the_data_in_the_wheel_is_good(installed: Path) -> None:
    assert "The data is good." in run(
        installed / "venv" / "bin" / "readiness", "check", "--as-of", "2026-11-23", cwd=installed / "empty", home=installed
    )


def test_the_lock_is_exact_hashed_and_names_no_index() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    pinned = [line for line in lines if not line.startswith(" ")]
    assert len(pinned) > 100
    assert all(re.match(r"^[A-Za-z0-9._-]+==[^ ]+", line) for line in pinned)
    assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text)
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    assert all("--hash=sha256:" in block for block in blocks)


def test_everything_that_is_declared_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(r for rs in project["project"]["optional-dependencies"].values() for r in rs),
        *project["build-system"]["requires"],
    ]
    locked = {
        m.lower().replace("_", "-").replace(".", "-")
        for m in re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    }
    names = {re.split(r"[>=<\[; ]", r)[0].lower().replace("_", "-").replace(".", "-") for r in wanted}
    assert names <= locked


def test_make_says_what_it_can() -> None:
    told = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for verb in ("demo", "test", "quick", "workshop", "bench", "lock", "clean", "help"):
        assert re.search(rf"^  make {verb} ", told, re.MULTILINE), verb


def test_the_machine_that_checks_runs_the_same_as_a_person() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "set -euo pipefail" in script
    assert "make --keep-going test" in script
