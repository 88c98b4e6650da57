"""Reading `data/` and banks: strict, friendly, the same wherever the folder lies."""


from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from readiness.catalog import Catalog, data_folder, load_catalog
from readiness.catalog.read import credit_tiers
from readiness.errors import DataError

PRACTICE = """\
id: {id}
dimension: {dimension}
title: Shop floor terminals
question: Who notices first when a terminal on the shop floor stops?
why: Nobody looks at a terminal that nobody needs.
evidence: the last three reports
answers:
  - id: nobody
    text: Nobody
    level: 0
    share: {{low: 0.3, likely: {share}, high: 0.7}}
    moves: [{move}]
  - id: probe
    text: A probe
    level: 3
    share: {{low: 0.3, likely: 0.5, high: 0.7}}
    moves: [{{set: joiners_per_year, low: 1, likely: 2, high: 3, evidence: estimated, as_of: 2026-11-23, source: a test}}]
remedies:
  - {{to: probe, hours: {{low: 1, likely: 2, high: 3}}, lead_weeks: 1, source: a test}}
"""
MOVE = "{set: joiners_per_year, low: 3, likely: 4, high: 5, evidence: estimated, as_of: 2026-11-23, source: a test}"


def bank(folder: Path, *, name: str = "terminals", text: str | None = None, **changes: str) -> Path:
    given = {"id": "terminals", "dimension": "observability", "share": "0.5", "move": MOVE} | changes
    (folder / "practices").mkdir(parents=True, exist_ok=True)
    (folder / "practices" / f"{name}.yaml").write_text(PRACTICE.format(**given) if text is None else text, "utf-8")
    return folder


