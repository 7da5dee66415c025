"""Every kind of cell, in a JupyterLab as people use it, in both themes.

The kernel alone: a seat's container without a camp around it.
"""

import json
import re
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import docker
import pytest
from docker.models.containers import Container
from playwright.sync_api import Locator, Page, expect

from tests.camps import ROOT, free_ports
from tests.course.stock import seat_image
from tests.e2e import seat
from tests.e2e.conftest import PageMaker

pytestmark = [pytest.mark.e2e, pytest.mark.docker, pytest.mark.slow]

LABEL = "puppetcamp.test.kernel"
THEMES = ("light", "dark")
RESULTS = ROOT / "test-results"
PUBLISHED = {"syntax_error", "graph"}
"""Cells whose pictures are also the docs', if these are being made."""
WRITE = "import sys; open(sys.argv[1], 'w').write(sys.argv[2])"

TOUR = {
    "apply": """file { '/srv/www':
  ensure => directory,
}
file { '/srv/www/index.html':
  content => "<h1>Hello</h1>\\n",
  mode    => '0644',
}
notice("a page for ${facts['networking']['hostname']}")""",
    "change": """file { '/srv/www/index.html':
  content => "<h1>Hello, camp</h1>\\n",
  mode    => '0600',
}""",
    "noop": """%%noop
package { 'nginx-light':
  ensure => installed,
}""",
    "passed": """%%expect page_is_private
file { '/srv/www/index.html':
  mode => '0600',
}""",
    "not_passed": """%%expect page_is_public
file { '/srv/www/index.html':
  mode  => '0644',
  owner => 'attendee',
}""",
    "idempotent": """%%idempotent
file { '/srv/www/robots.txt':
  content => "User-agent: *\\n",
}""",
    "not_idempotent": """%%idempotent
exec { '/bin/date > /srv/www/now':
  provider => shell,
}""",
    "file": """%%file modules/web/manifests/init.pp
# A page on a web server.
class web (
  String $heading = 'Camp',
) {
  file { '/srv/www/heading':
    content => "${heading}\\n",
  }
}""",
    "class": "include web",
    "hiera": """%%hiera common
web::heading: Camp Lovelace""",
    "lookup": "%lookup web::heading",
    "as": """%%as rocky-9
$package = $facts['os']['family'] ? {
  'RedHat' => 'httpd',
  default  => 'apache2',
}
package { $package: ensure => installed }
-> service { $package: ensure => running }""",
    "service": """package { 'nginx-light':
  ensure => installed,
}
-> file { '/etc/nginx/conf.d/camp.conf':
  content => "# camp\\n",
}
~> service { 'nginx':
  ensure => running,
}""",
    "graph": "%graph",
    "catalog": "%catalog",
    "facts": "%facts",
    "fact": "%facts os",
    "resource": "%resource user root",
    "describe": "%describe user",
    "lint": "%lint",
    "env": "%env",
    "help": "%help",
    "shell": "%%sh\nls -l /srv/www",
    "syntax_error": """file { '/srv/www/more'
  ensure => file,
}""",
    "unknown_type": "pacage { 'tree': ensure => installed }",
    "cycle": """file { '/srv/a': ensure => file, require => File['/srv/b'] }
file { '/srv/b': ensure => file, require => File['/srv/a'] }""",
    "failing": """exec { '/bin/false': }
-> file { '/srv/never': ensure => file }""",
    "unknown_magic": "%%noob\nnotice('x')",
}
FAILS = {
    "not_passed",
    "not_idempotent",
    "syntax_error",
    "unknown_type",
    "cycle",
    "failing",
    "unknown_magic",
}


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that listens on this machine's loopback."""

    port: int
    token: str

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"


@pytest.fixture(scope="module")
def lab(engine: docker.DockerClient) -> Iterator[Lab]:
    """Start a seat's JupyterLab with the tour as its notebook."""
    image = seat_image()
    port, token = free_ports(1), secrets.token_urlsafe(24)
    container = engine.containers.run(
        image,
        ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser"],
        environment={"JUPYTER_TOKEN": token},
        ports={"8888/tcp": ("127.0.0.1", port)},
        hostname="camp",
        init=True,
        detach=True,
        labels={LABEL: ""},
    )
    lab = Lab(port, token)
    try:
        write(container, "tour.ipynb", notebook())
        wait(lab)
        yield lab
    finally:
        container.remove(force=True)


def notebook() -> str:
    """Return the tour as a notebook file."""
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for name, source in TOUR.items()
    ]
    metadata = {"kernelspec": {"name": "puppet", "display_name": "Puppet"}}
    return json.dumps(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def write(container: Container, name: str, text: str) -> None:
    """Write a file into the attendee's home."""
    done = container.exec_run(
        ["python", "-c", WRITE, f"/home/attendee/{name}", text],
        user="attendee",
    )
    assert done.exit_code == 0, done.output


def wait(lab: Lab) -> None:
    """Wait until JupyterLab answers."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(lab.address("api/status"), timeout=5):  # noqa: S310
                return
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < until, "JupyterLab does not answer"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def ran() -> dict[str, str]:
    """Hold what each cell of the tour showed, as text."""
    return {}


def open_tour(page: Page, lab: Lab) -> Locator:
    page.goto(lab.address("lab/tree/tour.ipynb"))
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(panel.locator(".jp-Cell").first).to_be_visible(timeout=seat.SLOW)
    expect(page.locator(".jp-Notebook-ExecutionIndicator:visible")).to_have_attribute(
        "data-status", "idle", timeout=seat.SLOW
    )
    return panel


def test_every_cell_shows_what_it_should(
    lab: Lab, person: PageMaker, ran: dict[str, str]
) -> None:
    page = person(viewport={"width": 1100, "height": 900})
    panel = open_tour(page, lab)
    cells = panel.locator(".jp-CodeCell")
    surprises = []
    for index, name in enumerate(TOUR):
        cell = cells.nth(index)
        seat.execute(page, cell)
        output = cell.locator(".jp-Cell-outputArea")
        errors = output.locator("[data-mime-type='application/vnd.jupyter.stderr']")
        failed = errors.count() > 0
        ran[name] = output.inner_text()
        if failed != (name in FAILS):
            surprises.append(f"{name}: {ran[name]}")
    seat.save(page)
    assert not surprises, "\n".join(surprises)
    wrong = {n: t for n, t in ran.items() if re.search(r"\.rb:\d+|Traceback", t)}
    assert not wrong, "a backtrace was shown to a learner"


@pytest.mark.parametrize("theme", THEMES)
def test_cells_are_legible_in_both_themes(
    lab: Lab, person: PageMaker, ran: dict[str, str], theme: str
) -> None:
    assert set(ran) == set(TOUR), "the tour has not been run"
    # JupyterLab follows the browser, as the browser follows its system.
    page = person(viewport={"width": 1100, "height": 900}, color_scheme=theme)
    panel = open_tour(page, lab)
    light = str(theme == "light").lower()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", light)
    for index, name in enumerate(TOUR):
        cell = panel.locator(".jp-CodeCell").nth(index)
        seat.scroll_to(cell)
        if name == "graph":
            expect(cell.locator(".jp-RenderedMermaid img")).to_be_visible()
        seat.picture_of(cell, f"cell-{name}-{theme}", RESULTS)
        if theme == "light" and name in PUBLISHED:
            seat.picture_of(cell, f"cell-{name.replace('_', '-')}")
