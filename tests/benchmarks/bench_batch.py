"""Twenty clients in one batch, start-up counted, against the stock loop: papermill, then nbconvert webpdf, client by client."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import nbformat
import pytest

from readiness.batch.clients import find_clients
from readiness.batch.runner import Options, Results, run_batch
from readiness.report.running import NOTEBOOK, notebook_folder

CLIENTS, STOCK_CLIENTS = 20, 2
CHROMIUM = os.environ.get("READINESS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    spec = importlib.util.spec_from_file_location("synthetic_clients", Path(__file__).parents[1] / "synthetic_clients.py")
    assert spec is not None
    assert spec.loader is not None
    module: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("clients")
    module.write_clients(folder, CLIENTS)
    return folder


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report as it is, and one page of it: where the models take next to nothing, the machinery is left."""
    whole = nbformat.read(notebook_folder() / NOTEBOOK, as_version=4)
    # Title, parameters, session and cover, then the downtime and the promise.
    kept = whole.cells[:3] + [c for c in whole.cells[3:] if "downtime.downtime(a)" in c.source or "promise.promises(a)" in c.source]
    page = tmp_path_factory.mktemp("notebooks") / "one_page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=kept, metadata=whole.metadata), page)
    return {"the whole report": notebook_folder() / NOTEBOOK, "one page": page}


def stock_loop(clients: Path, notebook: Path, out: Path) -> tuple[float, float, str]:
    """Seconds of papermill and of the PDF for one client, by the stock commands; the mean over the first few."""
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(out / "config")}
    run = printed = 0.0
    how = "webpdf"
    for client in find_clients([clients])[:STOCK_CLIENTS]:
        node, pdf = out / f"{client.name}.ipynb", out / f"{client.name}.pdf"
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "papermill", str(notebook), str(node), "-p", "engagement", str(client.path),
                        "-p", "as_of", "2026-11-23", "--no-progress-bar"], env=environment, check=True, capture_output=True)  # fmt: skip
        executed = time.perf_counter()
        how = _printed(node, pdf, environment)
        run, printed = run + executed - started, printed + time.perf_counter() - executed
        assert pdf.stat().st_size > 10_000
    return run / STOCK_CLIENTS, printed / STOCK_CLIENTS, how


def _printed(node: Path, pdf: Path, environment: dict[str, str]) -> str:
    """nbconvert's webpdf drives a Chromium of playwright's own; the one that is installed is lent to it by a wrapper of the launch."""
    lend = (
        "import sys\nfrom playwright.async_api import BrowserType\nlaunch = BrowserType.launch\n"
        f"def lent(self, **k):\n    return launch(self, **{{**k, 'executable_path': {CHROMIUM!r}}})\n"
        "BrowserType.launch = lent\nfrom nbconvert.nbconvertapp import main\nsys.argv = ['nbconvert', *sys.argv[1:]]\nmain()\n"
    )
    more = ["--disable-chromium-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    subprocess.run([sys.executable, "-c", lend, "--to", "webpdf", *more, "--output", pdf.stem, "--output-dir", str(pdf.parent), str(node)],
                   env=environment, check=True, capture_output=True)  # fmt: skip
    return "nbconvert --to webpdf"


def batch(clients: Path, out: Path, notebook: Path) -> Results:
    results = run_batch(find_clients([clients]), out, Options(date(2026, 11, 23), ("pdf",), workers=2, notebook=notebook))
    assert results.exit_status == 0
    return results


@pytest.mark.benchmark(group="batch: 20 clients to PDF")
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: the stock loop cannot print")
@pytest.mark.parametrize("notebook", ["the whole report", "one page"])
def test_twenty_clients_against_the_stock_loop(benchmark: Any, clients: Path, notebooks: dict[str, Path], notebook: str, tmp_path: Path) -> None:
    stock_run, stock_print, how = stock_loop(clients, notebooks[notebook], tmp_path)
    results: Results = benchmark.pedantic(batch, args=(clients, tmp_path / "out", notebooks[notebook]), rounds=1)
    ours = results.seconds / CLIENTS
    parts = {part: round(median(o.parts[part] for o in results.outcomes), 3) for part in results.outcomes[0].parts}
    steady = (results.seconds - results.seconds_to_start) / CLIENTS
    benchmark.extra_info |= {
        "stock": f"papermill, then {how}; measured on {STOCK_CLIENTS} clients of the {CLIENTS}",
        "stock_seconds_per_client": {"run": round(stock_run, 2), "print": round(stock_print, 2)},
        "ours_seconds_per_client": round(ours, 3), "ours_start_seconds": round(results.seconds_to_start, 2), "ours_parts_of_a_client": parts,
        "times_faster_start_counted": round((stock_run + stock_print) / ours, 1), "times_faster_steady": round((stock_run + stock_print) / steady, 1),
    }  # fmt: skip
    print(benchmark.extra_info)  # noqa: T201  # the parts are the point of this bench
    assert len(results.outcomes) == CLIENTS


@pytest.mark.benchmark(group="batch: how it starts")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_four_clients_forked_and_spawned(benchmark: Any, clients: Path, tmp_path: Path, start: Any) -> None:
    options = Options(date(2026, 11, 23), ("ipynb",), workers=2, start=start)
    results = benchmark.pedantic(run_batch, args=(find_clients([clients])[:4], tmp_path / "out", options), rounds=1)
    assert results.exit_status == 0
