"""Which clients are found, and what their reports' folders are called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readiness.batch.clients import find_clients, folder_names
from readiness.batch.inputs import inputs_digest
from readiness.errors import UsageError


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version: 1\n")


def names(given: list[Path | str]) -> list[str]:
    return [client.name for client in find_clients(given)]


def test_a_folder_holds_files_and_folders_of_clients(tmp_path: Path) -> None:
    touch(
        tmp_path / "beta.yaml", tmp_path / "acme" / "engagement.yaml", tmp_path / "notes.txt", tmp_path / ".hidden.yaml", tmp_path / "empty" / "x.txt"
    )
    assert names([tmp_path]) == ["acme", "beta"]


def test_what_cannot_be_read_is_a_client_with_a_row_and_a_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "gone.yaml")
    (tmp_path / "round.yaml").symlink_to(tmp_path / "round.yaml")
    found = find_clients([tmp_path])
    assert [client.name for client in found] == ["gone", "pipe", "round"]
    assert all(len(inputs_digest(client.path)) == 64 for client in found)


def test_each_of_several_reports_has_a_folder_of_its_own(tmp_path: Path) -> None:
    one, two, twice = tmp_path / "north" / "engagement.yaml", tmp_path / "south" / "engagement.yaml", tmp_path / "north"
    touch(one, two)
    assert folder_names([one, two, twice]) == {one: "north", two: "south", twice: "north"}


def test_a_client_named_twice_is_one(tmp_path: Path) -> None:
    touch(tmp_path / "acme" / "engagement.yaml")
    assert names([tmp_path / "acme", tmp_path / "acme" / "engagement.yaml", f"{tmp_path}/*/engagement.yaml"]) == ["acme"]


def test_names_that_would_meet_take_a_folder_more(tmp_path: Path) -> None:
    touch(tmp_path / "north" / "acme.yaml", tmp_path / "south" / "Acme.yaml", tmp_path / "south" / "other.yaml")
    assert names([tmp_path / "north", tmp_path / "south"]) == ["north-acme", "other", "south-Acme"]


def test_a_file_and_a_folder_of_one_name_are_two(tmp_path: Path) -> None:
    touch(tmp_path / "acme.yaml", tmp_path / "acme" / "engagement.yaml")
    found = names([tmp_path])
    assert found == ["acme", "acme.yaml"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        pytest.param("con.yaml", "con_", id="a device of Windows"),
        pytest.param("a:b?.yaml", "a_b_", id="signs that Windows refuses"),
        pytest.param("u\u0308ber.yaml", "\u00fcber", id="letters in one normal form"),
        pytest.param("a\nb.yaml", "a_b", id="a line break"),
    ],
)
def test_a_name_is_one_that_every_disk_takes(tmp_path: Path, file: str, name: str) -> None:
    touch(tmp_path / file)
    assert names([tmp_path]) == [name]


@pytest.mark.parametrize("given", ["missing", "missing/*.yaml", "empty"])
def test_nothing_found_is_said_at_once(tmp_path: Path, given: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"does not exist|holds no client"):
        find_clients([tmp_path / given])
