"""The conditions of risk rules: parsed by hand, never evaluated as code.

``condition := or``, ``or := and ("||" and)*``, ``and := not ("&&" not)*``, ``not := "!" not | "(" or ")" | choice id``;
so ``&&`` binds tighter than ``||``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_CONDITION = 10_000
DEEPEST = 50
_TOKEN = re.compile(r"\s*(&&|\|\||[!()]|[A-Za-z0-9_][A-Za-z0-9_.:-]*)")


class RuleError(ValueError):
    """A condition that cannot be read; says why in a few words."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in postfix order: choice ids, ``!``, ``&&`` and ``||``.

    Examples
    --------
    >>> condition_of("!a || b && c").holds(frozenset({"a", "b"}))
    False
    >>> condition_of("(!a || b) && a").holds(frozenset({"a", "b"}))
    True
    """

    steps: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The choices that the condition names."""
        return frozenset(step for step in self.steps if step not in ("!", "&&", "||"))

    def holds(self, ticked: frozenset[str]) -> bool:
        """Whether it holds for these choices; a choice that does not exist is not ticked."""
        return bool(self.table({name: int(name in ticked) for name in self.names}, 1))

    def table(self, choices: Mapping[str, int], full: int) -> int:
        """The condition over many answer sets at once.

        Parameters
        ----------
        choices
            Choice to a whole number whose bit *s* says whether answer set *s* has it.
        full
            All bits set.
        """
        stack: list[int] = []
        for step in self.steps:
            if step == "!":
                stack.append(~stack.pop() & full)
            elif step == "&&":
                stack.append(stack.pop() & stack.pop())
            elif step == "||":
                stack.append(stack.pop() | stack.pop())
            else:
                stack.append(choices.get(step, 0))
        return stack[0]


def condition_of(text: str) -> Condition:
    """Parse a condition.

    Raises
    ------
    RuleError
        When it is empty, too long, too deep, or not of the grammar.
    """
    if len(text) > LONGEST_CONDITION:
        raise RuleError(f"has {len(text):,} characters")
    tokens, place = [], 0
    trimmed = text.rstrip()
    while place < len(trimmed):
        match = _TOKEN.match(trimmed, place)
        if not match:
            raise RuleError(f"has {trimmed[place:].lstrip()[:1]!r} at character {place + 1}")
        tokens.append(match[1])
        place = match.end()
    steps: list[str] = []
    end = _or(tokens, 0, steps, 0)
    if end < len(tokens):
        raise RuleError(f"goes on with {tokens[end]!r} where it should end")
    return Condition(tuple(steps))


def _or(tokens: list[str], place: int, steps: list[str], depth: int) -> int:
    place = _and(tokens, place, steps, depth)
    while place < len(tokens) and tokens[place] == "||":
        place = _and(tokens, place + 1, steps, depth)
        steps.append("||")
    return place


def _and(tokens: list[str], place: int, steps: list[str], depth: int) -> int:
    place = _not(tokens, place, steps, depth)
    while place < len(tokens) and tokens[place] == "&&":
        place = _not(tokens, place + 1, steps, depth)
        steps.append("&&")
    return place


def _not(tokens: list[str], place: int, steps: list[str], depth: int) -> int:
    if depth > DEEPEST:
        raise RuleError(f"is nested deeper than {DEEPEST} levels")
    if place >= len(tokens):
        raise RuleError("ends where a choice should stand")
    token = tokens[place]
    if token == "!":
        place = _not(tokens, place + 1, steps, depth + 1)
        steps.append("!")
        return place
    if token == "(":
        place = _or(tokens, place + 1, steps, depth + 1)
        if place >= len(tokens) or tokens[place] != ")":
            raise RuleError("has a bracket that is not closed")
        return place + 1
    if token in ("&&", "||", ")"):
        raise RuleError(f"has {token!r} where a choice should stand")
    steps.append(token)
    return place + 1
