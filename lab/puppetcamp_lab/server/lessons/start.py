"""Put the page *Lessons* into a Jupyter server."""

from pathlib import Path
from typing import Any

from puppetcamp_lab.server.journal import have_written, journal_path
from puppetcamp_lab.server.lessons.course import Lessons, given_out
from puppetcamp_lab.server.lessons.handlers import Page, handlers
from puppetcamp_lab.server.lessons.record import Record


def start(app: Any) -> None:
    """Add the addresses to a ServerApp, and have kernels note what is run."""
    have_written(app.log)
    root = Path(app.root_dir).expanduser().absolute()
    # A server is as old as its node: both begin when the attendee's container does.
    began = app.web_app.settings["started"]
    lessons = Lessons(given_out(root), app.log)
    page = Page(lessons, Record(journal_path()), root, began)
    app.web_app.add_handlers(".*$", handlers(app.base_url, page))
