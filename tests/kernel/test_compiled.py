"""`%%compiled` on a real Puppet: what a catalog holds, however it was written."""

from pathlib import Path

import pytest

from puppet_kernel.display import outputs, to_html, to_text
from puppet_kernel.results import CellResult, Verdict
from puppet_kernel.session import Session

MANIFEST = """
class web($port = lookup('web::port', Integer, 'first', 80)) {
  package { 'server': name => 'nginx' }
  -> file { '/etc/nginx/nginx.conf':
    content => "listen ${port};\\nserver\\n", mode => '644', owner => 'root' }
  ~> service { 'web server': name => 'nginx', ensure => 'running', enable => true }
}
define motd($text) { file { '/etc/motd': ensure => present, content => $text } }
include web
motd { 'x': text => "I am ${facts['os']['family']}\\n" }
file { ['/opt/a', '/opt/a/b/']: ensure => directory }
exec { 'again':
  command => '/bin/true', refreshonly => true, subscribe => File['/opt/a'] }
~> Class['web']
user { 'ada': groups => ['b', 'a'], uid => 1500, password => Sensitive('secret') }
package { 'ntp': ensure => purged }
file { '/etc/hosts.copy': source => '/etc/hosts' }
notify { 'later': message => Deferred('sprintf', ['x']) }
"""


def run(session: Session, body: str, manifest: str = MANIFEST) -> CellResult:
    return session.run_cell(f"%%compiled c\n{body}", manifest=manifest)


def verdict_of(result: CellResult) -> Verdict:
    assert result.verdict is not None, result
    assert result.ok is result.verdict.passed
    return result.verdict


@pytest.mark.parametrize(
    "body",
    [
        "package { 'nginx': }",
        "package { 'nginx': ensure => present }",
        "package { 'nginx': ensure => installed }",
        "package { 'ntp': ensure => absent }",
        "package { 'web': name => Enum['nginx', 'nginx-light'] }",
        "service { 'nginx': ensure => true, enable => 'true' }",
        "service { 'web server': ensure => running }",
        "file { '/etc/nginx/nginx.conf': ensure => file, mode => '0644' }",
        "file { '/etc/nginx/nginx.conf': mode => Enum['0640', '0644'] }",
        "file { '/etc/nginx/nginx.conf': content => Pattern[/listen 80;/] }",
        "file { '/etc/nginx/nginx.conf': content => \"listen 80;\\nserver\\n\" }",
        "file { 'conf': path => '/etc/nginx/nginx.conf' }",
        "file { '/etc/motd': ensure => file }",
        "file { '/opt/a/b': ensure => directory }",
        "user { 'ada': groups => ['a', 'b'], uid => '1500' }",
        "user { 'ada': uid => Integer[1000] }",
        "user { 'ada': uid => Pattern[/\\A15/], gid => Undef }",
        "include web",
        "class { 'web': }",
        "class { 'web': port => 80 }",
        "motd { 'x': text => Pattern[/I am/] }",
        "exec { 'again': refreshonly => true }",
        "exec { '/bin/true': refreshonly => 'true' }",
        "file { '/etc/hosts.copy': content => Pattern[/localhost/] }",
    ],
)
def test_any_spelling_of_the_same_is_accepted(session: Session, body: str) -> None:
    assert verdict_of(run(session, body)).passed, verdict_of(run(session, body)).reason


@pytest.mark.parametrize(
    "body",
    [
        "Package['nginx'] -> Service['nginx']",
        "Package['server'] -> Service['web server']",
        "service { 'nginx': subscribe => File['/etc/nginx/nginx.conf'] }",
        "file { '/etc/nginx/nginx.conf': notify => Service['nginx'] }",
        "Exec['again'] ~> Service['nginx']",
        "File['/opt/a'] ~> Exec['/bin/true'] ~> Class['web']",
        "File['/opt/a'] ~> Service['nginx']",
        "Exec['again'] -> Package['nginx']",
        "File['/opt/a'] -> File['/opt/a/b']",
        "file { '/opt/a/b': require => File['/opt/a/'] }",
        "Package['nginx'] -> [File['/etc/nginx/nginx.conf'], Service['nginx']]",
    ],
)
def test_relationships_hold_over_any_number_of_steps(
    session: Session, body: str
) -> None:
    assert verdict_of(run(session, body)).passed, verdict_of(run(session, body)).reason


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "service { 'apache2': ensure => running }",
            "your catalog has no Service[apache2]; it has Service[web server]",
        ),
        ("include apache", "your catalog has no Class[Apache]; it has Class[Web]"),
        ("cron { 'x': }", "your catalog has no Cron[x]; it has no cron at all"),
        ("vhost { 'x': a => 1 }", "your catalog has no Vhost[x]"),
        (
            "service { 'nginx': ensure => stopped }",
            "Service[web server]: ensure is 'running', expected 'stopped'",
        ),
        (
            "file { '/etc/nginx/nginx.conf': mode => '0600', group => 'adm' }",
            "mode is '644', expected '0600', group is not set, expected 'adm'",
        ),
        (
            "file { '/etc/nginx/nginx.conf': content => Pattern[/listen 8080/] }",
            "content does not match Pattern[/listen 8080/]",
        ),
        ("file { '/etc/nginx/nginx.conf': content => 'x' }", "content differs"),
        ("package { 'ntp': ensure => installed }", "ensure is 'purged', expected"),
        ("package { 'nginx': ensure => latest }", "expected 'latest'"),
        ("user { 'ada': password => 'x' }", "password is Sensitive([redacted])"),
        ("notify { 'later': message => 'x' }", "message is Deferred"),
        (
            "Package['nginx'] ~> Service['nginx']",
            "has no Service[web server] that is notified by Package[server]: "
            "it only comes after it; use notify, subscribe or ~>",
        ),
        (
            "Service['nginx'] -> Package['nginx']",
            "has no Package[server] that comes after Service[web server]: "
            "it comes before Service[web server]",
        ),
        (
            "User['ada'] -> Package['ntp']",
            "that comes after User[ada]: neither comes before the other",
        ),
        (
            "User['ada'] ~> Exec['again']",
            "that is notified by User[ada]: it is notified by File[/opt/a] only",
        ),
        ("User['ada'] ~> Package['ntp']", "by User[ada]: nothing notifies it"),
        ("User['bob'] -> Package['ntp']", "it has no User[bob]"),
        ("notice('x')", "the check asks for no resource"),
    ],
)
def test_what_is_missing_is_named_with_what_comes_nearest(
    session: Session, body: str, told: str
) -> None:
    verdict = verdict_of(run(session, body))
    assert not verdict.passed
    assert told in verdict.reason
    assert "secret" not in str(verdict)


