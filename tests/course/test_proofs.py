"""Prove that `make exercises` sees every kind of fault, and tells them all at once."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import docker
import nbformat
import pytest
from nbgrader.utils import determine_grade

from puppetcamp.course import pages, proof
from puppetcamp.course.folder import Course
from puppetcamp.course.proved import Proved
from puppetcamp.course.wrong_answers import WrongAnswer
from puppetcamp.deployment import Deployment
from puppetcamp.errors import CourseError
from puppetcamp.grading.runner import Runner
from tests.course import stock
from tests.course.spoilt import answer, bare_answer, check, exercise, task

ROOT = Path(__file__).resolve().parents[2]

GOOD = "file { '/srv/good': ensure => file, mode => '0640' }"
UNSAID = "  mode => '0640',"
HIDDEN = f"### BEGIN HIDDEN TESTS\n{UNSAID}\n### END HIDDEN TESTS"

Told = tuple[str, str, str]
"""File, cell, words of the fault."""


def _told(found: list[Proved]) -> list[Told]:
    return [
        (fault.file.name, fault.cell, f"{fault.what}; {fault.remedy}")
        for proved in found
        for fault in proved.faults
    ]


def _agree(found: list[Proved], expected: list[Told]) -> None:
    """See that each expected fault is told, and nothing else."""
    told = _told(found)
    missing = [
        one
        for one in expected
        if not any(one[:2] == other[:2] and one[2] in other[2] for other in told)
    ]
    surplus = [
        one
        for one in told
        if not any(one[:2] == other[:2] and other[2] in one[2] for other in expected)
    ]
    assert (missing, surplus) == ([], [])


def _wrong(*checks: str) -> dict[str, str]:
    """Give wrong answers to the checks, four at least."""
    names = [f"{check}__{number}.pp" for check in checks for number in range(4)]
    return dict.fromkeys(names, "# nothing")


def _written(course: Path) -> None:
    """Add an exercise whose cells are at fault."""
    given = "file { '/srv/given': ensure => file }"
    stored = check("stored", given)
    stored["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    cells = [
        bare_answer("unmarked", GOOD),
        check("worthless", given, points=0),
        check("open", given, locked=False),
        check("named_so", given, magic="%%expect named_other"),
        check("cell-0123456789abcdef", given),
        check("unknown", given, magic="%%expec unknown"),
        stored,
        check("audits", "file { '/srv/given': audit => all }"),
        check("refreshes", "exec { '/bin/false': refreshonly => true }"),
        check("ignores", "file { '/srv/given': ensure => file, noop => true }"),
        check("empty", "# nothing is asked"),
        check("always", "file { '/etc': ensure => directory }"),
        check("harmless", "# breaks nothing", magic="%%drift harmless"),
        check("asks_nothing", "%as rocky-9", magic="%%compiled asks_nothing"),
    ]
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells[1:]]
    wrong = {f"{name}__1.pp": GOOD for name in names if name not in ("open", "stored")}
    wrong |= {"opne__typo.pp": GOOD, "open.pp": GOOD, "open__notes.txt": GOOD}
    exercise(course, "written", cells, wrong)


WRITTEN: list[Told] = [
    ("written.ipynb", "unmarked", "not between SOLUTION marks"),
    ("written.ipynb", "worthless", "worth no points"),
    ("written.ipynb", "open", "not locked"),
    ("written.ipynb", "named_so", "%%expect named_other"),
    ("written.ipynb", "cell-0123456789abcdef", "does not say what is checked"),
    ("written.ipynb", "unknown", "%%expect"),
    ("written.ipynb", "stored", "stored with its outputs"),
    ("written.ipynb", "stored", "no wrong answer fails this check"),
    ("written.ipynb", "audits", "audit"),
    ("written.ipynb", "refreshes", "refreshonly"),
    ("written.ipynb", "ignores", "noop"),
    ("written.ipynb", "empty", "declares no resource"),
    ("written.ipynb", "always", "holds on every node"),
    ("written.ipynb", "harmless", "it breaks nothing"),
    ("written.ipynb", "asks_nothing", "it asks for nothing"),
    ("opne__typo.pp", "", "name one that is there: open"),
    ("open.pp", "", "does not say which check fails"),
    ("open__notes.txt", "", "does not say which check fails"),
]


def _leaking(course: Path) -> None:
    """Add an exercise that gives its secrets away in every place there is."""
    hidden = f"file {{ '/srv/good':\n  ensure => file,\n{HIDDEN}\n}}"
    attached = base64.b64encode(UNSAID.encode()).decode()
    cells = [
        task(f"Write `{UNSAID.strip()}`."),
        task("See below.", metadata={"notes": [UNSAID]}),
        task("See ![it](attachment:it.txt).", attachments={"it.txt": {"t": attached}}),
        answer("given_away", GOOD),
        check("hiding", hidden),
    ]
    for number, cell in enumerate(cells[:3], 1):
        cell["metadata"]["nbgrader"]["grade_id"] = f"task_{number}"
    exercise(course, "leaking", cells, _wrong("hiding"))
    beside = course / "source" / "leaking"
    (beside / "solution.pp").write_text(GOOD)
    (beside / "marks.txt").write_text("### END HIDDEN TESTS\n")


LEAKING: list[Told] = [
    ("leaking.ipynb", "task_1", "the hidden part of the check hiding"),
    ("leaking.ipynb", "task_2", "the hidden part of the check hiding"),
    ("leaking.ipynb", "task_3", "the hidden part of the check hiding"),
    ("solution.pp", "", "the reference answer given_away"),
    ("solution.pp", "", "the hidden part of the check hiding"),
    ("marks.txt", "", "the mark END HIDDEN TESTS"),
]


def _unreleasable(course: Path) -> None:
    """Add exercises that nbgrader refuses, or that nobody can read."""
    broken = bare_answer("endless", f"### BEGIN SOLUTION\n{GOOD}")
    given = check("asked", "file { '/srv/good': ensure => file }")
    exercise(course, "refused", [broken, given], _wrong("asked"))
    exercise(course, "nothing", [task("Read this.")])
    twice = [answer("same", GOOD), check("asked", GOOD), check("asked", GOOD)]
    exercise(course, "twice", twice, {"asked__1.pp": "# nothing"})
    (course / "source" / "empty").mkdir()
    (course / "source" / "torn").mkdir()
    (course / "source" / "torn" / "torn.ipynb").write_text('{"nbformat": 4, "cells"')
    (course / "source" / "lost.ipynb").write_text("{}")
    (course / "wrong" / "twcie").mkdir()


UNRELEASABLE: list[Told] = [
    ("refused", "", "no end solution statement found"),
    ("refused.ipynb", "endless", "not between SOLUTION marks"),
    ("nothing.ipynb", "", "no answer cell"),
    ("nothing.ipynb", "", "no check"),
    ("nothing", "", "has 0 wrong answers"),
    ("twice", "", "Duplicate grade id: asked"),
    ("twice", "", "has 1 wrong answers"),
    ("twice.ipynb", "asked", "2 cells have this grade_id"),
    ("twice.ipynb", "asked", "has a check of the same name"),
    ("empty", "", "holds no notebook"),
    ("torn.ipynb", "", "cannot be read"),
    ("lost.ipynb", "", "move it to"),
    ("twcie", "", "belong to no exercise"),
]


def test_all_faults_of_what_is_written_are_told_at_once(tmp_path: Path) -> None:
    _written(tmp_path)
    _leaking(tmp_path)
    _unreleasable(tmp_path)
    found = proof.look(Course(tmp_path))
    _agree(found, [*WRITTEN, *LEAKING, *UNRELEASABLE])


def test_a_sound_exercise_has_no_fault(tmp_path: Path) -> None:
    body = f"file {{ '/srv/good':\n  ensure => file,\n{HIDDEN}\n}}"
    cells = [
        task("Make it."),
        answer("made", GOOD),
        check("is_there", body),
        check("unseen", f"### BEGIN HIDDEN TESTS\n{GOOD}\n### END HIDDEN TESTS"),
        check("settled", "", magic="%%idempotent settled"),
    ]
    exercise(tmp_path, "sound", cells, _wrong("is_there", "unseen", "settled"))
    (found,) = proof.look(Course(tmp_path))
    assert _told([found]) == []
    assert "0640" not in found.released["sound.ipynb"].cells[2]["source"]


def test_a_course_without_exercises_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="No exercise lies in"):
        Course(tmp_path)
    exercise(tmp_path, "motd", [])
    with pytest.raises(CourseError, match="has no exercise 'mtod'"):
        proof.look(Course(tmp_path), ["mtod"])


SEVERAL = "# A comment.\n# --- cell: second\nfile { '/b': }\n# --- cell: third\n"


@pytest.mark.parametrize(
    ("text", "cells", "told"),
    [
        ("file { '/a': }", ["first"], None),
        (SEVERAL, ["first", "second", "third"], None),
        ("file { '/a': }", ["first", "second"], "begin with a line such as"),
        (SEVERAL, ["first", "second"], "'third', which is no answer cell"),
        (f"notice('a')\n{SEVERAL}", ["second", "third"], "code stands above"),
        (SEVERAL.replace("third", "second"), ["second"], "second twice"),
    ],
)
def test_parts_of_a_wrong_answer(text: str, cells: list[str], told: str | None) -> None:
    wrong = WrongAnswer(Path("check__wrong.pp"), text)
    found = ["; ".join(fault) for fault in wrong.faults(["check"], cells)]
    assert len(found) == (told is not None)
    assert all(told in fault for fault in found if told)
    if not found and len(cells) > 1:
        assert wrong.answers(cells) == {"second": "file { '/b': }\n", "third": ""}


def _behaving(course: Path) -> None:
    """Add an exercise whose faults only show when it is graded."""
    made = "file { '/srv/one': ensure => file }\nfile { '/srv/two': ensure => file }\n"
    late = f"{made}file {{ '/srv/late': ensure => file }}\n"
    paths = "$paths = [\n### BEGIN HIDDEN TESTS\n'/srv/one',\n### END HIDDEN TESTS\n]\n"
    cells = [
        answer("behaviour", f"{made}exec {{ '/bin/date': }}"),
        check("one", "file { '/srv/one': ensure => file }", points=2),
        check("two", "file { '/srv/two': ensure => file }", points=3),
        check("given", "file { '/etc/hostname': owner => 'root' }"),
        check("late", "file { '/srv/late': ensure => file }"),
        check("hollow", f"{paths}file {{ $paths: ensure => file }}"),
    ]
    wrong = {
        "one__is_right.pp": late,
        "one__fails_two.pp": late.replace("/srv/two", "/srv/three"),
        "two__fails_late.pp": made.replace("/srv/two", "/srv/three"),
    }
    exercise(course, "behaving", cells, wrong)


BEHAVING: list[Told] = [
    ("behaving.ipynb", "given", "passes on the untouched release"),
    ("behaving.ipynb", "late", "the reference fails it"),
    ("behaving.ipynb", "", "a second run of the reference changes something"),
    ("behaving.ipynb", "hollow", "without its hidden part it fails"),
    ("one__is_right.pp", "one", "fails no check"),
    ("one__fails_two.pp", "one", "passes this check and fails two"),
    ("two__fails_late.pp", "two", "beside this check it fails late"),
]


@pytest.fixture
def runner() -> Runner:
    """Give what grades submissions; skip where it cannot."""
    image = stock.seat_image()
    labels = Deployment("course-test").labels
    return Runner(docker.from_env, image, labels, at_once=2)


@pytest.mark.docker
def test_all_faults_of_what_is_graded_are_told_at_once(
    runner: Runner, tmp_path: Path
) -> None:
    _behaving(tmp_path)
    looked = proof.look(Course(tmp_path))
    (found,) = proof.grade(looked, runner, at_once=2)
    before = len(looked[0].faults)
    found.faults = found.faults[before:]
    _agree([found], BEHAVING)


@pytest.mark.docker
def test_an_answer_that_is_partly_right_earns_the_points_of_its_checks(
    runner: Runner, tmp_path: Path
) -> None:
    """What nbgrader makes of the outputs: points per check, not all or nothing."""
    _behaving(tmp_path)
    page = pages.read(tmp_path / "source" / "behaving" / "behaving.ipynb")
    page.answers[0]["source"] = "file { '/srv/two': ensure => file }"
    graded = runner.run(page.content, exercise="behaving", attendee="ada")
    points = {}
    for cell, outputs in zip(page.code, graded.cells, strict=True):
        if pages.is_check(cell):
            told = json.dumps({**page.content, "cells": [{**cell, "outputs": outputs}]})
            (node,) = nbformat.reads(told, as_version=4).cells  # type: ignore[no-untyped-call]
            points[pages.name(cell)] = determine_grade(node)
    assert points["one"] == (0, 2)
    assert points["two"] == (3, 3)
    assert points["late"] == (0, 1)


@pytest.mark.docker
def test_the_command_tells_and_fails(runner: Runner, tmp_path: Path) -> None:
    _behaving(tmp_path)
    exercise(tmp_path, "other", [task("Read this.")])
    command = [sys.executable, "-m", "puppetcamp", "exercises", str(tmp_path), "other"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'kernel'}"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "1/1  other: the release" in done.stdout
    assert "✗ it has no check\n    → add a cell of `%%expect`" in done.stdout
    assert "3 faults in 1 exercise" in done.stdout
    assert "behaving" not in done.stdout
