"""Client text is data: one module makes HTML, and it escapes; no script reads a string as markup."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import readiness
from readiness.figures.night import NIGHT
from readiness.figures.theme import BAD, CALM, GOOD, GRID, HAIR, INK, PALETTE, PAPER, QUIET, SEQUENCE, WARN
from readiness.forms.html import Markup, element, page

ROOT = Path(readiness.__file__).parent
PYTHON = sorted([*(ROOT / "forms").glob("*.py"), *(ROOT / "workshop").glob("*.py")])
SCRIPTS = sorted((ROOT / "forms" / "static").glob("*.js"))
MARKUP = re.compile(r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>]*)?>", re.IGNORECASE)
IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|document\.write|\beval\b|new Function|setHTML|srcdoc|\bon[a-z]+\s*=\s*[\"']"
)
WIDGETS_OF_HTML = {"HTML", "HTMLMath", "Label", "Markdown", "display_html", "Javascript"}


def texts(tree: ast.AST) -> list[str]:
    """All texts of a module but its docstrings."""
    skipped = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped]


@pytest.mark.parametrize("module", [p for p in PYTHON if p.name != "html.py"], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_other_module_writes_markup(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    assert [text for text in texts(tree) if MARKUP.search(text)] == []
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
    }
    assert names & WIDGETS_OF_HTML == set()


def test_the_lint_would_see_markup() -> None:
    for bad in ("<b>x</b>", '<img src="x">', "</script>"):
        assert MARKUP.search(bad)
    for bad in ("node.innerHTML = text", "eval(text)", "node.insertAdjacentHTML('x')"):
        assert IN_SCRIPTS.search(bad)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda p: p.stem)
def test_no_script_reads_a_string_as_markup(file: Path) -> None:
    assert IN_SCRIPTS.findall(file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda p: p.stem)
def test_no_script_reaches_for_a_network(file: Path) -> None:
    assert re.findall(r"\bfetch\(|XMLHttpRequest|WebSocket|https?://[a-z]", file.read_text("utf-8")) == []


HOSTILE = ["<img src=x onerror=alert(1)>", '"><script>1</script>', "' onmouseover='x", "$5,000 & $10,000", "</script>", "&lt;", "\u202egpj.exe"]


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_and_attributes_are_escaped(text: str) -> None:
    import html.parser

    seen: list[tuple[str, dict[str, str | None]]] = []
    data: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, dict(attrs)))

        def handle_data(self, found: str) -> None:
            data.append(found)

    reader = Reader()
    reader.feed(element("p", text, title=text))
    reader.close()
    assert seen == [("p", {"title": text})]
    assert "".join(data) == text


def test_a_page_keeps_data_from_ending_its_script_and_allows_no_network() -> None:
    made = page("</title><script>1</script>", Markup(""), script="void 0", about={"client": "</script><script>alert(1)</script>"})
    assert made.count("<script") == 2
    assert "default-src &#x27;none&#x27;" in made


def test_every_colour_of_the_theme_has_one_for_the_night() -> None:
    for day in (INK, QUIET, HAIR, GRID, PAPER, *PALETTE, CALM, GOOD, WARN, BAD, *SEQUENCE):
        assert day in NIGHT


def lightness(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_texts_are_readable_by_day_and_by_night() -> None:
    css = (ROOT / "forms" / "static" / "forms.css").read_text("utf-8")
    day, night = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})\b", block)) for block in re.findall(r"\{([^}]*--quiet[^}]*)\}", css)[:2])
    for colours, page_colour in ((day, "#ffffff"), (night, "#212121")):
        for name in ("quiet", "good", "warn", "bad", "strong"):
            light, dark = sorted((lightness(colours[name]), lightness(page_colour)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def test_colours_of_a_host_have_others_to_fall_back_on() -> None:
    css = (ROOT / "forms" / "static" / "forms.css").read_text("utf-8")
    used = re.findall(r"var\((--[a-zA-Z0-9-]+)\s*([,)])", css)
    assert {"--jp-layout-color1", "--vscode-editor-background"} <= {name for name, _ in used}
    own = set(re.findall(r"(--[a-z-]+):", css))
    assert [name for name, end in used if end == ")" and (name not in own or name.startswith(("--jp-", "--vscode-")))] == []
