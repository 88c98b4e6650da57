"""A brand is checked before anything is drawn."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from readiness.report.brand import Brand, contrast, logo_kind, luminance


def png(width: int = 2, height: int = 2) -> bytes:
    """A small PNG picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\x00" + b"\x20\x40\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#135"/></svg>'


@pytest.mark.parametrize(("picture", "kind"), [(png(), "png"), (SVG, "svg")])
def test_a_logo_is_known_by_its_bytes(picture, kind):
    assert logo_kind(picture) == kind
    assert Brand(logo=base64.b64encode(picture).decode()).logo == picture


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        pytest.param(b"GIF89a", "neither a PNG nor an SVG", id="another kind of picture"),
        pytest.param(b"<html></html>", "neither a PNG nor an SVG", id="a web page"),
        pytest.param(png(9000, 1), "9000 by 1", id="too many pixels"),
        pytest.param(SVG.replace(b"<rect", b"<script>x()</script><rect"), "script", id="script"),
        pytest.param(SVG.replace(b"<rect", b'<rect onload="x()"'), "onload", id="handler"),
        pytest.param(
            SVG.replace(b"<rect", b'<image href="http://192.0.2.1/a.png"/><rect'), "image", id="picture inside"
        ),
        pytest.param(SVG.replace(b"#135", b"url(http://192.0.2.1/a)"), "url", id="address in a colour"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><!DOCTYPE x></svg>', "<!", id="declaration"),
        pytest.param(b"<svg>" + b" " * 600_000 + b"</svg>", "600,011 bytes", id="too large"),
    ],
)
def test_what_is_not_a_logo_is_refused_with_a_sentence(picture, sentence):
    with pytest.raises(ValidationError, match=r"logo|picture") as caught:
        Brand(logo=picture)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("colour", ["red", "#12345", "#ffd400", "url(x)", "#1f4e79;}"])
def test_colours_that_cannot_be_read_or_are_none_are_refused(colour):
    with pytest.raises(ValidationError):
        Brand(accent=colour)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_contrast_is_the_same_both_ways_and_between_1_and_21(one, other):
    a, b = f"#{one:06x}", f"#{other:06x}"
    assert contrast(a, b) == contrast(b, a)
    assert 1.0 <= contrast(a, b) <= 21.0 + 1e-9
    assert 0.0 <= luminance(a) <= 1.0 + 1e-9
