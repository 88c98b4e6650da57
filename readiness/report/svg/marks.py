"""The signs that stand for points, told apart by shape as well as by colour."""

from __future__ import annotations

from readiness.errors import ModelError
from readiness.report.svg.canvas import Canvas, turned
from readiness.report.svg.lettering import Point

# A CSS pixel, in which plotly measures, is three quarters of a point.
PX = 0.75


def mark(
    canvas: Canvas, at: Point, size: float, symbol: str, colour: str, *, edge: str = "none", line: float = 0.0
) -> None:
    """One marker."""
    hollow = symbol.endswith("-open")
    symbol = symbol.removesuffix("-open")
    if hollow:
        edge, line, colour = colour, max(line, 0.9), "#ffffff"
    x, y = at
    half = size / 2
    if symbol == "circle":
        canvas.circle(at, half, fill=colour, stroke=edge, line=line)
        return
    shapes: dict[str, list[Point]] = {
        "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "diamond": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
        "triangle-up": [(0, -1.1), (1.05, 0.8), (-1.05, 0.8)],
        "triangle-down": [(0, 1.1), (1.05, -0.8), (-1.05, -0.8)],
        "cross": [
            turned(corner, turn) for turn in (0, 90, 180, 270) for corner in ((-0.35, -1), (0.35, -1), (0.35, -0.35))
        ],
        "line-ns": [(-0.12, -1), (0.12, -1), (0.12, 1), (-0.12, 1)],
        "line-ew": [(-1, -0.12), (1, -0.12), (1, 0.12), (-1, 0.12)],
    }
    shapes["x"] = [(0.7071 * (a - b), 0.7071 * (a + b)) for a, b in shapes["cross"]]
    shapes["star"] = [turned((0.0, -0.5 if turn % 2 else -1.2), 36 * turn) for turn in range(10)]
    if symbol not in shapes:
        raise ModelError(f'the marker "{symbol}" is not known')
    outline = [(x + a * half, y + b * half) for a, b in shapes[symbol]]
    canvas.path(outline, fill=colour, stroke=edge, width=line, closed=True)
