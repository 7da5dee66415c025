"""Tell whether a cell can be run as it stands, and where its next line begins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from puppet_kernel import cells
from puppet_kernel.editing.cursor import cursor
from puppet_kernel.editing.frames import ARROWS, Role
from puppet_kernel.editing.magic_lines import body_of
from puppet_kernel.editing.tokens import Kind, open_heredoc, tokens
from puppet_kernel.errors import CellError
from puppet_kernel.worker import Event

Status = Literal["complete", "incomplete", "invalid", "unknown"]
STEP = "  "
_OPEN = frozenset({Kind.COMMENT, Kind.STRING})


@dataclass(frozen=True)
class Finished:
    """Hold the verdict; `indent` is white space for the next line of what is not."""

    status: Status
    indent: str = ""


def finished(code: str, validate: Callable[[str], Event]) -> Finished:
    """Return whether a cell is complete. `validate` asks Puppet's own parser."""
    try:
        cell = cells.parse(code)
    except CellError:
        return Finished("invalid")
    if cell.magic and not code.lstrip().startswith("%%"):
        return Finished("complete")
    if cell.below is not None:
        verdict = _parsed(cell.body, validate(cell.body))
        return Finished("complete" if verdict == "complete" else "invalid")
    begin = body_of(code)
    # Where the text of a magic ends is for its author to say: with a blank line.
    ended = not cell.magic or (not code.rpartition("\n")[2].strip() and "\n" in code)
    if begin is None:
        return Finished("complete" if ended else "incomplete")
    body = code[begin:]
    verdict = _parsed(body, validate(body))
    if verdict == "complete" and (not ended or _wants_more(body)):
        verdict = "incomplete"
    return Finished(verdict, _indent(body) if verdict == "incomplete" else "")


def _parsed(body: str, event: Event) -> Status:
    if event.get("ok") is True:
        return "complete"
    if event.get("unfinished") is True or _cut(body):
        return "incomplete"
    return "invalid"


def _cut(body: str) -> bool:
    """Tell whether the code ends within a comment, a text or a heredoc."""
    found = tokens(body)
    last = found[-1] if found else None
    if last is None:
        return False
    if last.kind in _OPEN and not last.closed:
        return last.kind is not Kind.COMMENT or last.text.startswith("/*")
    if open_heredoc(body):
        return True
    return any(frame.role is Role.TEXT for frame in cursor(body, len(body)).walk.stack)


def _wants_more(body: str) -> bool:
    """Tell whether the parser was content with what its author was not."""
    found = [token for token in tokens(body) if token.kind is not Kind.COMMENT]
    return bool(found) and found[-1].text in ARROWS


def _indent(body: str) -> str:
    """Return the white space that the next line begins with."""
    if _cut(body):
        return ""
    walk = cursor(body, len(body)).walk
    opener = walk.top.opener
    if opener is not None:
        return _indent_of(body, opener.start) + STEP
    code = [token for token in tokens(body) if token.kind is not Kind.COMMENT]
    if not code:
        return ""
    last = code[-1]
    operator = last.kind is Kind.OPERATOR and last.text not in {"}", ")", "]", *ARROWS}
    return _indent_of(body, last.start) + STEP * operator


def _indent_of(body: str, at: int) -> str:
    line = body[body.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    return line[: len(line) - len(line.lstrip())]
