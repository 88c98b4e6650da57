"""Importing the package costs nothing, and what it exports is a list that is kept."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import readiness

ROOT = Path(__file__).resolve().parents[1]
EXPORTED = ["Assessment", "Catalog", "Engagement", "Quantity", "ReadinessError", "__version__", "assess", "load_catalog", "make_report",
            "open_engagement", "session"]  # fmt: skip
HEAVY = [
    "IPython",
    "anywidget",
    "ipywidgets",
    "jupyterlab",
    "matplotlib",
    "nbconvert",
    "nbformat",
    "pandas",
    "papermill",
    "plotly",
    "scipy.stats",
    "typst",
]


def loaded_after(statement: str) -> set[str]:
    """Modules that a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_what_is_exported_is_what_was_agreed() -> None:
    assert readiness.__all__ == EXPORTED
    assert dir(readiness) == sorted(EXPORTED)


@pytest.mark.parametrize("name", EXPORTED)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(readiness, name) is not None


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'asess'"):
        readiness.asess


def test_importing_the_package_loads_nothing_of_others() -> None:
    loaded = loaded_after("import readiness")
    assert not {m for m in loaded if m.partition(".")[0] in ("numpy", "scipy", "pydantic", "ruamel", *HEAVY)}


@pytest.mark.parametrize(
    "statement",
    [
        "from readiness import assess, load_catalog, open_engagement",
        "import readiness.cli; readiness.cli._register()",
        "import readiness.models.downtime",
    ],
    ids=["what reckons", "the commands", "a model"],
)
def test_what_reckons_loads_neither_frames_nor_figures_nor_widgets(statement: str) -> None:
    assert not loaded_after(statement) & set(HEAVY)


def test_reckoning_from_end_to_end_loads_neither_frames_nor_figures() -> None:
    statement = (
        "import sys; from readiness.cli import run\n"
        f"try: run(['assess', {str(ROOT / 'data' / 'examples' / 'northlight.yaml')!r}])\n"
        "except SystemExit: pass"
    )
    assert not loaded_after(statement) & set(HEAVY)


def _imported() -> set[str]:
    found: set[str] = set()
    for file in (ROOT / "readiness").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"readiness", "__main__"}


def test_every_package_that_is_imported_is_declared() -> None:
    """Also those that come along with others today: they may stop coming."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(r for extra, rs in project["optional-dependencies"].items() if extra != "test" for r in rs)]
    declared = {_normal(r.partition(">")[0].partition("[")[0].partition(";")[0]) for r in wanted}
    providers = packages_distributions()
    missing = {module for module in _imported() if not declared & {_normal(d) for d in providers.get(module, [module])}}
    # Parts of what is declared: Jupyter's, pydantic's core, Jinja's escaping, the graph that distributed runs.
    parts = {"IPython", "traitlets", "jupyter_server", "jupyter_client", "jupyter_core", "tornado", "dask", "pydantic_core", "markupsafe"}
    assert missing <= parts, missing - parts


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


def test_no_module_is_a_drawer_for_what_has_no_place() -> None:
    names = {file.stem for file in (ROOT / "readiness").rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc", "tools", "manager", "config"}


def test_only_one_place_asks_for_today() -> None:
    asking = {
        f.relative_to(ROOT).as_posix()
        for f in (ROOT / "readiness").rglob("*.py")
        if "date.today()" in f.read_text("utf-8") and not f.name.startswith("_")
    }
    assert asking == {"readiness/report/session.py"}
