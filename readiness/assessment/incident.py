"""One incident, minute by minute: as it would go today, and with better answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from readiness.assessment.assess import Assessment
from readiness.assessment.causes import HANDLING
from readiness.assessment.easing import as_well_known, better_answer
from readiness.assessment.situations import Phase
from readiness.language import N_, Words
from readiness.models import Array
from readiness.moves import Values
from readiness.practices import applies, with_practice

# What one may say beside a bar; the full meaning stands in the assumptions.
PHASE_WORDS = Words({
    "detect_minutes": N_("noticing"),
    "engage_minutes": N_("somebody starts"),
    "repair_minutes": N_("repairing"),
    "absent_minutes": N_("nobody who knows it"),
    "change_identify_minutes": N_("finding the change"),
    "rollback_minutes": N_("going back"),
    "restore_hours": N_("restoring data"),
    "rebuild_hours": N_("rebuilding"),
    "overload_minutes": N_("adding capacity"),
    "security_outage_minutes": N_("containing it"),
    "zone_recovery_minutes": N_("zone comes back"),
    "region_recovery_hours": N_("serving from elsewhere"),
    "account_recovery_hours": N_("account comes back"),
    "failover_minutes": N_("failing over"),
    "fixed": N_("as the story has it"),
})


@dataclass(frozen=True)
class Step:
    """A practice at its best answer, and the minutes it spares in one incident."""

    practice: str
    title: str
    answer: str
    spared_minutes: Array


@dataclass(frozen=True)
class IncidentResult:
    """The parts of an incident today and with every better answer in place; per draw."""

    today: tuple[Phase, ...]
    better: tuple[Phase, ...]
    steps: tuple[Step, ...]

    @property
    def minutes_today(self) -> Array:
        return np.asarray(np.sum([p.minutes for p in self.today], axis=0))

    @property
    def minutes_better(self) -> Array:
        return np.asarray(np.sum([p.minutes for p in self.better], axis=0))


def incident(a: Assessment) -> IncidentResult:
    """A fault at any hour, from the first harmed user until users are served again.

    Examples
    --------
    Where does the time go when something breaks? ``max(incident(a).today, key=lambda p: p.minutes.mean()).title``
    """
    today = _handled(a.values)
    minutes = np.sum([p.minutes for p in today], axis=0)
    values, altered, steps = a.values, a.engagement, []
    for practice in a.catalog.practices.values():
        touched = {m.target for answer in practice.answers for m in answer.moves}
        if not touched & set(HANDLING) or not applies(practice, a.engagement, a.catalog):
            continue
        answer = better_answer(practice, a.engagement)
        if answer is None:
            continue
        altered = altered.with_answer(practice.id, as_well_known(a.engagement, practice.id, answer))
        alone = with_practice(a.values, a.catalog, altered, practice.id, as_of=a.as_of)
        spared = minutes - np.sum([p.minutes for p in _handled(alone)], axis=0)
        steps.append(Step(practice.id, practice.title, practice.answer(answer).text, spared))
        values = with_practice(values, a.catalog, altered, practice.id, as_of=a.as_of)
    helpful = [s for s in steps if float(s.spared_minutes.mean()) > 0]
    return IncidentResult(today, _handled(values), tuple(sorted(helpful, key=lambda s: -float(s.spared_minutes.mean()))))


def _handled(values: Values) -> tuple[Phase, ...]:
    absent = values["responder_absent_share"] * values["absent_minutes"]
    parts = {"detect_minutes": values["detect_minutes"], "engage_minutes": values["engage_minutes"], "absent_minutes": absent,
             "repair_minutes": values["repair_minutes"]}  # fmt: skip
    return tuple(Phase(name, PHASE_WORDS[name], minutes) for name, minutes in parts.items())


__all__ = ["PHASE_WORDS", "IncidentResult", "Step", "incident"]
