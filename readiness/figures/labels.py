"""Places for direct labels: near their points, over nothing else; the same in print and on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CHARACTER_WIDE = 0.54
"""Width of a character, in sizes of the type."""
LINE_TALL = 1.25
CROSSED = 60.0
"""What a leader through a label costs, in square pixels of covered words."""
MARK = 7.0
"""Half the side of the square around a point that stays free."""

Box = tuple[float, float, float, float]

# Nearest first; within one distance: right, left, above, below, then the corners.
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_DISTANCES = (9.0, 20.0, 34.0, 50.0, 70.0, 95.0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the plot, in pixels from its lower left corner, and what is written at it."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label stands: the offset of its anchor from the point, in pixels (up is positive)."""

    dx: float
    dy: float
    anchor: str
    leader: bool
    box: Box


def place(spots: Sequence[Spot], *, width: float, height: float, size: float = 11.0, taken: Sequence[Box] = ()) -> tuple[Placed, ...]:
    """A place for each label, the first ones first choice.

    Parameters
    ----------
    spots
        In the order of their importance.
    width, height
        Of the plot, in pixels.
    size
        Of the type, in pixels.
    taken
        Boxes (left, bottom, right, top) where nothing may be written.

    Notes
    -----
    Greedy over 48 places around each point. Where none is free, the one that covers least is taken. A leader that runs
    through the words of another label counts as if it covered some of them.

    Examples
    --------
    Two points that lie on each other are told apart:

    >>> first, second = place([Spot(50, 50, "today"), Spot(50, 50, "goal")], width=200, height=100)
    >>> first.anchor, overlap(first.box, second.box)
    ('left', 0.0)
    """
    kept: list[Box] = [*taken, *((s.x - MARK, s.y - MARK, s.x + MARK, s.y + MARK) for s in spots)]
    found: list[Placed] = []
    for number, spot in enumerate(spots):
        wide = max(len(line) for line in spot.text.split("<br>")) * CHARACTER_WIDE * size + 4
        tall = (spot.text.count("<br>") + 1) * LINE_TALL * size
        best: tuple[float, Placed] | None = None
        own = len(taken) + number
        for far in _DISTANCES:
            for across, up in _DIRECTIONS:
                candidate = _candidate(spot, across, up, far, wide, tall)
                left, bottom, right, top = candidate.box
                outside = max(0.0, -left) + max(0.0, right - width) + max(0.0, -bottom) + max(0.0, top - height)
                covered = sum(overlap(candidate.box, b) for i, b in enumerate(kept) if i != own) + 1000 * outside
                covered += CROSSED * sum(_through(s, p, candidate.box) + _through(spot, candidate, p.box) for s, p in zip(spots, found, strict=False))
                if best is None or covered < best[0] - 1e-9:
                    best = (covered, candidate)
            if best is not None and best[0] == 0:
                break
        assert best is not None
        kept.append(best[1].box)
        found.append(best[1])
    return tuple(found)


def _candidate(spot: Spot, across: int, up: int, far: float, wide: float, tall: float) -> Placed:
    dx, dy = across * far, up * (far + (tall / 2 if up else 0.0))
    anchor = {1: "left", -1: "right", 0: "center"}[across]
    left = spot.x + dx - {"left": 0.0, "right": wide, "center": wide / 2}[anchor]
    bottom = spot.y + dy - tall / 2
    return Placed(dx, dy, anchor, far > _DISTANCES[0], (left, bottom, left + wide, bottom + tall))


def _through(spot: Spot, label: Placed, box: Box) -> bool:
    """Whether the leader of a label runs through a box."""
    if not label.leader:
        return False
    along = np.linspace(0.05, 0.95, 19)
    x, y = spot.x + along * label.dx, spot.y + along * label.dy
    return bool(np.any((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])))


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def column(
    spots: Sequence[Spot], *, width: float, height: float, size: float = 11.0, taken: Sequence[Box] = (), words: Sequence[Box] = ()
) -> tuple[Placed, ...]:
    """Places one under the other for points that lie close together, in the order of their heights, so that no leaders cross.

    Parameters
    ----------
    spots, width, height, size, taken
        As for `place`.
    words
        What no leader should be drawn through.

    Examples
    --------
    >>> above, below = column([Spot(50, 52, "first"), Spot(50, 50, "then")], width=300, height=100)
    >>> above.box[1] >= below.box[3], overlap(above.box, below.box)
    (True, 0.0)
    """
    if not spots:
        return ()
    step = LINE_TALL * size + 1
    wide = max(len(s.text) for s in spots) * CHARACTER_WIDE * size + 4
    order = sorted(range(len(spots)), key=lambda i: (-spots[i].y, i))
    kept = [*taken, *((s.x - MARK, s.y - MARK, s.x + MARK, s.y + MARK) for s in spots)]
    middle = sum(s.x for s in spots) / len(spots)
    n = np.arange(len(spots))
    x, y = np.array([spots[i].x for i in order]), np.array([spots[i].y for i in order])
    # Every place of the column at once: (left, top, label), and against what is taken (left, top, label, box).
    left = np.arange(0.0, max(1.0, width - wide), 12.0)[:, None, None]
    top = np.arange(height, step * len(spots), -6.0)[None, :, None] - step * n
    if not top.size:
        return place(spots, width=width, height=height, size=size, taken=taken)
    boxes = np.array(kept).reshape(-1, 4)
    across = np.clip(np.minimum(left[..., None] + wide, boxes[:, 2]) - np.maximum(left[..., None], boxes[:, 0]), 0, None)
    along = np.clip(np.minimum(top[..., None], boxes[:, 3]) - np.maximum(top[..., None] - step, boxes[:, 1]), 0, None)
    right_of = left > middle
    end = np.where(right_of, left, left + wide)
    far = (np.abs(x - end) + 2.5 * np.abs(y - top + step / 2)).mean(axis=2)
    wrong = np.where(right_of, np.clip(x + 3 * MARK - left, 0, None), np.clip(left + wide - x + 3 * MARK, 0, None)).sum(axis=2)
    cost = (across * along).sum(axis=(2, 3)) * 20 + far + 4 * wrong
    part, written = np.linspace(0.05, 0.95, 19)[:, None], np.array(words).reshape(-1, 4)
    on_x, on_y = ((a[..., None, None] * (1 - part) + b[..., None, None] * part) for a, b in ((x, end), (y, top - step / 2)))
    through = (on_x > written[:, 0]) & (on_x < written[:, 2]) & (on_y > written[:, 1]) & (on_y < written[:, 3])
    cost = cost + 60 * through.sum(axis=(2, 3, 4))
    at_left, at_top = np.unravel_index(int(cost.argmin()), cost.shape)
    left_, top_, right = float(left[at_left, 0, 0]), float(top[0, at_top, 0]), bool(right_of[at_left, 0, 0])
    found: dict[int, Placed] = {}
    for number, i in enumerate(order):
        box = (left_, top_ - step * (number + 1), left_ + wide, top_ - step * number)
        edge = left_ if right else left_ + wide
        found[i] = Placed(edge - spots[i].x, (box[1] + box[3]) / 2 - spots[i].y, "left" if right else "right", True, box)
    return tuple(found[i] for i in range(len(spots)))
