"""The report as exporters of nbconvert: ``jupyter nbconvert --to readiness_pdf`` and ``--to readiness_html``."""

from __future__ import annotations

from typing import Any, cast

from nbconvert.exporters import Exporter
from traitlets import Enum, default

from readiness.report import html, pdf
from readiness.report.document import from_notebook


class ReadinessPDFExporter(Exporter):
    """An executed notebook as our PDF: no browser, no LaTeX, no network."""

    export_from_notebook = "Readiness report (PDF)"
    output_mimetype = "application/pdf"
    paper = Enum(("a4", "us-letter"), default_value="a4", help="The paper: a4 or us-letter.").tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]  # what comes out is a file, as with nbconvert's own
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """The PDF of a notebook, and nbconvert's resources with its extension.

        Parameters
        ----------
        nb
            The executed notebook.
        resources, **kw
            As nbconvert hands them over. They are not copied: preprocessors, of which there are none here, would be
            the only ones to change them, and a copy costs more than the PDF.
        """
        found = dict(resources or {})
        found["output_extension"] = ".pdf"
        return pdf.write_pdf(from_notebook(nb), paper=cast(pdf.Paper, self.paper)), found


class ReadinessHTMLExporter(Exporter):
    """An executed notebook as our HTML: one file, interactive, offline."""

    export_from_notebook = "Readiness report (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _extension(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]  # what comes out is a file, as with nbconvert's own
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The HTML of a notebook, and nbconvert's resources with its extension.

        Parameters
        ----------
        nb
            The executed notebook.
        resources, **kw
            As nbconvert hands them over.
        """
        found = dict(resources or {})
        found["output_extension"] = ".html"
        return html.write_html(from_notebook(nb)), found
