"""Starts JupyterLab or Voila for one engagement, on this computer only, with the notebooks run before anybody looks."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.errors import StorageError, UsageError
from readiness.workshop.notebooks import FIRST, names

HERE = "127.0.0.1"
LOCAL = (HERE, "localhost", "::1")
START_SECONDS = 60.0
RUN_SECONDS = 120.0
# The page may talk to its own server and to nobody else: whatever a text contains, nothing leaves this computer.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; connect-src 'self' ws: blob: data:; frame-ancestors 'self'; "
    "object-src 'none'; base-uri 'self'"
)
TEMPLATE = "readiness"
HEADERS = json.dumps({"headers": {"Content-Security-Policy": POLICY}})
CALM = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}


def refuse_elsewhere(address: str) -> None:
    """Only this computer may look, unless a hub in front asks who it is.

    Raises
    ------
    UsageError
        For any other address.
    """
    if address not in LOCAL and not os.environ.get("JUPYTERHUB_API_TOKEN"):
        raise UsageError(
            f'"{address}" can be seen by others, and nobody would be asked who they are', place="--address",
            hint="leave it out to serve this computer only, or start it from a JupyterHub",
        )  # fmt: skip


def free_port(wanted: int) -> int:
    """The port that was asked for, or one that is free.

    Raises
    ------
    UsageError
        When the port is taken.
    """
    with socket.socket() as probe:
        try:
            probe.bind((HERE, wanted))
        except OSError as problem:
            raise UsageError(f"port {wanted} is not free ({problem.strerror})", place="--port", hint="leave it out to take any free one") from None
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server; `stop` ends it and its kernels."""

    process: subprocess.Popen[bytes]
    address: str
    token: str
    root: Path

    def page(self, notebook: str = FIRST) -> str:
        """Where a notebook is opened, without the file browser around it."""
        return f"{self.address}/doc/tree/{notebook}?token={self.token}" if self.token else f"{self.address}/voila/render/{notebook}"

    def stop(self) -> None:
        """End it; what it has started ends with it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def lab_command(root: Path, port: int, address: str) -> list[str]:
    """JupyterLab with a calm notebook: no news, no announcements, nothing but this folder."""
    return [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.ip={address}", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}", "--ServerApp.open_browser=False", "--ServerApp.allow_root=True",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        f"--LabApp.default_url=/doc/tree/{FIRST}", f"--ServerApp.tornado_settings={HEADERS}",
    ]  # fmt: skip


def voila_command(root: Path, port: int) -> list[str]:
    """Voila over the same notebooks; code stays hidden and errors are one sentence."""
    return [
        sys.executable, "-m", "voila", str(root), "--no-browser", f"--port={port}", f"--Voila.ip={HERE}", "--strip_sources=True",
        "--show_tracebacks=False", "--VoilaConfiguration.theme=light", f"--VoilaConfiguration.template={TEMPLATE}",
        f"--Voila.tornado_settings={HEADERS}",
    ]  # fmt: skip


def start(root: Path, *, app: bool = False, port: int = 0, address: str = HERE) -> Server:
    """Start a server and wait until it answers.

    Raises
    ------
    UsageError
        When the address would let others in, the port is taken, or Voila is not installed.
    StorageError
        When it does not come up.
    """
    refuse_elsewhere(address)
    if app:
        try:
            import voila  # noqa: F401
        except ImportError:
            raise UsageError("Voila is not installed", place="--app", hint='pip install "production-readiness-workbook[app]"') from None
    port = free_port(port)
    token = "" if app else secrets.token_hex(24)
    if app:
        _template(root.parent)
    paths = {"JUPYTER_CONFIG_PATH": _defaults(root.parent), "JUPYTER_PATH": _first(root.parent / ".workshop", "JUPYTER_PATH")}
    environment = {**os.environ, **paths} | ({"JUPYTER_TOKEN": token} if token else {})
    command = voila_command(root, port) if app else lab_command(root, port, address)
    log = (root.parent / ".workshop" / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT)
    log.close()
    server = Server(process, f"http://{HERE if address in LOCAL else address}:{port}", token, root)
    waited = time.monotonic()
    while time.monotonic() - waited < START_SECONDS:
        if process.poll() is not None:
            break
        if _answers(f"{server.address}/{'voila/static/' if app else f'api/status?token={token}'}"):
            return server
        time.sleep(0.1)
    server.stop()
    said = (root.parent / ".workshop" / "server.log").read_text("utf-8", "replace").strip().splitlines()
    raise StorageError(f"the server did not start: {said[-1][:200] if said else 'it said nothing'}", hint="readiness doctor says what is missing")


def _defaults(folder: Path) -> str:
    """Where JupyterLab finds our defaults: no news, no scroll jumps. What the consultant has set themselves goes before them."""
    config = folder / ".workshop" / "labconfig"
    config.mkdir(parents=True, exist_ok=True)
    (config / "default_setting_overrides.json").write_text(json.dumps(CALM), "utf-8")
    return _first(config.parent, "JUPYTER_CONFIG_PATH")


def _first(folder: Path, variable: str) -> str:
    return os.pathsep.join(p for p in (str(folder), os.environ.get(variable, "")) if p)


def _template(folder: Path) -> None:
    """Voila's own page without what it would fetch from the network: icons that nothing here uses."""
    from jupyter_core.paths import jupyter_path

    found = next((p for p in (Path(d) / "voila" / "templates" / "lab" / "index.html.j2" for d in jupyter_path()) if p.exists()), None)
    target = folder / ".workshop" / "voila" / "templates" / TEMPLATE
    target.mkdir(parents=True, exist_ok=True)
    (target / "conf.json").write_text(json.dumps({"base_template": "lab"}), "utf-8")
    if found is not None:
        kept = [line for line in found.read_text("utf-8").splitlines() if "cdn.jsdelivr.net" not in line]
        (target / "index.html.j2").write_text("\n".join(kept) + "\n", "utf-8")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def run_before(server: Server, notebooks: Sequence[str] | None = None, *, progress: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
    """Run notebooks in kernels of their own through the server, so that they open ready; gives those that are.

    Notes
    -----
    The session is made by the server's interface under the notebook's path, so JupyterLab attaches to it and finds the
    widgets alive. A notebook that cannot be run this way is left for *Run All*; its first line says so.
    """
    ready = []
    for name in notebooks if notebooks is not None else names():
        progress(f"Making {name} ready")
        for last in (False, True):
            try:
                if _run(server, name):
                    ready.append(name)
                break
            except Exception as problem:
                if last:
                    progress(f"{name} is left for Run All: {problem}")  # opened without its outputs, it still runs by hand
    return tuple(ready)


def _run(server: Server, name: str) -> bool:
    """Run one and keep what it shows; says whether every cell went well."""
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_core.paths import jupyter_runtime_dir
    from nbformat.v4 import output_from_msg

    body = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
    made = _ask(server, "/api/sessions", body)
    client = BlockingKernelClient(connection_file=str(Path(jupyter_runtime_dir()) / f"kernel-{made['kernel']['id']}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # a busy computer misses heartbeats, and then a kernel that lives is called dead
    try:
        client.wait_for_ready(timeout=RUN_SECONDS)
        path = server.root / name
        notebook = json.loads(path.read_text("utf-8"))
        for number, cell in enumerate((c for c in notebook["cells"] if c["cell_type"] == "code"), start=1):
            outputs: list[Any] = []

            def keep(message: dict[str, Any], outputs: list[Any] = outputs) -> None:
                if message["header"]["msg_type"] in ("display_data", "execute_result", "stream", "error"):
                    outputs.append(output_from_msg(message))

            client.execute_interactive("".join(cell["source"]), allow_stdin=False, timeout=RUN_SECONDS, output_hook=keep)
            cell["outputs"], cell["execution_count"] = outputs, number
        _trusted(notebook)
        aside = path.with_name(f".{name}.{secrets.token_hex(4)}")
        aside.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
        os.replace(aside, path)
        return all(o["output_type"] != "error" for c in notebook["cells"] for o in c.get("outputs", ()))
    finally:
        client.stop_channels()


def _trusted(notebook: dict[str, Any]) -> None:
    """Sign it: forms in a notebook that nobody has vouched for are not shown, and we have just run it ourselves."""
    import nbformat
    from nbformat.sign import NotebookNotary

    NotebookNotary().sign(nbformat.from_dict(notebook))


def _ask(server: Server, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server.address}{path}", json.dumps(body).encode(), {"Authorization": f"token {server.token}", "Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=RUN_SECONDS) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found
