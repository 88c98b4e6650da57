"""Readiness by dimension: levels, how much was asked, what stands in the way; and all questions with their answers."""

from __future__ import annotations

from collections import Counter

from readiness.assessment import Assessment
from readiness.assessment.standing import DimensionStanding, PracticeStanding
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, heading, missing
from readiness.figures.levels import levels
from readiness.language import N_, Words, plural, tr, trn
from readiness.text import Ledger
from readiness.wording import GATE_WORDS, RUNG_WORDS, STATE_WORDS

MARKS = Words({"missed": N_("missing"), "unproven": N_("not shown")})


def readiness(a: Assessment) -> Chapter:
    """Levels by dimension with coverage, and the gates of the promise."""
    ledger = Ledger(a.engagement.client.currency)
    rows: list[tuple[str, ...]] = []
    for d in a.standing.dimensions:
        blockers = [f"{p.practice.title} ({MARKS[p.gate]})" for p in d.practices if p.gate in MARKS]
        rows.append((d.dimension.title, *_level(d, ledger), "; ".join(blockers)))
    asked = [d for d in a.standing.dimensions if d.score.score is not None]
    weakest = min(asked, key=lambda d: d.score.score or 0, default=None)
    covered = ledger.say(a.standing.coverage, "share", id="coverage")
    finding = tr("{covered} of the questions that apply were answered", covered=covered) + (tr("; lowest so far is “{dimension}”.", dimension=weakest.dimension.title) if weakest else ".")
    shown = [d for d in a.standing.dimensions if d.score.worst is not None]
    labels = [d.dimension.title for d in shown]
    alt = tr("Level of each dimension from 0 to 4, with what is still possible: ") + "; ".join(f"{r[0]} {r[1]}" + (f" ({r[3]})" if r[3] else "") for r in rows) + "."
    columns: tuple[Column, ...] = (Column(tr("Dimension"), width=2.2), Column(tr("Level"), "right", 0.9), Column(tr("Asked"), "right", 0.8), Column(tr("Still possible"), "right", 1.1),
               Column(tr("In the way of the promise"), width=3))  # fmt: skip
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    gates = _gates_sentence(a, ledger)
    parts: list[Part] = [
        Exhibit("dimensions", tr("Readiness by dimension"), gates, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                note=tr("Levels go from 0 to 4 and order the conversation; the verdict comes from gates and from the chance of breach. What was not asked counts as neither good nor bad: it leaves open what is still possible.")),
        Exhibit("levels", tr("Level by dimension"), finding, alt=alt, printed=tuple(ledger.printed),
                figure=lambda: levels(labels, [d.score.score for d in shown], [d.score.worst or 0 for d in shown], [d.score.best or 0 for d in shown])),
    ]  # fmt: skip
    return Chapter(tuple(parts))


def _level(d: DimensionStanding, ledger: Ledger) -> tuple[str, str, str]:
    s, name = d.score, d.dimension.id
    if s.worst is None or s.best is None:
        return tr("does not apply"), "", ""
    open_ = s.best - s.worst > 0.05
    low, high = ledger.say(s.worst, "level", id=f"level.{name}.worst"), ledger.say(s.best, "level", id=f"level.{name}.best")
    return (
        ledger.say(s.score, "level", id=f"level.{name}") if s.score is not None else tr("not asked"),
        ledger.say(s.coverage, "share", id=f"coverage_{name}"),
        tr("{low} to {high}", low=low, high=high) if open_ else "",
    )


def _gates_sentence(a: Assessment, ledger: Ledger) -> str:
    """How many of the practices that the promise needs are there."""
    gates = [p for p in a.standing.practices if p.gate != "not applicable"]
    if not gates:
        return tr("The promise needs no practice that a client of this kind may lack.")
    slo, every = ledger.say(a.main.journey.promise.slo, "promise", id="promise_slo"), ledger.count(len(gates), id="gates")
    held = Counter[str](p.gate for p in gates)
    counted = {g: ledger.count(held[g], id=f"gates.{g}") for g in ("met", "missed", "unproven") if held[g]}
    if list(counted) == ["met"]:
        if len(gates) == 1:
            return tr("The one practice that {slo} needs is in place.", slo=slo)
        return trn("All {every} practice that {slo} needs is in place.", "All {every} practices that {slo} needs are in place.", len(gates), every=every, slo=slo)
    words = {
        "met": plural("{n} is in place", "{n} are in place"), "missed": plural("{n} is missing", "{n} are missing"), "unproven": plural("{n} is not shown", "{n} are not shown"),
    }  # fmt: skip
    told = ", ".join(trn(*words[g], held[g], n=n) for g, n in counted.items())
    return tr("Of {every} practices that {slo} needs, {told}.", every=every, slo=slo, told=told)


def answers(a: Assessment) -> Chapter:
    """What was asked and what was answered, dimension by dimension."""
    parts: list[Part] = []
    outside = []
    for d in a.standing.dimensions:
        ledger = Ledger(a.engagement.client.currency)
        rows: list[tuple[str, ...]] = []
        muted: list[int] = []
        for p in d.practices:
            if p.state == "does not apply":
                continue
            if p.practice.id not in a.engagement.answers:
                muted.append(len(rows))
            rows.append((p.practice.question, _said(a, p), RUNG_WORDS.get(p.rung, "") + (tr(", out of date") if p.stale else ""), GATE_WORDS[p.gate]))
        if not rows:
            outside.append(d.dimension.title)
            continue
        answered, asked = (ledger.count(n, id=f"{what}_{d.dimension.id}") for n, what in ((len(rows) - len(muted), "answered"), (len(rows), "asked")))
        table = Table((Column(tr("Question"), width=3.1), Column(tr("Answer"), width=3.1), Column(tr("How known"), width=1.3), Column(tr("Gate"), width=0.8)), tuple(rows), muted=tuple(muted))
        parts.append(Exhibit(f"answers_{d.dimension.id}", tr("{dimension}: questions and answers", dimension=d.dimension.title), tr("{dimension}: {answered} of {asked} questions answered", dimension=d.dimension.title, answered=answered, asked=asked), table,
                             printed=tuple(ledger.printed)))  # fmt: skip
    if outside:
        parts += [heading(tr("What does not apply"), 3), missing(tr("No question of {dimensions} applies to this client.", dimensions=', '.join(f'“{title}”' for title in outside)))]
    return Chapter(tuple(parts))


def _said(a: Assessment, p: PracticeStanding) -> str:
    """What was answered, in the words of the answers; several where people disagree."""
    given = a.engagement.answers.get(p.practice.id)
    if given is None:
        return STATE_WORDS[p.state]
    if given.not_applicable:
        return tr("Not applicable: {reason}", reason=given.reason)
    held = [p.practice.answer(x).text for x in given.answers]
    said = held[0] if len(held) == 1 else tr("People disagree: {answers}", answers=tr("; or: ").join(held))
    return f"{said}\n{given.note}" if given.note else said
