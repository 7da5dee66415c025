"""`%%idempotent`: applied twice on a real Puppet, and judged on evidence only."""

import threading
from pathlib import Path

import pytest

from puppet_kernel.display import VERDICT_MIME, outputs, to_html, to_text
from puppet_kernel.idempotent import judge
from puppet_kernel.results import CellResult, Kind, Problem, ResourceResult, State
from puppet_kernel.session import Session
from puppet_kernel.worker import Event


def run(session: Session, manifest: str, name: str = "") -> CellResult:
    return session.run_cell(f"%%idempotent {name}\n{manifest}")


def reason(result: CellResult) -> str:
    assert result.verdict is not None
    assert result.ok is result.verdict.passed
    return result.verdict.reason


def test_it_passes_when_the_second_run_changes_nothing(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "motd"
    result = run(session, f"file {{ '{path}': content => 'x' }} notify {{ 'a': }}", "m")
    assert reason(result) == "the second run changed nothing (1 resource)"
    assert path.read_text() == "x"
    assert result.again is not None
    states = [r.state for r in (*result.resources, *result.again.resources)]
    assert states == [State.CHANGED, State.CHANGED, State.UNCHANGED, State.CHANGED]
    text = to_text(result)
    assert "m: passed: the second run changed nothing (1 resource)" in text
    assert "Applied again" not in text
    (output,) = outputs(result)
    assert output["data"][VERDICT_MIME]["passed"] is True


def test_it_tells_what_changed_again(session: Session, tmp_path: Path) -> None:
    marker = tmp_path / "m"
    result = run(
        session,
        f"exec {{ 'again': command => '/bin/true' }}\n"
        f"exec {{ 'once': command => '/bin/touch {marker}', creates => '{marker}' }}",
    )
    assert reason(result) == "Exec[again] ran again: give it creates, unless or onlyif"
    assert "not passed: the second run changed 1 resource" in to_text(result)
    assert to_text(result).count("Exec[again]") == 2
    assert to_html(result).count("Exec[once]") == 1
    error = outputs(result)[-1]
    assert error["ename"] == "NotIdempotent"
    assert "Exec[again] ran again" in "".join(error["traceback"])


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (
            "file { '/tmp/idem': content => String(Integer(Timestamp.new)) }\n"
            "exec { '/bin/sleep 1.1': unless => '/bin/sleep 1.1' }",
            "File[/tmp/idem] changed again: its content is another one on every run",
        ),
        (
            "file { '/tmp/idem2': ensure => file, mode => '0600' }\n"
            "-> exec { '/bin/chmod 644 /tmp/idem2': refreshonly => true,\n"
            "  subscribe => Exec['/bin/true'] }\n"
            "exec { '/bin/true': }",
            "File[/tmp/idem2] changed again: mode was 0644, set to 0600",
        ),
    ],
)
def test_it_says_how_it_changed(session: Session, manifest: str, told: str) -> None:
    result = run(session, manifest)
    assert told in reason(result)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("if false { notify { 'a': } }", "the manifest declares no resource"),
        ("notify { 'a': }", "a notify speaks on every run"),
        ("exec { '/bin/true': refreshonly => true }", "no resource was really managed"),
        ("file { '/tmp/never': content => 'x', noop => true }", "really managed"),
        ("file { '/tmp': audit => all }", "no resource was really managed"),
        (
            "schedule { 'never': range => '0 - 0', weekday => [], repeat => 0 }\n"
            "file { '/tmp/never': content => 'x', schedule => 'never' }",
            "no resource was really managed",
        ),
        ("exec { '/bin/false': }", "the first run failed: Exec[/bin/false]"),
        ("notify { 'a': b => }", "the first run failed: Syntax error"),
        ("fail('no')", "the first run failed"),
        (
            "exec { '/bin/rmdir /tmp/twice': } file { '/tmp/other': content => 'x' }",
            "the second run failed: Exec[/bin/rmdir /tmp/twice]",
        ),
    ],
)
def test_without_evidence_it_does_not_pass(
    session: Session, manifest: str, told: str
) -> None:
    if "twice" in manifest:
        Path("/tmp/twice").mkdir(exist_ok=True)  # noqa: S108 - named by the manifest
    result = run(session, manifest)
    assert told in reason(result)
    assert not result.ok
    assert not Path("/tmp/never").exists()  # noqa: S108


def test_the_second_run_sees_fresh_facts(session: Session) -> None:
    facts = Path("/etc/facter/facts.d")
    result = run(
        session,
        f"file {{ ['/etc/facter', '{facts}']: ensure => directory }}\n"
        f"file {{ '{facts}/idem.txt': content => \"idem=yes\\n\" }}\n"
        "$text = $facts['idem'] ? { 'yes' => 'known', default => 'unknown' }\n"
        "file { '/tmp/idem3': content => $text }",
    )
    (facts / "idem.txt").unlink()
    assert "File[/tmp/idem3] changed again" in reason(result)


def test_an_interrupted_one_does_not_pass(fresh_session: Session) -> None:
    heard = 0

    def stop(event: Event) -> None:
        nonlocal heard
        heard += event.get("ev") == "progress"
        if heard == 1:
            threading.Thread(target=fresh_session.interrupt).start()
            heard += 1

    result = fresh_session.run_cell(
        "%%idempotent\nexec { '/bin/sleep 2': unless => '/bin/sleep 2' }\n"
        "-> file { '/tmp': ensure => directory }",
        on_event=stop,
    )
    assert "was interrupted" in reason(result)
    assert result.interrupted


def test_graph_and_catalog_speak_of_the_second_run(session: Session) -> None:
    result = run(session, "file { '/tmp': ensure => directory }")
    assert session.memory.drawn_result == result.again
    assert session.memory.result == result


def _run(**more: object) -> CellResult:
    resource = ResourceResult("File[/x]", "File", "/x", State.UNCHANGED)
    fields: dict[str, object] = {"resources": (resource,), **more}
    return CellResult(Kind.IDEMPOTENT, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_run(), None),
        (_run(), _run(completed=False)),
        (_run(completed=False), _run()),
        (_run(), _run(interrupted=True)),
        (_run(), _run(errors=(Problem("error", "x"),))),
        (_run(), _run(resources=())),
        (_run(resources=()), _run()),
        (
            _run(),
            _run(resources=(ResourceResult("File[/x]", "File", "/x", State.SKIPPED),)),
        ),
        (
            _run(resources=(ResourceResult("File[/x]", "File", "/x", State.PENDING),)),
            _run(),
        ),
    ],
)
def test_doubt_is_no_pass(first: CellResult, second: CellResult | None) -> None:
    assert judge(_run(), _run(), None).passed
    verdict = judge(first, second, "n")
    assert not verdict.passed
    assert verdict.reason
