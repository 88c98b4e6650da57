"""Now or later: what to keep open, what that costs, and the price of deciding not to."""

from __future__ import annotations

from collections.abc import Sequence

from readiness.assessment.sourcing import Sourcing
from readiness.assessment.sourcing_later import LOOK_AHEAD_MONTHS, Later, Path, options_of
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing, points
from readiness.figures.tree import tree
from readiness.language import inside, joined, tr, trn
from readiness.models.uncertainty import band
from readiness.text import Ledger
from readiness.wording_sourcing import PATHS, later_sentence, worth_keeping

# Paths whose mean costs differ by less than this share are called even.
EVEN_LEAD = 0.05


def now_or_later(s: Sourcing) -> Chapter:
    """Each option as a tree with its trigger, and the price of deciding not to, today and in two years."""
    currency = s.assessment.engagement.client.currency
    found = options_of(s)
    if not found:
        return Chapter((missing(tr("No option to keep open is known: a second region stands already, or the bank does not ask for it, and nothing is run by the team itself.")),))
    ledger = Ledger(currency)
    parts: list[Part] = [_register(s, found, Ledger(currency)), points([later_sentence(o, ledger) for o in found], printed=ledger.printed)]
    parts += [_tree(option, Ledger(currency)) for option in found if option.best != "now"]
    return Chapter(tuple(parts))


def _register(s: Sourcing, found: Sequence[Later], ledger: Ledger) -> Exhibit:
    rows, ahead = [], ledger.count(LOOK_AHEAD_MONTHS, id="look_ahead_months")
    for o in found:
        today, then, worth = band(o.price_today), band(o.price_in_24_months), band(o.result.most_worth_paying)
        rows.append((o.title, o.trigger, ledger.say(o.chance_of_trigger, "share", id=f"{o.id}.chance_of_trigger"), tr("{paths} ({chance_best} sure)", paths=PATHS[o.best], chance_best=ledger.say(o.chance_best, 'share', id=f'{o.id}.chance_best')),
                     ledger.say(worth.mean, "money", id=f"{o.id}.most_worth_paying") if worth_keeping(o) else tr("nothing"),
                     ledger.say(today.mean, "money", id=f"{o.id}.price_today"), f"{ledger.say(then.mean, 'money', id=f'{o.id}.price_in_24_months')} ({ledger.range(then.low, then.high, 'money', id=f'{o.id}.price_in_24_months')})"))  # fmt: skip
    columns = (Column(tr("Option"), width=2), Column(tr("Sign that it is needed"), width=1.8), Column(tr("Chance in {horizon_months} months", horizon_months=ledger.count(s.months, id='horizon_months')), "right", 0.8), Column(tr("Cheapest path"), width=1.7), Column(tr("Most worth paying to keep it"), "right", 1), Column(tr("Price today"), "right", 0.9), Column(tr("Price in {ahead} months of deciding not to", ahead=ahead), "right", 1.8))
    v = s.today.values
    hurry, asked = (ledger.say(float(v[n].mean()), "share", id=n) for n in ("rushed_extra_factor", "region_asked_chance_per_year"))
    note = tr("Price today is that of building it in peace. In {ahead} months it is that of building it in a hurry, with what its absence has cost until then, while revenue grows as the load does. A decision tree with a trigger, in present values; that a second region is asked for within a year ({asked} on average) and what a hurry costs ({hurry} on top) are estimates of this workbook until you say better.", ahead=ahead, asked=asked, hurry=hurry)
    now, open_ = [o.title for o in found if o.best == "now"], [o.title for o in found if o.best != "now"]
    said = [trn("{options_now} of {options} options is cheapest done at once", "{options_now} of {options} options are cheapest done at once", len(now), options_now=ledger.count(len(now), id='options.now'), options=ledger.count(len(found), id='options'))] if now else []
    said += [tr("what may wait: {open}", open=joined([inside(t) for t in open_]))] if open_ else []
    finding = "; ".join(said) + "."
    return Exhibit("now_or_later", tr("What to keep open"), finding[:1].upper() + finding[1:], Table(columns, tuple(rows)), note=note, printed=tuple(ledger.printed))


def _tree(o: Later, ledger: Ledger) -> Exhibit:
    paths = o.paths
    every: tuple[Path, ...] = ("now", "prepare", "wait", "never")
    open_paths = [p for p in every if paths[p] != float("inf")]
    chance = ledger.say(o.chance_of_trigger, "share", id=f"{o.id}.chance_of_trigger")
    rest = ledger.say(1 - o.chance_of_trigger, "share", id=f"{o.id}.chance_of_no_trigger")
    money = {n: ledger.say(float(v.mean()), "money", id=f"{o.id}.{n}") for n, v in
             (("build_now", o.build_now), ("preparation", o.preparation), ("build_later", o.build_later), ("build_unprepared", o.build_unprepared), ("running", o.running_per_month), ("loss", o.loss_per_month))}  # fmt: skip
    outcomes = {
        "now": [(tr("For certain"), tr("{now}, then {later} a month", now=money['build_now'], later=money['running']))],
        "prepare": [(tr("Asked for, {chance}", chance=chance), tr("{now} now and {later} then", now=money['preparation'], later=money['build_later'])), (tr("Never, {rest}", rest=rest), tr("{now} now and the loss of {later} a month", now=money['preparation'], later=money['loss']))],
        "wait": [(tr("Asked for, {chance}", chance=chance), tr("{money} in a hurry", money=money['build_unprepared'])), (tr("Never, {rest}", rest=rest), tr("the loss of {money} a month", money=money['loss']))],
        "never": [(tr("Asked for, {chance}", chance=chance), tr("what its absence then costs")), (tr("Never, {rest}", rest=rest), tr("the loss of {money} a month", money=money['loss']))],
    }
    branches = [(PATHS[p], ledger.say(paths[p], "money", id=f"{o.id}.path_{p}"), outcomes[p]) for p in open_paths]
    best = open_paths.index(o.best)
    rows = []
    bands = {"now": o.result.now, "prepare": o.result.later, "wait": o.result.later_unprepared, "never": o.result.never}
    for p in open_paths:
        b = band(bands[p])
        rows.append((PATHS[p], ledger.say(b.mean, "money", id=f"{o.id}.path_{p}"), ledger.range(b.low, b.high, "money", id=f"{o.id}.path_{p}")))
    ranked = sorted(open_paths, key=lambda p: paths[p])
    least, second = paths[ranked[0]], paths[ranked[1]]
    lead = ledger.say(second - least, "money", id=f"{o.id}.lead")
    finding = tr("{title}: “{paths}” costs least on average, {least}; ", title=o.title, paths=inside(PATHS[ranked[0]]), least=ledger.say(least, 'money', id=f'{o.id}.least')) + (
        tr("“{paths}” costs {lead} more.", paths=inside(PATHS[ranked[1]]), lead=lead) if second - least > EVEN_LEAD * least else tr("“{paths}” is within {lead} of it, so the two are even.", paths=inside(PATHS[ranked[1]]), lead=lead)
    )
    alt = tr("Decision tree. ") + "; ".join(f"{name}: {cost}" for name, cost, _ in branches) + "."
    return Exhibit(f"tree_{o.id}", o.title, finding, Table((Column(tr("Path"), width=2.2), Column(tr("Present cost"), "right"), Column(tr("90 % range"), "right", 1.6)), tuple(rows), emphasis=(best,)), alt=alt,
                   note=tr("The strong path costs least on average. Only what differs between the paths is counted."), printed=tuple(ledger.printed), figure=lambda: tree(branches, best=best))  # fmt: skip
