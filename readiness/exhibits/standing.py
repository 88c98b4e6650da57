"""Readiness by dimension: levels, how much was asked, what stands in the way; and all questions with their answers."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, heading, missing
from readiness.figures.levels import levels
from readiness.text import Ledger
from readiness.wording import GATE_WORDS, RUNG_WORDS, STATE_WORDS


def readiness(a: Assessment) -> Chapter:
    """Levels by dimension with coverage, and the gates of the promise."""
    ledger = Ledger(a.engagement.client.currency)
    rows = []
    for d in a.standing.dimensions:
        s = d.score
        blockers = [p.practice.title for p in d.practices if p.gate in ("missed", "unproven")]
        rows.append((d.dimension.title, f"{s.score:.1f}" if s.score is not None else "not asked", ledger.say(s.coverage, "share", id=f"coverage_{d.dimension.id}"),
                     f"{s.worst:.1f} to {s.best:.1f}" if s.worst is not None and s.best is not None else "", "; ".join(blockers)))  # fmt: skip
    asked = [d for d in a.standing.dimensions if d.score.score is not None]
    weakest = min(asked, key=lambda d: d.score.score or 0, default=None)
    covered = ledger.say(a.standing.coverage, "share", id="coverage")
    finding = f"{covered} of the questions that apply were answered" + (
        f"; the weakest dimension so far is “{weakest.dimension.title}”." if weakest else "."
    )
    shown = [d for d in a.standing.dimensions if d.score.worst is not None]
    labels = [d.dimension.title for d in shown]
    alt = "Level of each dimension from 0 to 4, with what is still possible: " + "; ".join(f"{r[0]} {r[1]} ({r[3]})" for r in rows) + "."
    table = Table(
        (
            Column("Dimension", width=2.2),
            Column("Level", "right", 0.9),
            Column("Asked", "right", 0.8),
            Column("Still possible", "right", 1.1),
            Column("In the way of the promise", width=3),
        ),
        tuple(rows),
    )
    parts: list[Part] = [
        Exhibit("levels", "Level by dimension", finding, alt=alt, printed=tuple(ledger.printed),
                figure=lambda: levels(labels, [d.score.score for d in shown], [d.score.worst or 0 for d in shown], [d.score.best or 0 for d in shown])),
        Exhibit("dimensions", "Readiness by dimension", _gates_sentence(a), table, printed=tuple(ledger.printed),
                note="Levels order the conversation; the verdict comes from gates and from the chance of breach. What was not asked counts as neither good nor bad."),
    ]  # fmt: skip
    return Chapter(tuple(parts))


def _gates_sentence(a: Assessment) -> str:
    gates = [p for p in a.standing.practices if p.gate != "not applicable"]
    missed = sum(p.gate == "missed" for p in gates)
    unproven = sum(p.gate == "unproven" for p in gates)
    return f"Of {len(gates)} practices that the promise needs, {sum(p.gate == 'met' for p in gates)} are met, {missed} are missed and {unproven} have not been shown."


def answers(a: Assessment) -> Chapter:
    """What was asked and what was answered, dimension by dimension."""
    parts: list[Part] = []
    for d in a.standing.dimensions:
        rows: list[tuple[str, ...]] = []
        muted: list[int] = []
        for p in d.practices:
            if p.state == "does not apply":
                continue
            given = a.engagement.answers.get(p.practice.id)
            said = "; ".join(p.practice.answer(x).text for x in given.answers) if given and given.answers else ""
            if given and given.not_applicable:
                said = f"Not applicable: {given.reason}"
            if not given:
                muted.append(len(rows))
            known = RUNG_WORDS.get(p.rung, "") + (", out of date" if p.stale else "")
            rows.append((p.practice.question, said or STATE_WORDS[p.state], known, GATE_WORDS[p.gate]))
        if not rows:
            parts += [heading(d.dimension.title, 3), missing("No question of this dimension applies to this client.")]
            continue
        answered = len(rows) - len(muted)
        table = Table(
            (Column("Question", width=3), Column("Answer", width=3), Column("How known", width=1.2), Column("Gate", width=0.8)),
            tuple(rows),
            muted=tuple(muted),
        )
        parts.append(Exhibit(f"answers_{d.dimension.id}", d.dimension.title, f"{answered} of {len(rows)} answered.", table))
    return Chapter(tuple(parts))
