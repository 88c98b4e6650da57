"""The document as one HTML file that opens offline, draws interactive charts and talks to nobody."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import json
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readiness.errors import ModelError
from readiness.figures import theme
from readiness.report import typefaces
from readiness.report.blocks import Cover, Exhibit, Heading, Verdict
from readiness.report.svg import figure_to_svg
from readiness.report.svg.arrays import merged
from readiness.report.words import WORDS

if TYPE_CHECKING:
    from jinja2 import Environment

    from readiness.report.document import Document

# Width of a still chart in points: that of the column of text.
_CHART_WIDTH = 600.0
_SIGNS = {"good": "\N{CHECK MARK}", "warn": "!", "bad": "\N{BALLOT X}"}
# What the style sheet calls the face of headings; no font of a brand can have this name.
_HEADINGS = "*headings"
_TONES = {"Go": "good", "Go with conditions": "warn", "Not yet": "bad"}


def write_html(document: Document) -> str:
    """The finished page.

    Parameters
    ----------
    document
        What to show: the same blocks that the PDF is set from.

    Returns
    -------
    str
        One HTML file with fonts, charts and plotly.js inside it; the same for the same document. Its content-security
        policy allows the two scripts in it by their digests, and no connection at all.

    Raises
    ------
    ModelError
        When a chart holds something that charts on paper do not know.
    """
    environment = _environment()
    from markupsafe import Markup

    own = document.brand.faces
    family = f'"{own.text.family}",{typefaces.FAMILY}' if own else typefaces.FAMILY
    style = environment.get_template("report.css.j2").render(
        faces=[*_faces(), *(_own_faces(own) if own else ())], accent=document.brand.accent, ink=document.brand.ink,
        text=family, headings=f'"{_HEADINGS}",{family}' if own else family,
    )  # fmt: skip
    script = (_templates() / "charts.js").read_text(encoding="utf-8")
    with typefaces.set_in(own):
        blocks, chapters, figures = _content(document)
    plotly = _plotly() if figures else ""
    page = environment.get_template("report.html.j2").render(
        document=document,
        brand=document.brand,
        logo=_logo(document),
        cover=next((block for block in document.blocks if isinstance(block, Cover)), None),
        blocks=blocks,
        chapters=chapters,
        numbering=document.numbering(),
        words=WORDS.said(),
        signs=_SIGNS,
        footer=document.brand.footer or _confidential(document),
        # Markup is ours alone: a style sheet, two scripts, and JSON in which "<" cannot stand.
        style=Markup(style),
        figures=Markup(_json(figures)) if figures else "",
        plotly=Markup(plotly),
        script=Markup(script),
        policy=_policy((plotly, script) if figures else ()),
    )
    return re.sub(r"\n\s*\n+", "\n", page) if not figures else page


def _confidential(document: Document) -> str:
    return f"{WORDS['confidential']}: {document.client}" if document.client else ""


def _policy(scripts: tuple[str, ...]) -> str:
    """The content-security policy: these scripts and no others, nothing from anywhere."""
    digests = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {digests or chr(39) + 'none' + chr(39)}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; "
        "object-src 'none'; frame-src 'none'; worker-src 'none'; media-src 'none'"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("readiness.report", "templates"),
        autoescape=lambda name: bool(name) and str(name).endswith("html.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _templates() -> Any:
    return files("readiness.report") / "templates"


@lru_cache(maxsize=1)
def _plotly() -> str:
    """plotly.js as the installed plotly carries it, read as a file: importing plotly takes a second."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModelError("plotly is not installed, so there are no interactive charts")
    code = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    if re.search(r"</script", code, re.IGNORECASE):
        code = re.sub(r"</(script)", r"<\\/\1", code, flags=re.IGNORECASE)
    return code


@lru_cache(maxsize=1)
def _faces() -> list[dict[str, Any]]:
    return [
        {"family": typefaces.FAMILY, "weight": weight, "kind": "ttf", "content": base64.b64encode(file.read_bytes()).decode()}
        for weight, file in (
            (400, typefaces.lato_file()),
            (700, typefaces.lato_file(bold=True)),
            (900, typefaces.lato_file().with_name("Lato-Black.ttf")),
        )
    ]


def _own_faces(own: typefaces.Faces) -> list[dict[str, Any]]:
    """The faces of the brand; the one of headings serves every weight, so that no browser thickens it."""
    used = ((own.text.family, "100 500", own.text), (own.text.family, "501 900", own.bold), (_HEADINGS, "100 900", own.heading))
    return [{"family": name, "weight": weight, "kind": face.kind, "content": base64.b64encode(face.content).decode()} for name, weight, face in used]


def _logo(document: Document) -> str:
    if document.brand.logo is None:
        return ""
    return f"data:{document.brand.logo_media_type};base64,{base64.b64encode(document.brand.logo).decode()}"


def _json(value: Any) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_listed
    )
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _listed(value: Any) -> Any:
    """Arrays and dates of numpy and the standard library as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise ModelError(f"a chart holds a value of the kind {type(value).__name__}")


def _content(document: Document) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, Any]]:
    """Blocks for the template, the chapters of the contents, and the charts by the ids of their boxes."""
    from markupsafe import Markup

    names = document.numbering()
    blocks: list[dict[str, Any]] = []
    chapters: list[dict[str, Any]] = []
    figures: dict[str, Any] = {}
    tables = 0
    shown = [block for block in document.blocks if not isinstance(block, Cover)]
    for place, block in enumerate(shown, start=1):
        content = block.model_dump(exclude={"figure"})
        if isinstance(block, Heading):
            content["anchor"] = f"section-{len(chapters) + 1}"
            chapters.append(content)
        elif isinstance(block, Verdict):
            content["tone"] = _TONES[block.verdict]
        elif isinstance(block, Exhibit):
            tables += block.table is not None
            finding, title = block.finding.strip(), block.title.strip()
            content |= {
                "name": names.get(block.id, ""),
                "second": f"{WORDS['table']} {tables}" if block.table is not None and block.figure is not None else "",
                "caption": finding or title or block.id,
                "shows": title if finding and title != finding else "",
                "alt": block.alt or finding or title,
                "svg": "",
            }
            if block.figure is not None:
                # Written by our own writer, which escapes; ids are made one per page.
                still = figure_to_svg(block.figure, width=_CHART_WIDTH)
                content["svg"] = Markup(_own_ids(still, f"g{place}"))
                figures[f"chart-{place}"] = _interactive(block.figure)
        blocks.append(content)
    return blocks, chapters, figures


def _own_ids(svg: str, prefix: str) -> str:
    """The ids of one picture made different from those of the others on the same page."""
    svg = re.sub(r'<(clipPath|pattern) id="(\w+)"', rf'<\1 id="{prefix}\2"', svg)
    return re.sub(r"url\(#(\w+)\)", rf"url(#{prefix}\1)", svg)


def _interactive(figure: dict[str, Any]) -> dict[str, Any]:
    """The figure as plotly draws it on a screen: our template, no title, the width of the page."""
    layout = dict(figure.get("layout") or {})
    layout["template"] = merged(theme.template(), layout.get("template") or {})
    if typefaces.family() != typefaces.FAMILY:
        layout["font"] = {**(layout.get("font") or {}), "family": f"{typefaces.family()}, {theme.FONT}"}
    layout.pop("title", None)
    layout.pop("width", None)
    layout.setdefault("margin", {"l": 8, "r": 16, "t": 36, "b": 8})
    return {"data": list(figure.get("data") or ()), "layout": layout}
