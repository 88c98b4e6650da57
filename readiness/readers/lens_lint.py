"""What is wrong with a bank's own rules, found by trying every answer that can be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from readiness.readers.lens import RISKS, UNDEFINED, Lens, Question

MOST_PRACTICES = 15
"""Two to the fifteenth answer sets: the console allows no more choices in a question."""


@dataclass(frozen=True, slots=True)
class LintFinding:
    """A defect of a question.

    Parameters
    ----------
    rule
        ``"constant"`` (every answer has the same risk), ``"dead rule"``, ``"no risk unreachable"``, ``"punishes good
        practice"``, ``"undefined"`` (an answer that no rule fits) or ``"too large"``.
    example
        The choices that show it; for punished practice the answer before, and ``further`` is what made it worse.
    """

    pillar: str
    question: str
    rule: str
    message: str
    example: tuple[str, ...] = ()
    further: str = ""


def lint(lens: Lens) -> tuple[LintFinding, ...]:
    """Try all answers of all questions.

    Notes
    -----
    The answers of n practices are the bits of one whole number of 2^n bits, so a rule is a handful of bit operations. "None
    of these" cannot be ticked together with a practice; it stands in the place of the empty answer.
    """
    return tuple(
        finding
        for (pillar, _), question in lens.questions().items()
        for finding in lint_question(pillar, question)
    )


def lint_question(pillar: str, question: Question) -> Iterator[LintFinding]:
    """The defects of one question, in the order of `LintFinding.rule`."""
    names = list(dict.fromkeys(choice.id for choice in question.practices))
    if len(names) > MOST_PRACTICES:
        words = f"has {len(names)} practices; only up to {MOST_PRACTICES} can be tried in full"
        yield LintFinding(pillar, question.id, "too large", words)
        return
    full = (1 << (1 << len(names))) - 1
    ticked = {name: _answers_with(place, len(names)) for place, name in enumerate(names)}
    tables, dead = _tables(question, ticked, full)
    outcomes = [risk for risk, answers in tables.items() if answers]
    if len(outcomes) == 1:
        yield LintFinding(
            pillar, question.id, "constant", f"whatever is answered, the outcome is {outcomes[0]}"
        )
    for text, why in dead:
        yield LintFinding(pillar, question.id, "dead rule", f"the rule {text[:80]!r} {why}")
    if not tables["NO_RISK"]:
        yield LintFinding(
            pillar, question.id, "no risk unreachable", "no answer, not even every practice, is without risk"
        )
    yield from _punished(pillar, question.id, names, ticked, tables, full)
    if tables[UNDEFINED]:
        example = _names(tables[UNDEFINED], names)
        words = "no rule and no default fits the answer " + (", ".join(example) or "none of these")
        yield LintFinding(pillar, question.id, "undefined", words, example)


def _answers_with(place: int, count: int) -> int:
    """The whole number whose bit s is set when s has the practice at this place: 0b10, 0b1100, 0b11110000, ... repeated."""
    pattern, width = ((1 << (1 << place)) - 1) << (1 << place), 2 << place
    while width < 1 << count:
        pattern |= pattern << width
        width *= 2
    return pattern


def _tables(
    question: Question, ticked: dict[str, int], full: int
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Outcome to the answers that lead to it, and the rules that never decide."""
    none = question.none_choice
    if none is not None and none.id not in ticked:
        ticked = {**ticked, none.id: 1}  # "none of these" is the empty answer: bit 0
    tables = dict.fromkeys((*RISKS, UNDEFINED), 0)
    dead: list[tuple[str, str]] = []
    open_answers = full
    for rule in question.rules:
        if rule.is_default:
            continue
        holds = rule.condition.table(ticked, full) if rule.condition is not None else 0
        decides = holds & open_answers
        if not decides:
            if rule.condition is None:
                why = "cannot be read"
            elif not holds:
                why = "holds for no answer"
            else:
                why = "never decides: earlier rules hold whenever it does"
            dead.append((rule.text, why))
        tables[rule.risk] |= decides
        open_answers &= ~decides
    default = next((rule for rule in question.rules if rule.is_default), None)
    if default is not None and not open_answers:
        dead.append((default.text, "never decides: earlier rules hold for every answer"))
    tables[default.risk if default is not None else UNDEFINED] |= open_answers
    return tables, dead


def _punished(
    pillar: str, question: str, names: list[str], ticked: dict[str, int], tables: dict[str, int], full: int
) -> Iterator[LintFinding]:
    high, medium = tables["HIGH_RISK"], tables["HIGH_RISK"] | tables["MEDIUM_RISK"]
    undefined = tables[UNDEFINED]
    for place, name in enumerate(names):
        without = full & ~ticked[name]
        for worse, words in ((high, "high risk"), (medium, "a risk")):
            raised = (worse >> (1 << place)) & ~worse & ~undefined & without
            if raised:
                example = _names(raised, names)
                base = ", ".join(example) or "none of these"
                message = f'adding the practice "{name}" to the answer {base} brings {words}'
                yield LintFinding(pillar, question, "punishes good practice", message, example, name)
                break


def _names(answers: int, names: list[str]) -> tuple[str, ...]:
    """The smallest of these answers by its number, as choices."""
    number = (answers & -answers).bit_length() - 1
    return tuple(name for place, name in enumerate(names) if number >> place & 1)
