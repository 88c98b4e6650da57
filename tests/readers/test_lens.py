"""AWS custom lenses are read with all their faults, scored by their own rules, and linted over all answers."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readiness.errors import DataError, ImportFileError
from readiness.readers.lens import Choice, Lens, Pillar, Question, RiskRule, read_lens, score
from readiness.readers.lens_lint import LintFinding, lint, lint_question
from readiness.readers.lens_rules import Condition, RuleError, condition_of
from readiness.readers.lens_writing import rules_by_level, write_lens

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
EXPECTED = SAMPLES / "lenses_expected.json"
with_samples = pytest.mark.skipif(not EXPECTED.exists(), reason="the public sample lenses are not beside the project")


def rule(text: str, risk: str) -> dict[str, str]:
    return {"condition": text, "risk": risk}


def lens_of(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    pillar = {"id": "ops", "name": "Operations", "questions": list(questions)}
    return {"schemaVersion": "2021-11-01", "name": "Ours", "description": "A lens", "pillars": [pillar], **more}


def question_of(choices: str, *rules: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": "q1",
        "title": "Who is woken?",
        "description": "At 03:00",
        "choices": [{"id": name, "title": f"Practice {name}"} for name in choices.split()],
        "riskRules": list(rules),
        **more,
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    def to_file(document: Any) -> Path:
        path = tmp_path / "lens.json"
        text = document if isinstance(document, bytes) else json.dumps(document).encode()
        path.write_bytes(text)
        return path

    return to_file


# --- conditions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ticked", "holds"),
    [
        ("a", "a", True),
        ("a", "", False),
        ("!a", "", True),
        ("!!a", "a", True),
        ("a && b", "a", False),
        ("a || b && c", "a", True),
        ("a || b && c", "b", False),
        ("(a || b) && c", "a", False),
        ("!a || b", "a", False),
        ("!(a || b)", "c", True),
        ("!a && b", "b", True),
        ("  ( ( a ) )  ", "a", True),
        ("PERF1_1&&PERF1_2", "PERF1_1 PERF1_2", True),
        ("nowhere", "a", False),
        ("!nowhere", "", True),
    ],
)
def test_a_condition_means_what_its_grammar_says(text: str, ticked: str, holds: bool) -> None:
    assert condition_of(text).holds(frozenset(ticked.split())) is holds


@pytest.mark.parametrize(
    "text",
    ["", "  ", "a b", "a &&", "&& a", "a || || b", "(a", "a)", "()", "a & b", "a | b", "__import__('os')", "a; b", "a == b",
     "!" * 100 + "a", "(" * 100 + "a" + ")" * 100, "a || " * 5000 + "a", "a\n&& $b"],
)  # fmt: skip
def test_what_is_no_condition_is_refused_and_never_run(text: str) -> None:
    with pytest.raises(RuleError):
        condition_of(text)


terms = st.recursive(
    st.sampled_from("abcd"),
    lambda inner: st.one_of(
        st.tuples(st.just("!"), inner), st.tuples(st.just("&&"), inner, inner), st.tuples(st.just("||"), inner, inner)
    ),
    max_leaves=12,
)


def text_of(term: Any) -> str:
    if isinstance(term, str):
        return term
    if term[0] == "!":
        return f"!({text_of(term[1])})"
    return f"({text_of(term[1])}) {term[0]} ({text_of(term[2])})"


def truth_of(term: Any, ticked: frozenset[str]) -> bool:
    if isinstance(term, str):
        return term in ticked
    if term[0] == "!":
        return not truth_of(term[1], ticked)
    both = truth_of(term[1], ticked), truth_of(term[2], ticked)
    return all(both) if term[0] == "&&" else any(both)


@given(term=terms, ticked=st.frozensets(st.sampled_from("abcd")))
@settings(deadline=None, max_examples=50)
def test_a_parsed_condition_agrees_with_the_tree_it_was_written_from(term: Any, ticked: frozenset[str]) -> None:
    text = text_of(term)
    if text.count("(") < 40:
        assert condition_of(text).holds(ticked) == truth_of(term, ticked)


# --- scoring ---------------------------------------------------------------------------------------------------------


def read_question(write: Callable[[Any], Path], *parts: Any, **more: Any) -> Question:
    return read_lens(write(lens_of(question_of(*parts, **more)))).pillars[0].questions[0]


def test_the_first_rule_that_holds_wins_and_default_comes_last_wherever_it_stands(write: Callable[[Any], Path]) -> None:
    rules = (rule("default", "HIGH_RISK"), rule("a && b", "NO_RISK"), rule("a", "MEDIUM_RISK"))
    question = read_question(write, "a b", *rules)
    assert [question.risk(chosen) for chosen in (["a", "b"], ["a"], ["b"], [])] == [
        "NO_RISK",
        "MEDIUM_RISK",
        "HIGH_RISK",
        "HIGH_RISK",
    ]


def test_unanswered_is_not_the_default(write: Callable[[Any], Path]) -> None:
    question = read_question(write, "a", rule("default", "HIGH_RISK"))
    assert question.risk(None) == "UNANSWERED"


def test_without_a_default_an_answer_may_be_undefined(write: Callable[[Any], Path]) -> None:
    assert read_question(write, "a b", rule("a", "NO_RISK")).risk(["b"]) == "UNDEFINED"


def test_choice_ids_belong_to_their_question(write: Callable[[Any], Path]) -> None:
    one = question_of("a b", rule("a", "NO_RISK"), rule("default", "HIGH_RISK"))
    other = {**question_of("a b", rule("b", "NO_RISK"), rule("default", "HIGH_RISK")), "id": "q2"}
    counted = score(read_lens(write(lens_of(one, other))), {("ops", "q1"): ["a"], ("ops", "q2"): ["a"]})
    assert counted.questions == {("ops", "q1"): "NO_RISK", ("ops", "q2"): "HIGH_RISK"}
    assert counted.lens == {"NO_RISK": 1, "HIGH_RISK": 1}


def answer_sets(lens: Lens) -> dict[str, dict[tuple[str, str], list[str]]]:
    questions = lens.questions()
    sets: dict[str, dict[tuple[str, str], list[str]]] = {
        name: {} for name in ("nothing", "all_best_practices", "none_choice", "random_seed_7")
    }
    for (pillar, name), question in questions.items():
        key = (pillar, name)
        chance = random.Random(f"7|{pillar}|{name}")
        practices = [choice.id for choice in question.practices]
        sets["nothing"][key] = []
        sets["all_best_practices"][key] = practices
        sets["none_choice"][key] = [question.none_choice.id] if question.none_choice else []
        sets["random_seed_7"][key] = [choice for choice in practices if chance.random() < 0.5]
    return sets


@with_samples
def test_twelve_public_lenses_score_as_expected_under_four_answer_sets() -> None:
    expected = json.loads(EXPECTED.read_text())
    assert len(expected) == 12
    for file, by_answers in expected.items():
        lens = read_lens(SAMPLES / "lenses" / file)
        for name, answers in answer_sets(lens).items():
            counted = score(lens, answers)
            assert (counted.lens, counted.pillars) == (by_answers[name]["lens"], by_answers[name]["pillars"]), (file, name)


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (lens_of(question_of("a", rule("a", "NO_RISK"))), "no default rule"),
        (lens_of(question_of("a", rule("default", "NO_RISK"), rule("a", "HIGH_RISK"))), "default before other rules"),
        (lens_of(question_of("a", rule("b", "NO_RISK"), rule("default", "HIGH_RISK"))), '"b", which is no choice here'),
        (lens_of(question_of("a", rule("a &&", "NO_RISK"), rule("default", "HIGH_RISK"))), "ends where a choice"),
        (lens_of(question_of("a", rule("a", "TERRIBLE"), rule("default", "HIGH_RISK"))), "risk 'TERRIBLE'"),
        (lens_of(question_of("a", rule("default", "HIGH_RISK"), title="x" * 129)), "title has 129 characters"),
        (lens_of(question_of("a", rule("default", "HIGH_RISK"), number=7)), 'extra key "number"'),
        (lens_of(question_of("a a", rule("default", "HIGH_RISK"))), 'choice id "a" is used 2 times'),
        (lens_of(question_of(" ".join(f"c{n}" for n in range(16)), rule("default", "HIGH_RISK"))), "has 16 choices"),
        (lens_of(question_of("a", rule("default", "HIGH_RISK")), schemaVersion="2020"), "schema version '2020'"),
        (lens_of(question_of("a", rule("default", "HIGH_RISK")), _note="x"), 'extra key "_note"'),
        (lens_of({"choices": [{"id": "a"}], "riskRules": []}), "has no id"),
        (lens_of({"id": "q", "title": "t", "choices": [1, {"id": "a"}], "riskRules": None}), "are no objects"),
    ],
)
def test_a_fault_of_a_real_lens_is_reported_and_the_lens_is_read(
    write: Callable[[Any], Path], document: Any, fault: str
) -> None:
    lens = read_lens(write(document))
    assert any(fault in words for words in lens.faults), lens.faults
    assert len(lens.questions()) == 1


@pytest.mark.parametrize("choice", [{"id": "x", "title": "None of these"}, {"id": "none", "title": "No"}])
def test_none_of_these_without_its_suffix_is_recognised(write: Callable[[Any], Path], choice: dict[str, str]) -> None:
    question = question_of("a", rule("a", "NO_RISK"), rule("default", "HIGH_RISK"))
    question["choices"].append(choice)
    lens = read_lens(write(lens_of(question)))
    found = lens.pillars[0].questions[0]
    assert [choice.id for choice in found.practices] == ["a"]
    assert any("without the suffix _no" in words for words in lens.faults)


def test_a_byte_order_mark_a_nan_and_an_empty_url_are_tolerated(write: Callable[[Any], Path]) -> None:
    question = question_of("a", rule("default", "HIGH_RISK"))
    question["choices"][0]["helpfulResource"] = {"displayText": "read", "url": ""}
    question["choices"][0]["improvementPlan"] = {"displayText": "do", "url": "javascript:alert(1)"}
    text = json.dumps(lens_of(question)).replace('"A lens"', "NaN").encode("utf-8-sig")
    lens = read_lens(write(text))
    assert any("empty url" in words for words in lens.faults)
    assert any("NaN is no JSON" in words for words in lens.faults)
    assert lens.description == ""
    assert lens.pillars[0].questions[0].choices[0].improvement_url == ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not valid JSON"),
        (b"{", "is not valid JSON"),
        (b"[]", "no custom lens"),
        (b'{"pillars": []}', "without a single question"),
        (b'{"pillars": 7}', "no custom lens"),
        (b"[" * 100_000, "nested hundreds of levels"),
        (b'{"pillars":' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}", "nested hundreds of levels"),
        (b'{"a": ' + b"9" * 5000 + b"}", "thousands of digits"),
        (b"\x00\x01\x02\x03", "is not a text file"),
        (b'{"name": "caf\xe9"}', "is not in UTF-8"),
    ],
    ids=["empty", "broken", "a list", "no pillars", "a number", "nested lists", "nested objects", "digits", "binary", "latin-1"],
)
def test_what_is_no_lens_ends_in_one_sentence(write: Callable[[Any], Path], content: bytes, sentence: str) -> None:
    with pytest.raises(ImportFileError, match=sentence):
        read_lens(write(content))


# --- lint ------------------------------------------------------------------------------------------------------------


def found(question: Question) -> dict[str, list[LintFinding]]:
    by_rule: dict[str, list[LintFinding]] = {}
    for finding in lint_question("ops", question):
        by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule


def test_a_sound_question_has_no_findings(write: Callable[[Any], Path]) -> None:
    rules = (rule("a && b", "NO_RISK"), rule("a || b", "MEDIUM_RISK"), rule("default", "HIGH_RISK"))
    assert found(read_question(write, "a b x_no", *rules)) == {}


def test_a_constant_risk_and_an_unreachable_no_risk_are_found(write: Callable[[Any], Path]) -> None:
    assert set(found(read_question(write, "a b", rule("default", "HIGH_RISK")))) == {"constant", "no risk unreachable"}


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ((rule("a && !a", "NO_RISK"), rule("default", "HIGH_RISK")), "holds for no answer"),
        ((rule("a || b", "NO_RISK"), rule("a && b", "MEDIUM_RISK"), rule("default", "HIGH_RISK")), "earlier rules hold"),
        ((rule("a", "NO_RISK"), rule("!a", "MEDIUM_RISK"), rule("default", "HIGH_RISK")), "hold for every answer"),
        ((rule("a && missing", "MEDIUM_RISK"), rule("a", "NO_RISK"), rule("default", "HIGH_RISK")), "holds for no answer"),
        ((rule("(a", "MEDIUM_RISK"), rule("a", "NO_RISK"), rule("default", "HIGH_RISK")), "cannot be read"),
    ],
    ids=["contradiction", "shadowed", "dead default", "a choice that does not exist", "unreadable"],
)
def test_a_rule_that_can_never_decide_is_found(write: Callable[[Any], Path], rules: Any, why: str) -> None:
    (finding,) = found(read_question(write, "a b", *rules))["dead rule"]
    assert why in finding.message


def test_a_good_practice_that_raises_the_risk_is_found_with_the_answer_that_shows_it(write: Callable[[Any], Path]) -> None:
    question = read_question(write, "a b", rule("a && !b", "NO_RISK"), rule("default", "HIGH_RISK"))
    (finding,) = found(question)["punishes good practice"]
    assert (finding.example, finding.further) == (("a",), "b")


def test_none_of_these_is_the_empty_answer(write: Callable[[Any], Path]) -> None:
    rules = (rule("a", "NO_RISK"), rule("x_no", "HIGH_RISK"))
    assert "undefined" not in found(read_question(write, "a x_no", *rules))
    assert "dead rule" not in found(read_question(write, "a x_no", *rules))


def test_too_many_practices_are_said_to_be_too_many(write: Callable[[Any], Path]) -> None:
    question = read_question(write, " ".join(f"c{n}" for n in range(16)), rule("default", "HIGH_RISK"))
    assert set(found(question)) == {"too large"}


risks = st.sampled_from(["NO_RISK", "MEDIUM_RISK", "HIGH_RISK"])


@given(rules=st.lists(st.tuples(terms, risks), max_size=4), default=st.none() | risks, count=st.integers(1, 4))
@settings(deadline=None, max_examples=50)
def test_lint_agrees_with_trying_every_answer_one_by_one(rules: Any, default: str | None, count: int) -> None:
    names = "abcd"[:count]
    parsed = [RiskRule(text_of(term), Condition(condition_of(text_of(term)).steps), risk) for term, risk in rules]
    if default:
        parsed.append(RiskRule("default", None, default, is_default=True))
    question = Question("q", "?", "", tuple(Choice(name, name) for name in names), tuple(parsed))
    answers = [frozenset(part) for size in range(count + 1) for part in itertools.combinations(names, size)]
    outcome = {answer: question.risk(answer) for answer in answers}
    order = {"NO_RISK": 0, "MEDIUM_RISK": 1, "HIGH_RISK": 2}
    punished = {
        name
        for answer in answers
        for name in names
        if name not in answer
        if outcome[answer] in order and order.get(outcome[answer | {name}], -1) > order[outcome[answer]]
    }
    by_rule = found(question)
    assert ("constant" in by_rule) == (len(set(outcome.values())) == 1)
    assert ("no risk unreachable" in by_rule) == ("NO_RISK" not in outcome.values())
    assert ("undefined" in by_rule) == ("UNDEFINED" in outcome.values())
    assert {finding.further for finding in by_rule.get("punishes good practice", [])} == punished
    for finding in by_rule.get("punishes good practice", []):
        before = frozenset(finding.example)
        assert order[outcome[before | {finding.further}]] > order[outcome[before]]


@with_samples
def test_lint_reads_all_public_lenses() -> None:
    findings = {path.name: lint(read_lens(path)) for path in sorted((SAMPLES / "lenses").glob("*.json"))}
    assert len(findings) == 12
    (unreachable,) = [f for part in findings.values() for f in part if f.rule == "no risk unreachable"]
    assert unreachable.pillar == "security"


# --- writing ---------------------------------------------------------------------------------------------------------


def our_question(name: str, choices: int = 3) -> Question:
    levels = tuple(Choice(f"level_{n}", f"Level {n}", helpful_text=f"What level {n} means") for n in range(1, choices + 1))
    none = Choice("none_no", "None of these", is_none=True)
    rules = rules_by_level([levels[-1].id], [levels[-2].id])
    return Question(name, f"How is {name} done?", "Why it matters", (*levels, none), rules)


def our_bank(pillars: int = 3, questions: int = 2) -> Lens:
    return Lens(
        "Production readiness",
        "Ours",
        tuple(
            Pillar(f"p{p}", f"Pillar {p}", tuple(our_question(f"p{p}_q{q}") for q in range(questions)))
            for p in range(pillars)
        ),
        (),
    )


def test_a_bank_that_is_written_reads_back_without_a_fault_and_lints_clean(write: Callable[[Any], Path]) -> None:
    lens = read_lens(write(write_lens(our_bank())))
    assert lens.faults == ()
    assert lint(lens) == ()
    assert lens.pillars[0].questions[0].risk(["level_3"]) == "NO_RISK"
    assert lens.pillars[0].questions[0].risk(["level_1"]) == "HIGH_RISK"
    assert lens.pillars[0].questions[0].none_choice is not None


def test_twelve_dimensions_are_joined_into_ten_pillars_and_no_question_is_lost(write: Callable[[Any], Path]) -> None:
    lens = read_lens(write(write_lens(our_bank(pillars=12, questions=4))))
    assert len(lens.pillars) == 10
    assert len(lens.questions()) == 48
    assert lens.faults == ()


def test_long_texts_are_cut_at_the_limit_and_a_cut_title_goes_on_below(write: Callable[[Any], Path]) -> None:
    question = our_question("q")
    long = Question("q", "Why " * 60, "x" * 3000, question.choices, question.rules)
    lens = read_lens(write(write_lens(Lens("L", "d", (Pillar("p", "P", (long,)),), ()))))
    assert lens.faults == ()
    assert lens.pillars[0].questions[0].title.endswith("…")
    assert lens.pillars[0].questions[0].description.startswith("Why Why")


def broken(**change: Any) -> Lens:
    question = our_question("q")
    fields = {"id": "q", "title": "T", "description": "", "choices": question.choices, "rules": question.rules, **change}
    return Lens("L", "d", (Pillar("p", "P", (Question(**fields),)),), ())


@pytest.mark.parametrize(
    ("bank", "sentence"),
    [
        (broken(id="on-call"), "letters, digits and underscores"),
        (broken(title=" "), "has no title"),
        (broken(choices=()), "has 0 choices"),
        (broken(choices=tuple(Choice(f"c{n}", "t") for n in range(16))), "has 16 choices"),
        (broken(choices=(Choice("a", "A"), Choice("a", "B"))), "twice"),
        (broken(choices=(Choice("a_no", "A"),)), 'the suffix "_no"'),
        (broken(rules=()), "one default rule"),
        (broken(rules=(RiskRule("x", None, "NO_RISK"),)), "no choice"),
        (broken(rules=(RiskRule("(", None, "NO_RISK"),)), "ends where"),
        (broken(choices=(Choice("level_1", "A", helpful_url="javascript:alert(1)"),)), "no web address"),
        (our_bank(pillars=1, questions=21), "has 21 questions"),
        (our_bank(pillars=11, questions=20), "cannot be joined"),
    ],
)
def test_a_bank_that_no_console_would_take_is_refused(bank: Lens, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        write_lens(bank)
