"""Writing a journal: a line is on disk before anybody hears that it is saved, or it is not there at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from readiness.errors import StorageError
from readiness.journal.claims import claim, claimed_writer
from readiness.journal.line import GENESIS, Change, Line, seal, unseal
from readiness.journal.reading import FileReading, Reading, journal_files, read, read_journal_file

_NOT_SAVED = "NOT SAVED: {why}; everything saved before is still there"
_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space and save again"),
    errno.EDQUOT: ("the disk quota is used up", "free some space and save again"),
    errno.EROFS: ("the folder is read-only", "copy the engagement to a folder that can be written"),
    errno.EACCES: ("the folder may not be written", "ask for the right to write it, or copy the engagement"),
    errno.EPERM: ("the folder may not be written", "ask for the right to write it, or copy the engagement"),
    errno.EIO: ("the disk reports an error", "save again; if it stays, copy the engagement to another disk"),
    errno.ENOENT: (
        "the folder is gone",
        "reconnect the drive or wait for the synchronising client, then save again",
    ),
}


class Journal:
    """One writer's journal in a folder that others may write to as well.

    Parameters
    ----------
    folder
        The folder ``journal/`` of an engagement; made with the first line.
    name
        Whose journal: a person or a machine; becomes part of the file name.
    writer
        Continue this writer. Without it, the writer that this computer began here earlier under the same name, else a
        new one: a folder that was copied, or that a second computer opens, never shares a file.
    now
        Gives the time; only people read it.
    lock_seconds
        How long to wait for another window of the same writer.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as engagement:
    ...     journal = Journal(Path(engagement) / "journal", "Ann", writer="ann-1")
    ...     line = journal.append(Change("answer", "answers.on_call", None, "rota", who="CTO"))
    ...     [line.after for line in journal.read().lines]
    ['rota']
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        *,
        writer: str | None = None,
        now: Callable[[], datetime] | None = None,
        lock_seconds: float = 10.0,
    ) -> None:
        self.folder = Path(folder)
        self.name = name
        self.writer = writer or claimed_writer(self.folder, _slug(name)) or self._new_writer()
        self._now = now or (lambda: datetime.now(UTC))
        self._lock_seconds = lock_seconds
        self._claims = writer is None  # a writer that was named is its caller's business
        self._lamport = 0
        self._others: dict[Path, tuple[int, int] | None] = {}  # the other files as they stood when last looked at
        self._own: FileReading | None = None  # None: not known, read the file before writing to it
        self._stamp: tuple[int, int] | None = None  # inode and size of the file that `_own` describes
        self._acknowledged: list[bytes] = []

    @property
    def path(self) -> Path:
        """The file that this writer appends to."""
        return self.folder / f"{self.writer}.jsonl"

    def read(self) -> Reading:
        """All lines of all writers."""
        return read(self.folder)

    def append(self, change: Change) -> Line:
        """Save one change; when this returns, it is on the disk.

        Raises
        ------
        StorageError
            NOT SAVED, and why. What was saved before is untouched, and the next call may well work.
        """
        return self.append_all([change])[0]

    def append_all(self, changes: Sequence[Change]) -> tuple[Line, ...]:
        """Save several changes with one flush; either all are acknowledged or none."""
        if not changes:
            return ()
        try:
            self.folder.mkdir(
                exist_ok=True
            )  # not its parents: a folder that is gone must not come back empty
            with self._locked():
                own, content = self._catch_up()
                lines, written = self._sealed(changes, own)
                self._write(content + written)
                self._remember(lines, written)
            return lines
        except Timeout as error:
            self._own = None
            why = _NOT_SAVED.format(
                why=f"another program holds the journal for over {self._lock_seconds:g} s"
            )
            raise StorageError(
                why, file=self.path, hint="close the other window, or wait and save again"
            ) from error
        except OSError as error:
            self._own = None
            why, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), "save again"))
            raise StorageError(_NOT_SAVED.format(why=why), file=self.path, hint=hint) from error
        except BaseException:
            self._own = None  # also an interrupted kernel leaves the file to be read anew
            raise

    def _new_writer(self) -> str:
        return f"{_slug(self.name)}-{secrets.token_hex(4)}"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.folder / f".{self.writer}.lock", timeout=self._lock_seconds)
        with lock:
            yield

    def _catch_up(self) -> tuple[FileReading, bytes]:
        """What this writer's file holds, and what has to be written first to mend it.

        Notes
        -----
        Usually nothing changed and one ``stat`` tells so. Otherwise somebody else wrote: another window (read on), a
        crash (cut the torn tail, which nobody was promised), a synchronising client that put an older version in place
        (write again what was acknowledged), or something stranger (keep all acknowledged lines in a file of their own
        and go on as a new writer).
        """
        self._look_at_others()
        stamp = _stamp(self.path)
        if self._own is not None and stamp == self._stamp:
            return self._own, b""
        own = read_journal_file(self.path) if stamp else FileReading((), (), (), 0, False, ())
        if stamp and own.whole_bytes < stamp[1]:
            _truncate(self.path, own.whole_bytes)
        self._lamport = max([self._lamport, *(line.lamport for line in own.lines)])
        missing = self._missing(own)
        damaged = any(not finding.harmless for finding in own.findings)
        if missing is None or damaged:
            self._start_over(keep=missing is None)
            return FileReading((), (), (), 0, False, ()), b""
        if missing:
            lines = own.lines + tuple(_line_of(piece) for piece in missing)
            own = FileReading(lines, (), (*own.written, *missing), own.whole_bytes, own.lacks_newline, ())
        return own, (b"\n" if own.lacks_newline else b"") + b"".join(missing)

    def _look_at_others(self) -> None:
        """Number this writer's next line above all that is in the folder, also what somebody read by other means."""
        for path in journal_files(self.folder):
            stamp = _stamp(path)
            if path == self.path or self._others.get(path) == stamp:
                continue
            with contextlib.suppress(StorageError):  # somebody else's unreadable file must not stop this save
                part = read_journal_file(path)
                self._lamport = max([self._lamport, *(line.lamport for line in part.lines)])
                self._others[path] = stamp

    def _missing(self, own: FileReading) -> list[bytes] | None:
        """The acknowledged lines that the file lost at its end; None if it holds others in their place."""
        common = min(len(own.written), len(self._acknowledged))
        if list(own.written[:common]) != self._acknowledged[:common]:
            return None
        if len(own.written) > common:
            self._acknowledged = list(own.written)
        return self._acknowledged[len(own.written) :]

    def _start_over(self, *, keep: bool) -> None:
        if keep:
            copy = self.folder / f"{self.writer} (kept {secrets.token_hex(4)}).jsonl"
            _write_durably(copy, b"".join(self._acknowledged))
        self.writer, self._claims = self._new_writer(), True
        self._own, self._stamp, self._acknowledged = None, None, []

    def _sealed(self, changes: Iterable[Change], own: FileReading) -> tuple[tuple[Line, ...], bytes]:
        previous = own.lines[-1] if own.lines else None
        sequence = previous.sequence if previous else 0
        prev = previous.checksum if previous else GENESIS
        lamport = max(self._lamport, previous.lamport if previous else 0)
        at = self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        lines, pieces = [], []
        for change in changes:
            sequence, lamport = sequence + 1, lamport + 1
            line, piece = seal(
                change, writer=self.writer, sequence=sequence, lamport=lamport, at=at, prev=prev
            )
            prev = line.checksum
            lines.append(line)
            pieces.append(piece)
        return tuple(lines), b"".join(pieces)

    def _write(self, content: bytes) -> None:
        is_new = not self.path.exists()
        _write_durably(self.path, content)
        if is_new and self._claims:
            claim(self.folder, self.writer)

    def _remember(self, lines: tuple[Line, ...], written: bytes) -> None:
        self._acknowledged.extend(piece + b"\n" for piece in written.split(b"\n")[:-1])
        self._own = FileReading(lines[-1:], (), (), 0, False, ())
        self._stamp = _stamp(self.path)
        self._lamport = max(self._lamport, lines[-1].lamport)


def _line_of(written: bytes) -> Line:
    line = unseal(written.rstrip(b"\n"))
    assert isinstance(line, Line)
    return line


def _write_durably(path: Path, content: bytes) -> None:
    """Append all of it and flush it to the disk, or leave the file as it was.

    Notes
    -----
    ``os.write`` may write a part and report success (a nearly full disk does), hence the loop. A failed ``fsync`` must
    not be tried again: the kernel may have dropped the pages, and a second one would succeed without them.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    try:
        size_before = os.fstat(descriptor).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
            if size_before == 0:
                _flush_folder(path.parent)
                _flush_folder(path.parent.parent)
        except BaseException:
            with contextlib.suppress(
                OSError
            ):  # what cannot be cut now is a torn tail, and cut before the next line
                os.ftruncate(descriptor, size_before)
                os.fsync(descriptor)
            raise
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut; Windows does so by itself and has no call for it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _truncate(path: Path, size: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size


def _slug(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:40] or "writer"
