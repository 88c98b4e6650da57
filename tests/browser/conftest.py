"""A real Chromium before a real JupyterLab or Voila; skipped by name where there is none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement.start import start_engagement
from readiness.workshop import notebooks, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CALM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INTAKE, QUESTIONS = "1_intake.ipynb", "2_questions.ipynb"


class Meeting:
    """One client's workshop in a browser."""

    def __init__(self, page: Any, server: serving.Server, folder: Path, app: bool) -> None:
        self.page, self.server, self.folder, self.app = page, server, folder, app
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        page.on("pageerror", lambda problem: self.errors.append(str(problem)))
        page.on("request", self._seen)

    def _seen(self, request: Any) -> None:
        if not request.url.startswith((self.server.address, self.server.address.replace("http", "ws"), "data:", "blob:", "about:")):
            self.elsewhere.append(request.url)

    def open(self, notebook: str, shown: str) -> None:
        """Open a notebook and wait until its forms stand."""
        if not self.app:
            told: list[str] = []
            assert serving.run_before(self.server, [notebook], progress=told.append) == (notebook,), told
        self.page.goto(self.server.page(notebook))
        self.page.wait_for_selector(shown, timeout=90_000)

    def saved(self, within: str) -> None:
        """Wait until the form says that the last thing is saved."""
        self.page.wait_for_selector(f"{within} .rdn-status[data-state='saved']", timeout=20_000)

    def answer(self, number: int) -> None:
        """Choose an answer by key and wait for its acknowledgement."""
        before = self.serial()
        self.page.locator(".rdn-question").press(str(number))
        self.page.wait_for_function("(was) => Number(document.querySelector('.rdn-headline').dataset.serial) > was", arg=before, timeout=20_000)
        self.saved(".rdn-card")

    def serial(self) -> int:
        return int(self.page.locator(".rdn-headline").first.get_attribute("data-serial"))

    def question(self) -> str:
        return str(self.page.locator(".rdn-card").get_attribute("data-question"))

    def go_on(self) -> None:
        """To the next question, by key."""
        was = self.question()
        self.page.locator(".rdn-question").press("n")
        self.page.wait_for_function("(was) => document.querySelector('.rdn-card').dataset.question !== was", arg=was, timeout=20_000)

    def kill_kernel(self) -> None:
        """End the kernel of this server as a power cut would."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes()
                    parent = next(line for line in (entry / "status").read_text().splitlines() if line.startswith("PPid:")).split()[1]
                except (OSError, StopIteration):
                    continue
                if b"ipykernel_launcher" in words and int(parent) == self.server.process.pid:
                    os.kill(int(entry.name), signal.SIGKILL)

    def sessions(self) -> list[Any]:
        request = urllib.request.Request(f"{self.server.address}/api/sessions", headers={"Authorization": f"token {self.server.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return list(json.loads(answer.read()))

    def picture(self, name: str) -> None:
        """Keep what a person sees, where somebody asked for it."""
        kept = os.environ.get("READINESS_SCREENSHOTS")
        if kept:
            Path(kept).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(kept) / f"{name}{'-app' if self.app else ''}.png"))


@pytest.fixture  # for each test: its event loop must not run on into tests that have one of their own
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine: the forms are not seen by anybody")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the forms are not seen by anybody")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CALM)
        yield browser
        browser.close()


@pytest.fixture
def meeting(chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Meeting]]:
    """Makes meetings: ``meeting(app=True)`` in Voila; ``change`` may write to the client's folder before."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / "jupyter" / name.lower()))
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    opened: list[Any] = []

    def make(*, app: bool = False, change: Callable[[Path], None] | None = None, archetype: str = "one_vm") -> Meeting:
        folder = start_engagement(load_catalog(), "acme", archetype, tmp_path / f"clients{len(opened)}").parent
        if change:
            change(folder)
        server = serving.start(notebooks.copy_to(folder, as_of="2026-11-23", audience="client"), app=app)
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        opened.append((server, context))
        return Meeting(context.new_page(), server, folder, app)

    yield make
    for server, context in opened:
        context.close()
        server.stop()
    time.sleep(0.1)
