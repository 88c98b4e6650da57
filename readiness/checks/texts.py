"""Rules of the data: texts fit the screen and the page, and nothing was left to be written later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from readiness.catalog import Catalog
from readiness.checks.numbers import sources
from readiness.errors import DataError

# Characters that fit: a title in a table's column, a question in three lines of a form, a why in five.
LONGEST = {"title": 56, "question": 170, "why": 240, "evidence": 160, "text": 100}
_PLACEHOLDER = re.compile(r"\b(TBD|TBC|TODO|FIXME|XXX|lorem ipsum|to be written|to be done|fill in here)\b|\?\?\?|<--", re.IGNORECASE)


def texts_fit(catalog: Catalog) -> Iterator[DataError]:
    """Titles, questions and answers fit where they are shown."""
    for practice in catalog.practices.values():
        given = {"title": [practice.title], "question": [practice.question], "why": [practice.why], "evidence": [practice.evidence],
                 "text": [answer.text for answer in practice.answers]}  # fmt: skip
        for kind, texts in given.items():
            for text in texts:
                if len(text) > LONGEST[kind]:
                    yield DataError(
                        f"is {len(text)} characters long; {LONGEST[kind]} fit: {text[:40]}...", file=catalog.files.get(practice.id), place=kind
                    )


def questions_ask(catalog: Catalog) -> Iterator[DataError]:
    """A question is one that a person would ask aloud."""
    for practice in catalog.practices.values():
        if not practice.question.endswith("?"):
            yield DataError("does not end with a question mark", file=catalog.files.get(practice.id), place="question")


def answers_stand_in_order(catalog: Catalog) -> Iterator[DataError]:
    """Answers are written from the lowest level to the highest, as they are read."""
    for practice in catalog.practices.values():
        levels = [answer.level for answer in practice.answers]
        if levels != sorted(levels):
            yield DataError(f"has its answers in the order of levels {', '.join(map(str, levels))}", file=catalog.files.get(practice.id),
                            place="answers", hint="write them from the lowest to the highest")  # fmt: skip


def nothing_is_left_to_write(catalog: Catalog) -> Iterator[DataError]:
    """No placeholder stands where a text should."""
    held: list[tuple[object, BaseModel]] = [(catalog.files.get(p.id), p) for p in catalog.practices.values()]
    held += [(f"services/{s.need}.yaml", s) for s in catalog.services.values()]
    held += [(f"scenarios/{s.id}.yaml", s) for s in catalog.scenarios.values()]
    held += [(f"archetypes/{a.id}.yaml", a) for a in catalog.archetypes.values()]
    held += [("causes.yaml", c) for c in catalog.causes]
    held += [("lines.yaml", line) for line in catalog.lines]
    held += [("dimensions.yaml", d) for d in catalog.dimensions]
    for file, model in held:
        for place, text in _strings(model.model_dump(), ()):
            if found := _PLACEHOLDER.search(text):
                yield DataError(f'still says "{found[0]}"', file=file, place=place)
    for file, place, _, source, _ in sources(catalog):
        if str(file).endswith(".csv") and (found := _PLACEHOLDER.search(source)):
            yield DataError(f'still says "{found[0]}"', file=file, place=place)


def _strings(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield ".".join(place), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, (*place, str(key)))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _strings(inner, (*place, str(number + 1)))


RULES = {rule.__name__: rule for rule in (texts_fit, questions_ask, answers_stand_in_order, nothing_is_left_to_write)}
