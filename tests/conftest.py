"""What all tests share: the catalogue, the example clients, and what becomes of tests that need what is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

# Before hypothesis is imported: nothing of it is written into the tree.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", tempfile.mkdtemp(prefix="hypothesis-"))

import hypothesis
import pytest

from readiness.catalog import Catalog, load_catalog
from readiness.engagement import Engagement, open_engagement

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "data" / "examples").glob("*.yaml"))
AS_OF = date(2026, 11, 23)
NEEDED = {"browser": ("chromium", "no Chromium: apt-get install chromium"), "office": ("soffice", "no LibreOffice: apt-get install libreoffice-calc")}
CACHES = (".venv/", ".mypy_cache/", ".ruff_cache/", ".import_linter_cache/", ".pytest_cache/", "out/", ".benchmarks/")
_BEFORE = pytest.StashKey[frozenset[str]]()

hypothesis.settings.register_profile(
    "suite", deadline=None, max_examples=40, database=None, derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)  # fmt: skip
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests for which something is not installed skip, by name and with the remedy."""
    for mark, (command, reason) in NEEDED.items():
        if shutil.which(command) is None:
            for item in items:
                if item.get_closest_marker(mark):
                    item.add_marker(pytest.mark.skip(reason=f"{mark}: {reason}"))


def _in_the_tree() -> frozenset[str]:
    """Files that git does not know, caches left out; nothing where there is no git."""
    try:
        asked = ["git", "status", "--porcelain", "--ignored", "--untracked-files=all"]
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    names = (line[3:] for line in listed.stdout.splitlines() if line[:2] in ("??", "!!"))
    return frozenset(n for n in names if not n.startswith(CACHES) and "__pycache__" not in n)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        session.config.stash[_BEFORE] = _in_the_tree()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """No test leaves files in the tree; elsewhere than in continuous integration somebody may be writing beside us."""
    if not hasattr(session.config, "workerinput") and os.environ.get("CI") and _in_the_tree() - session.config.stash[_BEFORE]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Skipped tests by name, counted; and files that appeared while the tests ran."""
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.section(f"{len(skipped)} tests skipped")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        terminalreporter.write_line(f"{report.nodeid}: {str(reason).removeprefix('Skipped: ')}")
    for name in sorted(_in_the_tree() - config.stash.get(_BEFORE, frozenset())):
        terminalreporter.write_line(f"appeared in the tree while the tests ran: {name}", yellow=True)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def clients(catalog: Catalog) -> dict[str, Engagement]:
    """The example clients by name."""
    return {file.stem: open_engagement(file, catalog).engagement for file in EXAMPLES}


@pytest.fixture(scope="session")
def northlight(clients: dict[str, Engagement]) -> Engagement:
    return clients["northlight"]


@pytest.fixture
def as_of() -> date:
    return AS_OF


@pytest.fixture
def northlight_text() -> str:
    return (ROOT / "data" / "examples" / "northlight.yaml").read_text("utf-8")
