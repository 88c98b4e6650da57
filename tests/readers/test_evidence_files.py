"""Azure checklists and reviews, OpenSSF Scorecard results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from readiness.errors import ImportFileError
from readiness.readers.azure import read_checklist, read_review
from readiness.readers.scorecard import read_scorecard

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
with_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="the sample files are not beside the project")


def written(folder: Path, document: Any) -> Path:
    path = folder / "evidence.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_check_is_known_by_its_guid_and_counted_once(tmp_path: Path) -> None:
    one = {"guid": "AB", "id": "1", "text": "Backups", "status": "Fulfilled", "link": "javascript:1"}
    again = {**one, "guid": "ab", "id": "9"}
    other = {"guid": "cd", "text": "Drills"}
    checklist = read_checklist(written(tmp_path, {"items": [one, again, other], "metadata": {"name": "Ours"}}))
    assert [(check.guid, check.times, check.status) for check in checklist.checks] == [("ab", 2, "Fulfilled"), ("cd", 1, "")]
    assert checklist.checks[0].link == ""
    assert checklist.faults == ("items.2: repeats ab; counted once",)


def test_copies_that_differ_are_reported(tmp_path: Path) -> None:
    parts = [{"guid": "a", "text": "x", "status": "Open"}, {"guid": "a", "text": "x", "status": "Fulfilled"}]
    checklist = read_checklist(written(tmp_path, {"items": parts}))
    assert checklist.checks[0].status == "Open"
    assert "another text or status" in checklist.faults[0]


def test_a_check_without_guid_or_text_is_reported(tmp_path: Path) -> None:
    checklist = read_checklist(written(tmp_path, {"items": [{"text": "x"}, {"guid": "b"}, 7]}))
    assert len(checklist.checks) == 1
    assert len(checklist.faults) == 3


@with_samples
@pytest.mark.parametrize(("name", "count"), [("aks", 112), ("cost", 86), ("resiliency", 38)])
def test_public_checklists_are_read_whole(name: str, count: int) -> None:
    checklist = read_checklist(SAMPLES / "azure" / f"{name}_checklist.en.json")
    assert len(checklist.checks) == count
    assert checklist.faults == ()


REVIEW = """"Review - Nov 17",,,,,,,,,
Your overall results,Critical,'3/120',,,,,,,
Reliability,Critical,'3/200',,,,,,,
Category,Link-Text,Link,Priority,ReportingCategory,ReportingSubcategory,Weight,Context,CompleteY/N,Note
Reliability,RE:04 - Define states.,https://learn.example,High,RE:04,,80,,Y,
Security,SE:01 - Baseline.,https://learn.example,Low,SE:01,,10,,N,
-----------,,,,,,,,,
Category,Question,Answers,Selected Answer,Note,,,,,
Reliability,Is it simple?,Yes.,Yes.,,,,,,
Reliability,Is it simple?,No.,,,,,,,
"""


def test_a_review_export_holds_results_recommendations_and_ticked_answers(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    path.write_text(REVIEW)
    review = read_review(path)
    assert review.results == {"Your overall results": "3/120", "Reliability": "3/200"}
    assert [(part.code, part.complete) for part in review.recommendations] == [("RE:04", True), ("SE:01", False)]
    assert review.answers == (("Reliability", "Is it simple?", "Yes."),)


@with_samples
def test_the_public_review_export_is_read_whole() -> None:
    review = read_review(SAMPLES / "azure" / "Azure_Well_Architected_Review_Sample.csv")
    assert len(review.results) == 6
    assert len(review.recommendations) == 98
    assert {text for _, _, text in review.answers} == {"None of the above."}


def test_an_inconclusive_check_is_excluded_from_the_mean(tmp_path: Path) -> None:
    checks = [{"name": "A", "score": 10}, {"name": "B", "score": 4, "details": ["Warn"]}, {"name": "C", "score": -1}]
    card = read_scorecard(written(tmp_path, {"checks": checks, "score": -1, "repo": {"name": "us/it"}}))
    assert card.mean_score == 7.0
    assert card.stated_score is None
    assert [check.score for check in card.checks] == [10.0, 4.0, None]
    assert card.warnings == ("C: inconclusive; excluded",)


def test_a_card_without_a_conclusive_check_has_no_mean(tmp_path: Path) -> None:
    assert read_scorecard(written(tmp_path, {"checks": [{"name": "C", "score": -1}]})).mean_score is None


@pytest.mark.parametrize("score", [11, -2, "7", True, 1e300])
def test_a_score_outside_its_scale_is_refused(tmp_path: Path, score: Any) -> None:
    with pytest.raises(ImportFileError, match="scores go from 0 to 10"):
        read_scorecard(written(tmp_path, {"checks": [{"name": "A", "score": score}]}))


@with_samples
@pytest.mark.parametrize(("name", "mean", "probes"), [("check1", 5.0, 0), ("check3", 0.0, 0), ("probe1", None, 2)])
def test_public_scorecards_are_read(name: str, mean: float | None, probes: int) -> None:
    card = read_scorecard(SAMPLES / "scorecard" / f"{name}.json")
    assert (card.mean_score, len(card.probes)) == (mean, probes)


@pytest.mark.parametrize("reader", [read_checklist, read_scorecard])
@pytest.mark.parametrize("document", [[], 7, None, "text", {"items": 3, "checks": 3}])
def test_other_json_ends_in_a_sentence(tmp_path: Path, reader: Any, document: Any) -> None:
    with pytest.raises(ImportFileError, match="is JSON, but no"):
        reader(written(tmp_path, document))


def test_nan_and_repeated_keys_are_refused_where_they_would_change_a_score(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    for text, sentence in (('{"checks": [], "score": NaN}', "contains NaN"), ('{"checks": [], "checks": []}', "twice")):
        path.write_text(text)
        with pytest.raises(ImportFileError, match=sentence):
            read_scorecard(path)
