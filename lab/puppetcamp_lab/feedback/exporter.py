"""The exporter behind nbgrader's feedback: one page without anything active in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateutil.parser import parse
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode

from puppetcamp_lab.exchange.collect import TIMESTAMP
from puppetcamp_lab.feedback.page import number, page_of

_TEMPLATE = "page.html.j2"


class FeedbackExporter(Exporter):
    """Write the feedback on a notebook as HTML that needs nothing but itself."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kwargs: Any
    ) -> tuple[str, Any]:
        """Return the page; nbgrader's GetGrades has to be among the preprocessors."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        folder = resources.get("metadata", {}).get("path", "")
        page = page_of(nb, resources["nbgrader"], _submitted_at(Path(folder)))
        return _environment().get_template(_TEMPLATE).render(page=page), resources


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("puppetcamp_lab", "feedback"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    return environment


def _submitted_at(folder: Path) -> datetime | None:
    """Read when the graded version was submitted, where collecting has written it."""
    try:
        moment: datetime = parse((folder / TIMESTAMP).read_text().strip())
    except (OSError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
