"""Submissions in real throwaway containers: what earns points, and what never does."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
import pytest
from docker import DockerClient

from puppetcamp.grading.errors import SandboxUnavailable
from puppetcamp.grading.runner import Graded, Runner
from puppetcamp.grading.sandbox import Limits, sweep
from puppetcamp.grading.verdicts import passed
from tests.requirements import need
from tests.unit.grading.notebooks import check, code, notebook

pytestmark = pytest.mark.docker

LIMITS = Limits(cell=20.0, check=20.0, checks_reserve=40.0, submission=120.0)

EXPECT_FILE = "%%expect\nfile { '/srv/answer': content => 'right' }"
RIGHT = "file { '/srv/answer': content => 'right' }"

Grade = Callable[..., Graded]


@pytest.fixture
def grade(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> Grade:
    """Give a function that grades cells; the containers must be gone at the end."""

    def run(*cells: dict[str, Any], limits: Limits = LIMITS) -> Graded:
        runner = Runner(docker.from_env, attendee_image, instance_labels, limits=limits)
        return runner.run(notebook(*cells), exercise="test", attendee="ada")

    return run


def earned(graded: Graded) -> list[bool]:
    return [passed(outputs) for outputs in graded.cells]


def text(outputs: list[dict[str, Any]]) -> str:
    return "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in outputs
    )


def errors(outputs: list[dict[str, Any]]) -> list[str]:
    return [output["ename"] for output in outputs if output["output_type"] == "error"]


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        pytest.param(RIGHT, True, id="right"),
        pytest.param(RIGHT.replace("right", "wrong"), False, id="wrong"),
        pytest.param("notice('nothing')", False, id="nothing done"),
        pytest.param("", False, id="empty"),
        pytest.param("file { '/srv/answer' content", False, id="not Puppet"),
        pytest.param("%%nonsense", False, id="unknown magic"),
    ],
)
def test_points_are_for_the_right_answer(
    grade: Grade, answer: str, right: bool
) -> None:
    graded = grade(code(answer), check(EXPECT_FILE))
    assert passed(graded.cells[1]) is right
    assert bool(errors(graded.cells[1])) is not right
    assert graded.flags == ()


def test_a_graded_cell_that_is_no_check_is_not_run(grade: Grade) -> None:
    graded = grade(check(RIGHT, "no_check"), check(EXPECT_FILE), check("%%sh\ntrue"))
    assert earned(graded) == [False, False, False]
    assert errors(graded.cells[0]) == ["NoVerdict"]
    assert "no_check" in graded.flags[0]


def test_a_check_changes_nothing(grade: Grade) -> None:
    graded = grade(
        check("%%expect\nfile { '/srv/answer': content => 'right', noop => false }"),
        check("%%expect\nexec { '/bin/touch /srv/answer': unless => '/bin/false' }"),
        code("%%sh\nls /srv/answer"),
    )
    assert earned(graded) == [False, False, False]
    assert errors(graded.cells[2]) == ["ExitStatus"]


def test_the_node_has_no_network_and_few_rights(grade: Grade) -> None:
    graded = grade(
        code("%%sh\nls /sys/class/net; hostname; getent hosts camp"),
        code("%%sh\nsudo mknod /tmp/device c 1 3 && echo made"),
        code("%%sh\nsudo grep CapBnd /proc/self/status"),
        code("%%sh\ncat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max"),
    )
    interfaces = text(graded.cells[0]).split()
    assert interfaces == ["lo", "camp", "127.0.1.1", "camp"]
    assert "made" not in text(graded.cells[1])
    bounding = int(text(graded.cells[2]).split()[1], 16)
    wake_alarm, sys_admin, net_raw = 1 << 35, 1 << 21, 1 << 13
    assert bounding & (wake_alarm | sys_admin | net_raw) == 0
    assert "512" in text(graded.cells[3])


def test_a_submission_sees_nothing_of_the_one_before(grade: Grade) -> None:
    first = grade(code(RIGHT), check(EXPECT_FILE))
    second = grade(code("notice('nothing')"), check(EXPECT_FILE))
    assert (passed(first.cells[1]), passed(second.cells[1])) == (True, False)


def test_what_puppet_manages_can_be_managed(
    engine: DockerClient, attendee_image: str, grade: Grade
) -> None:
    archive = engine.containers.run(
        attendee_image,
        entrypoint=["sh", "-c", "test -d /srv/apt && echo there || true"],
        remove=True,
    )
    need(archive.strip() == b"there", "the image holds no package archive")
    state = """
        package { 'cron': ensure => installed }
        -> service { 'cron': ensure => running }
        group { 'crew': ensure => present, gid => '4000' }
        -> user { 'ada': ensure => present, uid => '4000', gid => 'crew' }
        -> file { '/srv/ada':
          ensure => directory, owner => 'ada', group => 'crew', mode => '2750',
        }
        cron { 'tick': command => 'true', minute => '5', require => Package['cron'] }
        host { 'tower': ip => '10.0.0.1' }
        """
    exec_ = "exec { '/bin/false': unless => '/bin/grep -q tower /etc/hosts' }"
    graded = grade(
        code(state), check(f"%%expect\n{state}"), check(f"%%expect\n{exec_}")
    )
    assert earned(graded) == [False, True, True], text(graded.cells[0])
    assert errors(graded.cells[0]) == []


def test_submissions_run_side_by_side(
    attendee_image: str, instance_labels: dict[str, str]
) -> None:
    runner = Runner(
        docker.from_env, attendee_image, instance_labels, limits=LIMITS, at_once=2
    )

    def run(answer: str) -> bool:
        submission = notebook(code(answer), check(EXPECT_FILE))
        graded = runner.run(submission, exercise="test", attendee="ada")
        return passed(graded.cells[1])

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(run, [RIGHT, "notice('x')", RIGHT])) == [True, False, True]


def test_a_missing_image_is_named(instance_labels: dict[str, str]) -> None:
    runner = Runner(docker.from_env, "puppetcamp/none", instance_labels)
    with pytest.raises(SandboxUnavailable, match="puppetcamp/none"):
        runner.run(notebook(code(RIGHT)), exercise="test", attendee="ada")


def test_an_absent_engine_is_named(instance_labels: dict[str, str]) -> None:
    def connect() -> DockerClient:
        return DockerClient("unix:///nonexistent/docker.sock")

    runner = Runner(connect, "puppetcamp/attendee", instance_labels)
    with pytest.raises(SandboxUnavailable, match="Docker"):
        runner.run(notebook(code(RIGHT)), exercise="test", attendee="ada")


def test_an_image_that_is_no_seat_is_named(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> None:
    made = engine.containers.create(attendee_image, entrypoint=["true"])
    repository = f"puppetcamp-test-{os.getpid()}"
    made.commit(repository, changes="ENV PATH=/nothing")
    made.remove()
    try:
        runner = Runner(docker.from_env, repository, instance_labels)
        with pytest.raises(SandboxUnavailable, match=repository):
            runner.run(notebook(code(RIGHT)), exercise="test", attendee="ada")
    finally:
        engine.images.remove(repository, force=True)


def test_leftovers_of_a_killed_service_are_swept(
    engine: DockerClient, attendee_image: str, instance_labels: dict[str, str]
) -> None:
    other = {"puppetcamp.instance": "test-other", "puppetcamp.grading": "1"}
    boxes = [
        engine.containers.run(
            attendee_image,
            entrypoint=["sleep", "120"],
            labels=labels,
            network_mode="none",
            detach=True,
        )
        for labels in ({**instance_labels, "puppetcamp.grading": "1"}, other)
    ]
    try:
        (instance,) = instance_labels.values()
        assert sweep(engine, f"puppetcamp.instance={instance}") == 1
        left = {box.id for box in engine.containers.list(ignore_removed=True)}
        assert boxes[0].id not in left
        assert boxes[1].id in left
    finally:
        boxes[1].remove(force=True)


def test_a_whole_grading_takes_seconds(grade: Grade) -> None:
    started = time.monotonic()
    graded = grade(code(RIGHT), check(EXPECT_FILE))
    # Seconds are rounded to the millisecond.
    assert graded.seconds <= time.monotonic() - started + 0.001 < 60
