"""Bad input at the command line: status 2, one sentence with place and remedy, no traceback, nothing half-written."""


from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each runs the command as a process of its own

NORTHLIGHT = Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml"
Readiness = Callable[..., "object"]


def edited(*changes: tuple[str, str]) -> bytes:
    text = NORTHLIGHT.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text.encode()


BAD: list[tuple[str, Callable[[], bytes | None], str]] = [
    ("a missing file", lambda: None, "does not exist"),
    ("an empty file", lambda: b"", "is empty"),
    ("an empty engagement", lambda: b"version: 1\n", '"client" is missing'),
    ("no YAML", lambda: b"client: [unclosed\n", "is not valid YAML"),
    ("a list", lambda: b"- client\n", "is not a mapping"),
    ("an unknown practice", lambda: edited(("answers:\n", "answers:\n  on_cal: rota\n")), 'did you mean "on_call"?'),
    ("an unknown answer", lambda: b"".join([edited(("on_call:", "on_call: {answer: rotta}\n  x_on_call:"))]), "rotta"),
    ("a tier without a way", lambda: edited((", way: alb_multi_zone", "")), 'architecture.tiers.1.way: "way" is missing'),
    ("99.9 for a share", lambda: edited(("slo: 0.999", "slo: 99.9")), "did you mean 0.999?"),
    ("a share out of range", lambda: edited(("share_of_revenue: 0.7", "share_of_revenue: 7")), "share_of_revenue"),
    ("less than nothing", lambda: edited(("revenue_per_year: 900000", "revenue_per_year: -1")), "greater than or equal to 0, not -1"),
    ("NaN", lambda: edited(("slo: 0.999", "slo: .nan")), '".nan" is not a number'),
    ("infinity", lambda: edited(("revenue_per_year: 900000", "revenue_per_year: .inf")), '".inf" is not a number'),
    ("a number too large", lambda: edited(("revenue_per_year: 900000", "revenue_per_year: 1e999")), "not a number one can reckon with"),
    ("a path for a name", lambda: edited(("id: northlight", "id: ../../etc")), "client.id"),
    ("a control character", lambda: edited(("name: Northlight Analytics", "name: North\x07light")), "control character U+0007"),
    ("a key twice", lambda: edited(("stage: early", "stage: early\nstage: scale")), 'has the key "stage" twice'),
    ("an anchor", lambda: edited(("stage: early", "stage: &s early")), "anchors and aliases are refused"),
    ("a huge file", lambda: b"#" * 2_000_001, "at most 2,000,000 are read"),
    ("deep nesting", lambda: b"client: " + b"[" * 4000 + b"]" * 4000, "client.yaml"),
    ("not UTF-8", lambda: b"client: {name: caf\xe9}\n", "is not UTF-8 text"),
    ("zeros", lambda: b"\0" * 64, "control character U+0000"),
    ("a bank that is not there", lambda: edited(("stage: early", "stage: early\nbank: nowhere")), "is not a folder"),
]


