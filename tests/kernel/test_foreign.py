"""A manifest that is not trusted: Puppet's language, and no Ruby of its author.

Each piece of Ruby that is planted here would write a file.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.results import CellResult
from puppet_kernel.runtime import ruby_command
from puppet_kernel.session import Session
from puppet_kernel.worker import (
    WORKER_RB,
    ProcessChannel,
    Worker,
    local_worker_argv,
)

FUNCTION = "Puppet::Functions.create_function(:'camp::%s') {{ def %s(*a); 'x'; end }}"
FILES = {
    "lib/puppet/functions/camp/four.rb": FUNCTION % ("four", "four"),
    "lib/puppet/functions/camp/level.rb": FUNCTION % ("level", "level"),
    "lib/puppet/parser/functions/three.rb": "module Puppet::Parser::Functions\n"
    "newfunction(:three, :type => :rvalue) {{ |a| 'x' }}\nend",
    "lib/puppet/type/evil.rb": "Puppet::Type.newtype(:evil) {{ newparam(:name) }}",
    "lib/puppet/provider/package/evil.rb": "Puppet::Type.type(:package)"
    ".provide(:evil, parent: Puppet::Provider::Package) {{}}",
    "lib/puppet/datatypes/wicked.rb": "Puppet::DataTypes.create_type('Wicked') {{"
    " interface '' }}",
    "lib/facter/evil.rb": "Facter.add(:evil) {{ setcode {{ 'x' }} }}",
    "lib/evil/thing.rb": "module Evil; class Thing; end; end",
    "templates/evil.erb": "<% {plant} %>",
}
OBJECT = (
    "type Evil2 = Object[{name => 'Evil2', attributes => {a => String}, functions => "
    "{ run => { type => Callable[String, String], annotations => { RubyMethod => "
    "{ body => '{plant}' }}}}}]\nnotice(Evil2('a').run('b'))"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the environment of somebody who tries."""
    folder = tmp_path_factory.mktemp("home") / "production"
    plant = plant_in(folder)
    for name, text in FILES.items():
        path = folder / "modules/camp" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        ruby = "" if name.endswith(".erb") else f"{plant}\n"
        path.write_text(
            ruby + text.replace("{plant}", plant).replace("{{", "{").replace("}}", "}")
        )
    for name, text in {
        "manifests/init.pp": "class camp($text = 'default') {\n"
        "  file { '/tmp/camp': content => epp('camp/text.epp', { text => $text }) }\n}",
        "functions/two.pp": "function camp::two() { 'two' }",
        "templates/text.epp": "<%- | $text | -%>\n<%= $text %> <%= camp::two() %>",
        "files/text": "from a module",
    }.items():
        path = folder / "modules/camp" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (folder / "data").mkdir()
    (folder / "data/common.yaml").write_text("camp::text: from hiera\n")
    return folder


def plant_in(home: Path) -> str:
    return f'File.write("{home.parent}/planted", "x")'


@pytest.fixture(scope="module")
def checker(puppet: None, home: Path) -> Iterator[Session]:
    """Return a session that knows nothing of anybody's environment by itself."""
    nowhere = "/proc/nowhere"
    argv = [
        *local_worker_argv(),
        "--builtin-facts-only",
        *("--environmentpath", nowhere),
        *("--basemodulepath", nowhere),
        *("--hiera_config", f"{nowhere}/hiera.yaml"),
    ]
    settings = {
        "environmentpath": str(home.parent),
        "environment": "production",
        "basemodulepath": "/usr/share/puppet/modules",
        "hiera_config": f"{home.parent}/hiera.yaml",
    }
    session = Session(Worker(ProcessChannel(argv)), cwd="/", foreign=settings)
    yield session
    session.close()


@pytest.fixture(autouse=True)
def nothing_ran(home: Path) -> Iterator[None]:
    hiera = "version: 5\nhierarchy:\n  - name: common\n    path: common.yaml\n"
    (home / "hiera.yaml").write_text(hiera)
    yield
    (home.parent / "hiera.yaml").unlink(missing_ok=True)
    assert not (home.parent / "planted").exists()


