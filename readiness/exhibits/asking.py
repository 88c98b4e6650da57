"""What to find out next, what each answer is worth, and how far a meeting gets."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assessment.asking import Asking, Question, asking, questions_in
from readiness.assessment.yearly import supposed
from readiness.exhibits.ahead import maybe_ahead
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, text
from readiness.figures.narrowing import narrowing
from readiness.language import joined, tr
from readiness.models.uncertainty import band
from readiness.text import Ledger

MEETINGS = (45, 90)
SHOWN = 12
POINTS = 9
HARDLY = 0.01


@maybe_ahead
def worth_asking(a: Assessment) -> Chapter:
    """The open questions by what knowing the answer is worth, agendas for two meetings, and how the range has narrowed so far."""
    found = asking(a)
    parts: list[Part] = [_questions(a, found)] if found.questions else [text(tr("Every question that applies has been answered and shown; nothing is worth asking next."))]
    narrowed = _narrowing(a)
    return Chapter((*parts, *([narrowed] if narrowed else [])))


def why_asked(a: Assessment, q: Question, ledger: Ledger) -> str:
    """What an answer is good for, in words."""
    told = []
    if q.for_verdict:
        told.append(tr("the promise needs it"))
    if q.worth_per_year > 0:
        told.append(tr("other steps for {worth} a year", worth=ledger.say(q.worth_per_year, 'money', id=f'worth.{q.practice}')))
    if q.narrows_loss > 0:
        told.append(tr("narrows the loss by {narrows}", narrows=ledger.say(q.narrows_loss, 'money', id=f'narrows.{q.practice}')))
    return "; ".join(told) or tr("within the noise")


def _questions(a: Assessment, found: Asking) -> Exhibit:
    ledger = Ledger(a.engagement.client.currency)
    practices = a.catalog.practices
    rows = [(ledger.count(n, id="worth_asking.place"), practices[q.practice].title, practices[q.practice].evidence, tr(q.kind), why_asked(a, q, ledger)) for n, q in enumerate(found.questions[:SHOWN], 1)]
    telling = [q for q in found.questions if q.worth_per_year > 0 or q.narrows_loss > 0 or q.for_verdict]
    if telling:
        first = joined([f"“{practices[q.practice].title}”" for q in telling[:3]])
        finding = tr("Worth asking first: {first}.", first=first)
    else:
        finding = tr("None of the open questions would change a step or narrow the loss by more than chance would.")
    meetings: list[tuple[str, str]] = []
    gone = 0.0
    for minutes in MEETINGS:
        asked = min(questions_in(minutes), len(found.questions))
        gone = 1 - found.left_after(asked)
        taken = ledger.say(gone, "share", id=f"agenda_{minutes}.gone") if gone >= HARDLY else tr("hardly any")
        meetings.append((tr("{agenda} minutes hold {asked}", agenda=ledger.count(minutes, id='agenda'), asked=ledger.count(asked, id=f'agenda_{minutes}.asked')), taken))
        if asked == len(found.questions):
            break
    same = len({taken for _, taken in meetings}) == 1
    held = joined([said if same else tr("{said}, which takes away {taken}", said=said, taken=taken) for said, taken in meetings])
    held += tr(" of the {open} open ones; ", open=ledger.count(len(found.questions), id='questions.open')) + (tr("the answers take away {meetings} of the variance of the yearly loss", meetings=meetings[-1][1]) if same else tr("shares are of the variance of the yearly loss"))
    rest = "" if gone > 0.5 else tr(" What is left hangs on numbers that no question of this kind settles: see what decides it.")
    note = tr(
        "At two minutes a question, {held}.{rest} “Other steps” is what deciding after the answer saves over deciding now, over all steps one could take; "
        "up to {noise} a year could be chance and is not shown.",
        held=held, rest=rest, noise=ledger.say(found.noise_per_year, 'money', id='noise'),
    )
    return Exhibit(
        "worth_asking", tr("What is worth asking next"), finding,
        Table((Column("", "right", 0.3), Column(tr("Question"), width=1.7), Column(tr("What shows it"), width=2.2), Column(tr("Now"), width=0.9), Column(tr("What the answer is worth"), width=2)), tuple(rows)),
        note=note, printed=tuple(ledger.printed),
    )  # fmt: skip


def _narrowing(a: Assessment) -> Exhibit | None:
    """The economic cost of a year as the client's own answers came in, in the order of the workbook."""
    answered = [p for p in a.catalog.practices if p in a.engagement.answers]
    if len(answered) < POINTS:
        return None
    counts = sorted({round(len(answered) * k / (POINTS - 1)) for k in range(POINTS)})
    found = []
    for count in counts:
        kept = set(answered[:count])
        then = a.engagement.model_copy(update={"answers": {p: g for p, g in a.engagement.answers.items() if p in kept}})
        found.append(band(supposed(a, then).economic))
    ledger = Ledger(a.engagement.client.currency)
    first, last = found[0], found[-1]
    was, now = first.high / max(first.low, 1e-9), last.high / max(last.low, 1e-9)
    start, end = (
        tr("{low} to {high}", low=ledger.say(b.low, 'money', id=f'economic.{when}.low'), high=ledger.say(b.high, 'money', id=f'economic.{when}.high')) for b, when in ((first, "before_asking"), (last, "after_asking"))
    )
    if now < 0.9 * was:
        finding = tr("The answers so far have narrowed the economic cost of a year to {end}, where it was {start}: high and low end lie {after} times apart instead of {before}.", end=end, start=start, after=ledger.plain(now, id='width.after'), before=ledger.plain(was, id='width.before'))
    else:
        finding = tr("The answers so far have moved the economic cost of a year to {end}, where it was {start}; they have hardly narrowed it, since most of what is not known are numbers, not practices.", end=end, start=start)
    return Exhibit(
        "narrowing", tr("How the range narrowed as questions were answered"), finding, alt=tr("Economic cost of a year: {start} with no question answered, {end} with {answered} answered.", start=start, end=end, answered=ledger.count(len(answered), id='questions.answered')),
        note=tr("In the order of the workbook. An answer can widen a range when it is worse than most; in expectation it narrows it."), printed=tuple(ledger.printed),
        figure=lambda: narrowing(counts, [b.low for b in found], [b.mean for b in found], [b.high for b in found], axis_title=tr("Economic cost, {currency} a year", currency=ledger.currency), told=tr("today")),
    )  # fmt: skip
