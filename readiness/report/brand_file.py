"""Reads the file that says whose paper a report is on: name, colours, small print, and a logo that lies beside it."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from readiness.errors import EngagementError
from readiness.report.brand import LARGEST_LOGO_BYTES, Brand
from readiness.yaml_source import read_yaml, validated

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
        YAML with the keys of `Brand`; ``logo`` is the name of a PNG or SVG file beside it.

    Raises
    ------
    EngagementError
        When a key, a colour or the logo is not what it should be, in one sentence.
    """
    if file.suffix.lower() not in KINDS:
        raise EngagementError("is not a brand file", file=file, hint="a brand is a YAML file with a name, an accent and a logo")
    source = read_yaml(file, EngagementError)
    content: Any = source.content
    if isinstance(content, dict) and content.get("logo") is not None:
        logo = _logo(file, content["logo"])
        try:
            Brand(logo=logo)
        except ValidationError as problem:
            said = str(problem.errors(include_url=False, include_input=False)[0]["msg"]).removeprefix("Value error, ")
            raise source.complain(("logo",), said) from None
        source.content["logo"] = logo
    return validated(source, Brand)


def _logo(file: Path, name: Any) -> bytes:
    if not isinstance(name, str):
        raise EngagementError("is not the name of a file", file=file, place="logo", hint="name a PNG or SVG that lies beside the brand file")
    found = beside(file, name, "logo")
    try:
        if found.stat().st_size > LARGEST_LOGO_BYTES:
            raise EngagementError(f"has {found.stat().st_size:,} bytes; at most {LARGEST_LOGO_BYTES:,} are taken", file=found)
        return found.read_bytes()
    except OSError as problem:
        raise EngagementError(f"the logo {name} cannot be read: {problem.strerror}", file=file, place="logo") from None


def as_plain(brand: Brand) -> dict[str, Any]:
    """The brand as JSON holds it, so that an executed notebook carries it to every format."""
    content = brand.model_dump()
    content["logo"] = None if brand.logo is None else base64.b64encode(brand.logo).decode()
    return content
