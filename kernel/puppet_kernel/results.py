"""What a cell did, as plain data.

Everything here is frozen, and `to_json()` turns it into dicts, lists, strings and
numbers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from puppet_kernel.document import Block


class State(StrEnum):
    """Name what became of one resource."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    PENDING = "pending"  # would change, but the run was told to change nothing
    FAILED = "failed"
    SKIPPED = "skipped"


class Kind(StrEnum):
    """Name what a cell asks for."""

    APPLY = "apply"
    NOOP = "noop"
    EXPECT = "expect"
    IDEMPOTENT = "idempotent"
    DRIFT = "drift"
    COMPILED = "compiled"
    SHELL = "shell"
    ANSWER = "answer"  # what a magic has to say, instead of what resources did
    EMPTY = "empty"


CHECK_KINDS = frozenset({Kind.EXPECT, Kind.IDEMPOTENT, Kind.DRIFT, Kind.COMPILED})
"""Kinds of cells that come to a verdict."""


class _Json:
    def to_json(self) -> dict[str, Any]:
        """Return the same data as dicts and lists, ready for json.dumps."""
        return _plain(asdict(self))  # type: ignore[call-overload,no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, StrEnum) else value


@dataclass(frozen=True)
class Change(_Json):
    """Hold one event of one resource, in Puppet's words.

    `status` is Puppet's: success, failure, noop or audit. `property` is empty for
    events without one, such as a refresh.
    """

    property: str
    message: str
    previous: str
    desired: str
    status: str


@dataclass(frozen=True)
class ResourceResult(_Json):
    """Hold what became of one resource.

    `file` is None when the resource stands in the cell; `line` then counts the
    cell's lines from 1, its magic line included. `asserts` is False for a resource
    that could not be out of step whatever the node looks like.
    """

    reference: str
    type: str
    title: str
    state: State
    changes: tuple[Change, ...] = ()
    diff: str = ""
    line: int | None = None
    file: str | None = None
    seconds: float = 0.0
    asserts: bool = True


@dataclass(frozen=True)
class Pointer(_Json):
    """Hold what to point at in a line: `column` counts from 1, `label` may be empty."""

    column: int
    length: int = 1
    label: str = ""


@dataclass(frozen=True)
class Line(_Json):
    """Hold one line of a cell, and what to point at in it."""

    number: int
    text: str
    pointers: tuple[Pointer, ...] = ()


@dataclass(frozen=True)
class Problem(_Json):
    """Hold one message of Puppet with its place.

    `level` is notice, warning, error or hint. `file` is None when the message is about
    the cell itself; `excerpt` is then the cell's line. `column` counts from 1.
    `hint` is a next step, in words of ours; empty where we know none. `lines` show
    the places that hint and message speak of, as far as they are in the cell.
    `backtrace` is Ruby's, for those who ask for it.
    """

    level: str
    message: str
    line: int | None = None
    column: int | None = None
    file: str | None = None
    issue: str | None = None
    excerpt: str = ""
    hint: str = ""
    lines: tuple[Line, ...] = ()
    backtrace: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding(_Json):
    """Hold one thing that a check found wrong with one resource.

    `says` has all that is known ("mode is 0666, expected 0664"); `hint` says the same
    without anything that the check expects. `line` is the check's own, or None.
    """

    reference: str
    says: str
    hint: str
    line: int | None = None


@dataclass(frozen=True)
class Verdict(_Json):
    """Hold the outcome of a check; `problems` has one sentence per resource."""

    check_id: str | None
    passed: bool
    reason: str
    problems: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class CellResult(_Json):
    """Hold everything a cell did.

    `output` is what a shell or an exec printed. `completed` means that the run
    reached its end, not that all went well: ask `ok` for that. `exit_status` is
    the shell's, and None for other cells. `seconds` is wall time. `blocks` is what a
    magic answers. `again` is the second run of `%%idempotent`, and the repair of
    `%%drift`. A check without a verdict has nothing to look at: its text is hidden.
    """

    kind: Kind
    resources: tuple[ResourceResult, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    output: str = ""
    completed: bool = True
    interrupted: bool = False
    exit_status: int | None = None
    seconds: float = 0.0
    verdict: Verdict | None = field(default=None)
    blocks: tuple[Block, ...] = ()
    again: "CellResult | None" = None

    @property
    def ok(self) -> bool:
        """Tell whether the cell did all it was asked for."""
        return (
            self.completed
            and not self.interrupted
            and not self.errors
            and not self.exit_status
            and (self.verdict is None or self.verdict.passed)
            and all(r.state is not State.FAILED for r in self.resources)
        )
