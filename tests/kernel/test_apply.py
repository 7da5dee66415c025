"""Cells on a real Puppet: what they change, and what they say."""

import re
from pathlib import Path

import pytest

from puppet_kernel.display import outputs, to_text
from puppet_kernel.results import Kind, State
from puppet_kernel.session import Session
from tests.kernel.conftest import only


def text(session: Session, source: str) -> str:
    return to_text(session.run_cell(source))


def test_a_cell_is_applied_for_real(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "motd"
    cell = f"file {{ '{path}': content => \"grüß dich\\n\", mode => '0600' }}"
    first = session.run_cell(cell)
    assert first.ok
    assert first.completed
    assert only(first).state is State.CHANGED
    assert only(first).line == 1
    assert path.read_text() == "grüß dich\n"
    second = session.run_cell(cell)
    assert only(second).state is State.UNCHANGED
    assert only(second).reference == f"File[{path}]"
    assert "1 already right" in to_text(second)


def test_a_change_has_a_diff_and_both_values(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "motd"
    path.write_text("old\n")
    path.chmod(0o644)
    result = session.run_cell(
        f"file {{ '{path}':\n content => \"new\\n\", mode => '0600' }}"
    )
    diff = only(result).diff
    assert diff.startswith(f"--- {path} (before)\n+++ {path} (after)\n")
    assert "-old\n+new\n" in diff
    (mode,) = [c for c in only(result).changes if c.property == "mode"]
    assert (mode.previous, mode.desired, mode.status) == ("0644", "0600", "success")


def test_noop_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "motd"
    result = session.run_cell(f"%%noop\nfile {{ '{path}': ensure => file }}")
    assert result.ok
    assert result.kind is Kind.NOOP
    assert only(result).state is State.PENDING
    assert only(result).line == 2
    assert not path.exists()
    assert "1 would change" in to_text(result)


def test_notices_warnings_and_notify(session: Session) -> None:
    result = session.run_cell(
        "notice('hello')\nwarning('careful')\nnotify { 'n': message => 'from notify' }"
    )
    assert [n.message for n in result.notices] == ["hello"]
    assert [w.message for w in result.warnings] == ["careful"]
    assert result.ok
    assert "from notify" in to_text(result)


def test_output_of_an_exec_is_printed(session: Session) -> None:
    result = session.run_cell("exec { '/bin/echo printed': logoutput => true }")
    assert result.output == "printed\n"
    assert only(result).state is State.CHANGED


def test_failed_and_skipped(session: Session, tmp_path: Path) -> None:
    result = session.run_cell(
        f"file {{ '{tmp_path}/no/such/folder/x': ensure => file }}\n"
        f"-> file {{ '{tmp_path}/y': ensure => file }}"
    )
    assert [r.state for r in result.resources] == [State.FAILED, State.SKIPPED]
    assert not result.ok
    (problem,) = result.errors
    assert problem.line == 1
    assert "No such file or directory" in problem.message
    assert "failed dependencies" in to_text(result)
    assert outputs(result)[-1]["ename"] == "ResourceFailed"


def test_a_refresh_is_told(session: Session, tmp_path: Path) -> None:
    result = session.run_cell(
        f"file {{ '{tmp_path}/a': content => 'x' }}\n"
        "~> exec { '/bin/true': refreshonly => true }"
    )
    assert "Triggered 'refresh'" in to_text(result)


def test_sensitive_values_stay_hidden(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("before")
    result = session.run_cell(
        f"file {{ '{path}': content => Sensitive('hunter2') }}",
    )
    assert path.read_text() == "hunter2"
    assert "hunter2" not in str(result.to_json())


def test_a_class_of_the_cell_is_used(session: Session, tmp_path: Path) -> None:
    result = session.run_cell(
        f"class web {{\n  file {{ '{tmp_path}/web': ensure => file }}\n}}\ninclude web"
    )
    assert only(result).state is State.CHANGED
    assert only(result).line == 2


@pytest.mark.parametrize(
    "source", ["", "# only this", "### BEGIN SOLUTION\n\n### END SOLUTION", "%%noop\n"]
)
def test_an_empty_cell_does_nothing(session: Session, source: str) -> None:
    result = session.run_cell(source)
    assert result.kind is Kind.EMPTY
    assert result.ok
    assert outputs(result) == []


def test_nbgrader_comments_are_comments(session: Session, tmp_path: Path) -> None:
    result = session.run_cell(
        f"### BEGIN SOLUTION\nfile {{ '{tmp_path}/a': ensure => file }}\n"
        "### END SOLUTION"
    )
    assert result.ok
    assert only(result).line == 2


def test_cells_do_not_share_variables(session: Session) -> None:
    assert session.run_cell("$shared = 1\nnotice($shared)").ok
    assert not session.run_cell("notice($shared)").ok


def test_facts_are_there_and_follow_changes(session: Session) -> None:
    assert session.run_cell("notice($facts['os']['family'])").ok
    facts = Path("/etc/facter/facts.d")
    new = not facts.exists()
    try:
        folder = [] if not new else [f"file {{ '{facts}': ensure => directory }}"]
        wanted = f"file {{ '{facts}/camp_test.txt': content => 'camp_test=first' }}"
        assert session.run_cell("\n".join([*folder, wanted])).ok
        told = session.run_cell("notice($facts['camp_test'])")
        assert [n.message for n in told.notices] == ["first"]
        (facts / "camp_test.txt").write_text("camp_test=second is longer")
        told = session.run_cell("notice($facts['camp_test'])")
        assert [n.message for n in told.notices] == ["second is longer"]
    finally:
        (facts / "camp_test.txt").unlink(missing_ok=True)
        if new and facts.exists():
            facts.rmdir()


def test_a_flood_of_notices_is_limited(session: Session) -> None:
    result = session.run_cell('Integer[1, 2500].each |$n| { notice("number ${n}") }')
    assert result.ok
    assert len(result.notices) == 2_000
    assert re.search(r"50\d more messages left out", result.output)
    assert len(to_text(result)) < 50_000


def test_a_flood_of_output_is_limited(session: Session) -> None:
    result = session.run_cell("%%sh\nhead -c 30000000 /dev/zero | tr '\\0' x")
    assert result.ok
    assert len(result.output) < 300_000
    assert "more bytes of output left out" in result.output


def test_a_flood_of_exec_output_is_limited(session: Session) -> None:
    result = session.run_cell(
        "exec { '/usr/bin/seq 2500': logoutput => true }\nnotice('still here')"
    )
    assert only(result).state is State.CHANGED
    assert len(result.output) < 300_000
    assert "more messages left out" in result.output


def test_binary_output_does_no_harm(session: Session) -> None:
    result = session.run_cell("%%sh\nhead -c 100000 /dev/urandom; echo; echo end")
    assert result.ok
    assert result.output.endswith("end\n")
