"""`%%as`: compiled for another machine by Puppet's own compiler, and never applied."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from puppet_kernel import cells
from puppet_kernel.answers import Asking, Memory
from puppet_kernel.display.blocks_html import to_html
from puppet_kernel.document import Diagram
from puppet_kernel.questions import HANDLERS
from puppet_kernel.session import Session
from puppet_kernel.worker import WORKER_RB, Event
from tests.kernel.questions.support import refusal, rows, text

SETS = sorted((Path(WORKER_RB).parent / "facts/fact_sets").glob("*.json"))
PACKAGE = """
$package = $facts['os']['family'] ? {
  'RedHat'  => 'httpd',
  'windows' => 'web-server',
  default   => 'apache2',
}
package { $package: ensure => installed }
"""


@pytest.fixture(scope="module")
def real_facts(puppet: None) -> dict[str, Any]:
    command = ["puppet", "facts", "show", "--render-as", "json"]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    values: dict[str, Any] = json.loads(asked.stdout)
    return values


def keys(values: Any, above: str = "") -> set[str]:
    """Return the paths of all facts, without the names of what machines have."""
    found = set()
    for key, value in values.items() if isinstance(values, dict) else ():
        path = f"{above}.{key}"
        found.add(path)
        if not above.startswith((".disks", ".mountpoints", ".partitions")):
            found |= keys(value, path) if "interfaces" not in path else set()
    return found


def test_it_compiles_and_applies_nothing(session: Session, tmp_path: Path) -> None:
    manifest = f"file {{ '{tmp_path}/x': content => 'x' }}\n{PACKAGE}"
    result = session.run_cell(f"%%as rocky\n{manifest}")
    assert result.ok, result.errors
    assert not (tmp_path / "x").exists()
    shown = text(session, f"%%as rocky\n{manifest}")
    assert "Compiled for rocky9.example.com: Rocky 9.6 (RedHat, Linux, x86_64)" in shown
    assert "package { 'httpd':" in shown
    differs = rows(result)
    assert differs["Package[httpd]"] == ["declared", "not declared"]
    assert differs["Package[apache2]"] == ["not declared", "declared"]
    assert to_html(result.blocks)


@pytest.mark.parametrize(
    ("machine", "package"),
    [
        ("windows", "web-server"),
        ("Debian-12", "apache2"),
        ("rhel", "httpd"),
        ("centos", "httpd"),
        ("noble", "apache2"),
        ("rocky-9 os.family=windows", "web-server"),
    ],
)
def test_machines_by_their_names(session: Session, machine: str, package: str) -> None:
    assert f"package {{ '{package}':" in text(session, f"%%as {machine}\n{PACKAGE}")


@pytest.mark.parametrize("facts", SETS, ids=lambda path: path.stem)
def test_every_set_can_be_compiled_with(session: Session, facts: Path) -> None:
    manifest = """
        $where = "${facts['networking']['fqdn']} ${facts['networking']['ip']}"
        $what = "${facts['os']['name']} ${facts['os']['release']['major']}"
        $big = $facts['memory']['system']['total_bytes'] > 1073741824
        notice("${trusted['certname']} ${trusted['hostname']} ${what} ${where} ${big}")
        notify { 'all': message => "${facts['identity']['user']} ${facts['kernel']}" }
    """
    result = session.run_cell(f"%%as {facts.stem}\n{manifest}")
    assert result.ok, result.errors
    values = json.loads(facts.read_text())
    fqdn = values["networking"]["fqdn"]
    (notice,) = result.notices
    assert notice.message.startswith(f"{fqdn} {fqdn.partition('.')[0]} ")
    assert notice.message.endswith(" true")


@pytest.mark.parametrize(
    "facts",
    [path for path in SETS if json.loads(path.read_text())["kernel"] == "Linux"],
    ids=lambda path: path.stem,
)
def test_sets_have_the_structure_of_real_facts(
    real_facts: dict[str, Any], facts: Path
) -> None:
    real = keys(real_facts)
    found = keys(json.loads(facts.read_text()))
    # What this node has not got: SELinux, a BIOS, an address; a disk of its own.
    other = re.compile(r"\.(os\.selinux|dmi|networking|disks|partitions|mountpoints)\b")
    assert {key for key in found - real if not other.match(key)} == set()
    assert {".os.family", ".os.release.full", ".os.release.major"} <= found


def test_names_and_addresses_are_kept_for_documentation() -> None:
    assert len(SETS) >= 14
    for path in SETS:
        network = json.loads(path.read_text())["networking"]
        assert network["ip"].startswith("192.0.2.")
        assert network["fqdn"].endswith(".example.com")


def test_an_unknown_machine(session: Session) -> None:
    told = refusal(session, f"%%as rokcy{PACKAGE}")
    assert "did you mean rocky-9?" in told
    assert "debian-12" in told


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("f.json", '{"os": {"family": "RedHat"}, "networking": {"fqdn": "a.b"}}'),
        ("f.json", '{"name": "x", "values": {"os": {"family": "RedHat"}}}'),
        ("f.yaml", "os:\n  family: RedHat\n"),
    ],
)
def test_facts_of_a_file(
    session: Session, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert "package { 'httpd':" in text(session, f"%%as {path}\n{PACKAGE}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "No such file"),
        ("[]", "holds no facts"),
        ("{", "cannot be read as facts"),
        ("[" * 500, "cannot be read as facts"),
        ('{"a": "' + "x" * 2_100_000 + '"}', "too large"),
    ],
)
def test_files_that_are_no_facts(
    session: Session, tmp_path: Path, content: str | None, told: str
) -> None:
    path = tmp_path / "f.json"
    if content is not None:
        path.write_text(content)
    assert told in refusal(session, f"%%as {path}\n{PACKAGE}")


def test_odd_facts_hurt_nobody(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('{"os": 5, "networking": ["x"], "a-b c": {"1": null}}')
    assert "notify { 'a':" in text(session, f"%%as {path}\nnotify {{ 'a': }}")


def test_what_the_manifest_says_comes_as_for_a_cell(session: Session) -> None:
    result = session.run_cell("%%as debian\n\nnotice('n')\nwarning('w')")
    assert [n.message for n in result.notices] == ["n"]
    assert [n.message for n in result.warnings] == ["w"]
    applied = session.run_cell("%%noop\n\nnotice('n')\nwarning('w')")
    assert (result.notices, result.warnings) == (applied.notices, applied.warnings)


@pytest.mark.parametrize(
    ("manifest", "message", "line"),
    [
        ("notify { 'a':\n  message => \n}", "Syntax error at '}'", 4),
        ("notify { 'a': nope => 1 }", "no parameter named 'nope'", 2),
        ("\nfail('no rocky here')", "no rocky here", 3),
    ],
)
def test_errors_come_with_their_line(
    session: Session, manifest: str, message: str, line: int
) -> None:
    result = session.run_cell(f"%%as rocky\n{manifest}")
    assert not result.ok
    assert message in result.errors[0].message
    assert result.errors[0].line == line


def test_what_does_not_compile_here_is_not_compared(session: Session) -> None:
    manifest = "if $facts['os']['family'] != 'RedHat' { fail('x') } notify { 'a': }"
    shown = text(session, f"%%as rocky\n{manifest}")
    assert "does not compile for this node" in shown
    assert (
        "this node would get the same"
        in text(session, "%%as rocky\nnotify { 'a': }").lower()
    )


def test_deferred_functions_are_not_called(session: Session, tmp_path: Path) -> None:
    made = tmp_path / "made"
    shown = text(
        session,
        "%%as rocky",
        f"notify {{ 'a': message => Deferred('generate', ['/bin/touch', '{made}']) }}",
    )
    assert "Deferred('generate', ['/bin/touch'" in shown
    assert not made.exists()


def test_secrets_stay_secret(session: Session) -> None:
    shown = text(session, "%%as rocky\nnotify { 'a': message => Sensitive('fish') }")
    assert "fish" not in shown
    assert "fish" not in json.dumps(session.memory.drawn)


def test_graph_and_catalog_speak_of_it(session: Session) -> None:
    session.run_cell("notify { 'applied': }")
    text(session, f"%%as rocky\n{PACKAGE}")
    assert "Package[httpd]" in text(session, "%graph")
    assert "not applied" in text(session, "%catalog Package[httpd]")


def test_only_readable_files_are_read(fresh_session: Session, tmp_path: Path) -> None:
    """The file is read with the session's user's rights, not with Puppet's."""
    path = tmp_path / "f.json"
    path.write_text('{"os": {"family": "RedHat"}}')
    path.chmod(0o600)
    fresh_session._user = "nobody"
    told = refusal(fresh_session, f"%%as {path}\n{PACKAGE}")
    assert "Permission denied" in told


