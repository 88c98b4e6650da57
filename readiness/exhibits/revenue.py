"""When the client does not know what an hour is worth: three questions, and what each answer would mean. No default, ever."""

from __future__ import annotations

from readiness.assessment import Assessment
from readiness.assumptions import HOURS_PER_YEAR
from readiness.exhibits.exhibit import Chapter, Column, Exhibit, Part, Table, missing
from readiness.text import Ledger

REVENUES = (100_000, 1_000_000, 10_000_000)
SHARES = ((0.1, "nearly all of it comes back later"), (0.5, "half of it comes back later"), (1.0, "none of it comes back"))
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
    question = "What does the product bring in a year?"
    for revenue in REVENUES:
        loss = float((hours * revenue / HOURS_PER_YEAR * v["peak_factor"] * kept).mean())
        rows.append((question, ledger.say(revenue, "money", id="revenue_supposed"), ledger.say(loss, "money", id="loss_supposed")))
        question = ""
    question = "Of what users would have paid in that hour, how much comes back later?"
    for share, words in SHARES:
        loss = float((hours * REVENUES[1] / HOURS_PER_YEAR * v["peak_factor"] * (share + v["churn_factor"])).mean())
        rows.append(
            (question, words, f"{ledger.say(loss, 'money', id='loss_supposed')} for each {ledger.say(REVENUES[1], 'money', id='revenue_supposed')}")
        )
        question = ""
    question = "Who cannot work while it is down, and whose contract would be at stake?"
    for people in PEOPLE:
        loss = float((hours * people * v["loaded_rate_per_hour"]).mean())
        rows.append((question, f"{ledger.say(people, 'people', id='people_supposed')} people wait", ledger.say(loss, "money", id="loss_supposed")))
        question = ""
    rows.append(("", "one customer would leave", "that customer's fee of a year, times the chance; say it in money.contract_value_at_stake_per_year"))
    down = ledger.say(float(a.bad_minutes_weighted.mean()), "minutes", id="bad_minutes_per_year")
    finding = f"What {down} of expected downtime a year cost cannot be said until three questions are answered; until then the promise decides."
    columns = (Column("Question", width=2.2), Column("If the answer is", width=1.6), Column("a year's downtime costs", width=2))
    note = "No average of other companies is put in their place: the published costs per minute are of a few dozen American data centres in 2010."
    parts: list[Part] = [
        missing("Revenue is not known: give money.revenue_per_year, or money.revenue_per_hour."),
        Exhibit(
            "revenue_questions",
            "Three questions that give downtime a price",
            finding,
            Table(columns, tuple(rows)),
            note=note,
            printed=tuple(ledger.printed),
        ),
    ]
    return Chapter(tuple(parts))
