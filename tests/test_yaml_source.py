"""YAML as people write it: version 1.2, bounded, with the line of whatever is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readiness.errors import EngagementError
from readiness.yaml_source import DEEPEST_NESTING, LARGEST_FILE_BYTES, read_yaml


def read(text: str) -> object:
    return read_yaml(Path("client.yaml"), EngagementError, text=text).content


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: No", "No"),
        ("a: yes", "yes"),
        ("a: on", "on"),
        ("a: true", True),
        ("a: 012", 12),
        ("a: 0x1F", 31),
        ("a: 1_000", 1000),
        ("a: 1e3", 1000.0),
        ("a: 2026-11-23", "2026-11-23"),
        ("a: 12:30", "12:30"),
        ("a: ~", None),
        ('a: "1"', "1"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ("a: {b: [1, 2.5]}", {"b": [1, 2.5]}),
    ],
    ids=["No stays a word", "yes too", "on too", "true is true", "no octal", "hexadecimal", "underscores group digits", "a power of ten",
         "a date is text", "a time of day is text", "nothing", "quotes keep text", "a block", "flow"],
)  # fmt: skip
def test_values_are_what_was_meant(text: str, value: object) -> None:
    assert read(text) == {"a": value}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: 2", r"line 1, a: uses the anchor \"&x\""),
        ("a: 1\nb: 2\na: 3", r"line 3: has the key \"a\" twice \(first on line 1\)"),
        ("a: .nan", r'line 1, a: "\.nan" is not a number'),
        ("a: -.inf", r'line 1, a: "-\.inf" is not a number'),
        ("a: 1e999", "line 1, a: is 1e999"),
        ("a: !!python/object:os.system x", "uses the YAML tag"),
        ("a: [1, 2", "line 1: is not valid YAML"),
        ("a: 1\n\tb: 2", "line 2: is not valid YAML"),
        ("a: 'open", "is not valid YAML"),
        ("a: 1\nb: bell\x07", r"line 2: holds the control character U\+0007"),
        ("a: \x9b31m", r"holds the control character U\+009B"),
        ("a: *nowhere", "is not valid YAML"),
        ("---\na: 1\n---\nb: 2", "is not valid YAML"),
    ],
    ids=["an anchor", "a key twice", "not a number", "infinity", "too large a number", "a tag", "an open bracket", "a tab", "an open quote",
         "a control character", "a terminal escape", "an alias to nothing", "two documents"],
)  # fmt: skip
def test_what_is_refused_names_the_line_and_the_reason(text: str, said: str) -> None:
    with pytest.raises(EngagementError, match=said) as caught:
        read(text)
    assert "\n" not in str(caught.value)


def test_aliases_cannot_make_a_small_file_large() -> None:
    bomb = "a: &a [x, x, x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9))
    with pytest.raises(EngagementError, match="anchors and aliases are refused"):
        read(bomb)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(LARGEST_FILE_BYTES + 1)
    with pytest.raises(EngagementError, match="at most 2,000,000 are read"):
        read_yaml(file, EngagementError)


@pytest.mark.parametrize("depth", [DEEPEST_NESTING + 1, 5000], ids=["one too deep", "far too deep"])
def test_deep_nesting_is_refused_and_does_not_exhaust_the_stack(depth: int) -> None:
    with pytest.raises(EngagementError):
        read("a: " + "[" * depth + "]" * depth)


def test_nesting_that_people_write_is_read() -> None:
    assert read("a: " + "[" * 20 + "]" * 20)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"a: caf\xe9", "is not UTF-8 text"), (b"\xff\xfea\x00", "is not UTF-8 text")],
    ids=["Latin-1", "UTF-16"],
)
def test_other_encodings_are_refused_with_the_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "client.yaml"
    file.write_bytes(content)
    with pytest.raises(EngagementError, match=f"{said}.*save it as UTF-8"):
        read_yaml(file, EngagementError)


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "client.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: two\r\n")
    assert read_yaml(file, EngagementError).content == {"a": 1, "b": "two"}


def test_a_missing_file_names_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text("a: 1")
    with pytest.raises(EngagementError, match=r'does not exist; did you mean "acme\.yaml"\?'):
        read_yaml(tmp_path / "acm.yaml", EngagementError)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(EngagementError, match="is a folder, not a file"):
        read_yaml(tmp_path, EngagementError)


def test_a_pipe_is_not_waited_for_and_a_link_to_nowhere_is_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "gone.yaml")
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    for name, said in (("pipe", "is not a file that can be read"), ("link", "is a link to a file that does not exist"), ("round", "cannot be read: ")):
        with pytest.raises(EngagementError, match=said):
            read_yaml(tmp_path / f"{name}.yaml", EngagementError)
