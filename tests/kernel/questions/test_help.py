"""%help: what a cell may begin with."""

import pytest

from puppet_kernel import cells
from puppet_kernel.magics import MAGICS
from puppet_kernel.questions.help_texts import HELP
from puppet_kernel.session import Session
from tests.kernel.questions.support import refusal, text


def test_every_magic_has_help_and_no_help_is_left_over() -> None:
    assert set(HELP) == set(MAGICS)


def test_all_are_listed(fresh_session: Session) -> None:
    told = text(fresh_session, "%help")
    for magic in MAGICS.values():
        assert magic.usage in told
        assert magic.summary in told
    assert "Shift+Tab" in told


@pytest.mark.parametrize("name", MAGICS)
def test_one_is_explained_with_cells_that_are_understood(
    session: Session, name: str
) -> None:
    magic, told = MAGICS[name], HELP[name]
    for asked in (name, magic.written):
        assert told.text in text(session, f"%help {asked}")
    assert cells.parse(told.short).magic == name
    assert told.cells
    for code, _ in told.cells:
        assert cells.parse(code).magic == name


def test_an_unknown_name_gets_the_nearest(fresh_session: Session) -> None:
    assert refusal(fresh_session, "%help noob") == (
        "there is no magic noob; did you mean %%noop?"
    )


def test_examples_are_valid_puppet(session: Session) -> None:
    rules = {"noop", "expect", "idempotent", "as"}
    for name in rules:
        for code, _ in HELP[name].cells:
            events = session.worker.request("validate", code=cells.parse(code).body)
            assert events[0].get("ok") is True, code
