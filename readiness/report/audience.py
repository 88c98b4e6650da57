"""Who may read what: an engagement is reduced to its audience before anything is reckoned or shown from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from readiness.engagement import Engagement, GivenAnswer, Opened
from readiness.engagement.schema import Audience, Remark, View
from readiness.errors import UsageError, did_you_mean

# From the narrowest circle outwards in: what is meant for the board may be read by everybody.
AUDIENCES: tuple[str, ...] = ("internal", "client", "board")
_RANK = {"board": 0, "client": 1, "internal": 2}
# Stands where a file needs a name and the audience does not get it.
SOMEBODY = "one of the team"
assert set(AUDIENCES) == set(get_args(Audience))


def checked(audience: str) -> str:
    """The audience, when there is one of that name.

    Raises
    ------
    UsageError
        With a guess, when there is none.
    """
    if audience not in AUDIENCES:
        hint = did_you_mean(audience, AUDIENCES) or f"audiences are {', '.join(AUDIENCES)}"
        raise UsageError(f'"{audience}" is not an audience', place="audience", hint=hint)
    return audience


def may_read(audience: str, meant_for: str) -> bool:
    """Whether a reader of one audience may see what is meant for another.

    Examples
    --------
    May the client read what was noted for the board? And the board what was noted for the client?

    >>> may_read("client", "board"), may_read("board", "client")
    (True, False)
    """
    return _RANK[audience] >= _RANK[meant_for]


def reduced(engagement: Engagement, audience: str) -> Engagement:
    """The engagement without what this audience may not read.

    Parameters
    ----------
    engagement
        All that the consultant knows.
    audience
        ``internal`` reads all of it. ``client`` reads no internal notes and not who said what. ``board`` reads only
        notes meant for it, and no person's name: not of who answered, owns or decided something.

    Returns
    -------
    Engagement
        With the same numbers: only words are taken away, so every sum stays the same to the bit.
    """
    if checked(audience) == "internal":
        return engagement
    return engagement.model_copy(
        update={
            "client": engagement.client.model_copy(update={"contact": None}),
            "answers": {practice: _answer(given, audience) for practice, given in engagement.answers.items()},
            "notes": _remarks(engagement.notes, audience),
            "decisions": _remarks(engagement.decisions, audience),
            "parking_lot": _remarks(engagement.parking_lot, audience),
            "accepted_risks": tuple(
                risk if audience == "client" else risk.model_copy(update={"owner": SOMEBODY}) for risk in engagement.accepted_risks
            ),
            "history": engagement.history.model_copy(
                update={"incidents": tuple(incident.model_copy(update={"note": ""}) for incident in engagement.history.incidents)}
            ),
        }
    )


def _answer(given: GivenAnswer, audience: str) -> GivenAnswer:
    seen = may_read(audience, given.audience)
    return given.model_copy(
        update={
            "by": None,
            "owner": given.owner if audience == "client" and seen else None,
            "note": given.note if seen else "",
            "reason": given.reason if seen or not given.reason else "a reason was given",
            "link": given.link if seen else None,
            "views": tuple(View(by=SOMEBODY, answer=view.answer) for view in given.views),
        }
    )


def _remarks(remarks: Sequence[Remark], audience: str) -> tuple[Remark, ...]:
    return tuple(r.model_copy(update={"by": None}) for r in remarks if may_read(audience, r.audience))


def reduced_file(opened: Opened, audience: str) -> Opened:
    """An opened client for this audience: what was read from disk, and who wrote it last, stay with the consultant."""
    if checked(audience) == "internal":
        return opened
    return replace(opened, engagement=reduced(opened.engagement, audience), raw={}, last_line=None, conflicts=(), findings=())
