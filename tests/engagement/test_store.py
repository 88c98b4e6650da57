"""One client on disk: a file or a folder, with the workshop's journal folded over what a person wrote."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from readiness.catalog import Catalog
from readiness.engagement import open_engagement
from readiness.engagement.store import engagement_file, laid_over, value_at
from readiness.errors import EngagementError

NORTHLIGHT = Path(__file__).resolve().parents[2] / "data" / "examples" / "northlight.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "northlight-0a1b2c3d"
    (home / "journal").mkdir(parents=True)
    shutil.copy(NORTHLIGHT, home / "engagement.yaml")
    return home


def test_a_file_alone_is_an_engagement(catalog: Catalog) -> None:
    opened = open_engagement(NORTHLIGHT, catalog)
    assert opened.folder is None
    assert opened.conflicts == ()
    assert opened.engagement.client.id == "northlight"


def test_a_folder_and_the_file_in_it_are_the_same_client(folder: Path, catalog: Catalog) -> None:
    assert engagement_file(folder) == engagement_file(folder / "engagement.yaml") == (folder / "engagement.yaml", folder)
    assert open_engagement(folder, catalog).content_digest == open_engagement(NORTHLIGHT, catalog).content_digest


def test_a_folder_without_a_client_says_so(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(EngagementError, match=r"holds no engagement\.yaml; name the folder of one client"):
        open_engagement(tmp_path, catalog)


def test_the_same_content_has_the_same_digest_and_another_has_another(tmp_path: Path, catalog: Catalog) -> None:
    text = NORTHLIGHT.read_text("utf-8")
    for name, content in (("same", "# a remark\n" + text), ("other", text.replace("slo: 0.995", "slo: 0.99"))):
        (tmp_path / f"{name}.yaml").write_text(content, "utf-8")
    own = open_engagement(NORTHLIGHT, catalog).content_digest
    assert open_engagement(tmp_path / "same.yaml", catalog).content_digest == own
    assert open_engagement(tmp_path / "other.yaml", catalog).content_digest != own


@pytest.mark.parametrize(
    ("address", "value"),
    [("client.id", "northlight"), ("journeys.1.promise.slo", 0.995), ("journeys.9.promise", None), ("client.id.deeper", None), ("nothing", None)],
    ids=["a key", "in a list", "past the end of a list", "below a leaf", "not there"],
)
def test_values_are_found_by_their_address(address: str, value: object) -> None:
    raw = {"client": {"id": "northlight"}, "journeys": [{}, {"promise": {"slo": 0.995}}]}
    assert value_at(raw, address) == value


def test_what_is_laid_over_leaves_the_original_alone() -> None:
    raw = {"answers": {"on_call": "nobody"}, "journeys": [{"name": "a"}]}
    over = laid_over(raw, {"answers.on_call": "rota", "answers.rollback": "redeploy", "journeys.0.name": "b"},
                     {"answers.on_call", "answers.rollback", "journeys.0.name"})  # fmt: skip
    assert over == {"answers": {"on_call": "rota", "rollback": "redeploy"}, "journeys": [{"name": "b"}]}
    assert raw == {"answers": {"on_call": "nobody"}, "journeys": [{"name": "a"}]}


def test_an_address_without_a_value_is_taken_away() -> None:
    assert laid_over({"answers": {"on_call": "rota"}}, {}, {"answers.on_call"}) == {"answers": {}}
