"""Opening files that somebody handed in: bounded in bytes, lines and nesting, whatever they claim to be."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from readiness.errors import ImportFileError

MEGABYTE = 1024 * 1024
LONGEST_LINE = 1 * MEGABYTE
LARGEST_TEXT = 32 * MEGABYTE
LARGEST_STREAM = 8 * 1024 * MEGABYTE
HIGHEST_RATIO = 200
"""Real billing exports shrink 10 to 40 times under gzip, a bomb about a thousand times."""
ROWS_BEFORE_ESTIMATE = 50_000
MOST_PARTS = 3_000_000
"""Brackets and commas of a JSON file: each costs up to about 100 bytes of memory once it is parsed."""

_BROKEN = (OSError, EOFError, zlib.error)


class _Bounded(io.RawIOBase):
    """The bytes of a file, unpacked if it is gzip, with an end to patience."""

    def __init__(self, path: Path, file: IO[bytes], size: int, packed: bool, limit: int) -> None:
        self._path, self._file, self._size, self._limit, self._seen = path, file, size, limit, 0
        self._packed = size if packed else None
        self._raw: Any = gzip.GzipFile(fileobj=file) if packed else file

    @property
    def share_read(self) -> float:
        """How much of the file on disk has been read, 0 to 1."""
        return self._file.tell() / max(1, self._size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._raw.read(len(buffer))
        except _BROKEN as error:
            words = "cannot be read to its end" if self._packed is None else "is a damaged gzip file"
            raise ImportFileError(words, file=self._path) from error
        self._seen += len(piece)
        if self._seen > self._limit:
            raise ImportFileError(
                f"holds more than {_size(self._limit)}", file=self._path, hint="hand in a part of it"
            )
        if self._packed and self._seen > 16 * MEGABYTE and self._seen > HIGHEST_RATIO * self._packed:
            words = f"unpacks to more than {HIGHEST_RATIO} times its size, which no real export does"
            raise ImportFileError(words, file=self._path)
        buffer[: len(piece)] = piece
        return len(piece)


@contextlib.contextmanager
def open_bytes(path: Path, *, limit: int = LARGEST_TEXT) -> Iterator[io.BufferedReader]:
    """The file's bytes, unpacked if they are gzip (by their first bytes, not by the name)."""
    path = Path(path)
    try:
        if not path.is_file():
            raise ImportFileError("is not a file" if path.exists() else "does not exist", file=path)
        size = path.stat().st_size
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            yield io.BufferedReader(_Bounded(path, raw, size, packed, limit), 256 * 1024)
    except OSError as error:
        raise ImportFileError(f"cannot be read: {error.strerror or error}", file=path) from error


def encoding_of(start: bytes, path: Path) -> str:
    """The encoding by the first bytes; never a guess that turns names into other names."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start[:200].count(b"\0") > 0:
        raise ImportFileError("is not a text file", file=path)
    return "utf-8-sig"


def read_text(path: Path, *, limit: int = LARGEST_TEXT) -> str:
    """The whole text of a file in UTF-8 or UTF-16."""
    with open_bytes(path, limit=limit) as stream:
        content = stream.read()
    try:
        return content.decode(encoding_of(content[:400], path))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _not_utf8(path, line) from error


def _not_utf8(path: Path, line: int) -> ImportFileError:
    return ImportFileError("is not in UTF-8", file=path, place=f"line {line}", hint="save it again as UTF-8")


def read_json(
    path: Path, *, limit: int = LARGEST_TEXT, tolerate: bool = False
) -> tuple[Any, tuple[str, ...]]:
    """A JSON document and the faults that were tolerated.

    Parameters
    ----------
    tolerate
        Take NaN and Infinity for nothing (null) and the last of several equal keys, and report it; otherwise they are
        errors, because two programs would read two different documents.
    """
    text = read_text(path, limit=limit)
    if sum(text.count(sign) for sign in "[{,") > MOST_PARTS:
        raise ImportFileError(f"has more than {MOST_PARTS:,} values", file=path, hint="hand in a part of it")
    faults: list[str] = []

    def constant(name: str) -> None:
        if not tolerate:
            raise ImportFileError(f"contains {name}, which is no JSON number", file=path)
        faults.append(f"{name} is no JSON; read as nothing")

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(found)
        if len(result) < len(found):
            names = [name for name, _ in found]
            twice = next(name for name in names if names.count(name) > 1)
            if not tolerate:
                raise ImportFileError(f'has the key "{twice[:60]}" twice in one place', file=path)
            faults.append(f'the key "{twice[:60]}" stands twice in one place; the last one counts')
        return result

    try:
        document = json.loads(text, parse_constant=constant, object_pairs_hook=pairs)
    except RecursionError as error:
        raise ImportFileError("is nested hundreds of levels deep", file=path) from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise ImportFileError(f"is not valid JSON: {error.msg}", file=path, place=place) from error
    except ValueError as error:  # an integer of more than 4,300 digits
        raise ImportFileError("contains a number of thousands of digits", file=path) from error
    return document, tuple(dict.fromkeys(faults))


def csv_rows(path: Path, *, most_rows: int, limit: int = LARGEST_STREAM) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each line of a CSV file that is not empty, the header included; streams.

    Notes
    -----
    A line longer than the header is an error: shifting values silently is what pandas does. The separator is a comma, or
    a semicolon or tab where the header has more of those.
    """
    with open_bytes(path, limit=limit) as stream:
        encoding = encoding_of(stream.peek(400)[:400], path)
        bounded = cast(_Bounded, stream.raw)
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        width = 0
        rows = 0
        separator = ","
        lines = _lines(text, path)
        try:
            first = next(lines, "")
            separator = max(",;\t", key=lambda sign: (first.count(sign), sign == ","))
            reader = csv.reader(_chain(first, lines), delimiter=separator)
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                if not width:
                    width = len(row)
                elif len(row) > width and any(cell.strip() for cell in row[width:]):
                    words = f"has {len(row)} cells where the header has {width}"
                    raise ImportFileError(words, file=path, place=f"line {reader.line_num}")
                rows += 1
                # The estimate spares a minute of reading what will be refused anyway.
                expected = rows / bounded.share_read if rows == ROWS_BEFORE_ESTIMATE else 0
                if rows > most_rows + 1 or expected > 1.5 * most_rows:
                    words = f"has more than {most_rows:,} lines"
                    hint = "hand in a shorter period or a daily summary"
                    raise ImportFileError(words, file=path, hint=hint)
                yield reader.line_num, row
        except csv.Error as error:
            raise ImportFileError(f"is not a CSV file: {error}", file=path) from error
        except UnicodeDecodeError as error:
            raise _not_utf8(path, rows + 1) from error


def _lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise ImportFileError(f"is longer than {_size(LONGEST_LINE)}", file=path, place=f"line {number}")
        if "\0" in line:
            raise ImportFileError("is not a text file", file=path, place=f"line {number}")
        yield line


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _size(number: int) -> str:
    return f"{number // MEGABYTE:,} MB"


def plain_cell(cell: str) -> str:
    """A cell without the apostrophe by which spreadsheets mark text; a formula stays the text that it is.

    Examples
    --------
    >>> plain_cell(" '=1+1 ")
    '=1+1'
    """
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" and len(cell) > 1 else cell


_NULLS = frozenset({"", "null", "none", "n/a", "nan", "-"})


def is_null(cell: str) -> bool:
    """Whether a cell says that there is nothing: empty, NULL, null, n/a."""
    return cell.strip().lower() in _NULLS
