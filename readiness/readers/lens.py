"""AWS Well-Architected custom lenses: read with all the faults that real ones have, and score by their own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readiness.errors import ImportFileError
from readiness.readers.lens_rules import Condition, RuleError, condition_of
from readiness.readers.opening import read_json

SCHEMA = "2021-11-01"
RISKS = ("NO_RISK", "MEDIUM_RISK", "HIGH_RISK")
UNDEFINED = "UNDEFINED"
UNANSWERED = "UNANSWERED"
LONGEST_TITLE = 128
LONGEST_TEXT = 2048
MOST_PILLARS, MOST_QUESTIONS, MOST_CHOICES = 10, 20, 15


@dataclass(frozen=True, slots=True)
class Choice:
    """One best practice that can be ticked, or "none of these"."""

    id: str
    title: str
    is_none: bool = False
    helpful_text: str = ""
    helpful_url: str = ""
    improvement_text: str = ""
    improvement_url: str = ""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A condition and the risk it means; the condition is missing when it could not be read."""

    text: str
    condition: Condition | None
    risk: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ids of choices are valid within it only."""

    id: str
    title: str
    description: str
    choices: tuple[Choice, ...]
    rules: tuple[RiskRule, ...]

    @property
    def practices(self) -> tuple[Choice, ...]:
        """The choices without "none of these"."""
        return tuple(choice for choice in self.choices if not choice.is_none)

    @property
    def none_choice(self) -> Choice | None:
        """The choice "none of these", if the lens has one."""
        return next((choice for choice in self.choices if choice.is_none), None)

    def risk(self, chosen: Collection[str] | None) -> str:
        """The risk of an answer: the first rule that holds, the default last wherever it stands.

        Parameters
        ----------
        chosen
            The ids of the ticked choices; nothing at all (``None``) is unanswered, which is not the default.
        """
        if chosen is None:
            return UNANSWERED
        ticked = frozenset(chosen)
        for rule in self.rules:
            if not rule.is_default and rule.condition is not None and rule.condition.holds(ticked):
                return rule.risk
        return next((rule.risk for rule in self.rules if rule.is_default), UNDEFINED)


@dataclass(frozen=True, slots=True)
class Pillar:
    """A chapter of a lens."""

    id: str
    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """A question bank; ``faults`` says what was wrong with the file and how it was read nevertheless."""

    name: str
    description: str
    pillars: tuple[Pillar, ...]
    faults: tuple[str, ...]

    def questions(self) -> dict[tuple[str, str], Question]:
        """(pillar, question) to question: question ids are unique within their pillar only."""
        return {
            (pillar.id, question.id): question for pillar in self.pillars for question in pillar.questions
        }


@dataclass(frozen=True, slots=True)
class Score:
    """How many questions have which risk, over the lens and by pillar, and of each question."""

    lens: Mapping[str, int]
    pillars: Mapping[str, Mapping[str, int]]
    questions: Mapping[tuple[str, str], str]


def score(lens: Lens, answers: Mapping[tuple[str, str], Collection[str]]) -> Score:
    """Count the risks of a set of answers.

    Parameters
    ----------
    answers
        (pillar, question) to ticked choices; a question that is not in it is unanswered.
    """
    pillars: dict[str, Counter[str]] = {}
    questions: dict[tuple[str, str], str] = {}
    for (pillar, name), question in lens.questions().items():
        risk = question.risk(answers.get((pillar, name)))
        questions[pillar, name] = risk
        pillars.setdefault(pillar, Counter())[risk] += 1
    whole: Counter[str] = sum(pillars.values(), Counter())
    return Score(dict(whole), {name: dict(counts) for name, counts in pillars.items()}, questions)


def read_lens(path: Path) -> Lens:
    """Read a custom lens.

    Raises
    ------
    ImportFileError
        When the file is no lens at all. Everything else that real lenses get wrong is tolerated and listed in `Lens.faults`.

    Notes
    -----
    Custom lens format, schema 2021-11-01 (AWS Well-Architected Tool user guide, "Lens format specification").
    """
    path = Path(path)
    document, faults = read_json(path, tolerate=True)
    if not isinstance(document, Mapping) or not isinstance(document.get("pillars"), list):
        raise ImportFileError("is JSON, but no custom lens: it has no list of pillars", file=path)
    reading = _Reading(list(faults), path)
    if document.get("schemaVersion") != SCHEMA:
        reading.fault("lens", f"has the schema version {document.get('schemaVersion')!r}, not {SCHEMA}")
    reading.extra(document, {"schemaVersion", "name", "description", "pillars"}, "lens")
    pillars = reading.parts(document["pillars"], "lens", "pillars")
    reading.count(pillars, MOST_PILLARS, "lens", "pillars")
    result = tuple(reading.pillar(part, number) for number, part in enumerate(pillars, start=1))
    reading.unique([pillar.id for pillar in result], "lens", "pillar")
    if not any(pillar.questions for pillar in result):
        raise ImportFileError("is a custom lens without a single question", file=path)
    name = reading.text(document, "name", "lens", LONGEST_TITLE)
    description = reading.text(document, "description", "lens", LONGEST_TEXT)
    return Lens(name, description, result, tuple(dict.fromkeys(reading.faults)))


class _Reading:
    """Reads parts of a lens and collects what is wrong with them."""

    def __init__(self, faults: list[str], path: Path) -> None:
        self.faults = faults
        self.path = path

    def fault(self, place: str, words: str) -> None:
        if len(self.faults) < 1000:
            self.faults.append(f"{place}: {words}")

    def parts(self, value: Any, place: str, what: str) -> list[Mapping[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(place, f"{what} is no list")
            return []
        kept = [part for part in value if isinstance(part, Mapping)]
        if len(kept) < len(value):
            self.fault(place, f"{len(value) - len(kept)} of the {what} are no objects; left out")
        if len(kept) > 2000:
            raise ImportFileError(f"has {len(kept):,} {what}", file=self.path, place=place)
        return kept

    def count(self, parts: list[Mapping[str, Any]], most: int, place: str, what: str) -> None:
        if len(parts) > most:
            self.fault(place, f"has {len(parts)} {what}; the console takes at most {most}")

    def extra(self, part: Mapping[str, Any], known: set[str], place: str) -> None:
        for key in part:
            if key not in known:
                self.fault(place, f'has the extra key "{key[:40]}"')

    def unique(self, names: list[str], place: str, what: str) -> None:
        for name, times in Counter(names).items():
            if times > 1:
                self.fault(place, f'the {what} id "{name[:60]}" is used {times} times; the last one counts')

    def text(self, part: Mapping[str, Any], key: str, place: str, longest: int) -> str:
        value = part.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault(place, f"{key} is no text")
            value = str(value)[:longest]
        if len(value) > longest:
            self.fault(place, f"{key} has {len(value):,} characters; the console takes at most {longest:,}")
        return value

    def name(self, part: Mapping[str, Any], place: str, number: int) -> str:
        name = self.text(part, "id", place, LONGEST_TITLE)
        if not name:
            name = f"unnamed_{number}"
            self.fault(place, "has no id")
        return name

    def pillar(self, part: Mapping[str, Any], number: int) -> Pillar:
        place = f"pillars.{number}"
        name = self.name(part, place, number)
        self.extra(part, {"id", "name", "questions"}, name)
        questions = self.parts(part.get("questions"), name, "questions")
        self.count(questions, MOST_QUESTIONS, name, "questions")
        found = tuple(
            self.question(question, name, place) for place, question in enumerate(questions, start=1)
        )
        self.unique([question.id for question in found], name, "question")
        return Pillar(name, self.text(part, "name", name, LONGEST_TITLE), found)

    def question(self, part: Mapping[str, Any], pillar: str, number: int) -> Question:
        name = self.name(part, f"{pillar}.{number}", number)
        place = f"{pillar}.{name}"
        self.extra(part, {"id", "title", "description", "helpfulResource", "choices", "riskRules"}, place)
        choices = self.parts(part.get("choices"), place, "choices")
        self.count(choices, MOST_CHOICES, place, "choices")
        found = tuple(self.choice(choice, place, number) for number, choice in enumerate(choices, start=1))
        self.unique([choice.id for choice in found], place, "choice")
        title = self.text(part, "title", place, LONGEST_TITLE)
        if not title:
            self.fault(place, "has no title")
        rules = self.rules(part.get("riskRules"), place, {choice.id for choice in found})
        return Question(name, title, self.text(part, "description", place, LONGEST_TEXT), found, rules)

    def choice(self, part: Mapping[str, Any], question: str, number: int) -> Choice:
        name = self.name(part, f"{question}.{number}", number)
        place = f"{question}.{name}"
        known = {"id", "title", "description", "helpfulResource", "improvementPlan", "additionalResources"}
        self.extra(part, known, place)
        title = self.text(part, "title", place, LONGEST_TITLE)
        texts = []
        for key in ("helpfulResource", "improvementPlan"):
            resource = part.get(key)
            if resource is not None and not isinstance(resource, Mapping):
                self.fault(place, f"{key} is no object")
                resource = None
            resource = resource or {}
            texts.append(self.text(resource, "displayText", f"{place}.{key}", LONGEST_TEXT))
            url = self.text(resource, "url", f"{place}.{key}", LONGEST_TEXT)
            if "url" in resource and not url.strip():
                self.fault(f"{place}.{key}", "has an empty url")
            elif url and not url.strip().lower().startswith(("https://", "http://")):
                self.fault(f"{place}.{key}", f"has the url {url[:60]!r}, which is no web address; left out")
                url = ""
            texts.append(url.strip())
        is_none = name.lower().endswith("_no")
        if not is_none and _says_none(name, title):
            is_none = True
            self.fault(place, 'means "none of these" without the suffix _no')
        return Choice(name, title, is_none, *texts)

    def rules(self, value: Any, place: str, choices: set[str]) -> tuple[RiskRule, ...]:
        rules = []
        for part in self.parts(value, place, "riskRules"):
            text, risk = part.get("condition"), part.get("risk")
            if not isinstance(text, str) or risk not in RISKS:
                self.fault(
                    place,
                    f"has a risk rule with condition {str(text)[:40]!r} and risk {str(risk)[:20]!r}; left out",
                )
                continue
            if text.strip().lower() == "default":
                rules.append(RiskRule(text, None, str(risk), is_default=True))
                continue
            condition = None
            try:
                condition = condition_of(text)
            except RuleError as error:
                self.fault(place, f"the condition {text[:60]!r} {error}; it never holds")
            else:
                for name in sorted(condition.names - choices):
                    self.fault(
                        place, f'the condition {text[:60]!r} names "{name[:60]}", which is no choice here'
                    )
            rules.append(RiskRule(text, condition, str(risk)))
        defaults = sum(rule.is_default for rule in rules)
        if not defaults:
            self.fault(place, "has no default rule; what no rule fits is undefined")
        elif defaults > 1:
            self.fault(place, "has several default rules; the first one counts")
        elif not rules[-1].is_default:
            self.fault(place, "has its default before other rules; it is read as the last one")
        return tuple(rules)


_NONE_TITLES = ("none of these", "none of the above", "none of those", "none of them")


def _says_none(name: str, title: str) -> bool:
    return title.strip().lower().rstrip(".!").startswith(_NONE_TITLES) or name.lower() in (
        "none",
        "none_of_these",
    )
