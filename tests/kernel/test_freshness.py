"""Nothing is stale: what changes between two cells, the second one sees."""

import os
import pwd
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from puppet_kernel.results import State
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.conftest import only


@dataclass(frozen=True)
class Node:
    """Hold a session whose Puppet has its settings and modules in a folder."""

    session: Session
    root: Path

    def write(self, path: str, text: str) -> None:
        """Write a file below the node's folder, making its folders."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def notices(self, source: str) -> list[str]:
        """Run a cell and return what it says."""
        result = self.session.run_cell(source)
        assert result.ok, result
        return [notice.message for notice in result.notices]


@pytest.fixture(scope="module")
def node(puppet: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    root = tmp_path_factory.mktemp("node")
    settings = [
        argument
        for name in ("confdir", "vardir", "codedir")
        for argument in (f"--{name}", str(root / name))
    ]
    worker = Worker(ProcessChannel([*local_worker_argv(), *settings]))
    yield Node(Session(worker, cwd="/"), root)
    worker.close()


MODULE = "codedir/modules/fresh"


@pytest.mark.parametrize(
    ("path", "text", "cell"),
    [
        ("manifests/init.pp", "class fresh {{ notice('{0}') }}", "include fresh"),
        (
            "manifests/thing.pp",
            "define fresh::thing() {{ notice('{0}') }}",
            "fresh::thing {{ 'x': }}",
        ),
        (
            "functions/say.pp",
            "function fresh::say() {{ '{0}' }}",
            "notice(fresh::say())",
        ),
        ("types/word.pp", "type Fresh::Word = Enum['{0}']", "notice(Fresh::Word[])"),
        ("templates/x.epp", "{0}", "notice(epp('fresh/x.epp'))"),
        ("templates/x.erb", "{0}", "notice(template('fresh/x.erb'))"),
        ("files/x.txt", "{0}", "notice(file('fresh/x.txt'))"),
        (
            "lib/puppet/functions/fresh/ruby.rb",
            "Puppet::Functions.create_function(:'fresh::ruby') {{\n"
            "  def ruby; '{0}'; end\n}}",
            "notice(fresh::ruby())",
        ),
        (
            "lib/facter/fresh_custom.rb",
            "Facter.add(:fresh_custom) {{ setcode {{ '{0}' }} }}",
            "notice($facts['fresh_custom'])",
        ),
        ("facts.d/fresh.txt", "fresh_external={0}", "notice($facts['fresh_external'])"),
    ],
)
def test_modules(node: Node, path: str, text: str, cell: str) -> None:
    source = cell.replace("{{", "{").replace("}}", "}")
    if "Fresh::Word" in cell:
        source = "notice('first' =~ Fresh::Word, 'other' =~ Fresh::Word)"
    said = {}
    for word in ("first", "other", "first"):
        node.write(f"{MODULE}/{path}", text.format(word))
        said[word] = node.notices(source)
        expected = [str(word == w).lower() for w in ("first", "other")]
        found = " ".join(said[word]).split()
        assert found == (expected if "Fresh::Word" in cell else [word])
    (node.root / MODULE / path).unlink()
    result = node.session.run_cell(source)
    assert [n.message for n in result.notices] in ([], [""])


def test_a_type_and_its_provider(node: Node) -> None:
    node.write(
        f"{MODULE}/lib/puppet/type/fresh_type.rb",
        "Puppet::Type.newtype(:fresh_type) do\n"
        "  newparam(:name)\n  newproperty(:word)\nend\n",
    )
    provider = (
        "Puppet::Type.type(:fresh_type).provide(:only) do\n"
        "  def word; '{0}'; end\n  def word=(value); end\nend\n"
    )
    path = f"{MODULE}/lib/puppet/provider/fresh_type/only.rb"
    cell = "%%noop\nfresh_type { 'x': word => 'first' }"
    for word, state in (("first", State.UNCHANGED), ("other", State.PENDING)):
        node.write(path, provider.format(word))
        assert only(node.session.run_cell(cell)).state is state
    node.write(
        f"{MODULE}/lib/puppet/type/fresh_type.rb",
        "Puppet::Type.newtype(:fresh_type) do\n  newparam(:name)\nend\n",
    )
    result = node.session.run_cell(cell)
    assert "no parameter named 'word'" in result.errors[0].message


def test_a_provider_for_a_type_of_puppet_s(node: Node) -> None:
    path = f"{MODULE}/lib/puppet/provider/package/fresh.rb"
    cell = "%%noop\npackage { 'x': ensure => '1', provider => fresh }"
    assert not node.session.run_cell(cell).ok
    for version, state in (("1", State.UNCHANGED), ("2", State.PENDING)):
        node.write(
            path,
            "Puppet::Type.type(:package)"
            ".provide(:fresh, parent: Puppet::Provider::Package) do\n"
            "  has_feature :versionable\n"
            "  def self.instances; []; end\n"
            f"  def query; {{ ensure: '{version}', name: 'x' }}; end\n"
            "  def install; end\nend\n",
        )
        assert only(node.session.run_cell(cell)).state is state


def test_hiera(node: Node) -> None:
    cell = "notice(lookup('word', { default_value => 'none' }))"
    assert node.notices(cell) == ["none"]
    node.write("confdir/hiera.yaml", "version: 5\nhierarchy: [{name: a, path: a.yaml}]")
    node.write("confdir/data/a.yaml", "word: first")
    node.write("confdir/data/b.yaml", "word: from b")
    assert node.notices(cell) == ["first"]
    node.write("confdir/data/a.yaml", "word: other")
    assert node.notices(cell) == ["other"]
    node.write("confdir/hiera.yaml", "version: 5\nhierarchy: [{name: b, path: b.yaml}]")
    assert node.notices(cell) == ["from b"]


def test_puppet_conf(node: Node) -> None:
    before = node.notices("notice($trusted['certname'])")
    cell = "notice($settings::certname, $facts['clientcert'], $settings::environment)"
    for name in ("one.example", "two.example"):
        node.write("confdir/puppet.conf", f"[main]\ncertname = {name}\n")
        assert node.notices(cell) == [f"{name} {name} production"]
    node.write("codedir/environments/other/manifests/site.pp", "")
    node.write(
        "codedir/environments/other/modules/there/manifests/init.pp",
        "class there { notice($facts['there']) }",
    )
    node.write(
        "codedir/environments/other/modules/there/facts.d/x.txt", "there=in the other"
    )
    node.write("confdir/puppet.conf", "[main]\nenvironment = other\n")
    assert node.notices("include there") == ["in the other"]
    (node.root / "confdir/puppet.conf").unlink()
    assert node.notices("notice($trusted['certname'])") == before
    assert not node.session.run_cell("include there").ok


def test_a_puppet_conf_that_is_broken_is_told(node: Node) -> None:
    node.write("confdir/puppet.conf", "[main\nnonsense")
    result = node.session.run_cell("notice('x')")
    (node.root / "confdir/puppet.conf").unlink()
    assert "puppet.conf" in " ".join(e.message for e in result.errors)
    assert node.notices("notice('x')") == ["x"]


def test_folders_that_are_removed_come_back(node: Node) -> None:
    assert node.notices("notice('x')") == ["x"]
    shutil.rmtree(node.root / "vardir")
    assert node.notices("notice('x')") == ["x"]
    assert (node.root / "vardir" / "state" / "last_run_report.yaml").exists()


@pytest.fixture
def account() -> Iterator[Callable[[], str]]:
    """Return a function that adds a user."""
    if os.geteuid() != 0:
        pytest.skip("only root can add a user")
    name = "fresh-user"

    def add() -> str:
        with Path("/etc/passwd").open("a") as file:
            file.write(f"{name}:x:54321:0::/:/bin/false\n")
        return name

    before = Path("/etc/passwd").read_text()
    yield add
    Path("/etc/passwd").write_text(before)


def test_users(node: Node, account: Callable[[], str], tmp_path: Path) -> None:
    cell = f"file {{ '{tmp_path}/x': ensure => file, owner => 'fresh-user' }}"
    assert not node.session.run_cell(cell).ok
    uid = pwd.getpwnam(account()).pw_uid
    assert node.session.run_cell(cell).ok
    assert (tmp_path / "x").stat().st_uid == uid
    user = "%%noop\nuser { 'fresh-user': ensure => present }"
    assert only(node.session.run_cell(user)).state is State.UNCHANGED
