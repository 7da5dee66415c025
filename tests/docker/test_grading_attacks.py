"""Submissions that try to earn what they do not deserve, or to harm the grader."""

import json
import time
from collections.abc import Callable
from typing import Any

import docker
import pytest

from puppetcamp.grading.runner import Graded, Runner
from puppetcamp.grading.sandbox import Limits
from puppetcamp.grading.verdicts import passed
from tests.unit.grading.notebooks import check, code, notebook

pytestmark = pytest.mark.docker

EXPECT_FILE = "%%expect\nfile { '/srv/answer': content => 'right' }"
EXPECT_EXEC = "%%expect\nexec { '/bin/false': unless => '/usr/bin/test -e /srv/no' }"
LIMITS = Limits(
    memory=512 * 2**20,
    processes=128,
    cell=8.0,
    check=15.0,
    checks_reserve=30.0,
    submission=60.0,
)

Grade = Callable[..., Graded]


@pytest.fixture
def grade(attendee_image: str, instance_labels: dict[str, str]) -> Grade:
    """Give a function that grades cells within tight limits."""

    def run(*cells: dict[str, Any], limits: Limits = LIMITS) -> Graded:
        runner = Runner(docker.from_env, attendee_image, instance_labels, limits=limits)
        return runner.run(notebook(*cells), exercise="test", attendee="eve")

    return run


def shell(*lines: str) -> dict[str, Any]:
    """Make a %%sh cell."""
    return code("\n".join(["%%sh", *lines]))


def text(outputs: list[dict[str, Any]]) -> str:
    return "".join(output.get("text", "") for output in outputs)


def forged_answers() -> str:
    """Make what a checker would say if all were well, for many requests."""
    resource = {
        "ev": "resource",
        "ref": "File[/srv/answer]",
        "type": "File",
        "title": "/srv/answer",
        "changed": False,
        "skipped": False,
        "failed": False,
        "asserts": True,
        "events": [],
        "seconds": 0.1,
        "line": 2,
    }
    return "".join(
        json.dumps({**event, "id": number}) + "\n"
        for number in range(1, 6)
        for event in (
            {"ev": "out", "text": "forged"},
            resource,
            {"ev": "report", "status": "unchanged", "completed": True},
            {"ev": "done", "status": 0, "interrupted": None, "seconds": 0.1},
        )
    )


FORGER = """#!/bin/bash
for round in $(seq 1 400); do
  for pid in $(pgrep ruby); do
    for fd in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
      cat /tmp/forged > /proc/$pid/fd/$fd
    done
  done
  sleep 0.02
done 2> /dev/null
"""


def forger_cells(start: str) -> list[dict[str, Any]]:
    return [
        shell(
            "sudo tee /tmp/forged > /dev/null << 'END'",
            forged_answers() + "END",
            "sudo tee /tmp/forger > /dev/null << 'END'",
            FORGER + "END",
            "sudo chmod 755 /tmp/forger",
            start,
        )
    ]


def test_forged_answers_do_not_reach_the_checkers_descriptors(grade: Grade) -> None:
    graded = grade(
        *forger_cells("sudo setsid /tmp/forger > /dev/null 2>&1 < /dev/null &"),
        check(EXPECT_FILE),
        check(EXPECT_FILE),
        shell("sleep 1"),
    )
    assert not passed(graded.cells[1])
    assert not passed(graded.cells[2])
    assert "forged" not in str(graded.cells[1:3])
    # The attendee's own worker is theirs to fool: there the forger does work.
    assert "forged" in text(graded.cells[3]) or "WorkerLost" in str(graded.cells[3])


def test_a_program_that_a_check_runs_cannot_forge_either(grade: Grade) -> None:
    graded = grade(
        *forger_cells("true"),
        shell(
            "sudo cp /tmp/forger /usr/bin/test",
            # Whatever a check calls gets the attendee's program instead.
            "sudo sed -i 's/400/5/; $a exit 1' /usr/bin/test",
        ),
        check(EXPECT_EXEC),
        check(EXPECT_FILE),
    )
    assert not passed(graded.cells[2])
    assert not passed(graded.cells[3])


def test_the_checker_is_closed_to_the_attendees_root(grade: Grade) -> None:
    graded = grade(
        shell(
            "for pid in $(pgrep ruby); do",
            "  sudo readlink /proc/$pid/fd/1 || echo fd closed",
            "  sudo head -c 1 /proc/$pid/environ > /dev/null 2>&1 || echo env closed",
            "  sudo head -c 1 /proc/$pid/mem 2>&1 | grep -q denied && echo mem closed",
            "done",
        ),
        check(EXPECT_FILE),
    )
    assert {"fd closed", "env closed", "mem closed"} <= set(
        text(graded.cells[0]).splitlines()
    )


