"""What can be taken back: the last change of one writer that was not taken back already."""

from __future__ import annotations

from collections.abc import Iterable

from readiness.journal import Line


def undoable(lines: Iterable[Line], writer: str) -> tuple[Line, ...]:
    """The lines that the next undo takes back, oldest first; several when they were made together.

    Parameters
    ----------
    lines
        Of the journal, in its order; so what was done before a restart can be undone after it.
    writer
        Whose changes; nobody undoes another's.

    Examples
    --------
    >>> undoable([], "ann-1")
    ()
    """
    done: list[list[Line]] = []
    undone = ""
    for line in lines:
        if line.writer != writer or line.kind == "unite":
            continue
        if line.kind == "undo":
            same = bool(line.group) and line.group == undone
            undone = line.group
            if done and not same:
                done.pop()
            continue
        undone = ""
        if done and line.group and done[-1][0].group == line.group:
            done[-1].append(line)
        else:
            done.append([line])
    return tuple(done[-1]) if done else ()
