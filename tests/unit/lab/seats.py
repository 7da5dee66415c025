"""Seats without containers: nbgrader as one person, beside a real service."""

import io
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from jupyter_core.application import NoStart
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps import NbGraderApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList
from nbgrader.utils import capture_log
from traitlets.config import Config

from puppetcamp.identity import Person, Role
from puppetcamp_lab.client import CampClient
from puppetcamp_lab.exchange.remote import RemoteExchange
from puppetcamp_lab.nbgrader_defaults import configure

ROOT = Path(__file__).parents[3]
SOLUTION = "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"


async def person_of(request: Request) -> Person:
    name = request.headers.get("Authorization", "").removeprefix("token ")
    if not name or name == "mallory":
        raise HTTPException(401, "The hub does not know this token.")
    return Person(name, Role.INSTRUCTOR if name == "ines" else Role.ATTENDEE)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < deadline, "the service does not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Seat:
    """One person's JupyterLab: a home and an environment, as the hub starts it."""

    name: str
    home: Path
    environment: dict[str, str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def exercises(self) -> Path:
        return self.home / "exercises"

    @property
    def notebook(self) -> Path:
        return self.exercises / "motd" / "motd.ipynb"

    def sit_down(self) -> None:
        """Let what runs in this process run as this person."""
        for variable, value in self.environment.items():
            self.monkeypatch.setenv(variable, value)
        self.monkeypatch.chdir(self.home)

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run nbgrader's command line."""
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            env=os.environ | self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *arguments: str) -> tuple[int, str]:
        """Run nbgrader's command line in this process; give its status and its log."""
        self.sit_down()
        said = io.StringIO()
        app = NbGraderApp()
        try:
            app.initialize(list(arguments))
            app.init_logging(logging.StreamHandler, [said], color=False, subapps=True)
            app.start()
        except NoStart:
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        else:
            status = 0
        finally:
            app.reset()
        return status, said.getvalue()

    def run(self, what: str, **settings: Any) -> dict[str, Any]:
        """Run one class of the exchange, as nbgrader's apps do; gives its log."""
        self.sit_down()
        config = Config()
        configure(config)
        config.Exchange.assignment_dir = str(self.exercises)
        config.CourseDirectory.course_id = "puppet"
        config.CourseDirectory.assignment_id = "motd"
        for setting, value in settings.items():
            of_course = setting == "root" or setting.endswith("_id")
            owner = "CourseDirectory" if of_course else f"Exchange{what}"
            config[owner][setting] = value
        factory = ExchangeFactory(config=config)
        coursedir = CourseDirectory(config=config)
        app = getattr(factory, what)(coursedir=coursedir, config=config)
        app.log.setLevel(logging.INFO)
        result: dict[str, Any] = capture_log(app)
        return result

    @property
    def page(self) -> AssignmentList:
        """Open nbgrader's Assignment List: what its page calls in this server."""
        self.sit_down()
        page = AssignmentList()
        page.root_dir = str(self.home)
        return page

    @property
    def standing(self) -> list[dict[str, Any]]:
        """Ask the service how this person stands with the exercises."""
        url = self.environment["PUPPETCAMP_SERVICE_URL"]
        return RemoteExchange(CampClient(url, self.name), "puppet").standing()

    def listed(self) -> list[dict[str, Any]]:
        answer = self.page.list_assignments(course_id="puppet")
        assert answer["success"], answer["value"]
        listed: list[dict[str, Any]] = json.loads(json.dumps(answer["value"]))
        return listed

    def submissions(self) -> list[dict[str, Any]]:
        entries = [entry for entry in self.listed() if entry["status"] == "submitted"]
        return entries[0]["submissions"] if entries else []

    def solve(self, source: str) -> None:
        notebook = nbformat.read(self.notebook, as_version=4)
        notebook.cells[1].source = source
        nbformat.write(notebook, self.notebook)


def take_seat(
    name: str, home: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> Seat:
    """Set a person's seat up as the hub and the attendee's image do."""
    home.mkdir(parents=True)
    config = home / "etc"
    config.mkdir()
    (config / "nbgrader_config.py").write_text(
        "from puppetcamp_lab import nbgrader_defaults\n"
        "c = get_config()\n"
        "nbgrader_defaults.configure(c)\n"
        "c.CourseDirectory.course_id = 'puppet'\n"
        f"c.Exchange.assignment_dir = {str(home / 'exercises')!r}\n"
    )
    environment = {
        "HOME": str(home),
        # nbgrader runs `alembic` when it makes a gradebook.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTERHUB_API_TOKEN": name,
        "JUPYTERHUB_USER": name,
        "PUPPETCAMP_SERVICE_URL": service,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "lab")]),
    }
    return Seat(name, home, environment, monkeypatch)


def cell(name: str, **traits: Any) -> dict[str, Any]:
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **plain, **traits}}


def exercise() -> Any:
    """Write a small exercise for the kernel that every Jupyter has."""
    check = {"grade": True, "locked": True, "points": 2}
    cells = [
        new_markdown_cell("# The answer"),
        new_code_cell(SOLUTION, metadata=cell("answer", solution=True)),
        new_code_cell("assert answer == 42", metadata=cell("check", **check)),
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)
