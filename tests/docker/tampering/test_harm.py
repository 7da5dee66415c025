"""Attacks on the grader and its machine: everything ends within the limits."""

import time
from dataclasses import replace

import pytest

from puppetcamp.grading.sandbox import Limits
from puppetcamp.grading.verdicts import passed
from tests.docker.tampering.attack import (
    EXPECT_TEST,
    HONEST,
    RIGHT,
    Attack,
    Cell,
    root,
    shell,
    text,
)
from tests.docker.tampering.conftest import Strike
from tests.unit.grading.notebooks import code

pytestmark = pytest.mark.docker

AT_ONCE = 5

LIMITS = Limits(
    memory=512 * 2**20,
    processes=128,
    cell=4.0,
    check=6.0,
    checks_reserve=12.0,
    submission=30.0,
)
ENDS = "did not end within|was stopped|ended before"
SOURCE = "%%expect\nfile { '/srv/answer': content => 'right', links => follow }"


def harm(name: str, *cells: Cell, bites: str, flag: str = ENDS) -> Attack:
    """Describe an attack on the grader that does not even try to fool a check."""
    return Attack(
        name=name, cells=cells, fools=False, bites=bites, flag=flag, limits=LIMITS
    )


ATTACKS = [
    harm("a cell without an end", shell("sleep infinity"), bites=ENDS),
    harm(
        "an exec without an end",
        code("exec { '/bin/sleep infinity': timeout => 0 }"),
        bites=ENDS,
    ),
    harm("endless output", shell("yes"), bites=ENDS),
    harm(
        "one endless line",
        shell("head -c 40M /dev/zero | tr '\\0' x > /tmp/x; cat /tmp/x"),
        bites="xxx|more than",
        flag="",
    ),
    harm(
        "a manifest that logs without end",
        code('Integer[1, 10000000].each |$i| { notice("line ${i}") }'),
        bites=ENDS + "|line 1",
    ),
    harm(
        "a manifest that eats memory",
        code('$x = Integer[1, 30000000].map |$i| { "a long text ${i}" }'),
        bites=ENDS + "|memory",
        flag=ENDS + "|memory",
    ),
    harm(
        "both workers stopped",
        shell("sudo pkill -STOP ruby; sleep 1"),
        bites=ENDS,
    ),
    harm(
        "a fork bomb",
        shell("bomb() { bomb | bomb & }; bomb; sleep 2; echo bombed"),
        bites=f"bombed|fork|{ENDS}",
        flag="process|did not live",
    ),
    harm(
        "every process in use",
        root("for i in $(seq 200); do sleep 100 > /dev/null 2>&1 & done"),
        bites=f"fork|{ENDS}",
        flag="process|did not live",
    ),
    harm(
        "a memory bomb",
        shell("head -c 4G /dev/zero | tail; echo status $?"),
        bites="status 1|Killed|memory|ended",
        flag="memory",
    ),
    harm(
        "a full disk",
        root(
            "for i in $(seq 40); do head -c 200M /dev/zero > /srv/$i || break; done",
            "du -sm /srv",
        ),
        bites=f"[0-9]{{3,}}|{ENDS}",
        flag="disk|wrote|written",
    ),
    harm(
        "a device without an end in place of a file",
        root("ln -s /dev/zero /srv/answer; ls -l /srv/answer"),
        bites="/dev/zero",
    ),
]
ATTACKS[-1] = replace(ATTACKS[-1], check=SOURCE)
ATTACKS[10] = replace(
    ATTACKS[10], limits=replace(LIMITS, cell=15.0, submission=45.0, disk=256 * 2**20)
)
ATTACKS[8] = replace(ATTACKS[8], check=EXPECT_TEST)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_ends_in_time_earns_nothing_and_is_told(
    strike: Strike, attack: Attack
) -> None:
    graded = strike(attack)
    attack.prove(graded)
    # Starting and removing the container come on top of the submission's own limit.
    assert graded.seconds < LIMITS.submission + LIMITS.ready


def test_honest_work_beside_them_gets_its_points(strike: Strike) -> None:
    graded = strike(HONEST)
    assert passed(graded.cells[-1])
    assert graded.flags == ()


SLOW = Attack(
    name="many cells that do not end",
    cells=(code(RIGHT), *[shell("sleep infinity") for _ in range(12)]),
    fools=False,
    flag="did not run",
    limits=replace(LIMITS, cell=7.0, checks_reserve=14.0, submission=36.0),
)


@pytest.mark.parametrize("attack", [SLOW], ids=["slow cells"])
def test_slow_cells_leave_time_for_the_checks(strike: Strike, attack: Attack) -> None:
    graded = strike(attack)
    assert "TimeLimit" in {output.get("ename") for output in graded.cells[1]}
    assert "cell 2" in graded.flags[0]
    assert any("did not run" in flag for flag in graded.flags)
    assert passed(graded.cells[-1])


STOPPED = Attack(
    name="nothing answers any more",
    cells=(shell("sudo pkill -STOP ruby; sleep infinity"),),
    fools=False,
    bites="",
    flag="time limit",
    limits=Limits(cell=60.0, check=60.0, checks_reserve=1.0, submission=10.0),
)


@pytest.mark.parametrize("attack", [STOPPED], ids=["stopped"])
def test_the_watchdog_ends_what_nothing_else_ends(
    strike: Strike, attack: Attack
) -> None:
    started = time.monotonic()
    attack.prove(strike(attack))
    assert time.monotonic() - started < 120


WALLS = {
    "clock": "date -s 2030-01-01",
    "mount": "mount -t tmpfs none /mnt",
    "mount namespace": "unshare -m true",
    "user namespace": "unshare -r true",
    "bind over a tool": "mount --bind /bin/true /usr/bin/dpkg-query",
    "namespaces of init": "nsenter -t 1 -m true",
    "memory limit": "tee /sys/fs/cgroup/memory/memory.limit_in_bytes"
    " /sys/fs/cgroup/memory.max <<< 9999999999",
    "process limit": "tee /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max <<< max",
    "kernel settings": "sysctl -w kernel.pid_max=99",
    "core pattern": "tee /proc/sys/kernel/core_pattern <<< '|/tmp/x'",
    "file size limit": "prlimit --fsize=unlimited true",
    "device": "mknod /tmp/disk b 8 0",
    "immutable file": "python3 -c 'import fcntl, os, struct;"
    ' fcntl.ioctl(os.open("/srv", 0), 0x40086602, struct.pack("l", 16))\'',
    "the guard": "setpriv --inh-caps=+wake_alarm --ambient-caps=+wake_alarm true",
    # Not stopped by it, and every one of them: the attendee's own worker can be traced.
    "all workers traced": "python3 -c 'import ctypes, subprocess, sys;"
    ' libc = ctypes.CDLL(None); pids = subprocess.check_output(["pgrep", "ruby"]);'
    " sys.exit(any([libc.ptrace(0x4206, int(pid), 0, 0) for pid in pids.split()]))'",
    "network": "python3 -c 'import socket;"
    ' socket.create_connection(("1.1.1.1", 53), 2)\'',
}
ROOTS = Attack(
    name="what root may not do",
    cells=(
        root(
            *(
                f"({command}) > /dev/null 2>&1 && echo 'did {name}'"
                f" || echo 'denied {name}'"
                for name, command in WALLS.items()
            ),
        ),
    ),
    fools=False,
    flag="",
)


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("attack", [ROOTS], ids=["root"])
def test_root_may_not(strike: Strike, attack: Attack, wall: str) -> None:
    assert f"denied {wall}" in text(strike(attack).cells[0]).splitlines()
