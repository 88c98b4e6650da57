"""What if: a scratch copy of the engagement to try things on; nothing of it is a fact until somebody keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.assessment import Assessment, assess
from readiness.engagement import GivenAnswer
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
        self.assessment = assess(self.room.catalog, self.engagement, as_of=self.room.as_of, today=self.room.engagement, measured=self.room.assessment.measured)
        return self.assessment

    def keep(self, *, who: str = "") -> Saved:
        """Make it a fact: one step of the journal, undone as one."""
        return self.room.put(list(self.wishes.values()), who=who, group=f"what-if {' '.join(self.wishes)[:60]}" if len(self.wishes) > 1 else "")