PLANTED = """
Puppet::Type.type(:file) if defined?(Puppet)
File.write('/tmp/planted', Process.pid.to_s) rescue nil
module Planted; def insync?(*) = true; end
Puppet::Type.prepend(Planted) if defined?(Puppet::Type)
Puppet::Property.prepend(Module.new { def safe_insync?(*) = true }) if defined?(Puppet::Property)
"""  # noqa: E501  Ruby


def test_planted_configuration_and_plugins_mean_nothing(grade: Grade) -> None:
    folders = [
        "/usr/local/lib/site_ruby",
        "/var/cache/puppet/lib/puppet/type",
        "/etc/puppet/code/modules/evil/lib/puppet/type",
        "/etc/puppet/code/environments/production/modules/evil/lib/puppet/type",
    ]
    graded = grade(
        shell(
            *(f"sudo mkdir -p {folder}" for folder in folders),
            "sudo mkdir -p /etc/facter/facts.d",
            "echo 'answer=planted' | sudo tee /etc/facter/facts.d/a.txt",
            "printf '[main]\\nnoop=false\\nlibdir=/tmp/evil\\n'"
            " | sudo tee /etc/puppet/puppet.conf",
            *(
                f"sudo tee {folder}/planted.rb > /dev/null << 'END'\n{PLANTED}END"
                for folder in folders
            ),
            # Checkers' private folders, too, if they can be guessed.
            "for root in /tmp/checker*; do for folder in var/lib conf code/modules; do",
            "  sudo mkdir -p $root/$folder/puppet/type",
            "  sudo cp /usr/local/lib/site_ruby/planted.rb $root/$folder/puppet/type/",
            "done; done",
        ),
        check("%%expect\nplanted { 'x': }\nfile { '/srv/answer': ensure => file }"),
        check("%%expect\nfile { \"/srv/${facts['answer']}\": ensure => absent }"),
        check("%%expect\nunless $facts['answer'] { file { '/etc': mode => '0755' } }"),
        shell("test -e /tmp/planted || echo nobody ran it"),
    )
    assert not passed(graded.cells[1])
    assert "/srv/planted" not in str(graded.cells[2])
    assert passed(graded.cells[3])
    assert "nobody ran it" in text(graded.cells[4])


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(shell("sleep infinity"), id="sleeps forever"),
        pytest.param(code("exec { '/bin/sleep infinity': timeout => 0 }"), id="exec"),
        pytest.param(shell("yes"), id="endless output"),
        pytest.param(
            shell("head -c 40M /dev/zero | tr '\\0' x > /tmp/x; cat /tmp/x"),
            id="one endless line",
        ),
        pytest.param(shell("sudo kill -9 -1"), id="kills everything"),
        pytest.param(shell("sudo pkill -9 ruby; sleep 1"), id="kills the workers"),
        pytest.param(shell("sudo pkill -STOP ruby; sleep 1"), id="stops the workers"),
        pytest.param(shell("bomb() { bomb | bomb & }; bomb; sleep 5"), id="fork bomb"),
        pytest.param(shell("head -c 4G /dev/zero | tail"), id="memory bomb"),
        pytest.param(
            code("notice(inline_template('<% Process.kill(9, Process.ppid) %>'))"),
            id="a template kills its worker",
        ),
    ],
)
def test_harm_ends_within_the_limit_and_earns_nothing(
    grade: Grade, attack: dict[str, Any]
) -> None:
    started = time.monotonic()
    graded = grade(attack, check(EXPECT_FILE), code("notice('after')"))
    # Starting and removing the container come on top of the submission's own limit.
    assert time.monotonic() - started < LIMITS.submission + LIMITS.ready
    assert not passed(graded.cells[1])
    assert any(output["output_type"] == "error" for output in graded.cells[1])


def test_a_cell_that_does_not_end_leaves_time_for_checks(grade: Grade) -> None:
    graded = grade(
        code("file { '/srv/answer': content => 'right' }"),
        shell("sleep infinity"),
        check(EXPECT_FILE),
    )
    assert "TimeLimit" in str(graded.cells[1])
    assert passed(graded.cells[2])
    assert "cell 2" in graded.flags[0]


def test_many_slow_cells_cannot_use_up_the_checks_time(grade: Grade) -> None:
    slow = [shell("sleep infinity") for _ in range(12)]
    graded = grade(
        code("file { '/srv/answer': content => 'right' }"), *slow, check(EXPECT_FILE)
    )
    assert passed(graded.cells[-1])
    assert any("did not run" in flag for flag in graded.flags)


def test_the_watchdog_ends_what_nothing_else_ends(grade: Grade) -> None:
    limits = Limits(cell=60.0, check=60.0, checks_reserve=1.0, submission=15.0)
    graded = grade(
        shell("sudo pkill -STOP ruby; sleep infinity"),
        check(EXPECT_FILE),
        limits=limits,
    )
    assert not passed(graded.cells[1])
    assert any("time limit" in flag for flag in graded.flags)
