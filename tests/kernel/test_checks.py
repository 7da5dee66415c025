"""Checks on a real Puppet: they only look, and they fail closed."""

import os
import shutil
from pathlib import Path

import pytest

from puppet_kernel.display import VERDICT_MIME, outputs
from puppet_kernel.results import CellResult, Verdict
from puppet_kernel.session import Session


def verdict_of(result: CellResult) -> Verdict:
    assert result.verdict is not None
    return result.verdict


@pytest.fixture
def motd(tmp_path: Path) -> Path:
    path = tmp_path / "motd"
    path.write_text("hello\n")
    path.chmod(0o644)
    return path


def test_a_check_passes(session: Session, motd: Path) -> None:
    result = session.run_cell(
        f"%%expect motd\n### BEGIN HIDDEN TESTS\n"
        f"file {{ '{motd}': content => \"hello\\n\", mode => '0644' }}\n"
        "### END HIDDEN TESTS"
    )
    assert verdict_of(result) == Verdict("motd", True, "1 resource as expected")
    assert result.ok
    (output,) = outputs(result)
    assert output["data"][VERDICT_MIME]["passed"] is True


@pytest.mark.parametrize(
    "body",
    [
        "user { 'root': uid => 0 }",
        "group { 'root': ensure => present }",
        "host { 'no.such.host': ensure => absent }",
        "service { 'no-such-service': ensure => stopped }",
        "package { 'ruby': ensure => installed }",
        "file { 'FOLDER/': ensure => directory }",
        "file { 'any title': path => 'MOTD', ensure => file }",
        "define d($p) { file { $p: ensure => file } }\nd { 'x': p => 'MOTD' }",
        "cron { 'none': ensure => absent, user => 'root' }",
    ],
)
def test_every_kind_of_resource_is_evidence(
    session: Session, motd: Path, body: str
) -> None:
    if "package" in body and shutil.which("dpkg") is None:
        pytest.skip("the name of the package is Debian's")
    if "cron" in body and shutil.which("crontab") is None:
        pytest.skip("there is no crontab here")
    body = body.replace("MOTD", str(motd)).replace("FOLDER", str(motd.parent))
    result = session.run_cell(f"%%expect x\n{body}")
    assert verdict_of(result).passed, verdict_of(result).reason


def test_a_check_names_each_resource_and_how_it_differs(
    session: Session, motd: Path, tmp_path: Path
) -> None:
    result = session.run_cell(
        f"%%expect motd\nfile {{ '{motd}': content => \"bye\\n\", mode => '0600' }}\n"
        f"file {{ '{tmp_path}/other': ensure => file }}"
    )
    verdict = verdict_of(result)
    assert not verdict.passed
    assert verdict.problems == (
        f"File[{motd}]: content differs, mode is 0644, expected 0600",
        f"File[{tmp_path}/other]: is absent, expected to be present (file)",
    )
    assert "-hello\n+bye\n" in result.resources[0].diff
    assert motd.read_text() == "hello\n"
    assert outputs(result)[-1]["ename"] == "ExpectationFailed"


@pytest.mark.parametrize(
    "body",
    [
        "if false { file { 'MOTD': ensure => file } }",
        "@file { 'MOTD': ensure => file }",
        "notice('nothing')",
        "notify { 'nothing': }",
        "file { 'MOTD': audit => all }",
        "file { 'FOLDER': recurse => true }",
        "exec { '/bin/true': refreshonly => true }",
        "exec { '/bin/true': }",
        "file { 'MOTD': ensure => fil }",
        "file { 'MOTD' ensure => file }",
        "file { 'MOTD': ensure => file, schedule => 'never' }",
        "class a { file { 'MOTD': ensure => file } }",
        "fail('boo')",
    ],
)
def test_a_check_without_evidence_fails(
    session: Session, motd: Path, body: str
) -> None:
    body = body.replace("MOTD", str(motd)).replace("FOLDER", str(motd.parent))
    result = session.run_cell(f"%%expect x\n{body}")
    assert not verdict_of(result).passed
    assert not result.ok
    error = outputs(result)[-1]
    assert (error["output_type"], error["ename"]) == ("error", "ExpectationFailed")


@pytest.mark.parametrize(
    "body",
    [
        "file { 'NEW': ensure => file, noop => false }",
        "File { noop => false }\nfile { 'NEW': ensure => file }",
        "$no = false\nfile { 'NEW': ensure => file, noop => $no }",
        "$key = 'noop'\nfile { 'NEW': ensure => file, * => { $key => !true } }",
        "$no = !true\nfile { 'NEW': ensure => file }\nFile <| |> { noop => $no }",
        "$no = !true\ncreate_resources('file', {'NEW' => {ensure => file}},"
        " {'noop' => $no})",
        "$no = !true\nclass a($no) { file { 'NEW': ensure => file, noop => $no } }\n"
        "class { 'a': no => $no }",
    ],
)
def test_a_check_never_changes_anything(
    session: Session, tmp_path: Path, body: str
) -> None:
    path = tmp_path / "new"
    result = session.run_cell("%%expect x\n" + body.replace("NEW", str(path)))
    assert not path.exists()
    assert not verdict_of(result).passed
    assert "noop => false" in verdict_of(result).reason


def test_a_guarded_exec_asserts_any_command(session: Session, motd: Path) -> None:
    cell = "%%expect x\nexec {{ '/bin/false': unless => '/usr/bin/grep {} {}' }}"
    assert verdict_of(session.run_cell(cell.format("hello", motd))).passed
    failed = verdict_of(session.run_cell(cell.format("bye", motd)))
    assert not failed.passed
    assert "its condition does not hold" in failed.reason


def test_owners_and_groups_are_named(session: Session, motd: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's Puppet compares owners")
    os.chown(motd, 54_321, 0)  # a user that has no name
    result = session.run_cell(
        f"%%expect x\nfile {{ '{motd}': owner => 'nobody', group => 'staff' }}\n"
        "user { 'nobody': gid => 'staff' }"
    )
    assert set(verdict_of(result).problems) == {
        f"File[{motd}]: owner is 54321, expected nobody, group is root, expected staff",
        "User[nobody]: gid is nogroup, expected staff",
    }
