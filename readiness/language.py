"""The language of a report and the signs of its numbers: every fixed sentence a reader sees goes through `tr`."""

from __future__ import annotations

import gettext
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from readiness.errors import StorageError

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "readiness"
ENGLISH = "en"
NARROW_GAP = "\N{NARROW NO-BREAK SPACE}"

Key = TypeVar("Key")
Text = TypeVar("Text", bound=str)

_locale = _language = ENGLISH
_messages = gettext.NullTranslations()
_signs: dict[int, str] = {}


def use(locale: str = ENGLISH) -> None:
    """Speak the language of a locale from here on, and write numbers with its signs.

    Parameters
    ----------
    locale
        As CLDR writes it: ``en``, ``de_CH``. Where nobody has translated, sentences stay English and numbers follow the locale.

    Raises
    ------
    StorageError
        When a catalogue of messages is there and cannot be read.

    Notes
    -----
    One process speaks one language at a time: a kernel, a command and a child of a batch each have one client.
    """
    global _locale, _messages, _signs, _language
    if locale == _locale:
        return
    signs = {} if locale == ENGLISH else _signs_of(locale)
    try:
        messages = gettext.translation(DOMAIN, FOLDER, [locale], fallback=True)
    except (OSError, ValueError, LookupError, struct.error) as problem:
        raise StorageError(f"is no catalogue of messages: {problem}", file=Path(str(gettext.find(DOMAIN, FOLDER, [locale]))), hint="compile it anew with pybabel") from None
    _messages = messages
    _locale, _signs = locale, signs
    _language = locale.partition("_")[0] if gettext.find(DOMAIN, FOLDER, [locale]) else ENGLISH


def language() -> str:
    """The language that is spoken, as a code of two or three letters: English where nobody has translated.

    Examples
    --------
    >>> language()
    'en'
    """
    return _language


def is_known(locale: str) -> bool:
    """Whether CLDR knows a locale.

    Examples
    --------
    >>> is_known("de_CH"), is_known("de_DE_Bayern"), is_known("Deutsch")
    (True, False, False)
    """
    if locale == ENGLISH:
        return True
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(locale)) == locale
    except (UnknownLocaleError, ValueError):
        return False


def _signs_of(locale: str) -> dict[int, str]:
    from babel import Locale

    numbers = Locale.parse(locale).number_symbols["latn"]
    # One kind of space between thousands, and another one than between a number and its unit.
    group = NARROW_GAP if numbers["group"].isspace() else numbers["group"]
    return {ord("."): numbers["decimal"], ord(","): group}


def tr(template: str, /, **values: object) -> str:
    """A sentence in the language of the report, its places filled.

    Parameters
    ----------
    template
        The English sentence, as it is looked up, with names in braces where numbers, titles or phrases go.
    values
        What goes there; braces in them mean nothing.

    Examples
    --------
    >>> tr("{cause} cause {share} of the expected downtime.", cause="Failed changes", share="43 %")
    'Failed changes cause 43 % of the expected downtime.'
    """
    if not template:
        return ""  # what a table of words has nothing to say about; to a catalogue of messages the empty one is its own head
    said = _messages.gettext(template)
    return _filled(said, template, values) if values else said


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """The same where the number of things decides the words, by the rule of the language.

    Examples
    --------
    >>> trn("{n} step is left out", "{n} steps are left out", 2, n="2")
    '2 steps are left out'
    """
    return _filled(_messages.ngettext(one, many, number), one if number == 1 else many, values)


def _filled(said: str, english: str, values: dict[str, object]) -> str:
    """A sentence with its places filled; the English one where a translation names a place that is not there."""
    try:
        return said.format_map(values)
    except (KeyError, IndexError, ValueError):
        return english.format_map(values)


def N_(template: Text) -> Text:
    """Marks words of a table of the code, which `tr` or `Words` look up when they are shown."""
    return template


def plural(one: str, many: str) -> tuple[str, str]:
    """Marks words for one and for many in a table of the code, which `trn` looks up when they are shown."""
    return one, many


class Words(dict[Key, str]):
    """Words by what they stand for, marked where they are written and translated where they are read.

    Examples
    --------
    >>> Words({"met": N_("met"), "unproven": N_("not shown")})["unproven"]
    'not shown'
    """

    def __getitem__(self, key: Key) -> str:
        return tr(super().__getitem__(key))

    def said(self) -> dict[Key, str]:
        """All of them as they are read."""
        return {key: self[key] for key in self}

    def get(self, key: Any, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> joined(["rollback", "restore", "rota"])
    'rollback, restore and rota'
    """
    return words[0] if len(words) == 1 else tr("{first} and {last}", first=", ".join(words[:-1]), last=words[-1]) if words else ""


def either(words: Sequence[str]) -> str:
    """Words of which one holds, as a list in a sentence.

    Examples
    --------
    >>> either(["Kafka", "AMQP"])
    'Kafka or AMQP'
    """
    return words[0] if len(words) == 1 else tr("{first} or {last}", first=", ".join(words[:-1]), last=words[-1]) if words else ""


def inside(title: str) -> str:
    """A title as it stands inside a sentence: in English in small letters, but for what is spelt in capitals.

    Examples
    --------
    >>> inside("Alarms wake somebody"), inside("SLA credits owed"), inside("Domain and TLS")
    ('alarms wake somebody', 'SLA credits owed', 'domain and TLS')
    """
    return title if _language != ENGLISH or title[1:2].isupper() else title[:1].lower() + title[1:]


def signed(number: str) -> str:
    """A number written with comma and point, with the signs of the locale.

    Examples
    --------
    >>> signed("1,234.5")
    '1,234.5'
    """
    return number.translate(_signs) if _signs else number


def read(number: str) -> float:
    """A number that was written with the signs of the locale.

    Examples
    --------
    >>> read("1,234.5")
    1234.5
    """
    decimal, group = separators()
    return float(number.replace(group, "").replace(decimal, "."))


def separators() -> tuple[str, str]:
    """Decimal sign and group sign."""
    return signed("."), signed(",")
