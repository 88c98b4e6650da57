"""Whole reports in a language that nobody speaks: what is still English in them could not be translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo

from readiness import language
from readiness.catalog import load_catalog, read
from readiness.engagement import store
from readiness.language import use
from readiness.report.brand import DEFAULT_BRAND
from readiness.report.document import from_notebook
from readiness.report.make import RENDERERS, notebook_for, run_notebook
from readiness.report.manifest import texts_of
from readiness.report.messages import messages
from readiness.yaml_source import Source, validated

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"
# One of the locales of CLDR, with a comma for decimals and a space between thousands.
SPOKEN = "eo"
ACCENTED = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀćďéƒğħíĵķłɱñöþɋřšťüṽŵẋýžÀƁĆĎÉƑĞĦÍĴĶŁⱮÑÖÞɊŘŠŤÜṼŴẊÝŽ")
# What all languages write alike: signs, currencies, names of firms, products and methods, files and their fields.
ALIKE = {"USD", "EUR", "GBP", "CHF"}
# Names that renderers turn into words (the verdict, where the contents stand), and the name of our own brand.
NAMED = {"Go", "Go with conditions", "Not yet", "page", "cover", DEFAULT_BRAND.name}


def accented(text: str) -> str:
    """A sentence in the invented language; its places stay as they are."""
    return "".join(part if part.startswith("{") else part.translate(ACCENTED) for part in re.split(r"(\{\w*\})", text))


def translated(content: Any) -> Any:
    """Texts of data in the invented language: whatever is more than one word, so that names and identities stay."""
    if isinstance(content, Mapping):
        return {key: value if key == "from_source" else translated(value) for key, value in content.items()}
    if isinstance(content, list):
        return [translated(value) for value in content]
    return content.translate(ACCENTED) if isinstance(content, str) and " " in content and not re.fullmatch(r"not [a-z_]+", content) else content


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The language, its catalogue of messages, and data that speaks it."""
    folder = tmp_path_factory.mktemp("locale")
    said = Messages(locale=SPOKEN)
    for message in messages():
        if message.id:
            said.add(message.id, tuple(map(accented, message.id)) if isinstance(message.id, tuple) else accented(message.id))
    (folder / SPOKEN / "LC_MESSAGES").mkdir(parents=True)
    with (folder / SPOKEN / "LC_MESSAGES" / "readiness.mo").open("wb") as out:
        write_mo(out, said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "FOLDER", folder)
        yield
        use()


@pytest.fixture(scope="module")
def spoken_data(spoken: None) -> Iterator[None]:
    """Data and clients that speak the language, too, so that what is left of English is the code's."""

    def said(source: Source, model: Any) -> Any:
        return validated(replace(source, content=translated(source.content)), model)

    with pytest.MonkeyPatch.context() as patch:
        for module in (read, store):
            patch.setattr(module, "validated", said)
        rows = read._rows
        patch.setattr(read, "_rows", lambda raw, file: [(line, translated(row)) for line, row in rows(raw, file)])
        load_catalog.cache_clear()
        yield
    load_catalog.cache_clear()


def client(name: str, folder: Path) -> Path:
    """An example client whose report is wanted in the language."""
    text = (EXAMPLES / f"{name}.yaml").read_text("utf-8")
    file = folder / f"{name}.yaml"
    file.write_text(re.sub(r"^(client: *\{?)", rf"\1locale: {SPOKEN}, " if re.search(r"^client: *\{", text, re.M) else rf"\1\n  locale: {SPOKEN}", text, count=1, flags=re.M), "utf-8")
    return file


@cache
def names_of_data() -> set[str]:
    """Words that are names or identities in data and client, not sentences."""
    found: set[str] = set()

    def gather(content: Any) -> None:
        if isinstance(content, Mapping):
            for key, value in content.items():
                gather(str(key))
                gather(value)
        elif isinstance(content, list):
            for value in content:
                gather(value)
        elif isinstance(content, str) and " " not in content:
            found.update(w.lower() for w in re.findall(r"[A-Za-z]+", content))

    for file in (ROOT / "data").rglob("*.yaml"):
        gather(read.read_yaml(file, ValueError).content)  # type: ignore[arg-type]
    for file in (ROOT / "data").rglob("*.csv"):
        for _, row in read._rows(file.read_bytes(), file):
            gather(row)
    return found


@pytest.fixture(scope="module")
def run_of(spoken_data: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], dict[str, Any]]:
    """The executed notebook of a client whose report is wanted in the language, each run once."""

    @cache
    def run(name: str, audience: str) -> dict[str, Any]:
        file = client(name, tmp_path_factory.mktemp(name))
        return run_notebook(notebook_for(audience), {"engagement": str(file), "as_of": "2026-11-23", "audience": audience, "interactive": False})

    return run


@pytest.mark.slow
@pytest.mark.parametrize(("name", "audience"), [("northlight", "internal"), ("medirow", "internal"), ("cheerly", "client"), ("quillfield", "internal"), ("northlight", "board")])
def test_nothing_english_is_left_in_what_chapters_say(name: str, audience: str, run_of: Callable[[str, str], dict[str, Any]]) -> None:
    assert left(texts_of(from_notebook(run_of(name, audience)))) == {}


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["internal", "board"])
def test_nothing_english_is_left_in_the_finished_files(audience: str, run_of: Callable[[str, str], dict[str, Any]]) -> None:
    node = run_of("northlight", audience)
    document = from_notebook(node)
    made = {wanted: RENDERERS[wanted](node, document, "a4") for wanted in ("html", "md", "xlsx", "pdf")}
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made["pdf"])).pages)
    sheets = openpyxl.load_workbook(BytesIO(made["xlsx"]))
    cells = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str) and not cell.value.startswith("=")]
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", made["html"].decode(), flags=re.S)
    own = DEFAULT_BRAND.name
    texts = {"html": [unescape(t) for t in re.findall(r">([^<>]+)<", page)], "xlsx": [*cells, *sheets.sheetnames], "md": made["md"].decode().replace(own, "").splitlines(), "pdf": pages.splitlines()}
    assert {wanted: found for wanted, shown in texts.items() if (found := left(t.strip() for t in shown))} == {}
    assert accented("Page") in pages
    assert re.search(r"\d,\d+\N{NO-BREAK SPACE}", pages)
    assert not re.search(r"\d\.\d+\N{NO-BREAK SPACE}|\b\d{1,3}(,000)+\b", pages)


def left(texts: Iterable[str]) -> dict[str, list[str]]:
    """Texts with the words in them that are neither of the invented language nor names or identities of the data."""
    found: dict[str, list[str]] = {}
    for text in texts:
        bare = re.sub(r"<\w+>|\b[0-9a-f]{16,}\b", " ", text)
        words = [] if text in NAMED else re.findall(r"(?<![\w.\N{HORIZONTAL ELLIPSIS}])[A-Za-z]{2,}(?![\w.]*_)", bare)
        if strange := [w for w in words if w.lower() not in names_of_data() and w not in ALIKE]:
            found[text] = strange
    return found
