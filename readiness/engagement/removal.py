"""Takes one client away for good: engagement, journal, evidence, milestones and reports in its folder, and nothing else."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from readiness.engagement.store import FILE_NAME
from readiness.errors import EngagementError, StorageError
from readiness.yaml_source import read_yaml

# What a client's folder holds; anything else in it is somebody's own, and then nothing is taken away.
PARTS = ("journal", "milestones", "evidence", "reports")
_OWN_FILES = (".lock", ".gitignore", ".DS_Store")


@dataclass(frozen=True)
class Removal:
    """What would be taken away."""

    folder: Path
    client: str
    files: int
    bytes: int


def removal_of(folder: Path) -> Removal:
    """What removing a client would take away; nothing is changed.

    Parameters
    ----------
    folder
        The client's own folder.

    Raises
    ------
    EngagementError
        When it is not the folder of one client, holds something that no client's folder holds, or is a link.
    """
    path = Path(folder)
    if path.is_symlink():
        raise EngagementError("is a link, not a client's folder", file=path, hint="name the folder itself")
    if not path.is_dir() or not (path / FILE_NAME).is_file():
        raise EngagementError("is not the folder of a client", file=path, hint=f"such a folder holds {FILE_NAME}")
    content = read_yaml(path / FILE_NAME, EngagementError).content
    client = content.get("client") if isinstance(content, dict) else None
    if not isinstance(client, dict) or not isinstance(client.get("id"), str):
        raise EngagementError("names no client", file=path / FILE_NAME, hint="only an engagement can be removed")
    if path.resolve() == Path.cwd().resolve():
        raise EngagementError("is where you stand", file=path, hint="go elsewhere first")
    named = {name for key in ("brand", "narrative", "bank") if isinstance(name := content.get(key), str)}
    for part in sorted(path.iterdir()):
        known = part.name in (*PARTS, FILE_NAME, *_OWN_FILES) or part.name in named or part.name.startswith(".engagement")
        if not known or part.is_symlink():
            raise EngagementError(f"holds {part.name}, which is no part of an engagement", file=path, hint="move it elsewhere, then try again")
    files = [f for f in path.rglob("*") if f.is_file() or f.is_symlink()]
    return Removal(path, client["id"], len(files), sum(f.lstat().st_size for f in files))


def remove(removal: Removal) -> None:
    """Take a client away.

    Notes
    -----
    The folder is renamed first, so that no half of it is ever read as a client. Links are removed, not followed.

    Raises
    ------
    StorageError
        When the disk refuses.
    """
    aside = removal.folder.with_name(f".removed-{removal.folder.name}")
    try:
        os.replace(removal.folder, aside)
        shutil.rmtree(aside)
    except OSError as problem:
        raise StorageError(f"cannot be removed: {problem.strerror}", file=removal.folder) from None
