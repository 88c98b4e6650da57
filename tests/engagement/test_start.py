"""A new engagement: from an archetype, with few lines to fill in, and never over an existing one."""

from __future__ import annotations

from pathlib import Path

import pytest

from readiness.catalog import Catalog, load_catalog
from readiness.engagement import open_engagement
from readiness.engagement.start import start_engagement
from readiness.errors import StorageError, UsageError

ARCHETYPES = list(load_catalog().archetypes)


@pytest.mark.parametrize("archetype", ARCHETYPES)
def test_every_archetype_starts_an_engagement_that_can_be_opened(archetype: str, tmp_path: Path, catalog: Catalog) -> None:
    made = start_engagement(catalog, "acme-shop", archetype, tmp_path)
    assert 3 <= made.read_text("utf-8").count("<--") <= 13
    opened = open_engagement(made.parent, catalog)
    assert opened.engagement.client.id == "acme-shop"
    assert opened.folder == made.parent


@pytest.mark.parametrize("identity", ["../../etc", "ACME", "acme shop", "", "-acme", "a" * 80, "acme/..", "con\x00", "müller"])
def test_a_name_that_is_no_safe_folder_is_refused(identity: str, tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(UsageError, match="cannot be a client's short name"):
        start_engagement(catalog, identity, "one_vm", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_archetype_is_refused_with_a_guess(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(UsageError, match=r'"one_vn" is not an archetype; did you mean "one_vm"\?'):
        start_engagement(catalog, "acme", "one_vn", tmp_path)


def test_a_client_that_is_there_is_never_overwritten(tmp_path: Path, catalog: Catalog) -> None:
    made = start_engagement(catalog, "acme", "one_vm", tmp_path)
    with pytest.raises(UsageError, match="already has a client named acme"):
        start_engagement(catalog, "acme", "one_vm", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [made.parent.name]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises((StorageError, UsageError), match="cannot be made"):
        start_engagement(catalog, "acme", "one_vm", tmp_path / "file")
