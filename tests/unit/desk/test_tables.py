"""What the desk keeps: audit log, notices, problems, consent."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from puppetcamp.desk.audit import Audit
from puppetcamp.desk.consents import AGREED, ASKED, Consents, ConsentState
from puppetcamp.desk.notices import KEPT, SHOWN, Notices
from puppetcamp.desk.problems import KEPT as PROBLEMS_KEPT
from puppetcamp.desk.problems import Problems, keep_problems
from puppetcamp.desk.schemas import Action
from tests.hub.support.camp import until
from tests.unit.sessions.support import MINUTE, NOW, SECOND, TINY


def test_audit_log_is_read_page_by_page(engine: Engine) -> None:
    audit = Audit(engine)
    for number in range(5):
        audit.add(NOW, "ines", Action.EXTEND, f"number {number}", ["ada"])
    newest = audit.last(2)
    assert [entry.text for entry in newest] == ["number 4", "number 3"]
    older = audit.last(2, before=newest[-1].id)
    assert [entry.text for entry in older] == ["number 2", "number 1"]
    assert older[0].attendees == ["ada"]


def test_notices_reach_whom_they_are_for_and_lapse(engine: Engine) -> None:
    notices = Notices(engine)
    notices.add(NOW, "ines", "for ada", ["ada"])
    notices.add(NOW + SECOND, "ines", "for all")
    assert [n.text for n in notices.of("ada", NOW + MINUTE)] == ["for ada", "for all"]
    assert [n.text for n in notices.of("bob", NOW + MINUTE)] == ["for all"]
    assert notices.of("ada", NOW + SECOND + KEPT) == []
    for number in range(SHOWN + 1):
        notices.add(NOW + MINUTE, "ines", f"{number}", ["ada"])
    shown = [n.text for n in notices.of("ada", NOW + MINUTE)]
    assert shown == [str(number) for number in range(1, SHOWN + 1)]


def test_a_problem_that_repeats_is_one_problem(engine: Engine) -> None:
    problems = Problems(engine)
    problems.add(NOW, "grading", "no\nengine")
    problems.add(NOW + MINUTE, "grading", "no engine")
    problems.add(NOW + MINUTE, "seating", "x" * 10_000)
    found = {p.where: p for p in problems.last(10)}
    assert (found["grading"].times, found["grading"].at) == (2, NOW + MINUTE)
    assert len(found["seating"].text) == 500
    for number in range(PROBLEMS_KEPT + 5):
        problems.add(NOW + MINUTE, "grading", f"number {number}")
    assert len(problems.last(10_000)) == PROBLEMS_KEPT


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("puppetcamp")
    before = list(logger.handlers)
    yield logger.getChild("seating.line")
    logger.handlers[:] = before


def test_what_is_logged_as_a_warning_is_a_problem(
    engine: Engine, logger: logging.Logger
) -> None:
    keep_problems(engine, lambda: NOW)
    logger.info("all is well")
    logger.warning("%s is late", "ada")
    found = until(lambda: Problems(engine).last(10), "the problem")
    assert [(p.where, p.text) for p in found] == [("seating", "ada is late")]


def test_consent_is_asked_given_and_ends(engine: Engine) -> None:
    consents = Consents(engine)
    asked = consents.ask("ada", "ines", NOW)
    assert consents.ask("ada", "ines", NOW + SECOND) == asked
    assert consents.change(asked.id, "bob", ConsentState.AGREED, NOW) is None
    agreed = consents.change(asked.id, "ada", ConsentState.AGREED, NOW + MINUTE)
    assert agreed is not None
    assert agreed.ends == NOW + MINUTE + AGREED
    assert consents.standing(agreed.ends - TINY) == [agreed]
    assert consents.standing(agreed.ends) == []
    assert consents.lapsed(agreed.ends) == [agreed]
    consents.change(asked.id, "ada", ConsentState.ENDED, agreed.ends)
    assert consents.lapsed(agreed.ends) == []


def test_nobody_agrees_to_a_question_that_has_lapsed(engine: Engine) -> None:
    consents = Consents(engine)
    asked = consents.ask("ada", "ines", NOW)
    late = NOW + ASKED
    assert consents.change(asked.id, "ada", ConsentState.AGREED, late) is None
    assert consents.standing(late) == []
