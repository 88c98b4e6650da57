"""Readiness by dimension: levels, how much was asked, what stands in the way; and all questions with their answers."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.standing import DimensionStanding, PracticeStanding
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, heading, missing
from readiness.figures.levels import levels
from readiness.text import Ledger
from readiness.wording import GATE_WORDS, RUNG_WORDS, STATE_WORDS

MARKS = {"missed": "missing", "unproven": "not shown"}


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
    finding = f"{covered} of the questions that apply were answered" + (f"; lowest so far is “{weakest.dimension.title}”." if weakest else ".")
    shown = [d for d in a.standing.dimensions if d.score.worst is not None]
    labels = [d.dimension.title for d in shown]
    alt = "Level of each dimension from 0 to 4, with what is still possible: " + "; ".join(f"{r[0]} {r[1]}" + (f" ({r[3]})" if r[3] else "") for r in rows) + "."
    columns: tuple[Column, ...] = (Column("Dimension", width=2.2), Column("Level", "right", 0.9), Column("Asked", "right", 0.8), Column("Still possible", "right", 1.1),
               Column("In the way of the promise", width=3))  # fmt: skip
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    gates = _gates_sentence(a, ledger)
    parts: list[Part] = [
        Exhibit("dimensions", "Readiness by dimension", gates, Table(columns, tuple(rows)), printed=tuple(ledger.printed),
                note="Levels go from 0 to 4 and order the conversation; the verdict comes from gates and from the chance of breach. What was not asked counts as neither good nor bad: it leaves open what is still possible."),
        Exhibit("levels", "Level by dimension", finding, alt=alt, printed=tuple(ledger.printed),
                figure=lambda: levels(labels, [d.score.score for d in shown], [d.score.worst or 0 for d in shown], [d.score.best or 0 for d in shown])),
    ]  # fmt: skip
    return Chapter(tuple(parts))


def _level(d: DimensionStanding, ledger: Ledger) -> tuple[str, str, str]:
    s, name = d.score, d.dimension.id
    if s.worst is None or s.best is None:
        return "does not apply", "", ""
    open_ = s.best - s.worst > 0.05
    low, high = ledger.say(s.worst, "level", id=f"level.{name}.worst"), ledger.say(s.best, "level", id=f"level.{name}.best")
    return (
        ledger.say(s.score, "level", id=f"level.{name}") if s.score is not None else "not asked",
        ledger.say(s.coverage, "share", id=f"coverage_{name}"),
        f"{low} to {high}" if open_ else "",
    )


def _gates_sentence(a: Assessment, ledger: Ledger) -> str:
    """How many of the practices that the promise needs are there."""
    gates = [p for p in a.standing.practices if p.gate != "not applicable"]
    if not gates:
        return "The promise needs no practice that a client of this kind may lack."
    slo, every = ledger.say(a.main.journey.promise.slo, "promise", id="promise_slo"), ledger.count(len(gates), id="gates")
    counted = {g: ledger.count(n, id=f"gates.{g}") for g in ("met", "missed", "unproven") if (n := sum(p.gate == g for p in gates))}
    if list(counted) == ["met"]:
        return f"{'The one practice' if len(gates) == 1 else f'All {every} practices'} that {slo} needs {'is' if len(gates) == 1 else 'are'} in place."
    words = {"met": "in place", "missed": "missing", "unproven": "not shown"}
    told = ", ".join(f"{n} {'is' if n == '1' else 'are'} {words[g]}" for g, n in counted.items())
    return f"Of {every} practices that {slo} needs, {told}."


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
            rows.append((p.practice.question, _said(a, p), RUNG_WORDS.get(p.rung, "") + (", out of date" if p.stale else ""), GATE_WORDS[p.gate]))
        if not rows:
            outside.append(d.dimension.title)
            continue
        answered, asked = (ledger.count(n, id=f"{what}_{d.dimension.id}") for n, what in ((len(rows) - len(muted), "answered"), (len(rows), "asked")))
        table = Table((Column("Question", width=3.1), Column("Answer", width=3.1), Column("How known", width=1.3), Column("Gate", width=0.8)), tuple(rows), muted=tuple(muted))
        parts.append(Exhibit(f"answers_{d.dimension.id}", f"{d.dimension.title}: questions and answers", f"{d.dimension.title}: {answered} of {asked} questions answered", table,
                             printed=tuple(ledger.printed)))  # fmt: skip
    if outside:
        parts += [heading("What does not apply", 3), missing(f"No question of {', '.join(f'“{title}”' for title in outside)} applies to this client.")]
    return Chapter(tuple(parts))


def _said(a: Assessment, p: PracticeStanding) -> str:
    """What was answered, in the words of the answers; several where people disagree."""
    given = a.engagement.answers.get(p.practice.id)
    if given is None:
        return STATE_WORDS[p.state]
    if given.not_applicable:
        return f"Not applicable: {given.reason}"
    held = [p.practice.answer(x).text for x in given.answers]
    said = held[0] if len(held) == 1 else "People disagree: " + "; or: ".join(held)
    return f"{said}\n{given.note}" if given.note else said
