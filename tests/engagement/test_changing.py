"""Changes that are shown, accepted as a group, and undone as a group."""

from __future__ import annotations

import shutil

import pytest

from readiness.catalog import data_folder, load_catalog
from readiness.engagement.changing import accept, differences, undo, with_changes
from readiness.engagement.store import open_engagement
from readiness.errors import EngagementError, StorageError, UsageError


@pytest.fixture
def client(tmp_path):
    folder = tmp_path / "northlight"
    (folder / "journal").mkdir(parents=True)
    shutil.copy(data_folder() / "examples" / "northlight.yaml", folder / "engagement.yaml")
    return folder


def test_a_group_is_accepted_and_taken_back_whole(client):
    catalog = load_catalog()
    opened = open_engagement(client, catalog)
    before = opened.content_digest
    changes = differences(opened, {"answers.load_test": {"answer": "measured"}, "answers.schema_changes": {"answer": "scripted"}, "stage": "early"})
    assert [d.address for d in changes] == ["answers.load_test", "answers.schema_changes"]
    group = accept(opened, catalog, changes, kind="import", who="test")
    changed = open_engagement(client, catalog)
    assert changed.engagement.answers["load_test"].answer == "measured"
    assert changed.engagement.answers["schema_changes"].answer == "scripted"
    undo(client, catalog, group, who="test")
    assert open_engagement(client, catalog).content_digest == before


def test_what_was_changed_since_is_not_overridden_by_an_undo(client):
    catalog = load_catalog()
    opened = open_engagement(client, catalog)
    group = accept(opened, catalog, differences(opened, {"stage": "growth"}), kind="import", who="a")
    opened = open_engagement(client, catalog)
    accept(opened, catalog, differences(opened, {"stage": "scale"}), kind="edit", who="b")
    with pytest.raises(UsageError, match="was changed after"):
        undo(client, catalog, group, who="a")
    assert open_engagement(client, catalog).engagement.stage == "scale"


def test_a_change_that_would_break_the_engagement_is_refused_before_it_is_written(client):
    catalog = load_catalog()
    opened = open_engagement(client, catalog)
    changes = differences(opened, {"answers.load_test": {"answer": "sometimes"}})
    with pytest.raises(EngagementError, match="sometimes"):
        with_changes(opened, catalog, changes)
    with pytest.raises(EngagementError):
        accept(opened, catalog, changes, kind="import", who="test")
    assert not list((client / "journal").glob("*.jsonl"))


def test_a_single_file_is_read_only_and_says_so(tmp_path):
    file = tmp_path / "northlight.yaml"
    shutil.copy(data_folder() / "examples" / "northlight.yaml", file)
    opened = open_engagement(file, load_catalog())
    with pytest.raises(StorageError, match=r"single file.*mkdir"):
        accept(opened, load_catalog(), differences(opened, {"stage": "growth"}), kind="import", who="test")


def test_a_group_that_does_not_exist_is_named(client):
    with pytest.raises(UsageError, match="is not a group"):
        undo(client, load_catalog(), "import-00000000", who="test")
