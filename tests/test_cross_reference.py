"""Other banks and ours."""

from __future__ import annotations

import json

import pytest

from readiness.catalog import load_catalog
from readiness.cross_reference import bank_as_lens, hints_from_scorecard, map_lens, read_selected
from readiness.errors import ImportFileError
from readiness.readers.lens import read_lens
from readiness.readers.lens_lint import lint
from readiness.readers.lens_writing import write_lens
from readiness.readers.scorecard import CheckResult, Scorecard


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


@pytest.fixture
def own_lens(tmp_path, catalog):
    file = tmp_path / "lens.json"
    file.write_text(json.dumps(write_lens(bank_as_lens(catalog))), "utf-8")
    return read_lens(file)


def test_our_bank_survives_the_way_out_and_back(own_lens, catalog):
    questions = {q.id for p in own_lens.pillars for q in p.questions}
    assert questions == set(catalog.practices)
    assert own_lens.faults == ()
    assert lint(own_lens) == ()


def test_every_answer_of_our_lens_comes_back_as_itself(own_lens, catalog):
    for place in (0, -1):
        selected = {(p.id, q.id): [catalog.practices[q.id].answers[place].id] for p in own_lens.pillars for q in p.questions}
        mapped = map_lens(own_lens, selected, catalog, name="ours")
        assert {p: g.answer for p, g in mapped.answers.items()} == {p.id: p.answers[place].id for p in catalog.practices.values()}
        assert all(g.rung == "claimed" for g in mapped.answers.values())
        assert mapped.unmapped == ()


LENS = {
    "schemaVersion": "2021-11-01", "name": "Theirs", "description": "d",
    "pillars": [{"id": "p", "name": "P", "questions": [
        {"id": "backup", "title": "REL09-BP04 Do you restore?", "description": "", "choices": [{"id": "drill", "title": "We drill"}, {"id": "backup_no", "title": "None of these"}],
         "riskRules": [{"condition": "drill", "risk": "NO_RISK"}, {"condition": "default", "risk": "HIGH_RISK"}]},
        {"id": "tea", "title": "Is there tea?", "description": "", "choices": [{"id": "yes", "title": "Yes"}, {"id": "tea_no", "title": "None of these"}],
         "riskRules": [{"condition": "default", "risk": "HIGH_RISK"}]},
    ]}],
}  # fmt: skip


@pytest.mark.parametrize(("chosen", "level"), [("drill", 3), ("backup_no", 0)])
def test_a_foreign_question_is_mapped_by_its_own_risk_and_the_rest_is_listed(tmp_path, catalog, chosen, level):
    named = {p.id for p in catalog.practices.values() if "REL09-BP04" in p.see_also.get("aws_lens", "")}
    assert named, "some practice refers to REL09-BP04"
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(LENS), "utf-8")
    mapped = map_lens(read_lens(file), {("p", "backup"): [chosen], ("p", "tea"): ["yes"]}, catalog, name="Theirs")
    assert set(mapped.answers) == named
    for practice, given in mapped.answers.items():
        assert catalog.practices[practice].answer(given.answer or "").level <= level
    assert mapped.unmapped == ("Is there tea?",)


def test_an_unanswered_question_says_nothing(tmp_path, catalog):
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(LENS), "utf-8")
    assert map_lens(read_lens(file), {}, catalog, name="Theirs").answers == {}


def test_answers_are_read_as_a_list_and_as_a_mapping(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"Answers": [{"PillarId": "p", "QuestionId": "q", "SelectedChoices": ["c"]}]}), "utf-8")
    assert read_selected(file) == {("p", "q"): ["c"]}
    file.write_text(json.dumps({"p": {"q": ["c"]}}), "utf-8")
    assert read_selected(file) == {("p", "q"): ["c"]}


@pytest.mark.parametrize("text", ["[", "3", '{"Answers": [{}]}', "[" * 100_000])
def test_a_file_that_holds_no_answers_is_refused_in_a_sentence(tmp_path, text):
    file = tmp_path / "a.json"
    file.write_text(text, "utf-8")
    with pytest.raises(ImportFileError):
        read_selected(file)


def test_inconclusive_checks_of_a_scorecard_say_nothing(catalog):
    checks = (CheckResult("Branch-Protection", 8.0, "protected", ()), CheckResult("Fuzzing", None, "inconclusive", ()), CheckResult("New-Check", 2.0, "?", ()))
    hints = hints_from_scorecard(Scorecard("org/name", "2026-11-01", "5", 7.0, checks, (), ()))
    assert [h.practice for h in hints] == ["change_tests", None]
    assert all(h.practice is None or h.practice in catalog.practices for h in hints)
