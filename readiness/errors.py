"""What can go wrong, by who can put it right; each error is one sentence that a consultant can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ReadinessError(Exception):
    """Something that a person can put right.

    Parameters
    ----------
    message
        What is wrong, in words: the rule and what was found instead.
    file, place
        Where: the file and the key, cell or line inside it.
    hint
        What was probably meant, or what to do.

    Examples
    --------
    >>> print(EngagementError("is 99.9, but a share lies between 0 and 1", file="acme.yaml",
    ...                       place="journeys.1.promise.slo", hint="did you mean 0.999?"))
    acme.yaml: journeys.1.promise.slo: is 99.9, but a share lies between 0 and 1; did you mean 0.999?
    """

    def __init__(
        self, message: str, *, file: object | None = None, place: str | None = None, hint: str | None = None
    ) -> None:
        self.message, self.file, self.place, self.hint = message, file, place, hint
        where = "".join(f"{part}: " for part in (file, place) if part)
        super().__init__(f"{where}{message}" + (f"; {hint}" if hint else ""))


class EngagementError(ReadinessError):
    """The client's file says something that cannot be; its author mends it."""


class DataError(ReadinessError):
    """``data/`` or a bank says something that cannot be; its author mends it."""


class ImportFileError(ReadinessError):
    """A bill, an incident list or another file that was handed in cannot be read as what it claims to be."""


class UsageError(ReadinessError):
    """The command or function was called with something that does not exist; the caller mends it."""


class StorageError(ReadinessError):
    """The disk, a lock or a permission stood in the way; nothing that was acknowledged is lost."""


class ModelError(ReadinessError):
    """A model was asked for something outside its domain: a mistake of ours, never of the client."""


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    """The nearest known word as a question, or nothing when none is near.

    Examples
    --------
    >>> did_you_mean("journey", ["journeys", "money"])
    'did you mean "journeys"?'
    >>> did_you_mean("xyzzy", ["journeys", "money"]) is None
    True
    """
    close = difflib.get_close_matches(str(word), [str(w) for w in words], n=1, cutoff=0.55)
    return f'did you mean "{close[0]}"?' if close else None
