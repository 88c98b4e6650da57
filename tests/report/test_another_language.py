"""Whole reports in a language that nobody speaks: what is still English in them could not be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from babel.messages.catalog import Catalog as Messages
from babel.messages.mofile import write_mo

from readiness import language
from readiness.catalog import load_catalog, read
from readiness.engagement import store
from readiness.language import use
from readiness.report.document import from_notebook
from readiness.report.formats import whole_in
from readiness.report.make import notebook_for, render_report, run_notebook
from readiness.report.manifest import manifest_of, unaccounted
from readiness.report.messages import messages
from readiness.yaml_source import Source, validated

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"
# One of the locales of CLDR, with a comma for decimals and a space between thousands.
SPOKEN = "eo"
ACCENTED = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀćďéƒğħíĵķłɱñöþɋřšťüṽŵẋýžÀƁĆĎÉƑĞĦÍĴĶŁⱮÑÖÞɊŘŠŤÜṼŴẊÝŽ")
# What all languages write alike: signs, currencies, names of firms, products and methods, files and their fields.
ALIKE = {"USD", "EUR", "GBP", "CHF"}


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


@pytest.mark.parametrize(("name", "audience"), [("northlight", "internal"), ("medirow", "internal"), ("cheerly", "client"), ("quillfield", "internal"), ("northlight", "board")])
def test_nothing_english_is_left(name: str, audience: str, spoken_data: None, tmp_path: Path) -> None:
    node = run_notebook(notebook_for(audience), {"engagement": str(client(name, tmp_path)), "as_of": "2026-11-23", "audience": audience, "interactive": False})
    document = from_notebook(node)
    known = names_of_data()
    print(name, audience)
    from readiness.report.manifest import texts_of
    for t in texts_of(document):
        words = [w for w in re.findall(r"(?<![\w.])[A-Za-z]{2,}(?![\w.]*[_])", t) if w.lower() not in known and w not in ALIKE]
        if words: print(words, "|", t[:150])
