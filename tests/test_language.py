"""Every fixed sentence goes through one door, so that a report can be said in another language and with its signs of numbers."""

from __future__ import annotations

import ast
import gettext
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from readiness import language
from readiness.errors import StorageError
from readiness.language import N_, Words, either, is_known, joined, read, tr, trn, use
from readiness.text import Ledger, numbers_in, per_cent, thousands

PACKAGE = Path(language.__file__).parent


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use()


def sentences(node: ast.expr) -> list[str]:
    """The literals that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return sentences(node.body) + sentences(node.orelse)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
        return sentences(node.args[0])
    return []


def calls() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "trn", "N_"):
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", node


def test_each_place_in_a_sentence_is_filled_and_each_filling_has_a_place() -> None:
    wrong, seen = [], 0
    for at, call in calls():
        templates = [t for argument in call.args[: 2 if call.func.id == "trn" else 1] for t in sentences(argument)]  # type: ignore[attr-defined]
        given = {str(k.arg) for k in call.keywords}
        if not given or not templates:
            continue
        seen += 1
        fields = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in templates]
        wrong += [at] if any(f - given for f in fields) or given - set().union(*fields) else []
    assert seen > 500
    assert not wrong


def test_numbers_are_written_before_they_are_put_into_a_sentence() -> None:
    """A place with a format of its own would be out of reach of the signs of a locale, and a trap for translators."""
    templates = [(at, t) for at, call in calls() if call.keywords for argument in call.args[:2] for t in sentences(argument)]
    assert not [at for at, t in templates for _, name, spec, conversion in string.Formatter().parse(t) if name and (spec or conversion)]


def test_no_sentence_is_put_together_before_it_is_looked_up() -> None:
    """What `tr` is given is a literal, or a name that stands for one: a sentence with numbers in it would never be found."""
    assert not [at for at, call in calls() for argument in call.args[:1] if isinstance(argument, ast.JoinedStr | ast.BinOp)]


@pytest.mark.parametrize(("locale", "number", "share", "range_"), [
    ("en", "12,500", "4.2\N{NO-BREAK SPACE}%", "USD\N{NO-BREAK SPACE}1,900 to 30,000"),
    ("de", "12.500", "4,2\N{NO-BREAK SPACE}%", "USD\N{NO-BREAK SPACE}1.900 to 30.000"),
    ("de_CH", "12’500", "4.2\N{NO-BREAK SPACE}%", "USD\N{NO-BREAK SPACE}1’900 to 30’000"),
    ("fr", "12\N{NARROW NO-BREAK SPACE}500", "4,2\N{NO-BREAK SPACE}%", "USD\N{NO-BREAK SPACE}1\N{NARROW NO-BREAK SPACE}900 to 30\N{NARROW NO-BREAK SPACE}000"),
])  # fmt: skip
def test_numbers_have_the_signs_of_the_locale(locale: str, number: str, share: str, range_: str) -> None:
    use(locale)
    assert thousands(12_500, 3) == number
    assert per_cent(0.042) == share
    assert Ledger().range(1900, 30_000, "money", id="x") == range_


@pytest.mark.parametrize("locale", ["fr", "sv", "eo", "ru", "pl"])
def test_a_space_between_thousands_is_never_taken_for_that_before_a_unit(locale: str) -> None:
    use(locale)
    gap = "\N{NARROW NO-BREAK SPACE}"
    assert Ledger().range(1900, 2900, "count", id="x") == f"1{gap}900 to 2{gap}900"
    assert Ledger().range(190 * 60, 290_000, "hours", id="x") == f"11{gap}000 to 290{gap}000\N{NO-BREAK SPACE}h"


@pytest.mark.parametrize("locale", ["en", "de", "de_CH", "fr", "es", "sv", "pt_BR", "hi", "ar"])
@pytest.mark.parametrize("value", [0.5, 7, 268_432, 1_234_567.5])
def test_a_number_is_found_and_read_again_as_it_was_written(locale: str, value: float) -> None:
    use(locale)
    written = thousands(value, 8)
    assert list(numbers_in(f"between {written} and more")) == [written]
    assert read(written) == value


def test_a_catalogue_of_messages_is_looked_up_and_english_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    german = Catalog(locale="de")
    german.add("{low} to {high}", "{low} bis {high}")
    german.add(("{n} step is left out", "{n} steps are left out"), ("{n} Schritt bleibt weg", "{n} Schritte bleiben weg"))
    german.add("met", "erfüllt")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "readiness.mo").open("wb") as out:
        write_mo(out, german)
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    use("de_CH")
    assert language.language() == "de"
    assert Ledger("CHF").range(1900, 30_000, "money", id="x") == "CHF\N{NO-BREAK SPACE}1’900 bis 30’000"
    assert trn("{n} step is left out", "{n} steps are left out", 1, n=1) == "1 Schritt bleibt weg"
    assert Words({"met": N_("met"), None: ""})["met"] == "erfüllt"
    assert tr("nobody has said this in German") == "nobody has said this in German"
    use()
    assert language.language() == "en"
    assert Words({"met": N_("met"), None: ""})["met"] == "met"


def test_a_translation_that_names_no_place_of_the_sentence_gives_way_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return message.replace("{title}", "{titel}")

    monkeypatch.setattr(language, "_messages", Careless())
    assert tr("{title}: missing", title="A rota") == "A rota: missing"


def test_a_damaged_catalogue_is_a_sentence_and_nothing_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "readiness.mo").write_bytes(b"no catalogue")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    with pytest.raises(StorageError, match=r"readiness\.mo: is no catalogue of messages"):
        use("de")
    assert thousands(12_500, 3) == "12,500"


def test_what_stands_in_a_place_is_never_read_as_a_place() -> None:
    assert tr("{title}: missing", title="{evil.__class__} {0}") == "{evil.__class__} {0}: missing"


def test_words_that_say_nothing_stay_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_messages", gettext.NullTranslations())
    assert tr("") == ""
    words = Words({"known": N_("known")})
    assert words.get("known") == "known"
    assert words.get("unknown", "as it is") == "as it is"


@pytest.mark.parametrize(("words", "and_", "or_"), [([], "", ""), (["a"], "a", "a"), (["a", "b"], "a and b", "a or b"), (["a", "b", "c"], "a, b and c", "a, b or c")])
def test_lists_in_a_sentence(words: list[str], and_: str, or_: str) -> None:
    assert (joined(words), either(words)) == (and_, or_)


@pytest.mark.parametrize(("name", "known"), [("en", True), ("de_CH", True), ("fr", True), ("de-CH", False), ("Deutsch", False), ("", False), ("../en", False), ("xx_YY", False)])
def test_only_locales_of_cldr_are_known(name: str, known: bool) -> None:
    assert is_known(name) is known
