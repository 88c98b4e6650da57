"""A brand and a narrative from files: applied everywhere, and what is wrong with them is one sentence."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from ruamel.yaml import YAML

from readiness.errors import EngagementError
from readiness.report.brand import Brand, in_colours
from readiness.report.brand_file import as_plain, load_brand
from readiness.report.make import render_report
from readiness.report.narrative import LONGEST_NARRATIVE, load_narrative, with_narrative

ROOT = Path(__file__).resolve().parents[2]
BRANDS = ROOT / "data" / "examples" / "brands"
HOSTILE = [c["payload"] for c in YAML(typ="safe").load((ROOT / "tests" / "cases" / "hostile_text.yaml").read_text("utf-8"))["cases"]]


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\x00\x0a\x5c\x36" * 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_invented_brand_is_whole_and_travels_in_a_notebook():
    brand = load_brand(BRANDS / "fernhill.yaml")
    assert brand.name == "Fernhill Advisory"
    assert brand.logo_media_type == "image/svg+xml"
    assert Brand.model_validate(as_plain(brand)) == brand
    assert load_narrative(BRANDS / "words.yaml", "client")["sections"].keys() == {"Summary"}


def test_a_png_is_a_logo_whatever_its_name(tmp_path):
    (tmp_path / "logo.dat").write_bytes(png())
    (tmp_path / "b.yaml").write_text("name: A\nlogo: logo.dat\n")
    assert load_brand(tmp_path / "b.yaml").logo_media_type == "image/png"


@pytest.mark.parametrize(
    ("text", "logo", "said"),
    [
        ("name: A\naccent: '#ffd400'\n", None, "contrast of 1.4"),
        ("name: A\naccent: red\n", None, '"red" is not a colour such as'),
        ("name: A\naccent: [1, 2]\n", None, "valid string"),
        ("name: A\ncolour: '#1f4e79'\n", None, '"colour" is not a key'),
        ("name: A\nlogo: logo.png\n", b"GIF89a....", "neither a PNG nor an SVG"),
        ("name: A\nlogo: logo.png\n", b"", "neither a PNG nor an SVG"),
        ("name: A\nlogo: logo.svg\n", b'<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://canary.invalid")</script></svg>', "only plain shapes"),
        ("name: A\nlogo: logo.svg\n", b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "only plain shapes"),
        ("name: A\nlogo: logo.png\n", b"\x89PNG\r\n\x1a\n" + b"0" * 600_000, "at most 500,000"),
        ("name: A\nlogo: nowhere.png\n", None, "cannot be read"),
        ("name: A\nlogo: ../logo.png\n", None, "outside the folder"),
        ("name: A\nlogo: /etc/passwd\n", None, "outside the folder"),
        ("name: A\nlogo: 7\n", None, "not the name of a file"),
        ("", None, "is empty"),
        ("[1, 2]", None, "valid dictionary"),
    ],
    ids=["too pale", "no colour", "a list", "unknown key", "a GIF", "an empty file", "a script", "a local file", "too large", "missing", "above", "elsewhere", "a number", "empty", "a list"],
)
def test_a_broken_brand_is_one_sentence_with_its_place(text, logo, said, tmp_path):
    file = tmp_path / "brand.yaml"
    file.write_text(text)
    for name in ("logo.png", "logo.svg"):
        if logo is not None:
            (tmp_path / name).write_bytes(logo)
    with pytest.raises(EngagementError, match=said) as caught:
        load_brand(file)
    assert "\n" not in str(caught.value)


def test_a_brand_is_a_yaml_file(tmp_path):
    (tmp_path / "brand.txt").write_text("name: A")
    with pytest.raises(EngagementError, match="not a brand file"):
        load_brand(tmp_path / "brand.txt")


def test_only_what_is_stressed_takes_the_colour_of_the_brand():
    figure = {"data": [{"marker": {"color": ["#17365d", "#9fb8cf"]}, "text": ("#17365D",)}]}
    assert in_colours(figure, Brand()) is figure
    assert in_colours(figure, Brand(accent="#0a5c36"))["data"][0]["marker"]["color"] == ["#0a5c36", "#9fb8cf"]


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A client with a brand and a narrative beside its file."""
    for file in BRANDS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (ROOT / "data" / "examples" / "quillfield.yaml").read_text("utf-8")
    (tmp_path / "client.yaml").write_text(text + "brand: fernhill.yaml\nnarrative: words.yaml\n", "utf-8")
    return tmp_path / "client.yaml"


