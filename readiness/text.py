"""Numbers and client text on their way to a reader: one way to print each unit, one escape function per sink."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from readiness.language import N_, Words, read, separators, signed, tr

MINUTES_PER_YEAR = 525_600
# Between a number and its unit: "52 h" never breaks over two lines.
GAP = "\N{NO-BREAK SPACE}"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|$~&])")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n")


def escape_html(text: object) -> str:
    """Text for HTML, attributes included.

    Examples
    --------
    >>> escape_html('<b onclick="x">')
    '&lt;b onclick=&quot;x&quot;&gt;'
    """
    return html.escape(str(text), quote=True)


def escape_markdown(text: object) -> str:
    """Text for notebook markdown: no formatting, no mathematics, no link.

    Examples
    --------
    >>> escape_markdown("$5,000 *now*")
    '\\\\$5,000 \\\\*now\\\\*'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split("\n")))


def escape_plotly(text: object) -> str:
    """Text for plotly, which reads a little HTML and `$` as mathematics.

    Examples
    --------
    >>> escape_plotly("a<b> $x$")
    'a&lt;b&gt; &#36;x&#36;'
    """
    return html.escape(str(text), quote=False).replace("$", "&#36;")


def escape_sheet(text: object) -> str:
    """Text for CSV that a spreadsheet opens: never a formula.

    Examples
    --------
    >>> escape_sheet("=1+1")
    "'=1+1"
    """
    plain = str(text)
    return "'" + plain if plain.startswith(_FORMULA_START) else plain


def rounded(value: float, digits: int = 2) -> float:
    """A value to so many significant digits.

    Examples
    --------
    >>> rounded(268_432), rounded(0.0123)
    (270000.0, 0.012)
    """
    if value == 0 or not math.isfinite(value):
        return value
    return float(round(value, digits - 1 - math.floor(math.log10(abs(value)))))


def thousands(value: float, digits: int = 2) -> str:
    """A number with thousands separators, to so many significant digits.

    Examples
    --------
    >>> thousands(268_432), thousands(0.0123), thousands(7)
    ('270,000', '0.012', '7')
    """
    short = rounded(value, digits)
    if short == int(short):
        return signed(f"{int(short):,}")
    places = max(0, digits - 1 - math.floor(math.log10(abs(short))))
    return signed(f"{short:,.{places}f}")


def whole(value: float) -> str:
    """A number with thousands separators, to the next whole one.

    Examples
    --------
    >>> whole(268_432.4)
    '268,432'
    """
    return signed(f"{value:,.0f}")


def availability(unavailability: float) -> str:
    """An availability in per cent, floored and never rounded up, with as many nines as it has and one digit.

    Examples
    --------
    >>> print(availability(0.0204), availability(1e-6), availability(0.0000149), sep=", ")
    97.96 %, 99.9999 %, 99.9985 %
    >>> print(availability(0))
    100 %
    """
    if unavailability <= 0:
        return f"100{GAP}%"
    places = max(2, math.floor(-math.log10(min(unavailability, 1)) + 1e-9))
    scale = 10**places
    # A hair is forgiven so that 1 - 0.999 prints as 99.9 and not as 99.89; more than that is never given away.
    floored = math.floor((1 - unavailability) * 100 * scale + 1e-7) / scale
    return signed(f"{floored:.{places}f}".rstrip("0").rstrip(".")) + f"{GAP}%"


def promise(slo: float) -> str:
    """A promise as it is spoken.

    Examples
    --------
    >>> print(promise(0.999), promise(0.9995), promise(0.95), sep=", ")
    99.9 %, 99.95 %, 95 %
    """
    return signed(f"{slo * 100:.10g}") + f"{GAP}%"


def duration(minutes: float) -> str:
    """Minutes in the unit a person would use.

    Examples
    --------
    >>> print(duration(12), duration(1900), duration(10_000), duration(0.4), sep=", ")
    12 min, 32 h, 6.9 days, 24 s
    """
    if minutes < 1 and minutes > 0:
        return _united(thousands(minutes * 60), "s")
    if minutes < 90:
        return _united(thousands(minutes), "min")
    if minutes < 72 * 60:
        return _united(thousands(minutes / 60), "h")
    return _united(thousands(minutes / 1440), "days")


# Units as a number is followed by them, for translators: what is not here is a sign that all languages share.
UNITS = Words({
    "s": N_("s"), "min": N_("min"), "h": N_("h"), "days": N_("days"), "months": N_("months"),
    "1/minute": N_("a minute"), "1/month": N_("a month"), "1/year": N_("a year"),
})  # fmt: skip


