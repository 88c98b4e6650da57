"""Where a workshop writes: the client's folder, or a copy of a single file, kept outside the tree of the workbook."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from readiness.engagement.store import FILE_NAME, engagement_file
from readiness.errors import EngagementError, StorageError
from readiness.yaml_source import read_yaml

_FROM = "copied_from.txt"


def workshops_folder() -> Path:
    """Where copies go: ``READINESS_ENGAGEMENTS``, else a folder in the user's home."""
    own = os.environ.get("READINESS_ENGAGEMENTS")
    return Path(own) if own else Path.home() / "readiness-engagements"


def folder_of(path: Path, *, copies: Path | None = None) -> tuple[Path, str]:
    """The folder to write to, and a sentence when it is a copy.

    Parameters
    ----------
    path
        A client's folder, or a single YAML file, which is only read.
    copies
        Where copies are made; `workshops_folder` when None.

    Returns
    -------
    tuple
        The folder; empty words when it is the client's own. A file that was copied before is gone on with, so that
        nobody's answers stay behind in an older copy.

    Raises
    ------
    EngagementError, StorageError
        When there is nothing to copy, or nowhere to copy it to.
    """
    file, folder = engagement_file(Path(path).expanduser())
    if folder is not None:
        return folder.resolve(), ""
    file = file.resolve()
    content: Any = read_yaml(file, EngagementError).content
    identity = _identity(content) or file.stem
    home = (copies or workshops_folder()).expanduser()
    for known in sorted(home.glob(f"{identity}-????????")):
        if _came_from(known, file):
            return known, f"Going on with the copy of {file.name} in {known}."
    made = home / f"{identity}-{secrets.token_hex(4)}"
    try:
        (made / "journal").mkdir(parents=True)
        shutil.copyfile(file, made / FILE_NAME)
        (made / FILE_NAME).chmod(0o644)
        (made / _FROM).write_text(f"{file}\n", "utf-8")
    except OSError as problem:
        raise StorageError(f"a copy cannot be made: {problem.strerror}", file=made, hint="name another folder with --in") from None
    return made, f"{file.name} is only read; answers go to the copy in {made}."


def _came_from(folder: Path, file: Path) -> bool:
    try:
        return (folder / _FROM).read_text("utf-8").strip() == str(file) and (folder / FILE_NAME).exists()
    except OSError:
        return False


def _identity(content: Any) -> str:
    """The client's short name, when it is one that is safe in a path."""
    import re

    client = content.get("client") if isinstance(content, dict) else None
    named = client.get("id") if isinstance(client, dict) else None
    return named if isinstance(named, str) and re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", named) else ""
