"""Prove the lessons: they run as shipped and can be finished, on a node of their own.

And in one seat after the other, in any order: lessons do not get in each other's way.
"""

import os
import random
import re
import subprocess

import docker
import pytest

from puppetcamp.course import ran, seat
from puppetcamp.course.lessons import Lesson, read_all
from puppetcamp.course.pages import may_fail
from puppetcamp.course.seat import Run
from puppetcamp.deployment import Deployment
from puppetcamp.grading.manifest import resources
from tests.course import pages, stock

LESSONS = read_all(pages.LESSONS)
LABELS = Deployment("course-test").labels

OWN_SHARE = 0.25
"""Of the time that a lesson claims, the most that the machine may take of it."""

_INSTALLS = re.compile(r"apt(?:-get)? (?:-\S+ )*install (?:-\S+ )*([a-z0-9.+ -]+)")
_ELSEWHERE = re.compile(r"RedHat|^%%?as\b", re.M)
_ALONE = ("docker", "run", "--rm", "--network", "none")
_ABSENT = ("absent", "purged")
_IN_IMAGE = "dpkg-query --show --showformat '${Package}\\n'; " + (
    "sed -n 's/^Package: //p' /srv/apt/Packages"
)


@pytest.fixture(scope="module")
def image() -> str:
    """Name the image of seats."""
    return stock.seat_image()


def _run(image: str, lessons: list[Lesson], *, finish: bool) -> list[Run]:
    client = docker.from_env()
    try:
        return seat.run(client, image, LABELS, lessons, finish=finish)
    finally:
        client.close()


def _name(lesson: Lesson) -> str:
    return lesson.name


@pytest.mark.docker
@pytest.mark.parametrize("lesson", LESSONS, ids=_name)
def test_lesson_runs_as_shipped_and_can_be_finished(lesson: Lesson, image: str) -> None:
    """Everything comes out as its page says; with the answers, every check passes."""
    (run,) = _run(image, [lesson], finish=True)
    found = ran.faults(run)
    assert not found, "\n".join(map(str, found))
    assert run.finished
    assert run.seconds + run.more < OWN_SHARE * 60 * lesson.minutes


@pytest.mark.docker
def test_lessons_run_in_any_order(image: str) -> None:
    """One seat runs some of them, drawn anew each time, and all of them by and by.

    COURSE_SEED=number repeats a draw; COURSE_ORDER="03 00 07" runs these.
    """
    seed = int(os.environ.get("COURSE_SEED") or random.SystemRandom().randrange(10**6))
    drawn = random.Random(seed).sample(LESSONS, len(LESSONS) // 2)  # noqa: S311  # no secret
    if wanted := os.environ.get("COURSE_ORDER"):
        drawn = [
            lesson
            for number in wanted.split()
            for lesson in LESSONS
            if lesson.name.startswith(number)
        ]
    order = " ".join(lesson.name[:2] for lesson in drawn)
    print(f"COURSE_SEED={seed}: {order}")
    runs = _run(image, drawn, finish=False)
    found = [fault for run in runs for fault in ran.faults(run)]
    assert not found, "\n".join([f"COURSE_SEED={seed}: {order}", *map(str, found)])


@pytest.mark.docker
def test_what_the_course_installs_is_in_the_archive(image: str) -> None:
    """A name that Debian does not know is told here, before anybody is without it."""
    done = subprocess.run(
        [*_ALONE, "--entrypoint", "sh", image, "-c", _IN_IMAGE],
        capture_output=True,
        text=True,
        check=True,
    )
    there = set(done.stdout.split())
    every = [pages.read(path) for path in pages.lessons() + pages.exercises()]
    missing = [
        f"{pages.shown(page)}: {name} is in no archive"
        for page in every
        for name in sorted(_installed(page) - there)
    ]
    assert not missing, "\n".join(missing)


def _installed(page: pages.Page) -> set[str]:
    """Name what a page installs on this node; names that are computed are not seen."""
    sources = [
        cell["source"]
        for cell in page.code
        if not may_fail(cell) and not _ELSEWHERE.search(cell["source"])
    ]
    sources += pages.folded_answers(page.cells).values()
    packages = {
        declared.attributes.get("name", declared.title)
        for source in sources
        for declared in resources(source)
        if declared.type == "package"
        and declared.attributes.get("ensure") not in _ABSENT
    }
    by_hand = {
        name
        for source in sources
        for names in _INSTALLS.findall(source)
        for name in names.split()
    }
    return {name for name in packages | by_hand if not name.startswith(("$", "["))}
