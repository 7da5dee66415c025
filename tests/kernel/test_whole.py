"""Checks of the whole manifest: what the plain cells before them say together."""

from pathlib import Path

import pytest

from puppet_kernel.display import VERDICT_MIME, outputs, to_text
from puppet_kernel.errors import WorkerTimeout
from puppet_kernel.results import CellResult, Verdict
from puppet_kernel.session import Session


@pytest.fixture(autouse=True)
def nothing_applied(session: Session) -> None:
    session.memory.plain.clear()


def verdict_of(result: CellResult) -> Verdict:
    assert result.verdict is not None, result
    assert result.ok is result.verdict.passed
    return result.verdict


def test_the_last_cell_wins_and_all_are_applied_again(
    session: Session, tmp_path: Path
) -> None:
    session.run_cell(f"file {{ '{tmp_path}/a': content => 'x' }}")
    session.run_cell(f"%%noop\nfile {{ '{tmp_path}/never': ensure => file }}")
    session.run_cell(f"file {{ '{tmp_path}/b': ensure => file }}\nnotify {{ 'b': }}")
    session.run_cell(f"file {{ '{tmp_path}/a': content => 'y' }}\n%catalog")
    result = session.run_cell("%%idempotent all\n# of it")
    assert verdict_of(result).reason == "another run changed nothing (2 resources)"
    assert result.again is None
    assert not (tmp_path / "never").exists()
    assert [r.file for r in result.resources] == ["your manifest"] * 3


def test_it_may_change_something_the_first_time_only(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    session.run_cell(f"file {{ '{path}': content => 'x' }}")
    path.write_text("somebody was here")
    result = session.run_cell("%%idempotent")
    assert verdict_of(result).reason == "the second run changed nothing (1 resource)"
    session.run_cell("exec { '/bin/true': }")
    (finding,) = verdict_of(session.run_cell("%%idempotent")).findings
    assert finding.reference == "Exec[/bin/true]"
    assert finding.says == finding.hint
    assert finding.line is None


def test_a_cell_that_is_run_again_takes_its_own_place(
    session: Session, tmp_path: Path
) -> None:
    session.run_cell(f"$a = '{tmp_path}/a'\nfile {{ $a: }}", cell_id="1")
    session.run_cell(f"file {{ '{tmp_path}/b': ensure => file }}", cell_id="2")
    session.run_cell(f"$a = '{tmp_path}/c'\nfile {{ $a: }}", cell_id="1")
    whole = session.whole_manifest(list(session.memory.plain.values()))
    assert whole.index("/c'") < whole.index("/b'")
    assert "/a'" not in whole
    session.run_cell("file { '/x': mod => '1' }", cell_id="1")
    assert list(session.memory.plain) == ["2"]


@pytest.mark.parametrize("kind", ["idempotent", "drift", "compiled"])
def test_without_a_manifest_there_is_nothing_to_check(
    session: Session, kind: str
) -> None:
    body = "" if kind == "idempotent" else "file { '/x': ensure => absent }"
    for manifest in (None, "# nothing\n"):
        result = session.run_cell(f"%%{kind} x\n{body}", manifest=manifest)
        assert "no plain cell has been applied" in verdict_of(result).reason


@pytest.mark.parametrize("kind", ["expect", "drift", "compiled"])
@pytest.mark.parametrize("body", ["", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS"])
def test_what_is_hidden_fails_nobody(session: Session, kind: str, body: str) -> None:
    result = session.run_cell(f"%%{kind} x\n{body}")
    assert result.ok
    assert result.verdict is None
    (output,) = outputs(result)
    assert VERDICT_MIME not in output["data"]
    assert to_text(result) == "this check is looked at when you submit"


def test_a_manifest_of_somebody_else_is_told_as_such(session: Session) -> None:
    manifest = "file { '/x': ensure => file }\nfile { '/y': mod => '1' }\n"
    for cell in ("%%idempotent x", "%%compiled x\nfile { '/x': }"):
        result = session.run_cell(cell, manifest=manifest)
        (error,) = result.errors
        assert (error.file, error.line) == ("your manifest", 2)
        assert "no parameter named 'mod'" in verdict_of(result).reason


def test_one_deadline_holds_for_all_that_a_check_runs(
    session: Session, tmp_path: Path
) -> None:
    slow = "exec { '/bin/sleep 1.1': unless => '/bin/false' }"
    result = session.run_cell(slow, timeout=10.0)
    assert result.ok
    with pytest.raises(WorkerTimeout):
        session.run_cell("%%idempotent", timeout=1.8, manifest=slow)
    assert session.run_cell("notice(1)", timeout=10.0).ok
