"""Every mistake has its picture: what an attendee sees, as text.

A mistake is NAME.pp, its picture NAME.txt. UPDATE_PICTURES=1 draws all pictures anew,
to be read before they are committed. Manifests in right/ are odd, but no mistakes.
"""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.display import outputs
from puppet_kernel.results import CellResult, Problem
from puppet_kernel.session import Session
from tests.requirements import need

HERE = Path(__file__).parent
MISTAKES = sorted(HERE.glob("*.pp"))
RIGHT = sorted((HERE / "right").glob("*.pp"))
UPDATE = bool(os.environ.get("UPDATE_PICTURES"))
FEWEST = 24
# What mistakes leave behind when they are none.
TRACES = [Path("/tmp/hello.txt")]  # noqa: S108 - as lessons name it

_VOLATILE = (
    (re.compile(r"\x1b\[\d*m"), ""),
    (re.compile(r"in \d+\.\d s$", re.MULTILINE), "in 0.1 s"),
    (re.compile(r"\.txt\d{8}-\d+-\w+\.lock"), ".txt.lock"),
    (re.compile(rf"\b{re.escape(socket.gethostname())}\b"), "camp"),
    (re.compile(r"'default'(?: or|,) '.*'$", re.MULTILINE), "'default' or 'camp'"),
    (re.compile(r"^ +W: .*\n", re.MULTILINE), ""),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
)


def _name(path: Path) -> str:
    return path.stem


def picture(result: CellResult) -> str:
    """Return all that a cell shows, as in a terminal without colours."""
    parts = []
    for output in outputs(result):
        match output["output_type"]:
            case "stream":
                parts.append(output["text"].rstrip("\n"))
            case "error":
                parts += output["traceback"]
            case _:
                parts.append(output["data"]["text/plain"])
    text = "\n".join(parts)
    for pattern, stable in _VOLATILE:
        text = pattern.sub(stable, text)
    return f"{text}\n"


@pytest.fixture
def clean() -> Iterator[None]:
    def sweep() -> None:
        for path in TRACES:
            path.unlink(missing_ok=True)

    sweep()
    yield
    sweep()


@pytest.fixture
def root(session: Session) -> Session:
    session.worker.wait_ready()
    need(bool(session.worker.about.get("root")), "Puppet must run as root")
    return session


def test_there_are_enough_mistakes() -> None:
    assert len(MISTAKES) >= FEWEST
    assert RIGHT


@pytest.mark.parametrize("path", MISTAKES, ids=_name)
def test_a_mistake_is_explained(path: Path, root: Session, clean: None) -> None:
    drawn = picture(root.run_cell(path.read_text()))
    stored = path.with_suffix(".txt")
    if UPDATE:
        stored.write_text(drawn)
    assert stored.exists(), f"no picture: UPDATE_PICTURES=1 draws it\n{drawn}"
    assert drawn == stored.read_text()


@pytest.mark.parametrize("path", MISTAKES, ids=_name)
def test_a_mistake_gets_a_next_step(path: Path) -> None:
    drawn = path.with_suffix(".txt").read_text()
    assert re.search(r"^(?:→ |hint )", drawn, re.MULTILINE)
    assert ".rb" not in drawn


def test_no_picture_is_left_over() -> None:
    left = {p.stem for p in HERE.glob("*.txt")} - {p.stem for p in MISTAKES}
    assert not left


@pytest.mark.parametrize("path", RIGHT, ids=_name)
def test_what_is_right_gets_no_hint(path: Path, session: Session) -> None:
    result = session.run_cell(f"%%noop\n{path.read_text()}")
    assert result.ok, result.errors
    assert _hints(result) == []


def _hints(result: CellResult) -> list[Problem]:
    told = (*result.errors, *result.warnings, *result.notices)
    return [problem for problem in told if problem.hint or problem.level == "hint"]
