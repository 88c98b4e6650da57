"""The plan as a CSV file that Jira, Linear and GitHub take in."""

from __future__ import annotations

import csv
from io import StringIO

from readiness.language import tr
from readiness.report.whole import Whole
from readiness.text import escape_sheet
from readiness.text import whole as as_whole

# Jira maps any head; Linear and GitHub's importers read Title, Description and Labels.
HEADS = ("Title", "Summary", "Description", "Labels", "Milestone", "Estimate", "Assignee")


def write_issues(whole: Whole) -> str:
    """One row for each step of the plan, one head for each field.

    Parameters
    ----------
    whole
        The assessment as plain data.

    Returns
    -------
    str
        CSV with a head and, when nothing is planned, no rows. A cell never begins like a formula.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for step in whole.plan:
        hours = "" if step.hours is None else f"{round(step.hours, 1):g}"
        cash = tr(" Cash a month: {currency} {cost}.", currency=whole.client.currency, cost=as_whole(step.cost_per_month)) if step.cost_per_month is not None and abs(step.cost_per_month) >= 0.5 else ""
        told = f"{step.why}{'' if not step.why or step.why.endswith('.') else '.'}{cash}".strip()
        row = (step.title, step.title, told, f"readiness,{step.kind}", step.quarter, hours, step.owner)
        writer.writerow([escape_sheet(cell) for cell in row])
    return out.getvalue()
