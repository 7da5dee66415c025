"""Grade a Python notebook: each cell in its order, in one kernel without privileges.

A check shares the kernel's process with the attendee's code, as everywhere in nbgrader:
what that means is in docs/security.md. A check that did not run to its end, in a kernel
that still tells a false assertion from a true one, earns nothing.
"""

import random
import re
import secrets
from collections.abc import Mapping

from docker import DockerClient

from puppet_kernel.errors import PuppetKernelError
from puppetcamp.grading import clean
from puppetcamp.grading.attachments import checked
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.inside import Inside
from puppetcamp.grading.notebook import CodeCell
from puppetcamp.grading.python_checks import judge
from puppetcamp.grading.python_sandbox import PythonSandbox, Ran
from puppetcamp.grading.throwaway import Limits
from puppetcamp.grading.verdicts import (
    STRANGER_TYPES,
    Output,
    attendee_outputs,
    failure,
)

PROBE_SECONDS = 10.0
"""Time for the false assertion that is tried before each check."""

_PUPPET_CHECK = re.compile(r"\s*%%(?:expect|idempotent|drift|compiled)\b")

_LOST = "The Python kernel ended before this cell did, and nothing ran after it."
_ALTERED = (
    "The notebook's code changed how Python runs a cell: an assertion that is false no "
    "longer fails. From here on its checks say nothing, so they earn nothing."
)


def grade(
    client: DockerClient,
    image: str,
    inside: Inside,
    cells: tuple[CodeCell, ...],
    *,
    files: Mapping[str, str] | None = None,
    labels: dict[str, str],
    limits: Limits | None = None,
) -> Graded:
    """Run the cells in a throwaway container; what fails is in outputs and flags.

    `files` lie beside the notebook, by relative path in base64. Raises NotebookRefused
    for files that can't be taken along, SandboxUnavailable and SandboxTimeout.
    """
    with PythonSandbox(
        client, image, inside, files=checked(files), labels=labels, limits=limits
    ) as sandbox:
        grader = _Grader(sandbox)
        outputs = tuple(grader.grade(cell) for cell in cells)
        flags = [*grader.flags, *sandbox.faults]
        return Graded(outputs, tuple(dict.fromkeys(map(_one_line, flags))), 0.0)


