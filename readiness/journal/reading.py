"""Reading a folder of journals: the union of all that was written, and what is wrong with it, by file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from readiness.errors import StorageError
from readiness.journal.line import GENESIS, Line, unseal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a journal.

    Parameters
    ----------
    file, line
        Where; line 0 is the file as a whole.
    rule
        ``"torn"`` (the unfinished last line of a crash; it was never acknowledged, so nothing is lost), ``"altered"``,
        ``"chain"``, ``"writer"``, ``"fork"`` (two continuations of one line: a clone or a restored copy), ``"cut"`` or
        ``"unreadable"``.
    message
        One sentence.
    """

    file: str
    line: int
    rule: str
    message: str

    @property
    def harmless(self) -> bool:
        """Whether nothing that was acknowledged is in doubt."""
        return self.rule in ("torn", "fork")

    def __str__(self) -> str:
        return f"{self.file}" + (f", line {self.line}" if self.line else "") + f": {self.message}"


@dataclass(frozen=True, slots=True)
class Reading:
    """All lines of a folder in their order, each once, and what was found wrong on the way."""

    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file as it stands: its lines, where and how they stand, how many bytes are whole lines, and what is wrong."""

    lines: tuple[Line, ...]
    numbers: tuple[int, ...]
    written: tuple[bytes, ...]
    whole_bytes: int
    lacks_newline: bool
    findings: tuple[Finding, ...]


def read_journal_file(path: Path) -> FileReading:
    """Read one journal file; never fails on what stands in it, only when the file cannot be opened.

    Notes
    -----
    Bytes after the last newline are a write that was cut off, hence never acknowledged, unless they are a whole line
    that only lacks its newline: then it counts, for somebody may already have seen it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(f"cannot be read: {error.strerror or error}", file=path) from error
    name = path.name
    lines: list[Line] = []
    numbers: list[int] = []
    written: list[bytes] = []
    findings: list[Finding] = []
    pieces = content.split(b"\n")
    tail = pieces.pop()
    whole_bytes = len(content) - len(tail)
    lacks_newline = False
    if tail:
        if isinstance(unseal(tail.rstrip(b"\r")), Line):
            pieces.append(tail)
            whole_bytes, lacks_newline = len(content), True
        else:
            number = len(pieces) + 1
            words = "is unfinished: saving was cut off before it was acknowledged, and nothing saved earlier is lost"
            findings.append(Finding(name, number, "torn", words))
    previous: Line | None = None
    broken_before = False
    for number, piece in enumerate(pieces, start=1):
        outcome = unseal(piece.rstrip(b"\r"))
        if isinstance(outcome, str):
            findings.append(Finding(name, number, "altered", outcome))
            broken_before = True
            continue
        findings.extend(_chain_findings(name, number, previous, outcome, broken_before))
        broken_before = False
        previous = outcome
        lines.append(outcome)
        numbers.append(number)
        written.append(piece.rstrip(b"\r") + b"\n")
    return FileReading(
        tuple(lines), tuple(numbers), tuple(written), whole_bytes, lacks_newline, tuple(findings)
    )


def _chain_findings(
    name: str, number: int, previous: Line | None, line: Line, broken_before: bool
) -> Iterable[Finding]:
    """What does not follow; the line after an altered one is not blamed for its neighbour when the numbers fit."""
    if previous is not None and line.writer != previous.writer:
        yield Finding(
            name, number, "writer", f"belongs to the writer {line.writer}, not to {previous.writer}"
        )
        return
    expected = 1 if previous is None else previous.sequence + 1
    if broken_before and line.sequence > expected:
        return
    if line.sequence != expected:
        words = (
            "lines are missing before it" if line.sequence > expected else "it was moved, repeated or added"
        )
        yield Finding(
            name, number, "chain", f"has the number {line.sequence} where {expected} should stand; {words}"
        )
    elif line.prev != (GENESIS if previous is None else previous.checksum):
        yield Finding(
            name, number, "chain", "does not continue the line before it; one of the two was replaced"
        )


def journal_files(folder: Path) -> list[Path]:
    """All files that may hold lines, sorted by name: also the copies that a synchronising client leaves behind."""
    try:
        return sorted(path for path in folder.glob("*.jsonl") if path.is_file())
    except OSError as error:
        raise StorageError(f"cannot be listed: {error.strerror or error}", file=folder) from error


def read(folder: Path) -> Reading:
    """Unite all journals of a folder.

    Returns
    -------
    The lines, each once even if several copies hold it, in the order of (lamport, writer, sequence); a clone's
    continuation under the same writer and number is kept beside the original and reported as a fork.

    Notes
    -----
    Works in a read-only folder and takes no lock: a line that is being written right now looks torn, and is there the
    next time.
    """
    return _unite(folder)[0]