def run(session: Session, manifest: str, cell: str = "%%compiled x\n") -> CellResult:
    body = "" if cell != "%%compiled x\n" else "notify { 'here': }"
    return session.run_cell(
        cell + body, manifest=f"{manifest}\nnotify {{ 'here': }}", foreign=True
    )


def reason(result: CellResult) -> str:
    assert result.verdict is not None
    return "" if result.verdict.passed else result.verdict.reason


@pytest.mark.parametrize(
    "manifest",
    [
        "include camp",
        "file { '/tmp/camp': content => camp::two() }",
        "file { '/tmp/camp': source => 'puppet:///modules/camp/text' }",
        "file { '/tmp/camp': content => Deferred('sprintf', ['%s', 'x']) }",
        "file { '/tmp/camp': content => inline_epp('<%= 1 + 1 %>') }",
        "file { '/tmp/camp': content => lookup('camp::text') }",
        "type Mode = Pattern[/\\A0/]\nfile { '/tmp': mode => Mode.new('01777') }",
    ],
)
def test_what_is_no_ruby_is_as_always(checker: Session, manifest: str) -> None:
    assert reason(run(checker, manifest)) == ""
    assert reason(run(checker, manifest, "%%idempotent x")) == ""


def test_data_and_modules_are_the_attendees(checker: Session) -> None:
    result = checker.run_cell(
        "%%compiled x\nfile { '/tmp/camp': content => 'from hiera two' }",
        manifest="include camp",
        foreign=True,
    )
    assert reason(result) == ""
    result = checker.run_cell(
        "%%compiled x\n%data camp::text: hidden\n"
        "file { '/tmp/camp': content => 'hidden two' }",
        manifest="include camp",
        foreign=True,
    )
    assert reason(result) == ""


def test_what_is_trusted_knows_nothing_of_them(checker: Session) -> None:
    result = checker.run_cell("%%compiled x\nfile { '/x': }", manifest="include camp")
    assert "Could not find class" in reason(result)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ("notice(camp::four())", "the function camp::four ("),
        ("notice(call('camp::four'))", "the function camp::four ("),
        ("notice(three())", "the function three ("),
        ("evil { 'x': }", "the resource type evil ("),
        ("package { 'x': provider => evil }", "the provider evil of package ("),
        ("notice(Wicked)", "the data type Wicked ("),
        ("notice(template('camp/evil.erb'))", "the template camp/evil.erb ("),
        (
            "notice(inline_template('<% {plant} %>'))",
            "an inline_template is written in",
        ),
        (OBJECT, "the code of objects of the type Evil2"),
    ],
)
def test_ruby_is_refused_with_its_name_and_a_remedy(
    checker: Session, home: Path, manifest: str, told: str
) -> None:
    manifest = manifest.replace("{plant}", plant_in(home))
    for cell in ("%%compiled x\n", "%%idempotent x"):
        why = reason(run(checker, manifest, cell))
        assert told.lower() in why.lower()
        assert "is written in Ruby, and a check runs no Ruby" in why
        assert "; " in why


@pytest.mark.parametrize(
    "message",
    ["'camp::four'", "'three'", "'inline_template', ['<% {plant} %>']"],
)
def test_what_is_put_off_until_it_is_applied_is_refused_then(
    checker: Session, home: Path, message: str
) -> None:
    message = message.replace("{plant}", plant_in(home))
    manifest = f"notify {{ 'x': message => Deferred({message}) }}"
    assert "is written in Ruby" in reason(run(checker, manifest, "%%idempotent x"))


def test_a_name_of_a_ruby_class_loads_nothing(checker: Session) -> None:
    manifest = "notice(Runtime['ruby', 'Evil::Thing'].new())"
    assert "is not supported" in reason(run(checker, manifest))


