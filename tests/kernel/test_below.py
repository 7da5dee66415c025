"""A manifest with questions below it, in one cell."""

from puppet_kernel.display import outputs
from puppet_kernel.session import Session


def test_the_answer_is_about_the_manifest_above(session: Session) -> None:
    result = session.run_cell("notify { 'above': }\n%catalog\n%graph")
    assert result.ok
    main, catalog, picture, _ = outputs(result)
    assert "Notify[above]" in main["data"]["text/plain"]
    assert "Notify[above]" in catalog["data"]["text/plain"]
    assert "text/vnd.mermaid" in picture["data"]


def test_a_manifest_that_fails_is_asked_nothing(session: Session) -> None:
    result = session.run_cell("notice(1\n%catalog")
    assert not result.ok
    assert not result.blocks
    assert [error.issue for error in result.errors] == ["SYNTAX_ERROR"]


def test_a_question_that_fails_fails_the_cell(session: Session) -> None:
    result = session.run_cell("notify { 'above': }\n%describe nothing_at_all")
    assert not result.ok
    assert result.resources


def test_a_question_within_a_manifest_is_told_where_it_belongs(
    session: Session,
) -> None:
    result = session.run_cell("notice(1)\n%graph\nnotice(2)")
    (error,) = result.errors
    assert "move %graph to the end from line 2" in error.message
    assert error.line == 2
