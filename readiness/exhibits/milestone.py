"""What moved between two milestones, and who moved it."""

from __future__ import annotations

from readiness.compare import WHO, Comparison, HeadlineMoved
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, text
from readiness.language import N_, Words, joined, tr
from readiness.text import Ledger
from readiness.wording import RUNG_WORDS

WORDS = Words({"client": N_("the client"), "time": N_("the calendar"), "data": N_("our data"), "code": N_("our code")})
MOST_NUMBERS = 20
SMALL = 0.005


def moved(c: Comparison) -> Chapter:
    """Headlines with their cause, answers, ways and numbers."""
    ledger = Ledger(str(c.after.client.client.currency))
    parts: list[Part] = [_headlines(c, ledger)]
    answers = _answers(c)
    parts.append(answers if answers is not None else text(tr("No answer and no evidence changed.")))
    if c.ways:
        rows, said = tuple((tier, was, now) for tier, was, now in c.ways), Ledger(ledger.currency)
        parts.append(Exhibit("ways_moved", tr("Services run in another way"), tr("{moved} moved: {ways}.", moved=said.count(len(c.ways), id='ways.moved'), ways=joined([w[0] for w in c.ways])),
                             Table((Column(tr("Tier")), Column(tr("Before"), width=2), Column(tr("After"), width=2)), rows), printed=tuple(said.printed)))  # fmt: skip
    if c.numbers:
        parts.append(_numbers(c))
    return Chapter(tuple(parts))


def change_words(h: HeadlineMoved, ledger: Ledger) -> str:
    """A change with its sign.

    Examples
    --------
    >>> h = HeadlineMoved("loss_per_year", "Expected loss", "money/year", 100.0, 80.0, {"client": -20.0})
    >>> change_words(h, Ledger("EUR")).split()
    ['less', 'by', 'EUR', '20']
    """
    if abs(h.change) <= SMALL * max(abs(h.before), abs(h.after)):
        return tr("hardly any")
    return tr(N_("less by {change}") if h.change < 0 else N_("more by {change}"), change=ledger.say(abs(h.change), h.unit, id=f'{h.id}.change'))


def _headlines(c: Comparison, ledger: Ledger) -> Exhibit:
    rows = []
    for h in c.headline:
        cells = []
        for who in WHO:
            part = h.by.get(who, 0.0)
            small = abs(part) <= SMALL * max(abs(h.before), abs(h.after))
            cells.append("" if small else f"{'+' if part > 0 else '−'}{ledger.say(abs(part), h.unit, id=f'{h.id}.by.{who}')}")
        rows.append((h.title, ledger.say(h.before, h.unit, id=f"{h.id}.before"), ledger.say(h.after, h.unit, id=f"{h.id}.after"), *cells))
    loss = next((h for h in c.headline if h.id == "loss_per_year"), c.headline[0])
    movers = [WORDS[who] for who in WHO if abs(loss.by.get(who, 0.0)) > SMALL * max(abs(loss.before), abs(loss.after))]
    finding = tr("Between {before} and {after} the expected loss a year moved: {change_words}", before=c.before.as_of, after=c.after.as_of, change_words=change_words(loss, ledger)) + (tr(", by {movers}.", movers=joined(movers)) if movers else ".")
    if c.before.verdict != c.after.verdict:
        finding += tr(" The verdict went from “{before}” to “{after}”.", before=tr(c.before.verdict), after=tr(c.after.verdict))
    same = []
    if not c.same_code:
        same.append(tr("code {before} and {after}", before=c.before.code, after=c.after.code))
    if not c.same_data:
        same.append(tr("data {before} and {after}", before=c.before.data[:12], after=c.after.data[:12]))
    note = tr("Parts are found by changing one thing at a time: first our code, then our data, then the day, then the client; they add up to the whole.") + (tr(" Made with {same}.", same=joined(same)) if same else tr(" Both were made with the same code and data."))
    columns = (Column("", width=1.8), Column(c.before.name, "right", 1.2), Column(c.after.name, "right", 1.2), *(Column(tr("by {words}", words=WORDS[w]), "right", 1.1) for w in WHO))
    return Exhibit("moved", tr("What moved between “{before}” and “{after}”", before=c.before.name, after=c.after.name), finding, Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))


def _answers(c: Comparison) -> Exhibit | None:
    if not c.answers:
        return None
    better = sum(x.level_before is not None and x.level_after is not None and x.level_after > x.level_before for x in c.answers)
    worse = sum(x.level_before is not None and x.level_after is not None and x.level_after < x.level_before for x in c.answers)
    new = sum(x.level_before is None and x.level_after is not None for x in c.answers)
    ledger = Ledger(str(c.after.client.client.currency))
    told = [f"{ledger.count(n, id='answers.moved')} {word}" for n, word in ((better, tr("better")), (worse, tr("worse")), (new, tr("asked for the first time")), (len(c.answers) - better - worse - new, tr("otherwise"))) if n]
    rows = tuple((x.title, x.before, x.after, f"{RUNG_WORDS.get(x.rung_before, '')} → {RUNG_WORDS.get(x.rung_after, '')}" if x.rung_before != x.rung_after and x.rung_before and x.rung_after else "") for x in c.answers)
    return Exhibit("answers_moved", tr("Answers that moved"), tr("{moved} changed: {told}.", moved=ledger.count(len(c.answers), id='answers.moved'), told=joined(told)),
                   Table((Column(tr("Practice"), width=1.4), Column(tr("Before"), width=2), Column(tr("After"), width=2), Column(tr("Evidence"), width=1.2)), rows), printed=tuple(ledger.printed))  # fmt: skip


def _numbers(c: Comparison) -> Exhibit:
    ledger = Ledger(str(c.after.client.client.currency))
    rows = tuple(
        (x.address, ledger.say(x.before, x.unit, id=f"{x.address}.before") if x.before is not None else tr("not there"),
         ledger.say(x.after, x.unit, id=f"{x.address}.after") if x.after is not None else tr("gone"), x.source_after if x.source_after != x.source_before else "")
        for x in c.numbers[:MOST_NUMBERS]
    )  # fmt: skip
    more = len(c.numbers) - len(rows)
    count = tr("One number") if len(c.numbers) == 1 else tr("{moved} numbers", moved=ledger.count(len(c.numbers), id='numbers.moved'))
    return Exhibit("numbers_moved", tr("Numbers that moved"), tr("{count} moved by a hundredth or more.", count=count), Table((Column(tr("Number"), width=1.6), Column(tr("Before"), "right"), Column(tr("After"), "right"), Column(tr("New source"), width=2.4)), rows),
                   note=tr("{moved_less} more moved less.", moved_less=ledger.count(more, id='numbers.moved_less')) if more > 0 else "", printed=tuple(ledger.printed))  # fmt: skip
