"""The summary of a batch: a row for every client, failed first, as CSV, JSON and HTML, and totals that add up."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from readiness.batch.outcome import KIND_WORDS, Kind, Outcome
from readiness.batch.record import FILE_NAME
from readiness.batch.runner import Results
from readiness.report.make import put_in_place
from readiness.text import escape_html, escape_sheet

_STATE_WORDS = {"finished": "", "aborted": "stopped after too many failures", "interrupted": "interrupted"}


def in_order(results: Results) -> list[Outcome]:
    """Failed first, by kind and name; then those that are done, by name."""
    kinds = list(KIND_WORDS)
    return sorted(results.outcomes, key=lambda o: (o.done, kinds.index(o.kind) if o.kind else 0, o.name))


def totals(results: Results) -> dict[str, int]:
    """How many clients there were, how many are done, and how many of each kind are not; the parts add up."""
    count: Counter[Kind | None] = Counter(o.kind for o in results.outcomes)
    return {"clients": len(results.outcomes), "done": count[None], "failed": len(results.failed)} | {
        kind: count[kind] for kind in KIND_WORDS if count[kind]
    }


def sentence(results: Results) -> str:
    """What became of the batch in one sentence.

    Examples
    --------
    >>> sentence(Results((Outcome("acme", "acme.yaml", None), Outcome("beta", "beta.yaml", "timeout")), "finished", "2026-11-23"))
    '1 of 2 clients done, 1 failed (1 timeout)'
    """
    counted = totals(results)
    kinds = ", ".join(f"{counted[kind]} {words}" for kind, words in KIND_WORDS.items() if kind in counted)
    told = f"{counted['done']} of {counted['clients']} clients done" + (f", {counted['failed']} failed ({kinds})" if kinds else "")
    return told + (f"; {_STATE_WORDS[results.state]}" if _STATE_WORDS[results.state] else "")


def of_others(out: Path, results: Results) -> list[str]:
    """Folders that hold a record and belong to no client of this batch: a report there is older and may look fresh."""
    mine = {outcome.name for outcome in results.outcomes}
    return sorted(record.parent.name for record in out.glob(f"*/{FILE_NAME}") if record.parent.name not in mine)


def labels(results: Results) -> list[str]:
    """What the columns of headlines are called: as the first report with most of them says them, whatever the language of the others."""
    return [label for label, _ in max((o.headline for o in results.outcomes), key=len, default=())]


def _numbers(outcome: Outcome, found: Sequence[str]) -> list[str]:
    """A client's headlines by their place: reports of one notebook say the same things in the same order."""
    values = [value for _, value in outcome.headline]
    return [*values, *[""] * (len(found) - len(values))]


def as_csv(results: Results) -> str:
    """For a spreadsheet: nothing in it is a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    found = labels(results)
    writer.writerow(["client", "state", "kind", "said", *map(escape_sheet, found), "engagement", "report"])
    for outcome in in_order(results):
        row = [
            outcome.name,
            outcome.state,
            outcome.kind or "",
            outcome.said,
            *_numbers(outcome, found),
            outcome.engagement,
            _first_file(outcome),
        ]
        writer.writerow([escape_sheet(" ".join(cell.split())) for cell in row])
    return buffer.getvalue()


def as_json(results: Results) -> str:
    """For other programs."""
    found = labels(results)
    rows = [
        {
            "client": o.name,
            "state": o.state,
            "kind": o.kind,
            "said": o.said,
            "engagement": o.engagement,
            "headline": dict(zip(found, (value for _, value in o.headline), strict=False)),
            "outputs": dict(o.outputs),
        }
        for o in in_order(results)
    ]
    content = {"as_of": results.as_of, "state": results.state, "totals": totals(results), "clients": rows}
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def timings(results: Results) -> str:
    """Where the time of this very run went: the only file of a batch that is another one each time."""
    rows = {
        o.name: {"kept": o.kept, "starts": o.attempts, "seconds": round(o.seconds, 3), "peak_megabytes": round(o.peak_megabytes),
                 "parts": {part: round(seconds, 3) for part, seconds in o.parts.items()}}
        for o in results.outcomes
    }  # fmt: skip
    content = {
        "seconds": round(results.seconds, 3),
        "seconds_to_start": round(results.seconds_to_start, 3),
        "workers": results.workers,
        "clients": rows,
    }
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


_STYLE = (
    "body{font:15px/1.5 Lato,Helvetica,Arial,sans-serif;color:#1c2530;margin:2rem auto;max-width:76rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid #cfd6dd}"
    ".failed td:nth-child(2){color:#9b2c1f;font-weight:bold}.scroll{overflow-x:auto}"
)


def as_html(results: Results) -> str:
    """One page without scripts; every text is escaped here and nowhere else."""
    e = escape_html
    found = labels(results)
    heads = "".join(f'<th scope="col">{e(head)}</th>' for head in ("Client", "State", *found, "What happened"))
    rows = "".join(_row(outcome, found) for outcome in in_order(results))
    counted = "".join(f"<li>{e(number)} {e(KIND_WORDS.get(kind, kind))}</li>" for kind, number in totals(results).items())  # type: ignore[call-overload]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Batch of {e(results.as_of)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>Reports as of {e(results.as_of)}</h1><p>{e(sentence(results))}.</p><ul>{counted}</ul>"
        f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></main></body></html>\n'
    )


def _row(outcome: Outcome, found: list[str]) -> str:
    e = escape_html
    file = _first_file(outcome)
    name = f'<a href="{e(quote(file))}">{e(outcome.name)}</a>' if file else e(outcome.name)
    state = KIND_WORDS[outcome.kind] if outcome.kind else "done"
    cells = "".join(f"<td>{e(value)}</td>" for value in _numbers(outcome, found))
    return f'<tr class="{outcome.state}"><td>{name}</td><td>{e(state)}</td>{cells}<td>{e(outcome.said)}</td></tr>\n'


def _first_file(outcome: Outcome) -> str:
    """The file that a person opens first."""
    order = ("report.pdf", "report.html")
    names = sorted(outcome.outputs, key=lambda name: (order.index(name) if name in order else len(order), name))
    return f"{outcome.name}/{names[0]}" if names else ""


def write_summary(out: Path, results: Results) -> tuple[Path, ...]:
    """Put the summary beside the reports."""
    contents = {"summary.csv": as_csv(results), "summary.json": as_json(results), "summary.html": as_html(results), "timings.json": timings(results)}
    put_in_place(out, {name: text.encode() for name, text in contents.items()})
    return tuple(out / name for name in contents)


def rows_for_screen(results: Results) -> list[tuple[str, str, str]]:
    """Client, state, and what matters most about it."""
    return [(o.name, KIND_WORDS[o.kind] if o.kind else "done" + (", kept" if o.kept else ""), _what_matters(o)) for o in in_order(results)]


def _what_matters(outcome: Outcome) -> str:
    if not outcome.done:
        return outcome.said
    return "; ".join(value for _, value in outcome.headline[:2])


def plain(results: Results) -> dict[str, Any]:
    """The summary as data, for ``--json``."""
    found: dict[str, Any] = json.loads(as_json(results))
    return found
