"""How wide the columns of a table on paper are."""

from __future__ import annotations

from readiness.report.blocks import Table
from readiness.report.typefaces import width as text_width

# Left and right inset of a cell, in points, and a little air because bold is wider.
_INSET = 12.0
_AIR = 1.5
# A column of words is given at most this share of the page before the others have what they need.
_GREEDY = 0.55
# A table that needs less than this share of the page is only as wide as running text: the eye must not jump.
_SMALL, _MEASURE = 0.62, 0.84


def column_widths(table: Table, room: float, *, size: float) -> list[float]:
    """Widths of the columns, which together fill the page, or the measure of text when there is little in them.

    Parameters
    ----------
    table
        The table; columns with a ``width`` share the room in that proportion with the widths others need.
    room
        Width of the page less its margins, in points.
    size
        Size of the type in points.

    Returns
    -------
    list of float
        In points; the sum is ``room``, or 0.84 of it for a small table.

    Notes
    -----
    A column of numbers gets what its longest number needs, so that it never wraps. What is left is shared among the
    columns of words: whoever needs less than an equal share gets what it needs, the rest is shared anew; nobody falls
    below its longest word while there is room.
    """
    natural, word = [], []
    for place, column in enumerate(table.columns):
        label = text_width(column.label, size=size, bold=True)
        cells = [line for row in table.rows for line in row[place].split("\n")]
        longest = max((text_width(cell, size=size, bold=True) for cell in cells), default=0.0)
        pieces = [piece for text in (column.label, *cells) for piece in text.replace("\n", " ").split(" ")]
        piece = max((text_width(piece[:33], size=size, bold=True) for piece in pieces), default=0.0)
        head = _on_two_lines(column.label, size) if column.align == "right" else label
        natural.append(max(longest, min(head, label)) + _INSET + _AIR)
        word.append(min(max(piece, head) if column.align == "right" else piece, room * _GREEDY) + _INSET + _AIR)
    wishes = [column.width for column in table.columns]
    if any(wishes):
        return _shared(table, wishes, natural, word, room)
    fixed = [column.align == "right" for column in table.columns]
    widths = [wide if tight else 0.0 for wide, tight in zip(natural, fixed, strict=True)]
    if not all(fixed):
        open_ = [place for place, tight in enumerate(fixed) if not tight]
        left = room - sum(widths)
        needs = sum(word[place] for place in open_)
        if left < needs:  # numbers must give way too: all shrink to what their longest word needs
            widths, open_, left = [0.0] * len(widths), list(range(len(widths))), room
        for place, wide in _levelled(natural, word, open_, left).items():
            widths[place] = wide
    if sum(natural) < _SMALL * room:
        room *= _MEASURE
    scale = room / sum(widths)
    return [round(wide * scale, 3) for wide in widths]


def _on_two_lines(label: str, size: float) -> float:
    """Width of a head that is broken once, where it is shortest."""
    words = label.split(" ")
    parts = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words) + 1))
    return min(max(text_width(part, size=size, bold=True) for part in halves) for halves in parts)


def _shared(table: Table, wishes: list[float | None], natural: list[float], word: list[float], room: float) -> list[float]:
    """Widths by the proportions that the table's author wished; nobody falls below its longest word while there is room."""
    given = [wish for wish in wishes if wish]
    mean = sum(given) / len(given)
    numbers = {
        place: natural[place]
        for place, (wish, column) in enumerate(zip(wishes, table.columns, strict=True))
        if not wish and column.align == "right"
    }
    if sum(numbers.values()) > room / 2:  # too many numbers: they give way in proportion
        numbers = {place: wide / sum(numbers.values()) * room / 2 for place, wide in numbers.items()}
    left = room - sum(numbers.values())
    shares = {place: wish or mean for place, wish in enumerate(wishes) if place not in numbers}
    whole = sum(shares.values())
    widths = {**numbers, **{place: share / whole * left for place, share in shares.items()}}
    wanted = [widths[place] for place in range(len(wishes))]
    if sum(word) < room:
        short = sum(max(0.0, least - wide) for wide, least in zip(wanted, word, strict=True))
        spare = sum(max(0.0, wide - least) for wide, least in zip(wanted, word, strict=True))
        wanted = [max(wide, least) - (short / spare * (wide - least) if wide > least else 0.0) for wide, least in zip(wanted, word, strict=True)]
    return [round(wide, 3) for wide in wanted]


def _levelled(natural: list[float], word: list[float], places: list[int], room: float) -> dict[int, float]:
    """Room shared among columns of words: small needs first, then by the root of what each would like."""
    widths: dict[int, float] = {}
    waiting = sorted(places, key=lambda place: natural[place])
    while waiting:
        place = waiting[0]
        if natural[place] > room / len(waiting):
            break
        widths[place] = natural[place]
        room -= natural[place]
        waiting.pop(0)
    roots = sum(natural[place] ** 0.5 for place in waiting)
    spare = room - sum(word[place] for place in waiting)
    for place in waiting:
        if spare >= 0:
            widths[place] = word[place] + spare * natural[place] ** 0.5 / roots
        else:
            widths[place] = max(1.0, room * word[place] / sum(word[p] for p in waiting))
    return widths