def test_findings_have_hints_without_what_was_expected(session: Session) -> None:
    result = run(
        session,
        "file { '/etc/nginx/nginx.conf':\n  mode => '0612' }\n"
        "service { 'hidden': }\nPackage['nginx'] ~> Service['nginx']",
    )
    mode, missing, relation = verdict_of(result).findings
    assert (mode.line, mode.reference) == (2, "File[/etc/nginx/nginx.conf]")
    assert mode.hint == "mode is '644', which is not what the task asks for"
    assert (missing.line, missing.reference) == (4, "Service")
    assert missing.hint == "your catalog lacks a service that the task asks for"
    assert relation.line == 5
    assert relation.hint == (
        "Service[web server] is not notified by all that the task asks for"
    )
    assert "mode is '644', expected '0612'" in to_html(result).replace("&#x27;", "'")
    assert "out of step" in to_text(result)
    assert outputs(result)[-1]["ename"] == "ExpectationFailed"


@pytest.mark.parametrize(
    ("body", "passed"),
    [
        ("%as rocky-9\nfile { '/etc/motd': content => \"I am RedHat\\n\" }", True),
        ("%as rocky os.family=Odd\nmotd { 'x': text => \"I am Odd\\n\" }", True),
        ("%as os.family=Odd\nmotd { 'x': text => \"I am Odd\\n\" }", True),
        ("motd { 'x': text => \"I am RedHat\\n\" }", False),
        ("%data web::port: 8080\nclass { 'web': port => 8080 }", True),
        (
            "### BEGIN HIDDEN TESTS\n%data web::port: 8080\n%as rocky-9\n"
            "file { '/etc/nginx/nginx.conf': content => Pattern[/8080/] }\n"
            "### END HIDDEN TESTS",
            True,
        ),
        ("%as windows-2022\npackage { 'nginx': }", True),
    ],
)
def test_it_compiles_for_another_machine_and_with_other_data(
    session: Session, body: str, passed: bool
) -> None:
    assert verdict_of(run(session, body)).passed is passed


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("%as rokcy-9\nfile { '/x': }", "did you mean rocky-9"),
        ("%on rocky-9\nfile { '/x': }", "there is no %on here"),
        ("%data\nfile { '/x': }", "%data needs to be told more"),
        ("%data a\nfile { '/x': }", "%data takes KEY: VALUE"),
        ("%data a: [\nfile { '/x': }", "%data cannot be read as YAML"),
        ("%as rocky-9\n%as debian-13\nfile { '/x': }", "compiled for one machine"),
        ("file { '/x': }\n%as rocky-9", "%as must stand above"),
        ("file { '/x': mod => '1' }", "no parameter named 'mod'"),
        ("file { '/x':", "Syntax error"),
        ("File -> Package", "names no single resource"),
    ],
)
def test_what_is_wrong_with_a_check_is_told(
    session: Session, body: str, told: str
) -> None:
    result = run(session, body)
    assert told in verdict_of(result).reason
    assert result.errors[0].file is None


@pytest.mark.parametrize("kind", ["expect", "drift", "idempotent"])
def test_directives_belong_to_no_other_check(session: Session, kind: str) -> None:
    result = session.run_cell(f"%%{kind} x\n%as rocky-9\nfile {{ '/x': }}")
    assert "%as is for %%compiled" in verdict_of(result).reason


def test_a_manifest_that_cannot_be_applied_is_none(session: Session) -> None:
    result = run(session, "file { '/x': }", "\n\nfile { '/x': mode => 'wrong' }")
    assert "mode specification is invalid" in verdict_of(result).reason
    (error,) = result.errors
    assert (error.file, error.line) == ("your manifest", 3)


def test_nothing_is_applied_and_the_catalog_can_be_looked_at(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    manifest = f"file {{ '{path}': content => 'x' }}"
    assert run(session, f"file {{ '{path}': content => 'x' }}", manifest).ok
    assert not path.exists()
    catalog = session.run_cell("%catalog")
    assert str(path) in to_text(catalog)
