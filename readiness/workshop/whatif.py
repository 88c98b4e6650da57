"""What if: a scratch copy of the engagement to try things on; nothing of it is a fact until somebody keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from readiness.assessment import Assessment, assess
from readiness.catalog.schema import Scenario
from readiness.engagement import GivenAnswer
from readiness.errors import ModelError
from readiness.workshop.room import Room, Saved, Wish


@dataclass
class Scratch:
    """A copy that is changed without a trace.

    Parameters
    ----------
    room
        Where it is kept, if it is.
    """

    room: Room
    wishes: dict[str, Wish] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engagement = self.room.engagement
        self.assessment: Assessment = self.room.assessment

    def answer(self, practice: str, answer: str) -> Assessment:
        """Suppose that a practice stood at another answer."""
        found = self.room.catalog.practices[practice]
        self.engagement = self.engagement.with_answer(practice, GivenAnswer(answer=answer))
        self.wishes[f"answers.{practice}"] = Wish(f"answers.{practice}", {"answer": answer})
        return self._suppose(f"{found.title}: {found.answer(answer).text}")

    def way(self, tier: str, way: str) -> Assessment:
        """Suppose that a tier were run another way."""
        self.engagement = self.engagement.with_way(tier, way)
        tiers = [t.model_dump(mode="json", exclude_defaults=True) for t in self.engagement.architecture.tiers]
        self.wishes["architecture.tiers"] = Wish("architecture.tiers", tiers, "architecture")
        return self._suppose(f"{tier}: {self.room.catalog.ways[way][1].title}")

    def _suppose(self, words: str) -> Assessment:
        self.said.append(words)
        self.assessment = assess(self.room.catalog, self.engagement, as_of=self.room.as_of, today=self.room.engagement)
        return self.assessment

    def keep(self, *, who: str = "") -> Saved:
        """Make it a fact: one step of the journal, undone as one."""
        return self.room.put(list(self.wishes.values()), who=who, group=f"what-if {' '.join(self.wishes)[:60]}" if len(self.wishes) > 1 else "")


Reckon = Callable[[Assessment, Scenario], Mapping[str, float]]


def scenario_of(title: str, *, story: str, share_of_users: float, hours_down: float, chance_per_year: float, load_factor: float = 1.0,
                cash: float = 0.0, ends_company: bool = False, needs: tuple[str, ...] = (), source: str = "composed in the room") -> dict[str, Any]:  # fmt: skip
    """An extreme situation put together from building blocks, as it stands in the client's file.

    Parameters
    ----------
    title, story
        In the room's own words.
    share_of_users
        Whom it harms, 0 to 1.
    hours_down, cash
        How long until users are served again, and what it costs besides, in the client's currency.
    chance_per_year
        How often, 0.1 is once in ten years.
    load_factor
        Times the usual peak.
    """
    import re
    import unicodedata

    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    word = "_".join(re.findall(r"[a-z0-9]+", folded))[:40].strip("_")
    spread = {"source": source, "evidence": "estimated"}

    def about(value: float, factor: float, top: float | None = None) -> dict[str, Any]:
        high = value * factor
        if top is not None and high >= top:
            return {"low": value, "likely": value, "high": value, **spread} if value >= top else {"low": value / factor, "likely": value, "high": (value + top) / 2, **spread}
        return {"low": value / factor, "likely": value, "high": high, **spread}

    if not hours_down > 0 or not chance_per_year > 0 or not 0 < share_of_users <= 1:
        raise ModelError("a situation needs hours, a chance and a share of users above nothing")
    effect: dict[str, Any] = {"reach": about(share_of_users, 1.3, 1.0), "minutes": [hours_down * 60]}
    if load_factor > 1:
        effect["load_factor"] = load_factor
    if cash > 0:
        effect["cash"] = about(cash, 2.0)
    return {"id": f"own_{word}" if word else "own_scenario", "title": title, "story": story, "chance_per_year": about(chance_per_year, 3.0),
            "effect": effect, "needs": list(needs), "ends_company": ends_company}  # fmt: skip


def one_event(a: Assessment, share_of_users: float, hours_down: float, cash: float = 0.0) -> tuple[float, float]:
    """Bad minutes and expected loss of one such event, by the client's own revenue.

    Returns
    -------
    tuple
        Minutes weighted by reach; money in the client's currency.

    Notes
    -----
    Loss = hours x share of users x revenue per hour x share of it that is lost for good, plus cash: the mean over the common draws.
    """
    minutes = share_of_users * hours_down * 60
    per_hour = float((a.values["revenue_per_hour"] * a.values["lost_share"]).mean())
    return minutes, minutes / 60 * per_hour + cash
