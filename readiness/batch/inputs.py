"""What a report is made from, as digests: the client's files, the workbook's data, its code, and the notebook."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import readiness
from readiness.catalog.read import data_folder
from readiness.engagement.store import engagement_file
from readiness.errors import ReadinessError
from readiness.yaml_source import LARGEST_FILE_BYTES

# What lies in a client's folder and is not read for a report.
NOT_READ = frozenset({"reports", "milestones", "exports"})
# Keys of an engagement that name another file or folder, wherever they stand; a value too many only costs a rerun.
_NAMES_A_FILE = re.compile(r"""["']?\b(?:bank|brand|narrative|file)["']?\s*:\s*["']?([^"',}\]#\n\r]+)""")
MOST_IN_A_BANK = 10_000
_CODE = (".py", ".typ", ".j2", ".css", ".js", ".json", ".mo")


@dataclass(frozen=True, slots=True)
class Versions:
    """What reports are made with: the same versions and the same inputs give the same files."""

    workbook: str
    code: str
    data: str
    notebook: str

    def as_data(self) -> dict[str, str]:
        return asdict(self)


def versions(notebook: Path) -> Versions:
    """The versions that are here now."""
    return Versions(readiness.__version__, _code_digest(), _data_digest(), _digest_of_files([("notebook", notebook)]))


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """Over the package's own files: in a checkout the version alone says too little."""
    home = Path(readiness.__file__).parent
    beside = (home / "data", home / "notebooks")
    return _digest_of_files(
        (p.relative_to(home).as_posix(), p) for p in _files(home) if p.suffix in _CODE and not any(b in p.parents for b in beside)
    )


@lru_cache(maxsize=1)
def _data_digest() -> str:
    home = data_folder()
    return _digest_of_files((p.relative_to(home).as_posix(), p) for p in _files(home) if "examples" not in p.relative_to(home).parts)


def input_files(path: Path) -> tuple[tuple[str, Path], ...]:
    """Every file that a client's report may depend on, by its name seen from the client's folder.

    Notes
    -----
    A folder's own files but its reports and milestones; and what the engagement names: a bank of practices, a brand, a
    bill, a list of incidents.
    """
    try:
        file, folder = engagement_file(path)
    except ReadinessError:
        file, folder = path, path if path.is_dir() else None
    home = folder or file.parent
    found = {file.name: file}
    if folder is not None:
        found |= {p.relative_to(folder).as_posix(): p for p in _files(folder) if p.relative_to(folder).parts[0] not in NOT_READ}
    for named in _named_files(file):
        target = home / named
        for inner in _bank_files(target) if target.is_dir() else [target] if target.is_file() else []:
            where = Path(named) / inner.relative_to(target) if target.is_dir() else Path(named)
            found.setdefault(where.as_posix(), inner)
    return tuple(sorted(found.items()))


def inputs_digest(path: Path) -> str:
    """One digest over a client's inputs; a file that cannot be read counts by its absence."""
    return _digest_of_files(input_files(path))


def _named_files(file: Path) -> Iterator[str]:
    try:
        # A pipe would be waited for.
        if not file.is_file() or file.stat().st_size > LARGEST_FILE_BYTES:
            return
        text = file.read_bytes().decode("utf-8", "replace")
    except OSError:
        return
    for match in _NAMES_A_FILE.finditer(text):
        name = match[1].strip()
        if name and len(name) < 250 and "\0" not in name:
            yield name


def _bank_files(folder: Path) -> list[Path]:
    """The files of a folder that an engagement names; it may name any folder, so the search has an end."""
    return sorted(p for p in islice(folder.rglob("*"), MOST_IN_A_BANK) if p.suffix in (".yaml", ".csv") and p.is_file())


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not any(q.startswith((".", "__pycache__")) for q in p.relative_to(folder).parts))


def _digest_of_files(files: Iterable[tuple[str, Path]]) -> str:
    digest = hashlib.sha256()
    for name, path in files:
        digest.update(name.encode("utf-8", "surrogatepass") + b"\0")
        try:
            if not path.is_file():
                raise OSError("a pipe or a link to nowhere")
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError:
            digest.update(b"unreadable")
    return digest.hexdigest()
