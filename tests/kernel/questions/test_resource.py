"""%resource: how resources are now, whatever a manifest says."""

import os
import pwd
import re
import subprocess
from pathlib import Path

import pytest

from puppet_kernel.document import Code
from puppet_kernel.questions.resource import wanted
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import ask, refusal, rows, text


@pytest.mark.parametrize(
    ("argument", "meant"),
    [
        ("user", ("user", None)),
        ("user root", ("user", "root")),
        ("User['root']", ("User", "root")),
        ("user[ root ]", ("user", "root")),
        ("file '/a b'", ("file", "/a b")),
        ("file /a b", ("file", "/a b")),
    ],
)
def test_a_resource_is_named_in_many_ways(
    argument: str, meant: tuple[str, str | None]
) -> None:
    assert wanted(argument) == meant


def test_one_resource_is_the_code_of_puppet_resource(session: Session) -> None:
    result = ask(session, "%resource user root")
    stock = subprocess.run(
        ["puppet", "resource", "user", "root"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    code = next(block.text for block in result.blocks if isinstance(block, Code))

    def hidden(told: str) -> str:
        return re.sub(r"(password +=> )'.*'", r"\1'…'", told.strip())

    assert hidden(code) == hidden(stock)


def test_all_of_a_type_are_a_table_with_their_code(session: Session) -> None:
    result = ask(session, "%resource user")
    known = rows(result)
    assert set(known) >= {entry.pw_name for entry in pwd.getpwall()}
    assert known["root"][:3] == ["present", "0", "0"]
    assert "user { '" in text(session, "%resource user")


def test_a_reference_reads_a_file(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "one file"
    path.write_text("x")
    path.chmod(0o640)
    told = text(session, f"%resource File['{path}']")
    assert re.search(r"mode +=> '0640'", told)
    assert "checksum" in told


def test_what_does_not_exist_is_told(session: Session) -> None:
    assert "does not exist" in text(session, "%resource user nobody_at_all")


@pytest.mark.parametrize("kind", ["file", "exec", "notify", "schedule", "augeas"])
def test_what_cannot_be_listed_says_what_can_be_done(
    session: Session, kind: str
) -> None:
    assert f"{kind} cannot be listed: " in refusal(session, f"%resource {kind}")


def test_an_unknown_type_gets_the_nearest(session: Session) -> None:
    assert refusal(session, "%resource usr") == (
        "there is no resource type usr; did you mean user?"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a user with a password")
def test_a_password_does_not_get_into_a_notebook(fresh_session: Session) -> None:
    secret = "$6$salt$" + "h" * 86
    made = fresh_session.run_cell(
        "user { 'kept_secret': ensure => present, "
        f"comment => 'password=hhhh', password => '{secret}' }}"
    )
    assert made.ok, made
    try:
        one = fresh_session.run_cell("%resource user kept_secret")
        every = fresh_session.run_cell("%resource user")
    finally:
        fresh_session.run_cell("user { 'kept_secret': ensure => absent }")
    assert one.ok
    assert every.ok
    for result in (one, every):
        assert "[redacted]" in str(result.blocks)
        assert "hhhh" not in str(result.to_json())
    assert "notebooks get shared" in str(one.blocks)


def test_it_changes_nothing(session: Session, tmp_path: Path) -> None:
    ask(session, f"%resource file {tmp_path / 'none'}")
    assert not (tmp_path / "none").exists()


RESOURCE_API = {
    "lib/puppet/type/lamp.rb": """\
require 'puppet/resource_api'
Puppet::ResourceApi.register_type(
  name: 'lamp', docs: 'A lamp.', features: [],
  attributes: {
    ensure: { type: 'Enum[present, absent]', desc: 'Whether it is there.' },
    name: { type: 'String', desc: 'Its name.', behaviour: :namevar },
    secret: { type: 'String', desc: 'Its key.' },
  },
)
""",
    "lib/puppet/provider/lamp/lamp.rb": """\
class Puppet::Provider::Lamp::Lamp
  def get(_context, _names = nil)
    [{ name: 'red', ensure: 'present', secret: 'hhhh' }]
  end

  def set(_context, _changes); end
end
""",
}


def test_types_of_the_resource_api_are_read_too(puppet: None, tmp_path: Path) -> None:
    found = subprocess.run(["ruby", "-e", "require 'puppet/resource_api'"], check=False)
    if found.returncode:
        pytest.skip("the Resource API is not installed")
    for name, content in RESOURCE_API.items():
        path = tmp_path / "environments/production/modules/lamps" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    argv = [*local_worker_argv(), "--codedir", str(tmp_path)]
    session = Session(Worker(ProcessChannel(argv)), cwd="/")
    try:
        every = text(session, "%resource lamp")
        one = text(session, "%resource lamp red")
        described = text(session, "%describe lamp")
    finally:
        session.close()
    for told in (every, one):
        assert "lamp { 'red'" in told or 'lamp { "red"' in told
        assert "[redacted]" in told
        assert "hhhh" not in told
    assert "A lamp." in described
    assert "Its key." in described
