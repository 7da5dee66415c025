"""Honest nodes keep their points and get no flags; the two workers end apart."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import docker
import pytest
from docker import DockerClient

from puppetcamp.grading.lines import ChannelLimits
from puppetcamp.grading.runner import Graded, Runner
from puppetcamp.grading.sandbox import Limits
from puppetcamp.grading.verdicts import passed
from tests.unit.grading.notebooks import check, code, notebook

pytestmark = pytest.mark.docker

LIMITS = Limits(cell=30.0, check=30.0, checks_reserve=40.0, submission=150.0)
RIGHT = "file { '/srv/answer': content => 'right' }"
EXPECT = f"%%expect\n{RIGHT}"

Grade = Callable[..., Graded]


@pytest.fixture
def grade(attendee_image: str, instance_labels: dict[str, str]) -> Grade:
    """Give a function that grades cells."""

    def run(*cells: dict[str, Any], limits: Limits = LIMITS) -> Graded:
        runner = Runner(docker.from_env, attendee_image, instance_labels, limits=limits)
        return runner.run(notebook(*cells), exercise="test", attendee="ada")

    return run


def earned(graded: Graded) -> list[bool]:
    return [passed(outputs) for outputs in graded.cells]


def test_a_web_server_answers_while_checks_run(grade: Grade) -> None:
    site = """
        package { 'nginx-light': ensure => installed }
        -> file { '/var/www/html/index.html': content => "Hello\\n" }
        -> service { 'nginx': ensure => running }
        """
    asked = "/usr/bin/curl -fs http://localhost/ | /usr/bin/grep -q Hello"
    graded = grade(
        code(site),
        check(f"%%expect\n{site}"),
        check(f"%%expect\nexec {{ '/bin/false': unless => '{asked}' }}"),
        code(
            "file { '/usr/local/bin/hello': mode => '0755',\n"
            '  content => "#!/bin/sh\\necho hello\\n" }'
        ),
        check("%%expect\nexec { '/bin/false': unless => '/usr/local/bin/hello' }"),
    )
    assert earned(graded) == [False, True, True, False, True], graded
    assert graded.flags == ()


def test_checks_of_all_kinds_replay_the_manifest(grade: Grade) -> None:
    graded = grade(
        code(RIGHT),
        check("%%idempotent again"),
        check("%%drift repaired\nfile { '/srv/answer': content => 'broken' }"),
        check("%%compiled stated\nfile { '/srv/answer': content => 'right' }"),
        check("%%compiled missing\nservice { 'cron': ensure => running }"),
    )
    assert earned(graded) == [False, True, True, True, False], graded.flags


def test_tampering_voids_what_was_earned_before(grade: Grade) -> None:
    graded = grade(
        code(RIGHT),
        check(EXPECT),
        code("%%sh\nsudo cp /bin/true /usr/bin/grep"),
        check(EXPECT),
    )
    assert earned(graded) == [False] * 4
    assert any("/usr/bin/grep was changed" in flag for flag in graded.flags)
    assert "NodeTampered" in str(graded.cells[1])


def test_what_is_left_running_stands_still_and_is_told(grade: Grade) -> None:
    spoil = "while :; do date +%N > /srv/answer; done"
    graded = grade(
        code(
            f"%%sh\nsudo setsid bash -c '{spoil}' > /dev/null 2>&1 &\n"
            "until test -e /srv/answer; do sleep 0.1; done"
        ),
        check("%%expect\nfile { '/srv/answer': ensure => file }"),
    )
    assert earned(graded) == [False, True]
    assert any("left running" in flag for flag in graded.flags)


def test_a_flood_ends_the_one_who_sends_it(grade: Grade) -> None:
    limits = Limits(
        cell=20.0,
        check=20.0,
        checks_reserve=40.0,
        submission=100.0,
        channel=ChannelLimits(total=150_000),
    )
    flood = "%%sh\nhead -c 200000 /dev/zero | tr '\\0' x"
    graded = grade(code(RIGHT), code(flood), check(EXPECT), limits=limits)
    assert earned(graded) == [False, False, True]
    assert any("attendee's worker was cut off" in flag for flag in graded.flags)


@pytest.mark.parametrize("name", ["router", "checker"])
def test_without_a_trusted_process_nothing_is_earned(grade: Grade, name: str) -> None:
    kill = (
        "%%sh\nfor pid in $(pgrep -x ruby); do "
        f"grep -q {name} /proc/$pid/cmdline && sudo kill -9 $pid; done; sleep 1"
    )
    graded = grade(code(RIGHT), check(EXPECT), code(kill), check(EXPECT))
    assert earned(graded) == [False] * 4
    assert any("checker did not live" in flag for flag in graded.flags)


def test_a_notebook_that_cannot_run_is_graded_with_a_reason(grade: Grade) -> None:
    graded = grade(code("x" * 2**21), check(EXPECT))
    assert earned(graded) == [False, False]
    assert "NotGraded" in str(graded.cells[1])
    assert "not run" in graded.flags[0]


KILLED = """
import os, sys, docker
from puppetcamp.grading.inside import Insides
from puppetcamp.grading.sandbox import Sandbox
client = docker.from_env()
image, labels = sys.argv[1], {"puppetcamp.instance": sys.argv[2]}
inside = Insides().of(client, image, labels)
Sandbox(client, image, inside, labels=labels).__enter__()
os._exit(9)
"""


def test_a_service_that_is_killed_leaves_no_container_behind(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> None:
    (instance,) = instance_labels.values()
    service = [sys.executable, "-c", KILLED, attendee_image, instance]
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(service, env={**os.environ, **path}, check=False)
    assert done.returncode == 9
    label = {"label": f"puppetcamp.instance={instance}"}
    deadline = time.monotonic() + 30
    while engine.containers.list(all=True, filters=label, ignore_removed=True):
        assert time.monotonic() < deadline, "the sandbox is still there"
        time.sleep(0.1)
