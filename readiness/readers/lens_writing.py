"""Writing a question bank as an AWS custom lens that the console accepts."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from readiness.errors import DataError
from readiness.readers.lens import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_CHOICES,
    MOST_PILLARS,
    MOST_QUESTIONS,
    RISKS,
    SCHEMA,
    Choice,
    Lens,
    Pillar,
    Question,
    RiskRule,
)
from readiness.readers.lens_rules import RuleError, condition_of

LONGEST_LENS = 500_000
"""Characters of the whole file (``LensJSON`` of the API)."""


def rules_by_level(without_risk: Iterable[str], with_medium_risk: Iterable[str]) -> tuple[RiskRule, ...]:
    """Risk rules for a question whose choices are levels: the best one that is ticked counts, anything else is high risk.

    Examples
    --------
    >>> [(rule.text, rule.risk) for rule in rules_by_level(["rota", "follow_the_sun"], ["one_person"])]
    [('rota || follow_the_sun', 'NO_RISK'), ('one_person', 'MEDIUM_RISK'), ('default', 'HIGH_RISK')]
    """
    rules = []
    for names, risk in ((without_risk, "NO_RISK"), (with_medium_risk, "MEDIUM_RISK")):
        text = " || ".join(names)
        if text:
            rules.append(RiskRule(text, condition_of(text), risk))
    return (*rules, RiskRule("default", None, "HIGH_RISK", is_default=True))


def write_lens(bank: Lens) -> dict[str, Any]:
    """The bank as the document of a custom lens, schema 2021-11-01.

    Parameters
    ----------
    bank
        Title, pillars, questions, choices and rules. A rule counts by its ``text`` and ``risk``.

    Returns
    -------
    A document for ``json.dump``. Long texts are cut at the limits with "…", a cut title goes on in the description;
    more than ten pillars are joined with their neighbours, fewest questions first.

    Raises
    ------
    DataError
        What cannot be brought within the limits: too many questions or choices, an id with other signs than letters,
        digits and underscores, a rule that names no choice of its question, a missing default.

    Notes
    -----
    Limits of the AWS Well-Architected Tool, "Lens format specification": 10 pillars, 20 questions each, 15 choices each,
    titles of 128, texts of 2,048 and a file of 500,000 characters.
    """
    pillars = _joined(list(bank.pillars))
    _unique([pillar.id for pillar in pillars], bank.name, "pillar")
    document: dict[str, Any] = {
        "schemaVersion": SCHEMA,
        "name": _cut(bank.name, LONGEST_TITLE, "lens", "name"),
        "description": _cut(bank.description or bank.name, LONGEST_TEXT, "lens", "description"),
        "pillars": [_pillar(pillar) for pillar in pillars],
    }
    size = len(json.dumps(document, ensure_ascii=False))
    if size > LONGEST_LENS:
        raise DataError(
            f"would have {size:,} characters; the console takes {LONGEST_LENS:,}", place=bank.name
        )
    return document


def _joined(pillars: list[Pillar]) -> list[Pillar]:
    while len(pillars) > MOST_PILLARS:
        sizes = [
            len(one.questions) + len(other.questions)
            for one, other in itertools.pairwise(pillars)
        ]
        place = sizes.index(min(sizes))
        if sizes[place] > MOST_QUESTIONS:
            raise DataError(
                f"has {len(pillars)} pillars that cannot be joined into {MOST_PILLARS}", place="pillars"
            )
        one, other = pillars[place], pillars[place + 1]
        joined = Pillar(
            f"{one.id}_{other.id}"[:LONGEST_TITLE],
            f"{one.name} / {other.name}",
            one.questions + other.questions,
        )
        pillars[place : place + 2] = [joined]
    return pillars


def _cut(text: str, longest: int, place: str, what: str) -> str:
    text = " ".join(text.split()) if longest == LONGEST_TITLE else text.strip()
    if not text:
        raise DataError(f"has no {what}", place=place)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _id(name: str, place: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_]{1,128}", name):
        words = f"has the id {name[:60]!r}; a lens allows 1 to 128 letters, digits and underscores"
        raise DataError(words, place=place)
    return name


def _unique(names: Sequence[str], place: str, what: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f'has the {what} "{twice}" twice', place=place)


def _pillar(pillar: Pillar) -> dict[str, Any]:
    if not 1 <= len(pillar.questions) <= MOST_QUESTIONS:
        raise DataError(
            f"has {len(pillar.questions)} questions; a lens allows 1 to {MOST_QUESTIONS}", place=pillar.id
        )
    _unique([question.id for question in pillar.questions], pillar.id, "question")
    return {
        "id": _id(pillar.id, "pillars"),
        "name": _cut(pillar.name, LONGEST_TITLE, pillar.id, "name"),
        "questions": [_question(question, f"{pillar.id}.{question.id}") for question in pillar.questions],
    }


def _question(question: Question, place: str) -> dict[str, Any]:
    if not 1 <= len(question.choices) <= MOST_CHOICES:
        raise DataError(
            f"has {len(question.choices)} choices; a lens allows 1 to {MOST_CHOICES}", place=place
        )
    _unique([choice.id for choice in question.choices], place, "choice")
    if sum(choice.is_none for choice in question.choices) > 1:
        raise DataError('has several choices that mean "none of these"', place=place)
    title = _cut(question.title, LONGEST_TITLE, place, "title")
    description = question.description
    if title.endswith("…") and not question.title.endswith("…"):
        description = f"{question.title}\n\n{description}"
    return {
        "id": _id(question.id, place),
        "title": title,
        "description": _cut(description or question.title, LONGEST_TEXT, place, "description"),
        "choices": [_choice(choice, f"{place}.{choice.id}") for choice in question.choices],
        "riskRules": _rules(question, place),
    }


def _choice(choice: Choice, place: str) -> dict[str, Any]:
    if choice.is_none != choice.id.endswith("_no"):
        raise DataError('the suffix "_no" marks the choice "none of these", and nothing else', place=place)
    written: dict[str, Any] = {
        "id": _id(choice.id, place),
        "title": _cut(choice.title, LONGEST_TITLE, place, "title"),
    }
    help_text = choice.helpful_text or choice.title
    written["helpfulResource"] = _resource(help_text, choice.helpful_url, place)
    if not choice.is_none:
        written["improvementPlan"] = _resource(
            choice.improvement_text or help_text, choice.improvement_url, place
        )
    return written


def _resource(text: str, url: str, place: str) -> dict[str, str]:
    resource = {"displayText": _cut(text, LONGEST_TEXT, place, "text")}
    if url:
        if not re.fullmatch(r"https?://[^\s\"<>]{1,2040}", url):
            raise DataError(f"has the link {url[:60]!r}, which is no web address", place=place)
        resource["url"] = url
    return resource


def _rules(question: Question, place: str) -> list[dict[str, str]]:
    names = {choice.id for choice in question.choices}
    written, risks = [], []
    for rule in question.rules:
        if rule.risk not in RISKS:
            raise DataError(f'has the risk "{rule.risk}"', place=place)
        if not rule.is_default:
            try:
                unknown = condition_of(rule.text).names - names
            except RuleError as error:
                raise DataError(f"the condition {rule.text[:60]!r} {error}", place=place) from error
            if unknown:
                raise DataError(f'a rule names "{min(unknown)}", which is no choice', place=place)
        written.append({"condition": "default" if rule.is_default else rule.text, "risk": rule.risk})
        risks.append(rule.risk)
    _unique(risks, place, "risk")
    if sum(rule.is_default for rule in question.rules) != 1:
        raise DataError("needs one default rule", place=place)
    return sorted(written, key=lambda rule: rule["condition"] == "default")