def _unite(folder: Path) -> tuple[Reading, set[str]]:
    found: dict[str, Line] = {}
    stands_in: dict[str, tuple[str, int]] = {}
    findings: list[Finding] = []
    for path in journal_files(folder):
        try:
            part = read_journal_file(path)
        except StorageError as error:
            findings.append(Finding(path.name, 0, "unreadable", error.message))
            continue
        findings.extend(part.findings)
        for line, number in zip(part.lines, part.numbers, strict=True):
            # The checksum covers writer and number, so it is the identity of a line in whatever file it stands.
            found.setdefault(line.checksum, line)
            stands_in.setdefault(line.checksum, (path.name, number))
    ordered = sorted(
        found.values(), key=lambda line: (line.lamport, line.writer, line.sequence, line.checksum)
    )
    continuations: dict[tuple[str, int, str], int] = {}
    for line in ordered:
        place = (line.writer, line.sequence, line.prev)
        continuations[place] = continuations.get(place, 0) + 1
        if continuations[place] == 2:
            file, number = stands_in[line.checksum]
            words = f"number {line.sequence} of {line.writer} was written twice, in two copies of it; both are kept"
            findings.append(Finding(file, number, "fork", words))
    return Reading(tuple(ordered), tuple(findings)), set(found)


def heads(source: Path | Iterable[Line]) -> dict[str, tuple[int, str]]:
    """The last line of each chain: its checksum, with writer and number.

    Returns
    -------
    Writer to (number, checksum); a forked chain's further heads are listed as ``writer#2``, ``writer#3``. A milestone
    keeps this, so that `verify` can tell later that a journal only grew.
    """
    lines = list(read(source).lines if isinstance(source, Path) else source)
    continued = {line.prev for line in lines}
    by_writer: dict[str, list[Line]] = {}
    for line in lines:
        if line.checksum not in continued:
            by_writer.setdefault(line.writer, []).append(line)
    result: dict[str, tuple[int, str]] = {}
    for writer, ends in sorted(by_writer.items()):
        for place, line in enumerate(sorted(ends, key=lambda end: end.checksum), start=1):
            result[writer if place == 1 else f"{writer}#{place}"] = (line.sequence, line.checksum)
    return result


def digest(source: Path | Iterable[Line]) -> str:
    """One text of 64 hexadecimal digits for all that the journals say; printed in the report.

    Examples
    --------
    Nothing was said yet:

    >>> digest([])[:12]
    'e3b0c44298fc'
    """
    return _digest_of(checksum for _, checksum in heads(source).values())


def _digest_of(ends: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ends)).encode("ascii")).hexdigest()


def verify(folder: Path, expected: str | Mapping[str, tuple[int, str]] | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with the journals of a folder, by file and line.

    Parameters
    ----------
    expected
        What they once added up to: a `digest` (from a report, at least its first eight digits) or, better, the `heads`
        (from a milestone). A chain of hashes alone sees neither a cut tail nor a chain that was recomputed as a whole;
        this sees both.

    Notes
    -----
    A digest is sought among all states that the journals went through, in their order and by the clock, so that a journal which only grew
    since passes. A report that was printed while two folders were still being synchronised may name a state that
    is not among them; heads don't have this limit.
    """
    reading, known = _unite(folder)
    findings = list(reading.findings)
    if isinstance(expected, str) and not _stood_at(reading.lines, expected.lower()):
        words = f"the journals never stood at the digest {expected[:12]}: lines were cut off, recomputed or not copied"
        findings.append(Finding(str(folder.name), 0, "cut", words))
    elif isinstance(expected, Mapping):
        last = {line.writer: line for line in sorted(reading.lines, key=lambda line: line.sequence)}
        for name, (sequence, checksum) in sorted(expected.items()):
            if checksum in known:
                continue
            writer = name.partition("#")[0]
            end = last.get(writer)
            if end is None:
                why = "there is no journal of this writer"
            elif end.sequence < sequence:
                why = f"the journal ends at {end.sequence}"
            else:
                why = "another stands in its place"
            words = f"line {sequence} of {writer} is missing; {why}"
            findings.append(Finding(f"{writer}.jsonl", end.sequence if end else 0, "cut", words))
    return tuple(findings)


def _stood_at(lines: Sequence[Line], expected: str) -> bool:
    if len(expected) < 8:
        return False
    by_time = sorted(lines, key=lambda line: (line.at, line.lamport, line.writer, line.sequence))
    return _went_through(lines, expected) or _went_through(by_time, expected)


def _went_through(lines: Iterable[Line], expected: str) -> bool:
    ends: set[str] = set()
    if _digest_of(ends).startswith(expected):
        return True
    for line in lines:
        ends.discard(line.prev)
        ends.add(line.checksum)
        if _digest_of(ends).startswith(expected):
            return True
    return False
