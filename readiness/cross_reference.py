"""From other question banks to our practices, always as *claimed*, with what could not be mapped; and our bank as a lens."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.catalog import Catalog, data_folder
from readiness.catalog.schema import Practice
from readiness.engagement.schema import GivenAnswer
from readiness.errors import DataError, ImportFileError
from readiness.readers.azure import Checklist
from readiness.readers.lens import Choice, Lens, Pillar, Question
from readiness.readers.lens_writing import rules_by_level
from readiness.readers.scorecard import Scorecard
from readiness.yaml_source import read_yaml

LARGEST_ANSWERS_BYTES = 5_000_000
BEST_PRACTICE = re.compile(r"\b(?:OPS|SEC|REL|PERF|COST|SUS)\d{2}-BP\d{2}\b", re.IGNORECASE)
# A rule's risk as the level it speaks for: what is without risk is taken for good practice, what is at high risk for none.
LEVEL_OF_RISK = {"NO_RISK": 3, "MEDIUM_RISK": 2, "HIGH_RISK": 0}
Selected = Mapping[tuple[str, str], Collection[str]]


@dataclass(frozen=True)
class Mapped:
    """Answers that another bank gives to our questions, and its questions that none of ours asks."""

    answers: dict[str, GivenAnswer]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """What another tool says about one of our practices; practice None where none of ours asks it."""

    practice: str | None
    said: str


def read_selected(path: Path) -> Selected:
    """The answers to a lens: a list as the provider's interface prints it, or pillar to question to choices.

    Raises
    ------
    ImportFileError
        When the file is neither.
    """
    try:
        if path.stat().st_size > LARGEST_ANSWERS_BYTES:
            raise ImportFileError(f"is larger than {LARGEST_ANSWERS_BYTES:,} bytes", file=path)
        content: Any = json.loads(path.read_text("utf-8-sig"))
    except OSError as problem:
        raise ImportFileError(f"cannot be read: {problem.strerror}", file=path) from None
    except (ValueError, RecursionError) as problem:
        raise ImportFileError(f"is not JSON: {str(problem)[:120]}", file=path) from None
    found: dict[tuple[str, str], list[str]] = {}
    listed = content.get("Answers", content.get("AnswerSummaries")) if isinstance(content, dict) else content
    if isinstance(listed, list):
        for answer in listed:
            if not isinstance(answer, dict) or "QuestionId" not in answer:
                raise ImportFileError("holds an answer without a QuestionId", file=path)
            found[str(answer.get("PillarId", "")), str(answer["QuestionId"])] = [str(c) for c in answer.get("SelectedChoices") or []]
        return found
    if isinstance(content, dict) and all(isinstance(questions, dict) for questions in content.values()):
        for pillar, questions in content.items():
            for question, choices in questions.items():
                found[str(pillar), str(question)] = [str(c) for c in choices] if isinstance(choices, list) else [str(choices)]
        return found
    raise ImportFileError("holds no answers to a lens", file=path, hint='write {"pillar": {"question": ["choice"]}}, or hand in the list of answers as exported')


def map_lens(lens: Lens, selected: Selected, catalog: Catalog, *, name: str) -> Mapped:
    """Our answers that an answered lens supports.

    Notes
    -----
    A question that carries one of our ids (a lens that `bank_as_lens` wrote) is mapped choice by choice. Otherwise a question
    that names a best practice of the AWS framework which one of our practices refers to is mapped by the risk of its answer:
    without risk to the lowest answer at level 3, medium risk to level 2, high risk to the lowest. Several questions about
    one practice keep the worst. Nothing is more than *claimed*.
    """
    by_reference: dict[str, list[Practice]] = {}
    for practice in catalog.practices.values():
        for identifier in BEST_PRACTICE.findall(practice.see_also.get("aws_lens", "")):
            by_reference.setdefault(identifier.upper(), []).append(practice)
    levels: dict[str, tuple[int, str]] = {}
    unmapped: list[str] = []
    for pillar in lens.pillars:
        for question in pillar.questions:
            own = catalog.practices.get(question.id)
            chosen = selected.get((pillar.id, question.id), selected.get(("", question.id)))
            if chosen is None and own is not None:
                # A lens of ours may have joined two dimensions into one pillar; our ids are unique without it.
                chosen = next((choices for (_, question_id), choices in selected.items() if question_id == own.id), None)
            if chosen is None:
                continue
            if own is not None and (direct := [a for a in own.answers if a.id in chosen]):
                best = max(direct, key=lambda a: a.level)
                levels[own.id] = (best.level, best.id)
                continue
            practices = _named_practices(question, by_reference)
            if not practices:
                unmapped.append(question.title)
                continue
            wanted = LEVEL_OF_RISK.get(question.risk(chosen), 0)
            for practice in practices:
                answer = max((a for a in practice.answers if a.level <= wanted and not a.needs_reason), key=lambda a: a.level, default=practice.answers[0])
                if practice.id not in levels or answer.level < levels[practice.id][0]:
                    levels[practice.id] = (answer.level, answer.id)
    given = {p: GivenAnswer(answer=a, rung="claimed", note=f"from the answered lens {name}"[:200]) for p, (_, a) in levels.items()}
    return Mapped(given, tuple(unmapped))


def _named_practices(question: Question, by_reference: Mapping[str, list[Practice]]) -> list[Practice]:
    texts = [question.id, question.title, question.description]
    for choice in question.choices:
        texts += [choice.id, choice.title, choice.helpful_text, choice.helpful_url, choice.improvement_text, choice.improvement_url]
    named = {identifier.upper() for text in texts for identifier in BEST_PRACTICE.findall(text)}
    return list({p.id: p for identifier in sorted(named) for p in by_reference.get(identifier, [])}.values())


def bank_as_lens(catalog: Catalog) -> Lens:
    """Our practices as an AWS custom lens: dimensions are pillars, answers are choices, levels decide the risk."""
    pillars = []
    for dimension in catalog.dimensions:
        questions = tuple(_question(p) for p in catalog.practices.values() if p.dimension == dimension.id)
        if questions:
            pillars.append(Pillar(dimension.id, dimension.title, questions))
    return Lens("Production readiness", "The questions of the production-readiness workbook; the levels of the answers decide the risk.", tuple(pillars), ())


def _question(practice: Practice) -> Question:
    remedies = {r.to: r.source for r in practice.remedies}
    choices = tuple(Choice(a.id, a.text, helpful_text=practice.why, improvement_text=remedies.get(a.id, practice.evidence)) for a in practice.answers)
    rules = rules_by_level([a.id for a in practice.answers if a.level >= 3], [a.id for a in practice.answers if a.level == 2])
    none = Choice(f"{practice.id}_no", "None of these", is_none=True)
    return Question(practice.id, practice.question, practice.why, (*choices, none), rules)


def _table(name: str) -> dict[str, str]:
    content = read_yaml(data_folder() / "cross_references.yaml", DataError).content
    return dict(content[name])


def hints_from_scorecard(scorecard: Scorecard) -> tuple[Hint, ...]:
    """What an OpenSSF Scorecard says about our practices; inconclusive checks (-1) say nothing."""
    table = _table("scorecard")
    return tuple(Hint(table.get(c.name), f"{c.name}: {c.score:g} of 10. {c.reason}") for c in scorecard.checks if c.score is not None)


def hints_from_checklist(checklist: Checklist) -> tuple[Hint, ...]:
    """What a filled-in Azure review checklist says about our practices."""
    table = _table("azure_category")
    hints = []
    for check in checklist.checks:
        if check.status and check.status.lower() not in ("not verified", ""):
            words = f"{check.category} {check.subcategory}".lower()
            practice = next((p for word, p in table.items() if word in words), None)
            hints.append(Hint(practice, f"{check.text} ({check.status})"))
    return tuple(hints)
