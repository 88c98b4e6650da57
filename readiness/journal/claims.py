"""Which writers this computer began itself: kept outside the engagement, so that a copied folder does not carry it along."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
from pathlib import Path


def state_folder() -> Path:
    """Where this computer remembers its writers; ``READINESS_STATE`` moves it."""
    own = os.environ.get("READINESS_STATE")
    if own:
        return Path(own)
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "readiness"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "readiness"


def _fingerprint(folder: Path) -> str:
    """This computer and this very folder: a copy has another inode or another path, a second computer another name."""
    status = folder.stat()
    parts = (platform.node(), str(folder.resolve()), str(status.st_dev), str(status.st_ino))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def claim(folder: Path, writer: str) -> None:
    """Remember that this computer writes as ``writer`` here; if that cannot be kept, the next session is a new writer."""
    with contextlib.suppress(OSError, RuntimeError):
        claims = state_folder() / "writers"
        claims.mkdir(parents=True, exist_ok=True)
        partial = claims / f".{writer}.{os.getpid()}"
        partial.write_text(_fingerprint(folder), encoding="ascii")
        partial.replace(claims / writer)


def claimed_writer(folder: Path, slug: str) -> str | None:
    """The writer with this slug that this computer began in this folder, if its file is still there."""
    with contextlib.suppress(OSError, RuntimeError):
        mine = _fingerprint(folder)
        for path in sorted(folder.glob(f"{slug}-*.jsonl")):
            said = state_folder() / "writers" / path.stem
            if said.is_file() and said.read_text(encoding="ascii") == mine:
                return path.stem
    return None