def small(folder: Path) -> Path:
    """A part of the workbook's own data: a whole catalogue, and quick to read."""
    own = data_folder()
    for name in ("dimensions.yaml", "causes.yaml", "lines.yaml", "assumptions.csv", "prices.csv", "slas.csv", "practices/lifecycle/on_call.yaml",
                 "practices/concerns.yaml", "services/domain_tls.yaml"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(own / name, folder / name)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A part of the workbook's own data, to be broken or to lay a bank over."""
    return small(tmp_path / "data")


def edited(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def test_a_bank_adds_its_practices(copy: Path, tmp_path: Path) -> None:
    found = load_catalog(copy, bank(tmp_path / "bank"))
    assert set(found.practices) == {"on_call", "terminals"}
    assert found.files["terminals"] == tmp_path / "bank" / "practices" / "terminals.yaml"
    assert found.digest != load_catalog(copy).digest


def test_a_bank_replaces_a_practice_of_the_same_id(copy: Path, tmp_path: Path) -> None:
    found = load_catalog(copy, bank(tmp_path / "bank", name="on_call", id="on_call", dimension="lifecycle"))
    assert set(found.practices) == {"on_call"}
    assert found.practices["on_call"].title == "Shop floor terminals"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "other"}, r'is named "other" but says "terminals".*the file is named as the id'),
        ({"id": "No", "name": "No"}, "id: string should match pattern"),
        ({"dimension": "observabilty"}, r'dimension "observabilty", which does not exist; did you mean "observability"\?'),
        ({"share": "0.4"}, "add up to 0.9, not to 1"),
        ({"move": MOVE.replace("joiners_per_year", "joiners_per_yaer")}, r'not a number the workbook knows; did you mean "joiners_per_year"\?'),
        ({"move": MOVE.replace("low: 3", "low: 6")}, "are not in this order"),
        ({"move": MOVE.replace("evidence: estimated, ", "")}, '"evidence" is missing'),
        ({"move": MOVE.replace("estimated", "heard")}, "evidence"),
        ({"move": MOVE.replace("set:", "scale:")}, 'needs a "cap"'),
        ({"move": "{scale: engage_minutes, by: 0.5, cap: 0.3, evidence: estimated, source: a test}"}, "one of its parts: waking, finding"),
        ({"move": "{scale: engage_minutes, part: sleeping, by: 0.5, cap: 0.3, evidence: estimated, source: a test}"}, "one of its parts"),
        ({"move": "{set: change_reach, low: 5, likely: 50, high: 99.9, evidence: estimated, source: a test}"}, "lies between 0 and 1, not 5 to 99.9"),
        ({"move": "{set: change_reach, low: 0, likely: 0.5, high: 0.9, evidence: estimated, source: a test}"}, "only a constant reaches them"),
        ({"move": "{set: engage_minutes, low: 0, likely: 5, high: 9, evidence: estimated, source: a test}"}, "its low end is more than 0"),
        ({"move": "{set: engage_minutes, low: 1, likely: .inf, high: 9, evidence: estimated, source: a test}"}, "is not a number"),
        ({"move": "{set: engage_minutes, scale: change_reach, low: 1, likely: 2, high: 3, evidence: estimated, source: a test}"}, "has to name one number"),
    ],
    ids=["a file named otherwise", "a word that is no id", "no such dimension", "shares of less than one", "no such number", "no order",
         "no evidence", "no such evidence", "no cap", "no part", "no such part", "per cent for a share", "a share that touches none",
         "a ratio from nothing", "infinity", "two targets"],
)  # fmt: skip
def test_a_bank_that_cannot_be_is_refused_with_file_and_reason(copy: Path, tmp_path: Path, changes: dict[str, str], said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        load_catalog(copy, bank(tmp_path / "bank", **changes))
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_key_is_refused_with_a_guess_and_its_line(copy: Path, tmp_path: Path) -> None:
    given = PRACTICE.format(id="terminals", dimension="observability", share="0.5", move=MOVE).replace("evidence: the last", "evidense: the last")
    with pytest.raises(DataError, match=r'terminals\.yaml: line 6, evidense: "evidense" is not a key.*did you mean "evidence"\?'):
        load_catalog(copy, bank(tmp_path / "bank", text=given))


def test_a_bank_that_is_no_folder_is_refused(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder"):
        load_catalog(copy, tmp_path / "nowhere")


def test_a_word_stays_a_word(copy: Path, tmp_path: Path) -> None:
    given = PRACTICE.format(id="terminals", dimension="observability", share="0.5", move=MOVE).replace("text: Nobody", "text: No")
    assert load_catalog(copy, bank(tmp_path / "bank", text=given)).practices["terminals"].answers[0].text == "No"


def test_the_digest_belongs_to_the_content_and_not_to_the_place(copy: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(copy, tmp_path / "elsewhere"))
    assert load_catalog(copy).digest == load_catalog(moved).digest
    edited(moved / "practices" / "lifecycle" / "on_call.yaml", "03:00", "04:00")
    load_catalog.cache_clear()
    assert load_catalog(copy).digest != load_catalog(moved).digest


def test_cold_and_warm_give_the_same_catalogue(copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cold = load_catalog(copy)
    load_catalog.cache_clear()
    warm = load_catalog(copy)
    assert (tmp_path / "cache").is_dir()
    assert vars(cold) == vars(warm)


def test_a_spoilt_cache_is_done_without(copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = load_catalog(copy)
    for file in (tmp_path / "cache").rglob("*.json"):
        file.write_text('{"digest": 1')
    load_catalog.cache_clear()
    assert vars(load_catalog(copy)) == vars(before)


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("assumptions.csv", "engage_minutes,,", "engage_minute,,", r'"engage_minute" is not a number.*did you mean "engage_minutes"\?'),
        ("assumptions.csv", "detect_minutes,,4,20,120,minutes", "detect_minutes,,4,20,120,hours", r"line 2: detect_minutes is in minutes, not in hours"),
        ("assumptions.csv", "detect_minutes,,4,20,120", "detect_minutes,,40,20,120", r"line 2: low 40, likely 20, high 120 are not in this order"),
        ("assumptions.csv", "detect_minutes,,4,20,120", "detect_minutes,,x,20,120", r'line 2: "x" cannot be a low'),
        ("assumptions.csv", "detect_minutes,,4,20,120", "detect_minutes,late,4,20,120", r'"late" is not a stage'),
        ("assumptions.csv", "detect_minutes,,4,20,120", "detect_minutes,,,4,20,120", r"line 2: has more or fewer fields"),
        ("prices.csv", ",USD,", ",USD,,,,", r"prices\.csv: line \d+: has more or fewer fields"),
        ("slas.csv", ",0.9999,", ",99.99,", r"99\.99 cannot be a committed availability; write 0\.9995"),
        ("dimensions.yaml", "title:", "titel:", r'did you mean "title"\?'),
        ("causes.yaml", "rate:", "rat:", r"is not a key|missing"),
    ],
    ids=["no such number", "another unit", "no order", "a word for a number", "no such stage", "a field too many", "a price with fields too many",
         "per cent for a fraction", "an unknown key", "an unknown key of a cause"],
)  # fmt: skip
def test_data_that_cannot_be_is_refused_with_file_and_reason(copy: Path, file: str, before: str, after: str, said: str) -> None:
    edited(copy / file, before, after)
    with pytest.raises(DataError, match=said) as caught:
        load_catalog(copy)
    assert file in str(caught.value)


def test_an_ended_price_gives_way_to_the_one_in_force(catalog: Catalog) -> None:
    sku, dated = next(iter(catalog.prices.items()))
    assert catalog.price(sku, date(2026, 11, 23)) == dated[-1]
    assert catalog.price("aws/nothing", date(2026, 11, 23)) is None


def test_credit_tiers_are_read_best_first() -> None:
    assert credit_tiers("<0.9995:0.10;<0.99:0.25;<0.95:1.00") == ((0.9995, 0.1), (0.99, 0.25), (0.95, 1.0))
    assert credit_tiers("") == ()


def test_a_stage_has_its_own_default_where_one_is_known(catalog: Catalog) -> None:
    small, usual = catalog.default("deploys_per_month", "pre_revenue"), catalog.default("deploys_per_month", "early")
    assert small is not None
    assert usual is not None
    assert small.likely < usual.likely
    assert catalog.default("revenue_per_hour", "early") is None
