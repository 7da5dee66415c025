"""%describe: what is written about types, classes and functions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.document import Code, Markdown
from puppet_kernel.questions import comments
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import ask, refusal, rows, text

FILES = {
    "manifests/init.pp": """\
# @summary Says hello
#
# To everybody.
#
# @param port  the port
#   to listen at
# @param [String] greeting what to say
# @example With a port
#   class { 'hello':
#     port => 80,
#   }
class hello (
  Integer[1, 65535] $port,
  Optional[String]  $greeting = undef,
) {
}
""",
    "manifests/site.pp": "define hello::site(Integer $port = 80) {\n}\n",
    "functions/greet.pp": """\
# Greets.
# @param who the one who is greeted
# @return [String] the greeting
function hello::greet(String $who = 'x') >> String { "hello ${who}" }
""",
    "types/port.pp": "# A port.\ntype Hello::Port = Integer[1, 65535]\n",
}


@pytest.fixture(scope="module")
def with_module(
    puppet: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    codedir = tmp_path_factory.mktemp("code")
    module = codedir / "environments/production/modules/hello"
    for name, content in FILES.items():
        path = module / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    argv = [*local_worker_argv(), "--codedir", str(codedir)]
    session = Session(Worker(ProcessChannel(argv)), cwd=str(Path("/")))
    yield session
    session.close()


def markdown(session: Session, line: str) -> str:
    """Return all that an answer says in Markdown."""
    blocks = ask(session, line).blocks
    return "\n".join(block.text for block in blocks if isinstance(block, Markdown))


def code(session: Session, line: str) -> list[str]:
    """Return an answer's code."""
    return [b.text for b in ask(session, line).blocks if isinstance(b, Code)]


def test_a_type_has_its_text_its_attributes_and_its_providers(
    session: Session,
) -> None:
    told = markdown(session, "%describe service")
    assert told.startswith("### service: a resource type")
    assert "Manage running services" in told
    known = rows(ask(session, "%describe service"))
    assert "running" in known["ensure"][0]
    assert known["require"][2].startswith("One or more resources")
    assert [name for name, row in known.items() if row[0] == "used"]
    assert known["windows"][0] == "not here"


def test_defaults_and_patterns_are_told(session: Session) -> None:
    known = rows(ask(session, "%describe file"))
    assert known["links"][1] == "manage"
    assert known["path"][2].endswith("(Without it: the title.)")
    package = rows(ask(session, "%describe package"))
    assert {"present", "absent", "latest"} <= set(package["ensure"][0].split(", "))
    assert "title" in package["name"][2]
    assert "title" not in package["command"][2]


@pytest.mark.parametrize("line", ["%describe file mode", "%describe File mode"])
def test_one_attribute_is_told_in_full(session: Session, line: str) -> None:
    told = markdown(session, line)
    assert told.startswith("### mode: a property of file")
    assert "symbolic" in told


def test_a_type_hides_a_function_but_says_so(session: Session) -> None:
    assert "%describe file()" in text(session, "%describe file")
    assert "### file: a function" in markdown(session, "%describe file()")


def test_a_function_has_signatures_and_arguments(session: Session) -> None:
    signatures = code(session, "%describe split")[0]
    assert signatures.startswith("split(String $str, String $pattern)")


def test_a_class_has_its_parameters_and_how_to_use_it(with_module: Session) -> None:
    assert "Says hello\n\nTo everybody." in markdown(with_module, "%describe hello")
    known = rows(ask(with_module, "%describe hello"))
    assert known["port"] == ["Integer[1, 65535]", "required", "the port to listen at"]
    assert known["greeting"] == ["Optional[String]", "undef", "what to say"]
    assert code(with_module, "%describe hello") == [
        "class { 'hello':\n  port => …,  # Integer[1, 65535]\n}",
        "class { 'hello':\n  port => 80,\n}",
    ]
    assert "init.pp line 12" in text(with_module, "%describe hello")
    assert list(rows(ask(with_module, "%describe hello port"))) == ["port"]


def test_a_defined_type_a_function_and_an_alias_are_known(
    with_module: Session,
) -> None:
    assert code(with_module, "%describe Hello::Site") == ["hello::site { 'a title': }"]
    greet = code(with_module, "%describe hello::greet")
    assert greet == ["hello::greet([String $who]) >> String"]
    assert rows(ask(with_module, "%describe hello::greet"))["who"]
    alias = code(with_module, "%describe Hello::Port")
    assert alias == ["type Hello::Port = Integer[1, 65535]"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("%describe sevice", "did you mean service or slice?"),
        ("%describe qqqqqq", "neither Puppet nor a module on the modulepath has it"),
        ("%describe file mod", "file has no attribute mod; did you mean mode?"),
        ("%describe hello prt", "hello has no parameter prt; did you mean port?"),
        ("%describe helo", "did you mean hello?"),
    ],
)
def test_a_wrong_name_gets_the_nearest(
    with_module: Session, line: str, message: str
) -> None:
    assert message in refusal(with_module, line)


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("One. Two.", "One."),
        ("Goes on, e.g. here. Next", "Goes on, e.g. here."),
        ("Two\nlines. More\n\nthen", "Two lines."),
        ("See [this](http://x/y.html) now. B", "See this now."),
        ("no end", "no end"),
        ("", ""),
    ],
)
def test_a_first_sentence_is_told(written: str, first: str) -> None:
    assert comments.sentence(written) == first
