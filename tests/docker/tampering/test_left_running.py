"""Attacks by processes that cells leave running while checks run."""

import pytest

from puppetcamp.grading.verdicts import passed
from tests.docker.tampering.attack import (
    HONEST,
    Attack,
    daemon,
    root,
    script,
    shell,
    text,
)
from tests.docker.tampering.conftest import Strike
from tests.docker.tampering.forgeries import FORGER, of_a_worker
from tests.docker.tampering.programs import SCANNER, SPY, TRACER
from tests.unit.grading.notebooks import check, code

pytestmark = pytest.mark.docker

EXPECT_WORD = (
    "%%expect\nexec { '/bin/false': unless => '/usr/bin/grep -q a-word /srv/answer' }"
)
# Long enough for a daemon that looks for it.
EXPECT_SEARCH = (
    "%%expect\nexec { '/bin/false':\n"
    "  unless => '/usr/bin/grep -rq no-such-word /usr/lib/ruby /usr/share' }"
)
LISTENS = "import socket; door = socket.create_server(('127.0.0.1', 8000))\n"
TELLS = "import os; open('/run/spy.pid', 'w').write(str(os.getpid()))\n"

ATTACKS = [
    Attack(
        name="answers written into all descriptors",
        cells=(
            root(
                "cat > /opt/forged << 'END'",
                of_a_worker() + "END",
                script("/opt/forger", FORGER),
                "setsid /opt/forger > /dev/null 2>&1 < /dev/null &",
            ),
            # The attendee's own worker is theirs to fool.
            shell("sleep 1"),
        ),
        fools=False,
        bites="forged|ended",
        flag="forger|bash|ended|cut off",
    ),
    Attack(
        name="a pipe in place of a file, and a listener who writes what is asked for",
        cells=(daemon(SPY),),
        check=EXPECT_WORD,
        flag="python3",
    ),
    Attack(
        name="the same listener as a server",
        cells=(daemon(LISTENS + SPY),),
        check=EXPECT_WORD,
        flag="python3",
    ),
    Attack(
        name="the same listener with a number in /run",
        cells=(daemon(TELLS + SPY),),
        check=EXPECT_WORD,
        flag="python3",
    ),
    Attack(
        name="a debugger that ends a check's programs with success",
        cells=(daemon(TRACER),),
        check=EXPECT_SEARCH,
        flag="python3",
    ),
    Attack(
        name="the same debugger as a server",
        cells=(daemon(LISTENS + TRACER),),
        check=EXPECT_SEARCH,
        flag="python3",
    ),
    Attack(
        name="a reader of memory, files and command lines",
        cells=(
            daemon(SCANNER),
            code("file { '/srv/open': content => 'an open word' }"),
            check("%%expect\nfile { '/srv/no': content => 'a hidden word' }", "hidden"),
            shell(
                "passes=$(cat /tmp/passes)",
                "for i in $(seq 80); do sleep 0.1;"
                " [ $(cat /tmp/passes) -gt $((passes + 1)) ] && break; done",
                "echo it found: $(cat /srv/found)",
            ),
        ),
        fools=False,
        bites=r"(?m)it found: open\s*$",
        flag="python3",
    ),
    Attack(
        name="everything killed",
        cells=(root("kill -9 -1"),),
        fools=False,
        bites="ended",
        flag="checker|ended",
    ),
    Attack(
        name="the checker killed",
        cells=(shell("sudo pkill -9 ruby; sleep 1"),),
        fools=False,
        bites="ended",
        flag="checker|ended",
    ),
    Attack(
        name="a template that kills its worker",
        cells=(code("notice(inline_template('<% Process.kill(9, Process.ppid) %>'))"),),
        fools=False,
        bites="ended",
        flag="ended",
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_earns_nothing_and_is_told(strike: Strike, attack: Attack) -> None:
    attack.prove(strike(attack))


def test_honest_work_beside_them_gets_its_points(strike: Strike) -> None:
    graded = strike(HONEST)
    assert passed(graded.cells[-1])
    assert graded.flags == ()


CLOSED = Attack(
    name="descriptors, environment and memory of trusted processes",
    cells=(
        shell(
            "for pid in $(pgrep ruby); do",
            "  sudo readlink /proc/$pid/fd/1 > /dev/null || echo fd closed",
            "  sudo head -c 1 /proc/$pid/environ > /dev/null 2>&1 || echo env closed",
            "  sudo head -c 1 /proc/$pid/mem 2>&1 | grep -q denied && echo mem closed",
            "  sudo ls /proc/$pid/root/ > /dev/null 2>&1 || echo root closed",
            "done",
        ),
    ),
    fools=False,
    flag="",
)


@pytest.mark.parametrize("attack", [CLOSED], ids=["closed"])
def test_the_checker_is_closed_to_the_attendees_root(
    strike: Strike, attack: Attack
) -> None:
    shown = set(text(strike(attack).cells[0]).splitlines())
    assert {"fd closed", "env closed", "mem closed", "root closed"} <= shown