NAUGHTY = "<script>alert(1)</script>"
RESOURCE = {"ref": NAUGHTY, "type": NAUGHTY, "title": NAUGHTY, "in": NAUGHTY}
CATALOG = {
    "name": NAUGHTY,
    "resources": [{**RESOURCE, "parameters": [[NAUGHTY, NAUGHTY]]}] * 3,
    "edges": [[NAUGHTY, NAUGHTY, "before", NAUGHTY]],
}


@dataclass(frozen=True)
class Lying(Asking):
    """Ask a worker that says what it likes."""

    said: Any = None

    def ask_fully(self, op: str, **params: object) -> tuple[Any, list[Event]]:
        return self.said, [{"ev": "done", "status": 0}]


@pytest.mark.parametrize(
    "said",
    [
        None,
        NAUGHTY,
        {},
        {"machine": NAUGHTY, "catalog": NAUGHTY, "here": NAUGHTY},
        {"machine": {"name": [], "facts": [NAUGHTY]}, "catalog": [], "here": {}},
        {
            "machine": {"name": NAUGHTY, "facts": {"os.name": {"a": NAUGHTY}}},
            "catalog": CATALOG,
            "here": {"resources": [RESOURCE]},
        },
        {"machine": {"name": "\ud800"}, "catalog": CATALOG, "here": CATALOG},
    ],
)
def test_no_answer_breaks_the_magics(session: Session, said: Any) -> None:
    memory = Memory()
    for source in (f"%%as x\n{PACKAGE}", "%graph", "%catalog", f"%catalog {NAUGHTY}"):
        cell = cells.parse(source)
        asking = Lying(cell, session.worker, memory, said=said)
        answer = HANDLERS[cell.magic](cell, asking)
        shown = to_html(answer.blocks)
        shown.encode()
        assert "<script>" not in shown
        for block in answer.blocks:
            if isinstance(block, Diagram):
                assert "<" not in block.mermaid


def test_a_machine_gets_what_is_in_its_node_block(session: Session) -> None:
    code = (
        "%%as debian-13 networking.fqdn=library.example.com\n"
        "class shelf { notify { 'shelf': } }\n"
        "node /^library\\./ { include shelf }\nnode default { notify { 'desk': } }\n"
    )
    shown = text(session, code)
    assert "Notify[shelf]" in shown
    assert "Notify[desk]" in shown
    assert "Node[" not in shown, "the name of a block is Puppet's own affair"
