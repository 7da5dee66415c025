"""nbgrader's own tools over the camp's exchange: from release to fetched feedback.

nbgrader, the service and the gradebook are real; only the hub's word on a token is
replaced, by one that takes the token for the name.
"""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
import requests
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from puppetcamp_lab.nbgrader_defaults import configure
from tests.hub.exchange.outcome import done
from tests.unit.lab.seats import Seat

pytestmark = [
    pytest.mark.slow,
    # nbgrader's own, on Pythons newer than it was written for.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

PAGE = "motd.html"


def points(api: NbGraderAPI, name: str) -> float:
    with closing(api.gradebook) as gradebook:
        return float(gradebook.find_submission("motd", name).score)


def collected(api: NbGraderAPI, name: str) -> Path:
    return Path(api.coursedir.root) / "submitted" / name / "motd"


def test_the_whole_story(formgrader: NbGraderAPI, seats: dict[str, Seat]) -> None:
    ada, bob, ines = seats["ada"], seats["bob"], seats["ines"]
    assert ada.listed() == []

    # Released, listed, fetched.
    ines.sit_down()
    assert formgrader.get_assignment("motd")["status"] == "draft"
    done(formgrader.release_assignment("motd"))
    assert formgrader.get_assignment("motd")["status"] == "released"
    assert "already exists" in formgrader.release_assignment("motd")["error"]
    [entry] = ada.listed()
    assert (entry["status"], entry["assignment_id"]) == ("released", "motd")
    assert ada.page.fetch_assignment("puppet", "motd") == {"success": True}
    [entry] = ada.listed()
    assert (entry["status"], entry["path"]) == ("fetched", "exercises/motd")
    assert entry["notebooks"] == [
        {"notebook_id": "motd", "path": "exercises/motd/motd.ipynb"}
    ]
    assert (ada.exercises / "motd" / "files" / "text").read_text() == "Welcome"
    assert "BEGIN SOLUTION" not in ada.notebook.read_text()

    # Submitted twice by one, once by another; each sees their own.
    ada.solve("answer = 41")
    assert ada.page.submit_assignment("puppet", "motd") == {"success": True}
    ada.solve("answer = 42")
    assert ada.page.submit_assignment("puppet", "motd") == {"success": True}
    assert bob.page.fetch_assignment("puppet", "motd") == {"success": True}
    bob.solve("answer = 'wrong'")
    assert bob.page.submit_assignment("puppet", "motd") == {"success": True}
    first, second = ada.submissions()
    assert first["timestamp"] < second["timestamp"]
    assert not second["has_exchange_feedback"]
    assert [entry["student_id"] for entry in bob.submissions()] == ["bob"]

    # Collected: the last one of each, with the camp's time.
    ines.sit_down()
    done(formgrader.collect("motd"))
    assert formgrader.get_submitted_students("motd") == {"ada", "bob"}
    there = collected(formgrader, "ada")
    assert "answer = 42" in (there / "motd.ipynb").read_text().replace('\\"', "")
    assert (there / "timestamp.txt").read_text() == second["timestamp"]

    # Autograded, and feedback given to the graded version though a newer one is there.
    for name in ("ada", "bob"):
        done(formgrader.autograde("motd", name))
    assert (points(formgrader, "ada"), points(formgrader, "bob")) == (2, 0)
    ada.sit_down()
    assert ada.page.submit_assignment("puppet", "motd") == {"success": True}
    ines.sit_down()
    done(formgrader.collect("motd"))
    done(formgrader.generate_feedback("motd"))
    done(formgrader.release_feedback("motd", "ada"))
    assert bob.submissions()[0]["has_exchange_feedback"] is False
    ines.sit_down()
    done(formgrader.release_feedback("motd"))
    scores = [version["score"] for version in ada.standing[0]["versions"]]
    assert scores == [None, 2, None]
    [version] = bob.standing[0]["versions"]
    assert (version["score"], version["max_score"]) == (0, 2)

    # Listed, fetched, there; a second fetch changes nothing.
    fresh = [entry["has_exchange_feedback"] for entry in ada.submissions()]
    assert fresh == [False, True, False]
    assert ada.page.fetch_feedback("puppet", "motd") == {"success": True}
    graded = ada.submissions()[1]
    assert graded["has_local_feedback"]
    assert not graded["feedback_updated"]
    page = ada.home / graded["local_feedback_path"] / PAGE
    assert page == ada.exercises / "motd" / "feedback" / second["timestamp"] / PAGE
    assert "(Score: 2.0 / 2.0)" in page.read_text()
    assert [path.name for path in page.parent.iterdir()] == [PAGE]
    assert bob.page.fetch_feedback("puppet", "motd") == {"success": True}
    theirs = bob.exercises / "motd" / "feedback" / bob.submissions()[0]["timestamp"]
    assert "(Score: 0.0 / 2.0)" in (theirs / PAGE).read_text()

    # Feedback that is released anew is offered anew.
    ines.sit_down()
    feedback = Path(formgrader.coursedir.root) / "feedback" / "ada" / "motd" / PAGE
    feedback.write_text(feedback.read_text() + "<!-- well done -->")
    done(formgrader.release_feedback("motd", "ada"))
    assert ada.submissions()[1]["feedback_updated"]
    assert ada.page.fetch_feedback("puppet", "motd") == {"success": True}
    assert "well done" in page.read_text()
    assert not ada.submissions()[1]["feedback_updated"]

    # Withdrawn, and nothing that was submitted is lost.
    ines.sit_down()
    done(formgrader.unrelease("motd"))
    assert formgrader.get_assignment("motd")["status"] == "draft"
    assert len(ada.submissions()) == 3
    assert [entry["status"] for entry in ada.listed()] == ["submitted"]
    answer = ada.page.submit_assignment("puppet", "motd")
    assert "The exercise motd of puppet was withdrawn" in answer["value"]


def test_the_command_line(formgrader: NbGraderAPI, seats: dict[str, Seat]) -> None:
    """As a process of its own; test_commands has all commands in this one."""
    ada, ines = seats["ada"], seats["ines"]
    course = f"--CourseDirectory.root={formgrader.coursedir.root}"
    done(formgrader.release_assignment("motd"))
    again = ines.nbgrader("release_assignment", "motd", course, "--force")
    assert "Released as: puppet motd (version 2, without" in again.stderr
    done(ada.run("FetchAssignment"))
    ines.sit_down()
    done(formgrader.unrelease("motd"))
    gone = ada.nbgrader("submit", "motd")
    assert gone.returncode == 1
    assert "motd of puppet was withdrawn" in gone.stderr


def test_fetching_again_touches_nothing_that_is_there(
    formgrader: NbGraderAPI, seats: dict[str, Seat]
) -> None:
    ada = seats["ada"]
    done(formgrader.release_assignment("motd"))
    done(ada.run("FetchAssignment"))
    text = ada.exercises / "motd" / "files" / "text"
    ada.solve("answer = 'mine'")
    mine = ada.notebook.read_bytes()
    text.unlink()
    done(ada.run("FetchAssignment"))
    assert (ada.notebook.read_bytes(), text.is_file()) == (mine, True)
    careful = ada.run("FetchAssignment", replace_missing_files=False)
    assert "You already have a copy" in careful["error"]


def test_nobody_chooses_a_name(formgrader: NbGraderAPI, seats: dict[str, Seat]) -> None:
    ada, bob = seats["ada"], seats["bob"]
    done(formgrader.release_assignment("motd"))
    done(ada.run("FetchAssignment"))
    ada.sit_down()
    ada.environment["JUPYTERHUB_USER"] = "bob"
    log = done(ada.run("Submit", student_id="bob"))
    assert "Submitted as ada, not as bob" in log
    assert bob.submissions() == []
    assert "not those of bob" in ada.run("List", cached=True)["error"]
    log = done(ada.run("List", inbound=True))
    assert "puppet ada motd" in log


def test_submissions_are_never_removed_and_exercises_by_instructors_only(
    formgrader: NbGraderAPI, seats: dict[str, Seat]
) -> None:
    ada = seats["ada"]
    done(formgrader.release_assignment("motd"))
    for mode in ("cached", "inbound"):
        refused = ada.run("List", remove=True, **{mode: True})
        assert "none can be removed" in refused["error"]
    assert "Only the camp's instructors" in ada.run("List", remove=True)["error"]
    done(ada.run("FetchAssignment"))
    assert "Did you mean: motd?" in ada.run("Submit", assignment_id="mtod")["error"]


def test_collect_replaces_only_what_it_should(
    formgrader: NbGraderAPI, seats: dict[str, Seat]
) -> None:
    ada, ines = seats["ada"], seats["ines"]
    done(formgrader.release_assignment("motd"))
    ada.page.fetch_assignment("puppet", "motd")
    (ada.exercises / "motd" / "timestamp.txt").write_text("2000-01-01 00:00:00 UTC")
    (ada.exercises / "motd" / "submission_id.txt").mkdir()
    (ada.exercises / "motd" / "submission_id.txt" / "x").write_text("")
    ada.page.submit_assignment("puppet", "motd")
    ada.page.submit_assignment("puppet", "motd")
    first, second = (entry["timestamp"] for entry in ada.submissions())
    timestamp = collected(formgrader, "ada") / "timestamp.txt"

    ines.sit_down()
    with closing(formgrader.gradebook) as gradebook:
        gradebook.update_or_create_assignment("motd", duedate=first)
    formgrader.config.ExchangeCollect.before_duedate = True
    done(formgrader.collect("motd", update=False))
    assert timestamp.read_text() == first
    formgrader.config.ExchangeCollect.before_duedate = False
    assert "use --update" in done(formgrader.collect("motd", update=False))
    assert timestamp.read_text() == first
    done(formgrader.collect("motd", update=True))
    assert timestamp.read_text() == second
    assert "No newer submission" in done(formgrader.collect("motd", update=True))
    assert (timestamp.parent / "submission_id.txt").is_file()
    assert [path.name for path in timestamp.parents[1].iterdir()] == ["motd"]


def test_feedback_without_a_record_of_its_submission_goes_nowhere(
    formgrader: NbGraderAPI, seats: dict[str, Seat]
) -> None:
    done(formgrader.release_assignment("motd"))
    for name in ("ada", "bob"):
        seats[name].page.fetch_assignment("puppet", "motd")
        seats[name].page.submit_assignment("puppet", "motd")
    seats["ines"].sit_down()
    done(formgrader.collect("motd"))
    # bob's folder claims to be about ada's submission; ada's is as it should be.
    for name in ("ada", "bob"):
        folder = Path(formgrader.coursedir.root) / "feedback" / name / "motd"
        folder.mkdir(parents=True)
        (folder / PAGE).write_text("feedback")
        shutil.copy(collected(formgrader, "ada") / "submission_id.txt", folder)
    result = formgrader.release_feedback("motd")
    assert not result["success"]
    assert "does not name a submission of bob" in result["log"]
    assert seats["ada"].submissions()[0]["has_exchange_feedback"]
    assert not seats["bob"].submissions()[0]["has_exchange_feedback"]


def test_what_the_page_says_when_the_service_does_not_answer(
    seats: dict[str, Seat],
) -> None:
    seats["ada"].environment["PUPPETCAMP_SERVICE_URL"] = "http://127.0.0.1:9"
    answer = seats["ada"].page.list_assignments(course_id="puppet")
    assert answer["success"] is False
    last = answer["value"].strip().splitlines()[-1]
    assert "The camp's service cannot be reached." in last
    seats["ines"].environment["PUPPETCAMP_SERVICE_URL"] = "http://127.0.0.1:9"
    seats["ines"].sit_down()
    config = Config()
    configure(config)
    config.CourseDirectory.course_id = "puppet"
    # Formgrader opens all the same, with its releases switched off.
    assert NbGraderAPI(CourseDirectory(config=config), config=config).exchange_missing


def test_an_upload_that_is_too_large_gets_its_answer(service: str) -> None:
    """The service answers before it has read all, and the answer arrives."""
    path = f"{service}/api/exchange/courses/puppet/exercises/motd/submissions"
    headers = {"Authorization": "token ada"}
    large = bytes(21 * 2**20)
    answer = requests.post(path, data=large, headers=headers, timeout=60)
    assert answer.status_code == 413
