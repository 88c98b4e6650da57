"""Client text is data: whatever is typed comes back as it was typed, from the form, the journal, the file and the report's data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from readiness.catalog import load_catalog
from readiness.engagement import open_engagement
from readiness.engagement.writing import exported
from readiness.errors import DataError
from readiness.workshop import Room
from readiness.workshop.asking import Asking, Numbers
from readiness.workshop.closing import Closing
from readiness.workshop.composing import Composer
from readiness.workshop.intake import Architecture
from readiness.yaml_source import read_yaml

CATALOG = load_catalog()
CASES = {
    c["id"]: c["payload"]
    for c in read_yaml(Path(__file__).parents[1] / "cases" / "hostile_text.yaml", DataError).content["cases"]
    if isinstance(c.get("payload"), str)
}


@pytest.fixture
def asking(room: Room) -> Asking:
    room.reckon = lambda: room._tell("reckoned")  # type: ignore[method-assign]  # numbers are not what is tested here
    return Asking(room, Numbers(room))


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_note_comes_back_letter_for_letter(asking: Asking, case: str) -> None:
    from readiness.engagement.schema import _clean

    text = CASES[case]
    asking.card.say({"do": "jump", "to": "on_call"})
    asking.card.say({"do": "answer", "practice": "on_call", "given": {"answer": "rota", "note": text, "by": text[:100]}})
    if asking.card.status["state"] == "refused":
        assert len(text) > 10_000
        return
    opened = open_engagement(asking.room.folder, CATALOG)
    assert opened.engagement.answers["on_call"].note == _clean(text)
    assert asking.card.current["note"] == _clean(text)
    assert read_yaml(Path("x"), DataError, text=exported(opened, CATALOG)).content == opened.raw


def test_10000_characters_are_kept_and_one_more_is_refused(asking: Asking) -> None:
    for length, state in ((10_000, "saved"), (10_001, "refused")):
        asking.card.say({"do": "answer", "practice": "on_call", "given": {"answer": "rota", "note": "ü" * length}})
        assert asking.card.status["state"] == state


@pytest.mark.parametrize("text", ["a\ud800b", "a\x00b", "\x1b[31mred", "a\uffffb"], ids=ascii)
def test_characters_that_no_file_holds_are_marked_and_break_nothing(asking: Asking, text: str) -> None:
    asking.card.say({"do": "answer", "practice": "on_call", "given": {"answer": "rota", "note": text}})
    assert asking.card.status["state"] == "saved"
    opened = open_engagement(asking.room.folder, CATALOG)
    assert "\ufffd" in opened.engagement.answers["on_call"].note
    assert exported(opened, CATALOG)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "https://user:pw@evil.example", "javascript:alert(1)", 'http://x/"onmouseover=fetch("//y/")']
)
def test_a_link_that_is_none_is_refused(asking: Asking, address: str) -> None:
    asking.card.say({"do": "answer", "practice": "on_call", "given": {"answer": "rota", "link": address}})
    assert asking.card.status["state"] in ("refused", "saved")
    if asking.card.status["state"] == "saved":  # shown as text only; scripts make links of https addresses alone
        assert address.startswith("http")


@pytest.mark.parametrize("case", sorted(CASES))
def test_lists_and_titles_are_passed_on_as_plain_text(room: Room, case: str) -> None:
    from readiness.engagement.schema import _clean

    room.reckon = lambda: room._tell("reckoned")  # type: ignore[method-assign]
    text: Any = CASES[case][:100]
    closing = Closing(room)
    closing.decided.say({"do": "set", "key": "text", "value": text})
    closing.decided.say({"do": "press", "action": "add"})
    assert _clean(room.engagement.decisions[-1].text) in closing.decided.rows[-1]
    composer = Composer(room)
    composer.sheet.say({"do": "set", "key": "title", "value": text})
    composer.sheet.say({"do": "press", "action": "try"})
    assert composer.sheet.status["state"] in ("ready", "refused")
    form = Architecture(room).form
    form.say({"do": "dependencies", "dependencies": [{"name": "other", "what": text, "hard": True}]})
    assert form.status["state"] == "saved"
    assert room.engagement.architecture.dependencies[0].what == _clean(text)
