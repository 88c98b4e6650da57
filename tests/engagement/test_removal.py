"""A client can be taken away for good, and nothing else can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from readiness.engagement.removal import removal_of, remove
from readiness.errors import EngagementError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "quillfield-3f9c21d0"
    for part in ("journal", "milestones", "evidence", "reports"):
        (folder / part).mkdir(parents=True)
        (folder / part / "something").write_text("x")
    shutil.copy(ROOT / "data" / "examples" / "quillfield.yaml", folder / "engagement.yaml")
    return folder


def test_a_client_goes_with_all_that_is_its_own_and_the_neighbour_stays(client):
    neighbour = client.with_name("neighbour")
    shutil.copytree(client, neighbour)
    found = removal_of(client)
    assert (found.client, found.files) == ("quillfield", 5)
    assert client.is_dir(), "looking removes nothing"
    remove(found)
    assert not client.exists()
    assert [p.name for p in client.parent.iterdir()] == ["neighbour"]
    assert sum(p.is_file() for p in neighbour.rglob("*")) == 5


def test_a_link_inside_is_removed_and_what_it_leads_to_is_not(client, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "kept").write_text("x")
    (client / "evidence" / "link").symlink_to(secret)
    remove(removal_of(client))
    assert (secret / "kept").exists()


@pytest.mark.parametrize("stranger", ["thesis.docx", ".git", "src", ".ssh"])
def test_a_folder_that_holds_something_else_is_left_alone(stranger, client):
    (client / stranger).mkdir()
    with pytest.raises(EngagementError, match=f"holds {stranger}".replace(".", r"\.")):
        removal_of(client)
    assert client.is_dir()


def test_what_is_no_client_is_refused(client, tmp_path):
    plain = tmp_path / "plain"
    plain.mkdir()
    for place in (plain, plain / "nothing", client / "engagement.yaml", Path("/"), tmp_path):
        with pytest.raises(EngagementError, match="not the folder of a client"):
            removal_of(place)
    (plain / "engagement.yaml").write_text("version: 1\n")
    with pytest.raises(EngagementError, match="names no client"):
        removal_of(plain)
    link = tmp_path / "link"
    link.symlink_to(client)
    with pytest.raises(EngagementError, match="is a link"):
        removal_of(link)
    assert client.is_dir()


def test_nobody_removes_the_ground_under_their_feet(client, monkeypatch):
    monkeypatch.chdir(client)
    with pytest.raises(EngagementError, match="where you stand"):
        removal_of(Path("."))
    with pytest.raises(EngagementError, match="where you stand"):
        removal_of(client)


def test_a_brand_that_the_engagement_names_is_its_own(client):
    (client / "engagement.yaml").write_text((client / "engagement.yaml").read_text("utf-8") + "brand: fernhill.yaml\n", "utf-8")
    (client / "fernhill.yaml").write_text("name: Fernhill\n")
    assert removal_of(client).files == 6
