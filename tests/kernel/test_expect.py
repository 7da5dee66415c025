"""Checks: passed on evidence only."""

import pytest

from puppet_kernel.expect import judge, refuse
from puppet_kernel.results import (
    CellResult,
    Change,
    Kind,
    Problem,
    ResourceResult,
    State,
)


def resource(
    state: State = State.UNCHANGED,
    *changes: Change,
    type: str = "File",
    asserts: bool = True,
) -> ResourceResult:
    reference = f"{type}[/etc/motd]"
    return ResourceResult(reference, type, "/etc/motd", state, changes, asserts=asserts)


def noop(property: str, previous: str, desired: str) -> Change:
    message = f"{property} changed '{previous}' to '{desired}' (noop)"
    return Change(property, message, previous, desired, "noop")


def run(*resources: ResourceResult, **more: object) -> CellResult:
    return CellResult(Kind.EXPECT, resources, **more)  # type: ignore[arg-type]


def test_everything_in_step_passes_in_one_line() -> None:
    verdict = judge(run(resource(), resource()), "motd")
    assert verdict.passed
    assert verdict.reason == "2 resources as expected"
    assert verdict.check_id == "motd"


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (run(), "declares no resource"),
        (run(resource(State.PENDING, type="Notify")), "declares no resource"),
        (run(resource(asserts=False)), "nothing that could be untrue|could be untrue"),
        (run(resource(), completed=False), "did not run to its end"),
        (run(resource(), interrupted=True), "interrupted"),
        (run(resource(), errors=(Problem("error", "boo"),)), "could not be run: boo"),
        (run(resource(State.SKIPPED)), "was skipped"),
        (run(resource(State.CHANGED)), "is changed"),
        (run(resource(State.FAILED)), "is failed"),
        (run(resource(), resource(State.PENDING)), "is pending"),
        (run(resource(State.PENDING, asserts=False)), "is pending"),
    ],
)
def test_doubt_fails(result: CellResult, told: str) -> None:
    verdict = judge(result, None)
    assert not verdict.passed
    assert any(part in verdict.reason for part in told.split("|"))


def test_one_vacuous_resource_beside_a_real_one_is_no_obstacle() -> None:
    assert judge(run(resource(), resource(asserts=False)), None).passed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (noop("mode", "0644", "0600"), "File[/etc/motd]: mode is 0644, expected 0600"),
        (noop("content", "{sha256}aa", "aGVsbG8="), "File[/etc/motd]: content differs"),
        (noop("ensure", "absent", "file"), "is absent, expected to be present (file)"),
        (noop("ensure", "purged", "present"), "is absent, expected to be present"),
        (noop("ensure", "present", "absent"), "is present, expected to be absent"),
        (noop("ensure", "stopped", "running"), "ensure is stopped, expected running"),
        (
            Change("password", "changed [redacted] to [redacted]", "a", "b", "noop"),
            "password differs",
        ),
        (Change("mode", "no such user", "", "", "failure"), "could not be looked at"),
    ],
)
def test_a_difference_is_told_in_words(change: Change, told: str) -> None:
    verdict = judge(run(resource(State.PENDING, change)), None)
    assert told in verdict.problems[0]
    assert verdict.reason == verdict.problems[0]
    assert "aGVsbG8" not in verdict.reason


def test_several_differences_of_one_resource_make_one_sentence() -> None:
    changes = (noop("content", "{sha256}a", "b"), noop("mode", "0644", "0600"))
    (problem,) = judge(run(resource(State.PENDING, *changes)), None).problems
    assert problem == "File[/etc/motd]: content differs, mode is 0644, expected 0600"


def test_an_unguarded_exec_is_out_of_step() -> None:
    would_run = Change("returns", "current_value 'notrun'", "notrun", "0", "noop")
    verdict = judge(run(resource(State.PENDING, would_run, type="Exec")), None)
    assert "its condition does not hold" in verdict.reason


@pytest.mark.parametrize(
    "body",
    [
        "file { '/x': noop => false }",
        "file { '/x': noop=>false }",
        "File { noop   =>\n false }",
        "$h = { 'noop' => false }",
        "file { '/x': noop => 'false' }",
        'file { "/x": "noop" => "false" }',
    ],
)
def test_noop_false_is_refused(body: str) -> None:
    (reason,) = refuse(body)
    assert "noop => false" in reason


@pytest.mark.parametrize(
    "body",
    [
        "file { '/x': content => 'noop => false' }",
        "# noop => false\nfile { '/x': ensure => file }",
        "/* noop => false */ file { '/x': noop => true }",
        "file { '/x': ensure => file }",
    ],
)
def test_other_text_is_not_refused(body: str) -> None:
    assert refuse(body) == []


@pytest.mark.parametrize(
    ("previous", "desired", "told"),
    [
        ("purged", "present", "is not installed, expected installed"),
        ("1.2-3", "absent", "is 1.2-3, expected not installed"),
        ("1.2-3", "1.2-4", "is 1.2-3, expected 1.2-4"),
    ],
)
def test_a_package_is_told_in_plain_words(
    previous: str, desired: str, told: str
) -> None:
    change = noop("ensure", previous, desired)
    package = resource(State.PENDING, change, type="Package")
    assert judge(run(package), None).reason.endswith(f"]: {told}")
