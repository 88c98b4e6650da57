"""The same charts on a dark page: for each colour of the theme, the one that takes its place at night."""

from __future__ import annotations

from readiness.figures.theme import BAD, CALM, GOOD, GRID, HAIR, INK, PALETTE, PAPER, QUIET, SEQUENCE, WARN, faded

NIGHT: dict[str, str] = {
    INK: "#e8edf2", QUIET: "#a9b6c2", HAIR: "#48535e", GRID: "#313a43", PAPER: "#161b20",
    PALETTE[0]: "#8fb9e6", PALETTE[1]: "#f0b766", PALETTE[2]: "#5fc0d3", PALETTE[3]: "#4d7399", PALETTE[4]: "#ef8f80", PALETTE[5]: "#7d8994",
    CALM: "#4b6a87", GOOD: "#7fd1ab", WARN: "#f0c063", BAD: "#ff9d8c",
    **dict(zip(SEQUENCE[:-1], ("#1c2733", "#26384b", "#33526f", "#487099", "#6a97c4"), strict=True)),
}  # fmt: skip


def night() -> dict[str, str]:
    """Day colour to night colour, with the faint ones of bands.

    Examples
    --------
    >>> night()["#17365d"]
    '#8fb9e6'
    """
    return NIGHT | {faded(day): faded(dark) for day, dark in NIGHT.items() if day.startswith("#")}