@pytest.mark.slow
def test_a_brand_and_the_consultants_words_reach_every_format(client):
    files = render_report(client, formats=("pdf", "html", "xlsx", "md", "ipynb"), as_of=date(2026, 11, 23)).contents
    assert b"#0a5c36" in files["report.html"]
    assert b"data:image/svg+xml;base64," in files["report.html"]
    assert "We sat together for two mornings." in files["report.html"].decode()
    assert "Go easy on the credits" not in files["report.html"].decode()
    assert b"Fernhill Advisory" in files["report.pdf"]
    book = openpyxl.load_workbook(io.BytesIO(files["report.xlsx"]))
    assert book.properties.creator == "Fernhill Advisory"
    assert "Fernhill Advisory" in files["report.md"].decode()
    internal = render_report(client, formats=("md", "html"), as_of=date(2026, 11, 23), audience="internal").contents
    assert "Go easy on the credits" in internal["report.html"].decode()
    assert b"words.yaml" in internal["report.manifest.json"]


@pytest.mark.parametrize("name", ["brand", "narrative"])
@pytest.mark.parametrize("path", ["../x.yaml", "/etc/passwd"])
def test_an_engagement_makes_no_report_out_of_other_files_of_this_machine(name, path, tmp_path):
    text = (ROOT / "data" / "examples" / "quillfield.yaml").read_text("utf-8")
    (tmp_path / "client.yaml").write_text(f"{text}{name}: {path}\n")
    with pytest.raises(EngagementError, match="outside the folder"):
        render_report(tmp_path / "client.yaml", formats=("md",), as_of=date(2026, 11, 23))


def narrative(folder: Path, text: str) -> Path:
    file = folder / "words.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_narrative_of_100_001_characters_is_a_sentence_and_one_fewer_is_not(tmp_path):
    fits = narrative(tmp_path, f"sections:\n  Summary: {'x' * LONGEST_NARRATIVE}\n")
    assert len(load_narrative(fits, "client")["sections"]["Summary"][0]) == LONGEST_NARRATIVE
    with pytest.raises(EngagementError, match=r"holds 100,001 characters; a report takes at most 100,000"):
        load_narrative(narrative(tmp_path, f"sections:\n  Summary: {'x' * (LONGEST_NARRATIVE + 1)}\n"), "client")


@pytest.mark.parametrize(
    ("text", "said"),
    [("sections: 7\n", "dictionary"), ("section:\n  A: b\n", 'did you mean "sections"'), ("sections:\n  A: {txt: b}\n", "txt"), ("version: 2\n", "version"), ("", "is empty")],
    ids=["a number", "a slip", "another slip", "another version", "empty"],
)
def test_a_broken_narrative_is_a_sentence(text, said, tmp_path):
    with pytest.raises(EngagementError, match=said):
        load_narrative(narrative(tmp_path, text), "client")


def test_words_for_a_chapter_that_does_not_exist_are_not_lost_silently():
    with pytest.raises(EngagementError, match='did you mean "Summary"'):
        with_narrative([{"kind": "heading", "level": 1, "text": "Summary"}], {"file": "w.yaml", "sections": {"Sumary": ["a"]}})


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_narrative_is_text_and_never_markup(payload, tmp_path):
    words = {"file": "w.yaml", "sections": {"Summary": [payload]}}
    block = with_narrative([{"kind": "heading", "level": 1, "text": "Summary"}], words)[1]
    assert block == {"kind": "text", "paragraphs": [payload]}
