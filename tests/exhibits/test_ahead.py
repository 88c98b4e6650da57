"""Chapters from a second process: the same as made here, whatever happens to that process."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import date

import pytest

from readiness.assessment import Assessment, assess
from readiness.catalog import Catalog
from readiness.engagement import Engagement
from readiness.exhibits import ahead
from readiness.exhibits.ahead import maybe_ahead, side_by_side
from readiness.exhibits.exhibit import Chapter, text
from readiness.exhibits.scenarios import scenarios
from readiness.exhibits.steadiness import steadiness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is safe on Linux only")


@pytest.fixture(scope="module")
def a(catalog: Catalog, clients: dict[str, Engagement]) -> Assessment:
    return assess(catalog, clients["cheerly"], as_of=date(2026, 11, 23))


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    with side_by_side():
        yield


@maybe_ahead
def where(a: Assessment) -> Chapter:
    return Chapter((text(str(os.getpid())),))


@maybe_ahead
def broken(a: Assessment) -> Chapter:
    raise ZeroDivisionError("as here")


@pytest.mark.usefixtures("two_processors")
def test_a_chapter_from_the_second_process_is_the_same(a: Assessment) -> None:
    ahead.begin(a, (scenarios, steadiness, where))
    found = [chapter(a).payload() for chapter in (steadiness, scenarios)]
    assert where(a).payload()["blocks"][0]["paragraphs"] != [str(os.getpid())], "it was made over there"
    assert found == [chapter.__wrapped__(a).payload() for chapter in (steadiness, scenarios)]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("two_processors")
def test_what_the_second_process_cannot_make_is_made_here(a: Assessment) -> None:
    ahead.begin(a, (broken, where))
    with pytest.raises(ZeroDivisionError, match="as here"):
        broken(a)
    assert where(a).payload()["blocks"][0]["paragraphs"] == [str(os.getpid())]


@pytest.mark.usefixtures("two_processors")
def test_a_killed_process_loses_nothing(a: Assessment) -> None:
    ahead.begin(a, (scenarios,))
    os.kill(ahead._started[0].process.pid or 0, signal.SIGKILL)
    assert scenarios(a).payload() == scenarios.__wrapped__(a).payload()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("two_processors")
def test_another_client_gets_nothing_of_it(a: Assessment, catalog: Catalog, clients: dict[str, Engagement]) -> None:
    ahead.begin(a, (where,))
    other = assess(catalog, clients["quillfield"], as_of=date(2026, 11, 23))
    assert where(other).payload()["blocks"][0]["paragraphs"] == [str(os.getpid())]


def test_no_second_process_where_none_is_wanted(a: Assessment) -> None:
    ahead.begin(a, (where,))
    assert not ahead._started
    assert where(a).payload()["blocks"][0]["paragraphs"] == [str(os.getpid())]


@pytest.mark.usefixtures("two_processors")
def test_the_process_ends_with_the_report(a: Assessment) -> None:
    with side_by_side():
        ahead.begin(a, (scenarios, steadiness))
        process = ahead._started[0].process
    assert not process.is_alive()
