"""Reads the YAML that people write: version 1.2, bounded, without aliases, with the line of every key."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from readiness.errors import ReadinessError, did_you_mean

LARGEST_FILE_BYTES = 2_000_000
DEEPEST_NESTING = 30
M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class Source:
    """A file's content and where in the file each key stands."""

    file: Path
    content: Any
    lines: dict[Place, int]
    error: type[ReadinessError]

    def complain(self, place: Place, message: str, hint: str | None = None) -> ReadinessError:
        """The error for a place in this file, with the nearest line that is known."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known)
        where = ".".join(str(p + 1) if isinstance(p, int) else p for p in place)
        spot = f"line {line}" if line else ""
        return self.error(message, file=self.file, place=", ".join(s for s in (spot, where) if s) or None, hint=hint)


def read_yaml(file: Path, error: type[ReadinessError], *, text: str | None = None) -> Source:
    """Read one file, or say in one sentence why not.

    Parameters
    ----------
    file
        The file; named in every message.
    error
        Which child of `ReadinessError` to raise: it says who can mend the file.
    text
        Its content when already at hand.
    """
    text = _read_text(file, error) if text is None else text
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise error(f"holds the control character U+{ord(unprintable[0]):04X}", file=file, place=f"line {line}",
                    hint="delete it; it cannot be seen or printed")  # fmt: skip
    try:
        node = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        said = " ".join(str(problem.problem or problem.context or "is not YAML").split())[:200]
        place = f"line {mark.line + 1}" if mark else None
        raise error(f"is not valid YAML: {said}", file=file, place=place, hint="check indentation, colons and quotes") from None
    except (YAMLError, RecursionError, ValueError) as problem:
        raise error(f"is not valid YAML: {' '.join(str(problem).split())[:200]}", file=file) from None
    lines: dict[Place, int] = {}
    source = Source(file, None, lines, error)
    content = None if node is None else _construct(node, (), lines, source, 0)
    return Source(file, content, lines, error)


def _read_text(file: Path, error: type[ReadinessError]) -> str:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise error("is a folder, not a file" if file.is_dir() else "is not a file that can be read", file=file)
        if size > LARGEST_FILE_BYTES:
            raise error(f"is {size:,} bytes long; at most {LARGEST_FILE_BYTES:,} are read", file=file)
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if file.is_symlink():
            raise error("is a link to a file that does not exist", file=file) from None
        near = did_you_mean(file.name, [p.name for p in file.parent.iterdir()]) if file.parent.is_dir() else None
        raise error("does not exist", file=file, hint=near) from None
    except UnicodeDecodeError as problem:
        raise error(f"is not UTF-8 text (byte {problem.start})", file=file, hint="save it as UTF-8") from None
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror or problem}", file=file) from None


def _construct(node: Node, place: Place, lines: dict[Place, int], source: Source, depth: int) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if node.anchor:
        raise source.complain(place, f'uses the anchor "&{node.anchor}"', "write the value out; anchors and aliases are refused")
    if depth > DEEPEST_NESTING:
        raise source.complain(place, f"is nested more than {DEEPEST_NESTING} levels deep")
    if isinstance(node, MappingNode):
        return _construct_mapping(node, place, lines, source, depth)
    if isinstance(node, SequenceNode):
        return [_construct(child, (*place, i), lines, source, depth + 1) for i, child in enumerate(node.value)]
    assert isinstance(node, ScalarNode)  # YAML has no fourth kind of node
    return _construct_scalar(node, place, source)


def _construct_mapping(node: MappingNode, place: Place, lines: dict[Place, int], source: Source, depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        inner = (*place, key)
        if key in result:
            line = key_node.start_mark.line + 1
            raise source.error(f'has the key "{key}" twice (first on line {lines[inner]})', file=source.file, place=f"line {line}")
        lines[inner] = key_node.start_mark.line + 1
        result[key] = _construct(value_node, inner, lines, source, depth + 1)
    return result


def _construct_scalar(node: ScalarNode, place: Place, source: Source) -> Any:
    text, tag = node.value, str(node.tag)
    kind = tag.rsplit(":", 1)[-1]
    if node.style in ("'", '"', "|", ">") or kind == "str":
        return text
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind in ("int", "float"):
        return _number(text, place, source)
    if kind == "timestamp" or _DATE.match(text):
        return text
    raise source.complain(place, f'uses the YAML tag "{tag}"', "write plain text, numbers, lists and mappings only")


def _number(text: str, place: Place, source: Source) -> int | float:
    plain = text.replace("_", "")
    try:
        if plain.lower().startswith(("0x", "0o")):
            return int(plain, 0)
        value = float(plain)
    except ValueError:
        raise source.complain(place, f'"{text}" is not a number') from None
    if not math.isfinite(value):
        raise source.complain(place, f"is {text}, which is not a number one can reckon with")
    return int(plain) if re.fullmatch(r"[-+]?\d+", plain) else value


def validated(source: Source, model: type[M]) -> M:
    """The content as ``model``, or the first thing that is wrong as one sentence with place, rule and a guess."""
    if source.content is None:
        raise source.error("is empty", file=source.file)
    try:
        return model.model_validate(source.content)
    except ValidationError as problem:
        raise _sentence(source, problem.errors(include_url=False), model) from None


def _sentence(source: Source, found: list[ErrorDetails], model: type[BaseModel]) -> ReadinessError:
    first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
    place: Place = tuple(p for p in first["loc"] if not (isinstance(p, str) and p.startswith("function-")))
    given, kind = first.get("input"), first["type"]
    message, hint = str(first["msg"]).removeprefix("Value error, "), None
    if kind == "extra_forbidden":
        message = f'"{place[-1]}" is not a key that is known here'
        hint = did_you_mean(str(place[-1]), _keys_at(model, place[:-1]))
    elif kind == "missing":
        message = f'"{place[-1]}" is missing'
    elif kind != "value_error":
        message = f"{message[:1].lower()}{message[1:]}, not {_shown(given)}"
        if kind in ("less_than_equal", "less_than") and isinstance(given, int | float) and 1 < given <= 100:
            hint = f"a share is a fraction; did you mean {given / 100:g}?"
    more = len(found) - 1
    if more:
        hint = "; ".join(s for s in (hint, f"{more} more to mend after this") if s)
    return source.complain(place, message, hint)


def _shown(given: Any) -> str:
    text = repr(given) if isinstance(given, str) else str(given)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys_at(model: Any, place: Place) -> list[str]:
    """The keys that a model knows at a place, walking through lists, optionals and mappings."""
    from typing import get_args

    current: list[Any] = [model]
    for step in (*place, None):
        flat: list[Any] = []
        stack = list(current)
        while stack:
            kind = stack.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                flat.append(kind)
            else:
                stack.extend(get_args(kind))
        if step is None:
            return [name for kind in flat for name in kind.model_fields]
        if isinstance(step, str) and any(step in kind.model_fields for kind in flat):
            current = [kind.model_fields[step].annotation for kind in flat if step in kind.model_fields]
        else:
            current = flat
    return []
