"""Every command of nbgrader that uses the exchange, in two courses with equal names."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.unit.lab.seats import Seat, exercise

pytestmark = [
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

COURSES = ("puppet", "linux")


@dataclass
class Desk:
    """Somebody's nbgrader in one course, whose exercises lie in a folder of its own."""

    seat: Seat
    course: str

    @property
    def root(self) -> Path:
        return self.seat.home / "courses" / self.course

    @property
    def work(self) -> Path:
        return self.seat.exercises / self.course / "motd"

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        """Run a command; give its log."""
        status, said = self.seat.command(
            *arguments,
            f"--course={self.course}",
            f"--CourseDirectory.root={self.root}",
            "--Exchange.path_includes_course=True",
        )
        assert (status != 0) == fails, said
        return said

    def feedback(self, name: str, words: str) -> None:
        """Lay out a page of feedback on what is collected, as nbgrader does."""
        folder = self.root / "feedback" / name / "motd"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "motd.html").write_text(words)
        shutil.copy(self.root / "submitted" / name / "motd/submission_id.txt", folder)


@pytest.fixture
def staff(seats: dict[str, Seat]) -> dict[str, Desk]:
    """Give an instructor's desks; each course has an exercise motd to be released."""
    desks = {course: Desk(seats["ines"], course) for course in COURSES}
    for course, desk in desks.items():
        (desk.root / "source" / "motd").mkdir(parents=True)
        (desk.root / "release" / "motd").mkdir(parents=True)
        notebook = exercise()
        notebook.cells[0].source = f"# Of {course}"
        nbformat.write(notebook, desk.root / "release" / "motd" / "motd.ipynb")
    return desks


@pytest.fixture
def ada(seats: dict[str, Seat]) -> dict[str, Desk]:
    return {course: Desk(seats["ada"], course) for course in COURSES}


def test_two_courses_from_release_to_removal(
    staff: dict[str, Desk], ada: dict[str, Desk]
) -> None:
    for course in COURSES:
        assert f"Released as: {course} motd" in staff[course](
            "release_assignment", "motd"
        )
    assert "already exists" in staff["linux"]("release", "motd", fails=True)
    assert ada["linux"]("list").count("motd") == 1

    # Fetched and submitted side by side.
    for course in COURSES:
        assert f"Fetched as: {course} motd" in ada[course]("fetch_assignment", "motd")
        assert f"# Of {course}" in (ada[course].work / "motd.ipynb").read_text()
    assert "(already downloaded)" in ada["linux"]("list")
    assert "(version 1)" in ada["linux"]("submit", "motd")
    assert ada["puppet"]("list", "--cached").count(" ada ") == 0

    # Strict about notebooks that are missing, and only then.
    missing = ada["linux"].work / "motd.ipynb"
    kept = missing.rename(missing.with_name("other.ipynb"))
    strict = ada["linux"]("submit", "motd", "--strict", fails=True)
    assert "not submitted. There are missing notebooks" in strict
    relaxed = ada["linux"]("submit", "motd")
    assert "motd.ipynb is missing and gets no points." in relaxed
    assert "Extra notebook, it will not be graded: other" in relaxed
    kept.rename(missing)
    ada["linux"]("submit", "motd")

    # Listed and collected in the course that it was submitted to.
    inbound = staff["linux"]("list", "--inbound")
    assert inbound.count("linux ada motd") == 3
    assert "ada" not in staff["puppet"]("list", "--inbound")
    assert "Collecting submission: ada motd" in staff["linux"]("collect", "motd")
    assert "No submissions" in staff["puppet"]("collect", "motd")
    assert "use --update" in staff["linux"]("collect", "motd")
    assert "No newer" in staff["linux"]("collect", "motd", "--update")
    assert "Options --inbound and --cached" in staff["linux"](
        "list", "--inbound", "--cached", fails=True
    )

    # Removed from one course: listed there no more, fetched no more, all else stays.
    assert "linux motd" in staff["linux"]("list", "motd", "--remove")
    assert "motd" not in ada["linux"]("list")
    gone = "linux was withdrawn by an instructor"
    assert gone in ada["linux"]("submit", "motd", fails=True)
    shutil.rmtree(ada["linux"].work)
    assert gone in ada["linux"]("fetch", "motd", fails=True)
    assert "puppet motd" in ada["puppet"]("list")
    assert ada["linux"]("list", "--cached").count("linux ada motd") == 3
    assert "no feedback available" in ada["linux"]("list", "--cached")
    assert "none can be removed" in ada["linux"](
        "list", "--cached", "--remove", fails=True
    )


def test_feedback_on_an_older_version_and_on_the_last_one(
    staff: dict[str, Desk], ada: dict[str, Desk]
) -> None:
    desk, seat = staff["linux"], ada["linux"]
    desk("release_assignment", "motd")
    seat("fetch_assignment", "motd")
    for words in ("first", "second"):
        (seat.work / "note.txt").write_text(words)
        seat("submit", "motd")
        desk("collect", "motd", "--update")
        desk.feedback("ada", words)
        if words == "first":
            (seat.work / "note.txt").write_text("in between")
            seat("submit", "motd")
        released = desk("release_feedback", "motd")
        assert "Releasing feedback for student 'ada'" in released
        assert "no score" in released  # there is no gradebook

    assert "Could not find feedback" in seat("fetch_feedback", "motd")
    pages = sorted((seat.work / "feedback").glob("*/motd.html"))
    assert [page.read_text() for page in pages] == ["first", "second"]
    before = [page.stat().st_mtime_ns for page in pages]
    assert "Fetched feedback" not in seat("fetch_feedback", "motd")
    assert [page.stat().st_mtime_ns for page in pages] == before
    assert seat("list", "--cached").count("feedback already fetched") == 2

    # What was fetched and thrown away is fetched again, and what is new as well.
    shutil.rmtree(pages[0].parent)
    desk.feedback("ada", "second, looked at again")
    desk("release_feedback", "motd")
    assert seat("list", "--cached").count("feedback ready to be fetched") == 2
    seat("fetch_feedback", "motd")
    texts = [page.read_text() for page in pages]
    assert texts == ["first", "second, looked at again"]
    # Feedback that was fetched is no part of what is submitted next.
    seat("submit", "motd")
    desk("collect", "motd", "--update")
    assert not (desk.root / "submitted" / "ada" / "motd" / "feedback").exists()
