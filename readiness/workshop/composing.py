"""The room's own extreme situation, put together from building blocks and reckoned at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from readiness.assessment.scenarios import scenario_result
from readiness.catalog.schema import Scenario
from readiness.engagement.store import value_at
from readiness.errors import UsageError
from readiness.forms import Sheet
from readiness.text import Ledger
from readiness.workshop.room import Room, Wish

WHOLE = "whole"
OFTEN = (("1", "about once a year"), ("0.3", "once in three years"), ("0.1", "once in ten years"), ("0.03", "once in thirty years"))
_START = {
    "title": "",
    "story": "",
    "hits": WHOLE,
    "share": 100,
    "hours": 4,
    "factor": None,
    "minutes": None,
    "cash": None,
    "people": None,
    "often": "0.1",
    "ends": False,
}


def _about(value: float, spread: float, most: float | None = None) -> dict[str, Any]:
    """A range around what somebody says in a room, wide as such sayings are; a share never reaches 1 unless it is 1."""
    words = {"source": "composed in the room", "evidence": "estimated"}
    if most is not None and value >= most:
        return {"low": most, "likely": most, "high": most, **words}
    high = value * spread if most is None else min(value * spread, (value + most) / 2)
    return {"low": value / spread, "likely": value, "high": high, **words}


def scenario_of(blocks: Mapping[str, Any]) -> dict[str, Any]:
    """A situation as it stands in a client's file.

    Parameters
    ----------
    blocks
        ``title`` and ``story`` in the room's words; ``hits`` a need or everything; ``share`` of users in per cent;
        ``hours`` until users are served again, beyond noticing and starting work, which are the client's own numbers;
        ``factor`` times the usual peak within ``minutes``; ``cash`` it costs besides; ``people`` hours; how ``often`` a
        year; whether it ``ends`` the company.

    Raises
    ------
    UsageError
        When a block is missing or cannot be.
    """
    title, story = str(blocks.get("title") or "").strip(), str(blocks.get("story") or "").strip()
    if not title:
        raise UsageError("needs a name", place="title")
    share, hours, often = (_number(blocks, name) for name in ("share", "hours", "often"))
    if not share or not 0 < share <= 100 or not hours or hours <= 0 or not often or often <= 0:
        raise UsageError("needs the share of users it reaches (more than 0, at most 100 %), how long it lasts and how often it happens")
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    word = "_".join(re.findall(r"[a-z0-9]+", folded))[:40].strip("_")
    effect: dict[str, Any] = {"reach": _about(share / 100, 1.3, 1.0), "minutes": ["detect_minutes", "engage_minutes", hours * 60]}
    factor, minutes, cash, people = (_number(blocks, name) for name in ("factor", "minutes", "cash", "people"))
    if factor and factor > 1:
        effect |= {"load_factor": factor, "over_minutes": minutes or 5}
    if cash and cash > 0:
        effect["cash"] = _about(cash, 2)
    if people and people > 0:
        effect["hours"] = _about(people, 2)
    hits = str(blocks.get("hits") or WHOLE)
    return {"id": f"own_{word}" if word else "own_situation", "title": title, "story": story if len(story) >= 3 else title.ljust(3, "."),
            "chance_per_year": _about(often, 3), "needs": [] if hits == WHOLE else [hits], "effect": effect, "ends_company": bool(blocks.get("ends"))}  # fmt: skip


def _number(blocks: Mapping[str, Any], name: str) -> float | None:
    value = blocks.get(name)
    try:
        return float(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        raise UsageError(f'"{str(value)[:40]}" is not a number', place=name) from None


class Composer:
    """A sheet of building blocks, and what comes out."""

    def __init__(self, room: Room) -> None:
        self.room = room
        needs = {t.need: room.catalog.services[t.need].title for t in room.engagement.architecture.tiers}
        currency = room.engagement.client.currency
        hit = [{"id": WHOLE, "text": "the whole product"}, *({"id": need, "text": title} for need, title in needs.items())]
        self.sheet = Sheet(
            title="The most extreme situation for this product",
            intro="Compose it, see what it does, keep it for the report. Noticing it and starting work take as long as everywhere in this workbook.",
            fields=[
                {"key": "title", "label": "Call it", "kind": "text"},
                {"key": "story", "label": "What happens", "kind": "long", "limit": 400},
                {"key": "hits", "label": "It takes down", "kind": "choice", "options": hit},
                {"key": "share", "label": "It reaches", "kind": "slider", "low": 1, "high": 100, "step": 1, "unit": "% of users"},
                {"key": "hours", "label": "Once somebody works on it, it lasts", "kind": "number", "unit": "hours"},
                {"key": "factor", "label": "Traffic", "kind": "number", "unit": "times the usual peak", "hint": "left open when it is not about load"},
                {"key": "minutes", "label": "within", "kind": "number", "unit": "minutes"},
                {"key": "cash", "label": "It costs besides", "kind": "number", "unit": currency},
                {"key": "people", "label": "and takes people", "kind": "number", "unit": "hours"},
                {"key": "often", "label": "It happens", "kind": "choice", "options": [{"id": often, "text": text} for often, text in OFTEN]},
                {"key": "ends", "label": "It could end the company", "kind": "yes"},
            ],
            values=dict(_START),
            actions=[{"id": "try", "text": "See what it does", "main": True, "saves": False}, {"id": "keep", "text": "Keep it for the report"}],
        )  # fmt: skip
        self.sheet.on_said(self._said)

    def _said(self, message: Mapping[str, Any]) -> None:
        if message["do"] in ("set", "slide") and message.get("key") in _START:
            self.sheet.values = self.sheet.values | {str(message["key"]): message.get("value")}
            if self.sheet.rows or message["do"] == "slide":
                self._compute(quietly=True)
            if message["do"] == "set":
                self.sheet.show("ready", "")
            return
        if message["do"] != "press":
            return
        found = self._compute()
        if found is not None and message.get("action") == "keep":
            others = [s for s in value_at(self.room.raw, "scenarios") or [] if s.get("id") != found["id"]]
            saved = self.room.put([Wish("scenarios", [*others, found], "scenario")])
            self.sheet.show(saved.state, saved.text, saved.hint)

    def _compute(self, *, quietly: bool = False) -> dict[str, Any] | None:
        try:
            found = scenario_of(self.sheet.values)
            scenario = Scenario.model_validate(found)
        except (UsageError, ValidationError) as problem:
            if not quietly:
                words = str(problem) if isinstance(problem, UsageError) else "one of the blocks cannot be: " + str(problem.errors()[0]["msg"])
                self.sheet.show("refused", words)
            return None
        self.sheet.rows = list(told(self.room, scenario))
        if not quietly:
            self.sheet.show("ready", "Reckoned, not saved: nothing of it is in the client's file yet")
        return found


def told(room: Room, scenario: Scenario) -> tuple[str, ...]:
    """What a situation does, in sentences."""
    result = scenario_result(room.assessment, scenario)
    ledger = Ledger(room.engagement.client.currency)
    if not result.applies:
        return ("It hits nothing that this client runs.",)

    def about(draws: Any, unit: str, name: str) -> str:
        from readiness.models.uncertainty import band

        b = band(draws)
        return f"{ledger.say(b.mean, unit, id=name)} ({ledger.range(b.low, b.high, unit, id=name)})"

    return (
        f"Verdict: {result.verdict}.",
        f"Users are served again after {about(result.minutes, 'minutes', 'own.minutes')}.",
        f"It costs {about(result.loss, 'money', 'own.loss')} when it happens, and {about(result.hours, 'hours', 'own.hours')} of people.",
        (
            f"The chance to see it within a year is {ledger.say(float(result.chance.mean()), 'share', id='own.chance')}; "
            f"that is {ledger.say(float(result.cost_per_year.mean()), 'money', id='own.cost')} a year."
        ),
    )