class _Grader:
    """Run cells one after the other; once the kernel is lost it stays lost."""

    def __init__(self, sandbox: PythonSandbox) -> None:
        self.flags: list[str] = []
        self._sandbox = sandbox
        self._lost: Output | None = None
        self._altered = False

    def grade(self, cell: CodeCell) -> list[Output]:
        if cell.check:
            return self._check(cell)
        return self._attend(cell)

    def _check(self, cell: CodeCell) -> list[Output]:
        """Run a check, if it can say anything; see what it is worth."""
        if nothing := _says_nothing(cell):
            return [self._flag(cell, "NoVerdict", nothing)]
        if self._lost is not None:
            return [self._lost]
        self._probe(cell)
        if self._lost is not None:
            return [self._lost]
        if self._altered:
            return [failure("KernelAltered", _ALTERED)]
        ran = self._run(cell, self._sandbox.limits.check)
        if not isinstance(ran, Ran):
            return [ran]
        if ran.state == "ok":
            judged = judge(cell, ran.outputs)
            self.flags += judged.flags
            return judged.outputs
        if ran.state == "incomplete":
            reason = "Not all of its outputs arrived, so it is not known how it went."
            unsure = self._flag(cell, "NoVerdict", reason)
            return [*attendee_outputs(ran.outputs, STRANGER_TYPES), unsure]
        return self._failed(cell, ran)

    def _attend(self, cell: CodeCell) -> list[Output]:
        if not cell.source.strip():
            return []
        if self._lost is not None:
            return [self._lost]
        limits = self._sandbox.limits
        left = self._sandbox.remaining - limits.checks_reserve
        if left <= 0:
            reason = (
                "The cells before it used up the submission's time; it did not run."
            )
            return [self._flag(cell, "TimeLimit", reason)]
        ran = self._run(cell, min(limits.cell, left))
        if not isinstance(ran, Ran):
            return [ran]
        if ran.state in ("ok", "incomplete"):
            return attendee_outputs(ran.outputs, STRANGER_TYPES)
        return self._failed(cell, ran)

    def _failed(self, cell: CodeCell, ran: Ran) -> list[Output]:
        """Show what a cell came to that did not end well: never without an error."""
        shown = attendee_outputs(ran.outputs, STRANGER_TYPES)
        if ran.state == "timeout":
            reason = "It did not end within its time and was interrupted."
            return [*shown, self._flag(cell, "TimeLimit", reason)]
        if ran.state == "error":
            if any(output["output_type"] == "error" for output in shown):
                return shown
            answered = [{"output_type": "error", "ename": ran.ename or "NotRun"}]
            answered[0]["evalue"] = ran.evalue or "The kernel did not run it."
            return [*shown, *attendee_outputs(answered, STRANGER_TYPES)]
        return [*shown, self._lose(cell, _LOST)]

    def _run(self, cell: CodeCell, seconds: float) -> Ran | Output:
        seconds = max(min(seconds, self._sandbox.remaining), 0.1)
        try:
            ran = self._sandbox.run(
                cell.source, seconds, check=cell.check, history=True
            )
        except PuppetKernelError as error:
            # Its own words are about a worker; the flag holds them all the same.
            return self._lose(cell, f"{_LOST} ({error})")
        if ran.cut:
            self.flags.append(f"{cell.name}: it had too much output; most was left out")
        return ran

    def _probe(self, cell: CodeCell) -> None:
        """Try an assertion that is false, right before a check.

        A kernel whose cells are rewritten, or whose errors are swallowed, passes it.
        """
        first, nonce = random.randrange(10**6), secrets.token_hex(8)  # noqa: S311
        false = f"assert {first} == {first + random.randrange(1, 99)}, '{nonce}'"  # noqa: S311
        seconds = max(min(PROBE_SECONDS, self._sandbox.remaining), 0.1)
        try:
            ran = self._sandbox.run(false, seconds, check=True, history=False)
        except PuppetKernelError as error:
            self._lose(cell, f"{_LOST} ({error})")
            return
        if ran.state in ("lost", "timeout"):
            self._lose(cell, _LOST)
        elif ran.state == "ok" or not _is_assertion(ran, nonce):
            if not self._altered:
                self._flag(cell, "KernelAltered", _ALTERED)
            self._altered = True

    def _lose(self, cell: CodeCell, reason: str) -> Output:
        self._lost = failure("KernelLost", _LOST)
        return self._flag(cell, "KernelLost", reason)

    def _flag(self, cell: CodeCell, name: str, reason: str) -> Output:
        self.flags.append(f"{cell.name}: {reason}")
        return failure(name, reason)


def _one_line(flag: str) -> str:
    return " ".join(clean.text(flag, 500).split())


def _says_nothing(cell: CodeCell) -> str:
    """Say why a check could only pass, or nothing."""
    lines = (line.strip() for line in cell.source.splitlines())
    if all(not line or line.startswith("#") for line in lines):
        return (
            "This graded cell holds no code, so it checks nothing. "
            "Correct it in the exercise's source and release it again."
        )
    if _PUPPET_CHECK.match(cell.source):
        return (
            "This graded cell is a check in Puppet, in a notebook of another kernel. "
            "Correct the kernel of the exercise's source and release it again."
        )
    return ""


def _is_assertion(ran: Ran, nonce: str) -> bool:
    shown = ran.state == "incomplete" or any(
        output.get("output_type") == "error"
        and output.get("ename") == "AssertionError"
        and nonce in str(output.get("evalue"))
        for output in ran.outputs
    )
    return shown and ran.ename == "AssertionError" and nonce in ran.evalue
