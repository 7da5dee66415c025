"""Describe an attack, run it like any submission, and say what came of it.

Every attack that fools Puppet is shown to be one in its own sandbox: the check that it
wants points for is also asked of the attendee's own Puppet, as stock nbgrader would,
and passes there.
"""

import re
from dataclasses import dataclass
from typing import Any

from puppetcamp.grading.runner import Graded
from puppetcamp.grading.sandbox import Limits
from puppetcamp.grading.verdicts import passed
from tests.unit.grading.notebooks import check, code

Cell = dict[str, Any]

RIGHT = "file { '/srv/answer': content => 'right' }"
EXPECT_FILE = f"%%expect\n{RIGHT}"
EXPECT_TEST = "%%expect\nexec { '/bin/false': unless => '/usr/bin/test -e /srv/no' }"

TIGHT = Limits(
    memory=512 * 2**20,
    processes=128,
    cell=20.0,
    check=15.0,
    checks_reserve=30.0,
    submission=75.0,
)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Hold what an attack does, what it wants, and what must come of it.

    `check` is what it wants points for. `flag` is a regular expression: one flag must
    match; None if the reason at the check (`reason`, an expression too) is enough.
    That the attack is a real one shows in `fools` (the attendee's own Puppet, asked
    after `cells`, says that the check is passed) or in `bites` (an expression for what
    the attendee's cells show). `restores` are cells between that question and the
    check.
    """

    name: str
    cells: tuple[Cell, ...]
    flag: str | None
    check: str = EXPECT_FILE
    fools: bool = True
    bites: str = ""
    reason: str = ""
    restores: tuple[Cell, ...] = ()
    limits: Limits = TIGHT

    @property
    def submission(self) -> list[Cell]:
        """Return its cells, the check being the last one."""
        naive = [code(self.check)] if self.fools else []
        return [*self.cells, *naive, *self.restores, check(self.check)]

    def prove(self, graded: Graded) -> None:
        """Assert that the attack did what it does, earned nothing and is told of."""
        told = f"flags: {graded.flags}\ncells: {[text(cell) for cell in graded.cells]}"
        if self.fools:
            asked = text(graded.cells[len(self.cells)])
            assert "✓" in asked, f"the attendee's own Puppet was not fooled; {told}"
        shown = "\n".join(text(cell) for cell in graded.cells[:-1])
        assert re.search(self.bites, shown), f"the attack did not bite; {told}"
        assert not passed(graded.cells[-1]), f"it earned the point; {told}"
        assert errors(graded.cells[-1]), f"no reason is given; {told}"
        given = text(graded.cells[-1])
        assert re.search(self.reason, given), f"another reason is given; {told}"
        if self.flag is not None:
            flagged = any(re.search(self.flag, flag) for flag in graded.flags)
            assert flagged, f"the instructor is not told; {told}"


def shell(*lines: str) -> Cell:
    """Make a cell of commands that the attendee runs."""
    return code("\n".join(["%%sh", *lines]))


def root(*lines: str) -> Cell:
    """Make a cell of commands that the attendee runs as root."""
    return shell("sudo bash << 'AS_ROOT'", *lines, "AS_ROOT")


def script(path: str, *lines: str) -> str:
    """Return commands that put a program in a place."""
    body = "\n".join(lines)
    return f"rm -f {path}; cat > {path} << 'PROGRAM'\n{body}\nPROGRAM\nchmod 755 {path}"


def daemon(program: str, *before: str) -> Cell:
    """Make a cell that leaves a Python program running as root."""
    return root(
        *before,
        f"cat > /tmp/daemon.py << 'PROGRAM'\n{program}\nPROGRAM",
        "setsid python3 /tmp/daemon.py > /tmp/daemon.log 2>&1 < /dev/null &",
        "for i in $(seq 100); do [ -e /tmp/ready ] && break; sleep 0.1; done",
    )


def text(outputs: list[dict[str, Any]]) -> str:
    """Return what a cell shows as plain text, errors included."""
    return "\n".join(
        str(
            output.get("text")
            or output.get("data", {}).get("text/plain")
            or output.get("evalue", "")
        )
        for output in outputs
    )


def errors(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the names of a cell's errors."""
    return [output["ename"] for output in outputs if output["output_type"] == "error"]


HONEST = Attack(
    name="none: an honest submission", cells=(code(RIGHT),), flag="", fools=True
)
"""What everybody else submits: graded beside every attack, and given its points."""