@pytest.fixture(params=BAD, ids=[what for what, _, _ in BAD])
def bad(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    _, content, said = request.param
    file = tmp_path / "client.yaml"
    if content() is not None:
        file.write_bytes(content())
    return file, said


@pytest.mark.parametrize("command", [("check",), ("assess",), ("why", "engage_minutes")], ids=["check", "assess", "why"])
def test_is_one_sentence_and_status_2(command: tuple[str, ...], bad: tuple[Path, str], readiness: Readiness) -> None:
    file, said = bad
    name, *rest = command
    ran = readiness(name, file, *rest)
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert ran.err.startswith(f"readiness: {file}") or "nowhere" in ran.err
    assert "Traceback" not in ran.err + ran.out
    assert ran.out == ""


def test_a_report_of_it_writes_nothing_and_takes_the_older_one_away(bad: tuple[Path, str], readiness: Readiness, tmp_path: Path) -> None:
    file, said = bad
    out = tmp_path / "out"
    out.mkdir()
    for name in ("report.pdf", "report.html"):
        (out / name).write_text("an older report")
    ran = readiness("report", file, "--out", out)
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err + ran.out
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why", NORTHLIGHT, "engage_minute"), 'did you mean "engage_minutes"?'),
        (("why", NORTHLIGHT, "x.y.z"), '"x.y.z" is not a number of this assessment'),
        (("assess", NORTHLIGHT, "--as-of", "tomorrow"), '"tomorrow" is not a date; write it as 2026-11-23'),
        (("assess", NORTHLIGHT, "--as-of", "2026-13-01"), "is not a date"),
        (("report", NORTHLIGHT, "--out", "out", "--formats", "docx"), '"docx" is not a format'),
        (("report", NORTHLIGHT, "--out", "out", "--formats", "pdf,htm"), 'did you mean "html"?'),
        (("report", NORTHLIGHT, "--out", "out", "--audience", "everybody"), '"everybody" is not an audience'),
        (("new", "../../etc"), "cannot be a client's short name"),
        (("new", "acme", "--from", "one_vn"), 'did you mean "one_vm"?'),
        (("check", "--bank", "nowhere"), "is not a folder"),
    ],
    ids=["a number nearly known", "no number", "no date", "no day of the calendar", "no format", "a format nearly known", "no audience",
         "no safe name", "no archetype", "no bank"],
)  # fmt: skip
def test_arguments_that_do_not_exist_are_refused_with_a_guess(arguments: tuple[object, ...], said: str, readiness: Readiness, tmp_path: Path) -> None:
    ran = readiness(*arguments)
    assert ran.status == 2
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("arguments", [("asess", NORTHLIGHT), ("assess",), ("assess", NORTHLIGHT, "--jsn")], ids=["no command", "no engagement", "no option"])
def test_a_command_that_does_not_exist_is_status_2(arguments: tuple[object, ...], readiness: Readiness) -> None:
    ran = readiness(*arguments)
    assert ran.status == 2
    assert "Traceback" not in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(readiness: Readiness, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    ran = readiness("report", NORTHLIGHT, "--out", tmp_path / "out")
    assert ran.status == 2
    assert "cannot be written to" in ran.err


def test_a_file_where_the_folder_should_be_is_one_sentence(readiness: Readiness, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    ran = readiness("report", NORTHLIGHT, "--out", tmp_path / "out")
    assert ran.status == 2
    assert "cannot be written to" in ran.err
    assert (tmp_path / "out").read_text() == "in the way"


@pytest.mark.parametrize("command", [("schema", "report"), ("reference",), ("export", "--lens"), ("export", NORTHLIGHT), ("prework", NORTHLIGHT)], ids=str)
def test_a_file_that_cannot_be_written_is_one_sentence(command: tuple[object, ...], readiness: Readiness, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = readiness(*command, "--out", tmp_path / "file" / "x")
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert "cannot be written" in ran.err


def test_one_bad_client_does_not_hide_the_good_one(readiness: Readiness, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("client: 1")
    ran = readiness("check", tmp_path / "bad.yaml", NORTHLIGHT)
    assert ran.status == 2
    assert "northlight.yaml: good" in ran.out
    assert "bad.yaml" in ran.err


def test_a_report_never_lies_among_a_client_s_own_files(readiness: Readiness, tmp_path: Path) -> None:
    client = tmp_path / "acme"
    client.mkdir()
    (client / "engagement.yaml").write_bytes(NORTHLIGHT.read_bytes())
    (client / "report.csv").write_text("the client's own bill")
    ran = readiness("report", client, "--out", client)
    assert ran.status == 2
    assert "is a client's folder" in ran.err
    assert (client / "report.csv").read_text() == "the client's own bill"


@pytest.mark.slow
def test_two_clients_of_one_name_never_share_a_folder(readiness: Readiness, tmp_path: Path) -> None:
    for name, client in (("north", "quillfield"), ("south", "cheerly")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "acme.yaml").write_bytes(NORTHLIGHT.with_name(f"{client}.yaml").read_bytes())
    ran = readiness("report", tmp_path / "north" / "acme.yaml", tmp_path / "south" / "acme.yaml", "--out", tmp_path / "out", "--formats", "md", "--as-of", "2026-11-23")
    assert ran.status == 0
    found = {file.parent.name: file.read_text("utf-8") for file in tmp_path.glob("out/*/report.md")}
    assert {folder: "Cheerly" in text for folder, text in found.items()} == {"north-acme": False, "south-acme": True}