@pytest.mark.parametrize(
    "hiera",
    [
        "version: 5\nhierarchy:\n  - name: x\n    lookup_key: camp::level\n",
        "version: 5\nhierarchy:\n  - name: x\n    data_hash: camp::four\n",
        "version: 5\nhierarchy:\n  - name: x\n    hiera3_backend: FOLDER/evil\n",
        ":backends: ['FOLDER/evil']\n:hierarchy: [common]\n",
    ],
)
@pytest.mark.parametrize("layer", ["global", "environment"])
def test_no_backend_of_hiera_is_loaded(
    checker: Session, home: Path, hiera: str, layer: str
) -> None:
    upwards = "../" * 16 + str(home.parent).strip("/")
    (home.parent / "evil_backend.rb").write_text(plant_in(home))
    (home.parent / "evil_backend.so").write_text("no library")
    folder = home if layer == "environment" else home.parent
    (folder / "hiera.yaml").write_text(hiera.replace("FOLDER", upwards))
    assert reason(run(checker, "notice(lookup('nothing', default_value => 'x'))"))


PROBE = """
require 'puppet'
require 'facter'
require 'erb'
require '{foreign}'
Puppet.initialize_settings([])
Dir.chdir('{folder}')
$LOAD_PATH.unshift('{folder}')
%w[a b c].each {{ |name| File.write("#{name}.rb", "puts 'RAN'") }}
File.write('d.so', '')
tries = [
  -> {{ ERB.new("<% puts 'RAN' %>").result }},
  -> {{ eval("puts 'RAN'") }},
  -> {{ String.class_eval("puts 'RAN'") }},
  -> {{ binding.eval("puts 'RAN'") }},
  -> {{ require 'a' }},
  -> {{ require '{folder}/a' }},
  -> {{ Kernel.require '{folder}/a.rb' }},
  -> {{ load '{folder}/b.rb' }},
  -> {{ Kernel.load '{folder}/b.rb' }},
  -> {{ Object.autoload(:Ccc, '{folder}/c.rb'); Ccc }},
  -> {{ require '{folder}/d.so' }},
  -> {{ require '{folder}/d' }},
  -> {{ require 'puppet/../../../../../../../../../..{folder}/d' }},
]
WarmPuppet::Foreign.enter({{}})
tries.each do |attempt|
  attempt.call
  puts 'RAN'
rescue WarmPuppet::Foreign::Refused, LoadError
  puts 'refused'
end
require 'csv'
require 'puppet/util/inifile'
"""


def test_the_fence_holds_where_no_refusal_stands(puppet: None, tmp_path: Path) -> None:
    program = tmp_path / "probe.rb"
    foreign = WORKER_RB.parent / "foreign/foreign"
    program.write_text(
        PROBE.replace("{foreign}", str(foreign))
        .replace("{folder}", str(tmp_path))
        .replace("{{", "{")
        .replace("}}", "}")
    )
    told = subprocess.run(
        [*ruby_command(), str(program)], capture_output=True, text=True, check=False
    )
    assert told.stdout.split() == ["refused"] * 13, told


def test_a_manifest_cannot_tell_the_worker_what_it_did(
    checker: Session, tmp_path: Path
) -> None:
    """A file that is a descriptor of the run itself takes no events."""
    event = (
        '{"ev":"report","completed":true}\\n'
        '{"ev":"resource","ref":"File[/forged]","type":"File","title":"/forged"}'
    )
    targets = "".join(
        f"exec {{ 'to {number}': command => '/bin/true', unless => "
        f"'/bin/sh -c \"echo > /dev/null\"' }}\n"
        f"host {{ 'forged{number}.example': ip => '10.0.0.1', comment => '{event}', "
        f"target => '/proc/self/fd/{number}' }}\n"
        for number in range(3, 12)
    )
    result = run(checker, targets, "%%idempotent x")
    assert reason(result)
    assert all(r.reference != "File[/forged]" for r in result.resources)
