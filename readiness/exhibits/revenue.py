"""When the client does not know what an hour is worth: three questions, and what each answer would mean. No default, ever."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assumptions import HOURS_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.language import N_, tr
from readiness.text import Ledger

REVENUES = (100_000, 1_000_000, 10_000_000)
SHARES = ((0.1, N_("nearly all of it comes back later")), (0.5, N_("half of it comes back later")), (1.0, N_("none of it comes back")))
PEOPLE = (5, 50)


def revenue_questions(a: Assessment) -> Chapter:
    """Three questions whose answers give downtime a price, and what a year's expected downtime would then cost; nothing when that is known."""
    if float(a.values["revenue_per_hour"].mean()) > 0:
        return Chapter(())
    ledger = Ledger(a.engagement.client.currency)
    v = a.values
    hours = a.bad_minutes_weighted / 60
    kept = v["lost_share"] + v["churn_factor"]
    rows: list[tuple[str, str, str]] = []
    question = tr("What does the product bring in a year?")
    for revenue in REVENUES:
        loss = float((hours * revenue / HOURS_PER_YEAR * v["peak_factor"] * kept).mean())
        rows.append((question, ledger.say(revenue, "money", id="revenue_supposed"), ledger.say(loss, "money", id="loss_supposed")))
        question = ""
    question = tr("Of what users would have paid in that hour, how much comes back later?")
    for share, words in SHARES:
        loss = float((hours * REVENUES[1] / HOURS_PER_YEAR * v["peak_factor"] * (share + v["churn_factor"])).mean())
        rows.append(
            (question, tr(words), tr("{loss_supposed} for each {revenue_supposed}", loss_supposed=ledger.say(loss, 'money', id='loss_supposed'), revenue_supposed=ledger.say(REVENUES[1], 'money', id='revenue_supposed')))
        )
        question = ""
    question = tr("Who cannot work while it is down, and whose contract would be at stake?")
    for people in PEOPLE:
        loss = float((hours * people * v["loaded_rate_per_hour"]).mean())
        rows.append((question, tr("{people_supposed} people wait", people_supposed=ledger.say(people, 'people', id='people_supposed')), ledger.say(loss, "money", id="loss_supposed")))
        question = ""
    rows.append(("", tr("one customer would leave"), tr("that customer's fee of a year, times the chance; say it in money.contract_value_at_stake_per_year")))
    down = ledger.say(float(a.bad_minutes_weighted.mean()), "minutes", id="bad_minutes_per_year")
    finding = tr("What {down} of expected downtime a year cost cannot be said until three questions are answered; until then the promise decides.", down=down)
    columns = (Column(tr("Question"), width=2.2), Column(tr("If the answer is"), width=1.6), Column(tr("a year's downtime costs"), width=2))
    note = tr("No average of other companies is put in their place: the published costs per minute are of a few dozen American data centres in 2010.")
    parts: list[Part] = [
        missing(tr("Revenue is not known: give money.revenue_per_year, or money.revenue_per_hour.")),
        Exhibit(
            "revenue_questions",
            tr("Three questions that give downtime a price"),
            finding,
            Table(columns, tuple(rows)),
            note=note,
            printed=tuple(ledger.printed),
        ),
    ]
    return Chapter(tuple(parts))