def _united(number: str, unit: str) -> str:
    return f"{number}{GAP}{UNITS.get(unit, unit)}"


def per_cent(share: float) -> str:
    """A share in per cent; never 0 or 100 for what is not.

    Examples
    --------
    >>> print(per_cent(0.123), per_cent(0.0004), per_cent(0.9997), per_cent(1.0), sep=", ")
    12 %, under 0.1 %, over 99.9 %, 100 %
    """
    if share <= 0:
        return f"0{GAP}%"
    if share >= 1:
        return f"100{GAP}%"
    if share < 0.001:
        return tr("under {share}", share=signed("0.1") + f"{GAP}%")
    if share > 0.999:
        return tr("over {share}", share=signed("99.9") + f"{GAP}%")
    if share < 0.0995:
        return signed(f"{share * 100:.1f}") + f"{GAP}%"
    return (f"{share * 100:.0f}" if share < 0.995 else signed(f"{share * 100:.1f}")) + f"{GAP}%"


@dataclass(frozen=True, slots=True)
class Printed:
    """A number that a reader sees: where it came from, and how it was written."""

    id: str
    value: float
    unit: str
    text: str


@dataclass
class Ledger:
    """Formats numbers for one reader and keeps each one it printed.

    Parameters
    ----------
    currency
        The engagement's.

    Examples
    --------
    >>> ledger = Ledger("EUR")
    >>> print(ledger.say(268_432, "money/year", id="loss_per_year"))
    EUR 270,000
    >>> print(ledger.range(1900, 30_000, "minutes/year", id="bad_minutes_per_year"))
    32 h to 21 days
    >>> len(ledger.printed)
    3
    """

    currency: str = "USD"
    printed: list[Printed] = field(default_factory=list)

    def say(self, value: float, unit: str, *, id: str, digits: int = 2) -> str:
        """One number with its unit, remembered under the id of what it is."""
        return self._keep(id, value, unit, self._written(float(value), unit, digits))

    def range(self, low: float, high: float, unit: str, *, id: str, digits: int = 2, words: str = N_("{low} to {high}")) -> str:
        """A range, the unit said once where that reads well; ``words`` says how its ends are joined."""
        first, last = self._written(float(low), unit, digits), self._written(float(high), unit, digits)
        self._keep(f"{id}.low", low, unit, first)
        self._keep(f"{id}.high", high, unit, last)
        if first == last:
            return first
        if first.rpartition(GAP)[2] == last.rpartition(GAP)[2] and not first[:1].isalpha():
            first = first.rpartition(GAP)[0]
        elif first.startswith(f"{self.currency}{GAP}"):
            last = last.removeprefix(f"{self.currency}{GAP}")
        return tr(words, low=first, high=last)

    def plain(self, value: float, *, id: str, digits: int = 2, unit: str = "count") -> str:
        """A bare number for a table whose column head says the unit."""
        return self._keep(id, value, unit, thousands(float(value), digits))

    def count(self, number: int, *, id: str) -> str:
        """How many of something there are: never rounded."""
        return self._keep(id, number, "count", signed(f"{number:,}"))

    def told(self, text: str, *, id: str) -> str:
        """A sentence that was made where the sums are, as it is; each number in it is remembered."""
        for number in numbers_in(text):
            self._keep(id, read(number), "as told", number)
        return text

    def _keep(self, id: str, value: float, unit: str, text: str) -> str:
        self.printed.append(Printed(id, float(value), unit, text))
        return text

    def _written(self, value: float, unit: str, digits: int) -> str:
        if not math.isfinite(value):
            return tr("not known")
        if unit.startswith("money"):
            return f"{'−' if value < 0 else ''}{self.currency}{GAP}{thousands(abs(value), digits)}"
        if unit.startswith("minutes"):
            return duration(value)
        if unit == "share":
            return per_cent(value)
        if unit == "availability":
            return availability(1 - value)
        if unit == "unavailability":
            return availability(value)
        if unit == "promise":
            return promise(value)
        if unit == "level":
            return signed(f"{value:.1f}")
        if unit.startswith("hours"):
            return _united(thousands(value, digits), "h")
        if unit in ("factor", "count", "people"):
            return thousands(value, digits)
        return _united(thousands(value, digits), unit)


def numbers_in(text: str) -> Iterator[str]:
    """The numbers that stand in a text, as written.

    Examples
    --------
    >>> list(numbers_in("USD 270,000 and 12 % in 2.5 h"))
    ['270,000', '12', '2.5']
    """
    decimal, group = (re.escape(sign) for sign in separators())
    yield from re.findall(rf"\d+(?:{group}\d{{3}})*(?:{decimal}\d+)?", text)
