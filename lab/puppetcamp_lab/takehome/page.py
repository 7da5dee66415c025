"""One notebook as a page to read without Jupyter. Pure."""

from dataclasses import dataclass
from importlib.resources import files
from urllib.parse import quote

import mistune
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from puppetcamp_lab.feedback import markup
from puppetcamp_lab.feedback.plain import plain
from puppetcamp_lab.takehome.harmless import harmless
from puppetcamp_lab.takehome.notebook import Cell, Notebook
from puppetcamp_lab.takehome.outputs import Outputs, Shown


@dataclass(frozen=True)
class Section:
    """Hold one cell: prose and code are HTML that `markup` has made harmless."""

    prose: str
    code: str
    outputs: tuple[Shown, ...]


def notebook_page(name: str, notebook: Notebook, home: str) -> str:
    """Return the page of a notebook; `home` is the link back to the bundle's start."""
    outputs = Outputs()
    return render(
        "page.html.j2",
        name=name,
        sections=[
            _section(cell, notebook.language, outputs) for cell in notebook.cells
        ],
        more=notebook.more,
        home=home,
    )


def _section(cell: Cell, language: str, outputs: Outputs) -> Section:
    if cell.kind == "markdown":
        return Section(prose(cell.source), "", ())
    if cell.kind == "raw":
        return Section("", markup.code(cell.source, ""), ())
    return Section("", markup.code(cell.source, language), outputs.shown(cell.outputs))


def prose(source: str) -> Markup:
    """Return Markdown as HTML, with what is harmless of the HTML in it."""
    rendered = _markdown(plain(source))
    clean = harmless(rendered if isinstance(rendered, str) else "")
    # With something in it that acts, tags are shown as they are written.
    return clean or markup.markdown(source)


class _Renderer(mistune.HTMLRenderer):
    """Name pictures instead of loading them from wherever they are."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f"({escape(text)})" if text else ""


_markdown = mistune.create_markdown(
    renderer=_Renderer(escape=False), plugins=["table", "strikethrough"]
)


def render(template: str, **values: object) -> str:
    """Fill in one of the bundle's pages; what is not marked as HTML is escaped."""
    return _environment.get_template(template).render(style=_style(), **values)


def _style() -> Markup:
    css = files("puppetcamp_lab.feedback").joinpath("page.css").read_text("utf-8")
    return Markup(css)  # noqa: S704 our own file


_environment = Environment(
    loader=PackageLoader("puppetcamp_lab.takehome"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# A link to a file: whatever is in its name, it leads to it and nowhere else.
_environment.filters["address"] = quote
