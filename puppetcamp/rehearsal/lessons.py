"""Work through lessons in a seat as its attendee does, with the folded answers.

Cells go to the seat's own kernel through proxy and JupyterLab's server. What the
server says is read as what it is: something that a seat sent.
"""

import asyncio
import time
import uuid
from collections.abc import Sequence
from typing import Any

import aiohttp

from puppetcamp.course.lessons import checks_that_pass, folded_answers
from puppetcamp.rehearsal.figures import LessonRun
from puppetcamp.rehearsal.visitors import Visitor, VisitorFailure

CELL_SECONDS = 300.0
"""How long one cell may take while all the others are at work, too."""

FOLDER = "lessons"

Channels = aiohttp.ClientWebSocketResponse[Any]


async def work(visitor: Visitor, only: Sequence[str] = ()) -> list[LessonRun]:
    """Run the lessons of a seat, one after the other: all, or those that `only` names.

    It names them by how they begin, as 00. Raises VisitorFailure if there is no such
    lesson, or if the seat does not answer as JupyterLab does.
    """
    listing = await visitor.ask_seat("GET", f"api/contents/{FOLDER}")
    names = sorted(
        str(entry["name"])
        for entry in listing["content"]
        if str(entry["name"]).endswith(".ipynb")
    )
    for start in only:
        if not any(name.startswith(start) for name in names):
            message = f"there is no lesson {start}"
            raise VisitorFailure(message)
    wanted = [name for name in names if not only or name.startswith(tuple(only))]
    return [await _lesson(visitor, f"{FOLDER}/{name}") for name in wanted]


async def _lesson(visitor: Visitor, path: str) -> LessonRun:
    page = await visitor.ask_seat("GET", f"api/contents/{path}")
    cells = page["content"]["cells"]
    answers = folded_answers(cells)
    checks = checks_that_pass(cells)
    body = {"path": path, "name": "", "type": "notebook", "kernel": {"name": "puppet"}}
    session = await visitor.ask_seat("POST", "api/sessions", body)
    kernel = session["kernel"]["id"]
    seconds: list[float] = []
    failed: list[str] = []
    try:
        async with visitor.socket(f"api/kernels/{kernel}/channels") as channels:
            for cell in cells:
                if cell["cell_type"] != "code":
                    continue
                name = cell.get("id", "?")
                source = answers.get(name, _text(cell["source"]))
                began = time.monotonic()
                succeeded = await _run(channels, source)
                seconds.append(time.monotonic() - began)
                if name in checks and not succeeded:
                    failed.append(f"cell {name}")
    finally:
        await visitor.ask_seat("DELETE", f"api/sessions/{session['id']}")
    return LessonRun(
        path.removeprefix(f"{FOLDER}/"), tuple(seconds), len(checks), tuple(failed)
    )


async def _run(channels: Channels, source: str) -> bool:
    """Run one cell; tell whether it ended without an error."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "session": "rehearsal",
        "username": "",
        "version": "5.3",
    }
    await channels.send_json(
        {
            "channel": "shell",
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": {"code": source, "silent": False, "allow_stdin": False},
        }
    )
    try:
        async with asyncio.timeout(CELL_SECONDS):
            while True:
                said = await channels.receive_json()
                mine = said.get("parent_header", {}).get("msg_id") == header["msg_id"]
                if mine and said.get("msg_type") == "execute_reply":
                    return bool(said["content"].get("status") == "ok")
    except TimeoutError as error:
        message = f"a cell did not end within {CELL_SECONDS:.0f} s"
        raise VisitorFailure(message) from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        message = "the kernel went away in the middle of a cell"
        raise VisitorFailure(message) from error


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
