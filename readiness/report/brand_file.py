"""Reads the file that says whose paper a report is on: name, colours, small print, and a logo and fonts that lie beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from readiness.errors import EngagementError
from readiness.report.brand import LARGEST_LOGO_BYTES, Brand, Fonts
from readiness.report.opentype import LARGEST_FONT_BYTES, face
from readiness.yaml_source import Source, read_yaml, validated

KINDS = (".yaml", ".yml")


def beside(file: Path, name: str, what: str) -> Path:
    """A file that an engagement names, relative to its own and never outside its folder.

    Parameters
    ----------
    file
        The file that names it.
    name
        As written there.
    what
        What it is, for the message: ``brand``.

    Raises
    ------
    EngagementError
        When it lies elsewhere: a client's file must not make a report out of other files of this machine.
    """
    folder = file.parent.resolve()
    found = (folder / name).resolve()
    if Path(name).is_absolute() or not found.is_relative_to(folder):
        raise EngagementError(f'"{name}" lies outside the folder of the engagement', file=file, place=what,
                              hint="put the file beside it, and name it without ..")  # fmt: skip
    return found


def load_brand(file: Path) -> Brand:
    """The brand that a file describes.

    Parameters
    ----------
    file
        YAML with the keys of `Brand`; ``logo`` is the name of a PNG or SVG file beside it, ``fonts`` has those of TTF or OTF files.

    Raises
    ------
    EngagementError
        When a key, a colour, the logo or a font is not what it should be, in one sentence.
    """
    if file.suffix.lower() not in KINDS:
        raise EngagementError("is not a brand file", file=file, hint="a brand is a YAML file with a name, an accent and a logo")
    source = read_yaml(file, EngagementError)
    content: Any = source.content
    if isinstance(content, dict):
        if content.get("logo") is not None:
            logo = _named(file, content["logo"], "logo", LARGEST_LOGO_BYTES, "a PNG or SVG")
            _checked(source, ("logo",), lambda: Brand(logo=logo))
            source.content["logo"] = logo
        if isinstance(content.get("fonts"), dict):
            # A key that does not exist is left for the schema, which guesses the right one.
            read = {k: _named(file, name, f"fonts.{k}", LARGEST_FONT_BYTES, "a TTF or OTF") for k, name in content["fonts"].items() if k in Fonts.model_fields}
            for key, font in read.items():
                _checked(source, ("fonts", key), partial(face, font))
            source.content["fonts"].update(read)
    return validated(source, Brand)


def _checked(source: Source, place: tuple[str, ...], make: Callable[[], object]) -> None:
    """What is wrong with a file's content, as a sentence at the place that names it."""
    try:
        make()
    except ValueError as problem:
        said = str(problem.errors(include_url=False, include_input=False)[0]["msg"]).removeprefix("Value error, ") if isinstance(problem, ValidationError) else str(problem)
        raise source.complain(place, said) from None


def _named(file: Path, name: Any, key: str, most: int, kind: str) -> bytes:
    """The bytes of a file beside the brand's."""
    if not isinstance(name, str):
        raise EngagementError("is not the name of a file", file=file, place=key, hint=f"name {kind} that lies beside the brand file")
    found = beside(file, name, key)
    try:
        if found.stat().st_size > most:
            raise EngagementError(f"has {found.stat().st_size:,} bytes; at most {most:,} are taken", file=found)
        return found.read_bytes()
    except OSError as problem:
        raise EngagementError(f"{name} cannot be read: {problem.strerror}", file=file, place=key) from None


def as_plain(brand: Brand) -> dict[str, Any]:
    """The brand as JSON holds it, so that an executed notebook carries it to every format."""
    content = brand.model_dump()
    content["logo"] = _base64(brand.logo)
    if brand.fonts is not None:
        content["fonts"] = {key: _base64(font) for key, font in brand.fonts.model_dump().items()}
    return content


def _base64(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()
