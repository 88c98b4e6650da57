"""Which clients a batch is about, and what the folder of each one's report is called."""

from __future__ import annotations

import glob
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from readiness.engagement.store import FILE_NAME
from readiness.errors import UsageError

_SUFFIXES = (".yaml", ".yml")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
# Names that Windows keeps for devices.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


@dataclass(frozen=True, slots=True)
class Client:
    """One client of a batch.

    Parameters
    ----------
    name
        What its row and the folder of its report are called: unique within the batch.
    path
        Its YAML file, or its folder.
    """

    name: str
    path: Path


def find_clients(given: Iterable[str | Path]) -> tuple[Client, ...]:
    """The clients behind files, folders and patterns, in the order of their names.

    Parameters
    ----------
    given
        A client's file or folder; a folder of clients, each a YAML file or a folder with an ``engagement.yaml``; or a
        pattern such as ``clients/*/engagement.yaml``.

    Raises
    ------
    UsageError
        When something does not exist, or nothing was found at all.
    """
    paths: dict[Path, None] = {}
    asked = [str(one) for one in given]
    for one in asked:
        found = _expanded(one)
        if not found:
            raise UsageError("holds no client", file=one, hint=f"name YAML files, folders with an {FILE_NAME}, or a pattern in quotes")
        paths.update(dict.fromkeys(found))
    if not paths:
        raise UsageError("no client was named", hint="name a folder of clients")
    return tuple(sorted((Client(name, path) for path, name in _named(list(paths)).items()), key=lambda c: c.name))


def folder_names(paths: Iterable[Path]) -> dict[Path, str]:
    """What the folder of each client's report is called, unique among them; a client named twice has one.

    Raises
    ------
    UsageError
        When no folder further up tells two of them apart.
    """
    homes = {path: _home(path) for path in paths}
    names = _named(list(dict.fromkeys(homes.values())))
    return {path: names[home] for path, home in homes.items()}


def _expanded(text: str) -> list[Path]:
    """The clients behind one argument."""
    path = Path(text)
    if path.is_file():
        return [_home(path)]
    if path.is_dir():
        if (path / FILE_NAME).is_file():
            return [path.resolve()]
        children = sorted(path.iterdir())
        return [_home(child) for child in children if not child.name.startswith(".") and _is_client(child)]
    if glob.has_magic(text):
        matches = sorted(Path(match) for match in glob.glob(text, recursive=True))
        return [client for match in matches for client in ([_home(match)] if match.is_file() else _expanded(str(match)))]
    raise UsageError("does not exist", file=text, hint="name a folder of clients, YAML files, or a pattern in quotes")


def _is_client(path: Path) -> bool:
    # What cannot be read (a link to nowhere, a pipe) has a row as well, which says so.
    return (path / FILE_NAME).is_file() if path.is_dir() else path.suffix.lower() in _SUFFIXES


def _home(path: Path) -> Path:
    """The folder of a client for its ``engagement.yaml``, so that both are one client."""
    path = Path(os.path.realpath(path))  # unlike `resolve`, it bears links that go round in circles
    return path.parent if path.name == FILE_NAME else path


def _named(paths: list[Path]) -> dict[Path, str]:
    """A short name for each path; folders further up are put before names that would meet."""
    names = {}
    depth = dict.fromkeys(paths, 1)
    beside = Counter((path.parent, _own(path).casefold()) for path in paths)
    while True:
        # acme.yaml beside the folder acme: no folder further up would tell them apart.
        twins = {path: beside[path.parent, _own(path).casefold()] > 1 for path in paths}
        names = {path: _safe(path, path.name if twins[path] else _own(path), depth[path]) for path in paths}
        # Two that differ in case alone are one folder on some disks.
        count = Counter(name.casefold() for name in names.values())
        meeting = [path for path, name in names.items() if count[name.casefold()] > 1]
        if not meeting:
            return names
        deeper = [path for path in meeting if depth[path] < len(path.parts)]
        if not deeper:
            raise UsageError(f"{meeting[0]} and {meeting[1]} would have reports of the same name", hint="rename one of them")
        for path in deeper:
            depth[path] += 1


def _own(path: Path) -> str:
    return path.stem if path.suffix.lower() in _SUFFIXES else path.name


def _safe(path: Path, own: str, depth: int) -> str:
    """The last parts of a path as one name that every disk takes."""
    text = unicodedata.normalize("NFC", "-".join((*path.parts[-depth:-1], own)))
    text = _UNSAFE.sub("_", text).strip(". ") or "client"
    return f"{text}_" if text.split(".")[0].casefold() in _DEVICES else text
