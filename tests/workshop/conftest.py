"""A room for an invented client, in a folder of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from readiness.catalog import load_catalog
from readiness.catalog.read import data_folder
from readiness.workshop import Room
from readiness.workshop.place import folder_of

AS_OF = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READINESS_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("READINESS_ENGAGEMENTS", str(tmp_path / "engagements"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of an example client, as the workshop makes it."""
    return folder_of(data_folder() / "examples" / "northlight.yaml", copies=tmp_path / "engagements")[0]


@pytest.fixture
def room(folder: Path) -> Room:
    """The room for it."""
    return Room(folder, catalog=load_catalog(), as_of=AS_OF)
