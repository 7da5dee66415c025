"""`%%drift` on a real Puppet: break, apply again, expect it repaired."""

from pathlib import Path

import pytest

from puppet_kernel.display import VERDICT_MIME, outputs, to_html, to_text
from puppet_kernel.results import CellResult, Verdict
from puppet_kernel.session import Session


@pytest.fixture
def motd(session: Session, tmp_path: Path) -> Path:
    path = tmp_path / "motd"
    session.memory.plain.clear()
    result = session.run_cell(
        f"file {{ '{path}': content => 'hello', mode => '0640' }}"
    )
    assert result.ok
    return path


def verdict_of(result: CellResult) -> Verdict:
    assert result.verdict is not None, result
    assert result.ok is result.verdict.passed
    return result.verdict


def test_what_was_broken_is_repaired(session: Session, motd: Path) -> None:
    result = session.run_cell(
        f"%%drift motd\nfile {{ '{motd}': content => 'broken', mode => '0666' }}"
    )
    assert verdict_of(result) == Verdict(
        "motd", True, "your manifest repaired what broke (1 resource)"
    )
    assert motd.read_text() == "hello"
    assert result.again is not None
    text = to_text(result)
    assert f"✓ repaired      File[{motd}]" in text
    assert "Your manifest, applied after the break:" in text
    assert "mode: 0666 → 0640" in text
    (output,) = outputs(result)
    assert output["data"][VERDICT_MIME]["passed"] is True
    assert "repaired" in to_html(result)


@pytest.mark.parametrize(
    "breaking",
    [
        "file { 'MOTD': ensure => absent }",
        "exec { '/bin/rm MOTD': onlyif => '/usr/bin/test -e MOTD' }",
        "exec { '/bin/chmod 600 MOTD': unless => '/bin/sh -c \"[ `stat -c %a MOTD` = "
        "600 ]\"' }",
    ],
)
def test_there_are_many_ways_to_break(
    session: Session, motd: Path, breaking: str
) -> None:
    body = breaking.replace("MOTD", str(motd))
    assert verdict_of(session.run_cell(f"%%drift x\n{body}")).passed
    assert motd.read_text() == "hello"


def test_what_is_not_repaired_is_told(session: Session, motd: Path) -> None:
    other = motd.with_name("other")
    other.write_text("mine")
    other.chmod(0o600)
    result = session.run_cell(
        f"%%drift x\nfile {{ '{motd}': mode => '0666' }}\n"
        f"file {{ '{other}': content => 'broken', mode => '0606' }}"
    )
    verdict = verdict_of(result)
    assert verdict.problems == (
        f"File[{other}]: content is still as the break left it, "
        "mode is still 0606; before the break it was 0600",
    )
    assert [(f.line, f.hint) for f in verdict.findings] == [
        (3, "content was broken, and your manifest did not repair it"),
        (3, "mode was broken, and your manifest did not repair it"),
    ]
    assert outputs(result)[-1]["ename"] == "NotRepaired"
    assert "1 resource not repaired" in to_text(result)


def test_another_state_than_before_is_no_repair(session: Session, motd: Path) -> None:
    result = session.run_cell(
        f"%%drift x\nfile {{ '{motd}': mode => '0666' }}",
        manifest=f"file {{ '{motd}': mode => '0644' }}",
    )
    (finding,) = verdict_of(result).findings
    assert finding.says == "mode is 0644; before the break it was 0640"
    assert "is not what it was before" in finding.hint


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        ("file { 'MOTD': mode => '0640' }", "there is nothing to break"),
        ("file { 'MOTD-': ensure => absent }", "there is nothing to break"),
        ("notify { 'x': }", "there is nothing to break"),
        ("file { 'MOTD': mode => '0666', noop => true }", "the check broke nothing"),
        ("file { 'MOTD': mode => '0666', noop => false }", "noop => false"),
        ("exec { '/bin/rm -f MOTD': }", "the check cannot tell what it broke"),
        (
            "exec { '/bin/true MOTD': onlyif => '/usr/bin/test -e MOTD' }",
            "the check cannot tell what it broke",
        ),
        ("file { 'MOTD/x': ensure => file }", "the break failed: File["),
        ("file { 'MOTD': mod => '1' }", "no parameter named 'mod'"),
    ],
)
def test_a_break_that_breaks_nothing_proves_nothing(
    session: Session, motd: Path, breaking: str, told: str
) -> None:
    body = breaking.replace("MOTD", str(motd))
    assert told in verdict_of(session.run_cell(f"%%drift x\n{body}")).reason


def test_a_manifest_that_fails_has_repaired_nothing(
    session: Session, motd: Path
) -> None:
    result = session.run_cell(
        f"%%drift x\nfile {{ '{motd}': mode => '0666' }}",
        manifest=f"file {{ '{motd}': mode => '0640' }} exec {{ '/bin/false': }}",
    )
    reason = verdict_of(result).reason
    assert "the run of your manifest after the break failed: Exec[/bin/false]" in reason
    assert "stays as the break left it" in reason
