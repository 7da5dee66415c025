"""%facts: what is known of this machine, as the next manifest sees it."""

import json
from pathlib import Path

import pytest

from puppet_kernel import legacy_facts
from puppet_kernel.questions import fact_paths
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import ask, refusal, rows, text

FACTS = {
    "os": {"family": "Debian", "release": {"major": "13"}},
    "mountpoints": {"/": {"size": 1}},
    "networking": {"interfaces": {"eth0.100": {"ip": "10.0.0.1"}}},
    "processors": {"models": ["one", "two"]},
    "memory": {"system": {}},
}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("os.family", ("os", "family")),
        ("$facts['os']['family']", ("os", "family")),
        ('$facts["os"]["family"]', ("os", "family")),
        ("facts.os.family", ("os", "family")),
        ("$os.family", ("os", "family")),
        ("$::os", ("os",)),
        ("os family", ("os", "family")),
        ("mountpoints./", ("mountpoints", "/")),
        (
            "networking.interfaces.eth0.100.ip",
            ("networking", "interfaces", "eth0.100", "ip"),
        ),
        ("processors.models[1]", ("processors", "models", 1)),
        ("$facts['processors']['models'][0]", ("processors", "models", 0)),
    ],
)
def test_a_fact_is_found_as_people_write_it(key: str, path: tuple[object]) -> None:
    found = fact_paths.find(FACTS, fact_paths.parts(key))
    assert found is not None
    assert found[0] == path


@pytest.mark.parametrize("key", ["os.nothing", "os.family.x", "processors.models.7"])
def test_what_is_not_there_is_not_found(key: str) -> None:
    assert fact_paths.find(FACTS, fact_paths.parts(key)) is None


def test_the_expression_is_puppets() -> None:
    path = ("processors", "models", 0)
    assert fact_paths.expression(path) == "$facts['processors']['models'][0]"
    assert fact_paths.expression(("it's",)) == "$facts['it\\'s']"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "undef"),
        (True, "true"),
        (12, "12"),
        ("12", "'12'"),
        ("it's", "'it\\'s'"),
        ("two\n$lines", '"two\\n\\$lines"'),
        ({"a": [1]}, "{ 'a' => [1] }"),
    ],
)
def test_values_are_told_as_puppet_code(value: object, code: str) -> None:
    assert fact_paths.literal(value) == code


@pytest.mark.parametrize(
    ("name", "modern"),
    [
        ("osfamily", "os.family"),
        ("ipaddress_eth0", "networking.interfaces.eth0.ip"),
        ("blockdevice_sda_size", "disks.sda.size_bytes"),
        ("processor3", "processors.models.3"),
        ("sshrsakey", "ssh.rsa.key"),
        ("kernel", None),
        ("processors", None),
    ],
)
def test_a_legacy_fact_has_a_replacement(name: str, modern: str | None) -> None:
    assert legacy_facts.replacement(name) == modern


def test_the_overview_has_what_a_manifest_would_say(session: Session) -> None:
    result = ask(session, "%facts")
    known = rows(result)
    for key in (
        "$facts['os']['family']",
        "$facts['kernel']",
        "$facts['memory']['system']['total']",
        "$facts['processors']['count']",
        "$facts['virtual']",
        "$facts['identity']['user']",
        "$facts['timezone']",
    ):
        assert key in known, key
    seen = session.run_cell("notice($facts['os']['family'])").notices[0].message
    assert f"'{seen}'" == known["$facts['os']['family']"][0]


def test_one_fact_has_its_value_its_type_and_how_to_write_it(session: Session) -> None:
    told = text(session, "%facts $facts['os']['release']['major']")
    assert "$facts['os']['release']['major']" in told
    assert "String" in told
    assert "\"${facts['os']['release']['major']}\"" in told
    assert "%{facts.os.release.major}" in told


def test_a_structure_is_told_with_all_that_is_in_it(session: Session) -> None:
    known = rows(ask(session, "%facts os"))
    assert "$facts['os']['release']['full']" in known


def test_a_beginning_is_enough(session: Session) -> None:
    assert "$facts['identity']['user']" in text(session, "%facts ident")
    assert "$facts['kernelrelease']" in text(session, "%facts kern")


def test_a_wrong_key_gets_the_nearest(session: Session) -> None:
    assert "did you mean os.family?" in refusal(session, "%facts family")
    assert "os.family" in refusal(session, "%facts os.famly")
    assert refusal(session, "%facts qqqqqq") == "there is no fact qqqqqq"


def test_a_legacy_fact_is_told_with_its_replacement(session: Session) -> None:
    told = text(session, "%facts osfamily")
    assert "legacy" in told
    assert "$facts['os']['family']" in told


def test_facts_of_ones_own_are_told_with_their_file(
    puppet: None, tmp_path: Path
) -> None:
    module = tmp_path / "environments/production/modules/own"
    (module / "lib/facter").mkdir(parents=True)
    (module / "facts.d").mkdir()
    (module / "lib/facter/own_one.rb").write_text(
        "Facter.add(:own_one) { setcode { 'first' } }"
    )
    (module / "facts.d/own_two.json").write_text(json.dumps({"own_two": {"a": 1}}))
    argv = [*local_worker_argv(), "--codedir", str(tmp_path)]
    session = Session(Worker(ProcessChannel(argv)), cwd="/")
    try:
        known = rows(ask(session, "%facts"))
        seen = session.run_cell("notice($facts['own_one'])").notices[0].message
        one = text(session, "%facts own_two.a")
    finally:
        session.close()
    assert known["$facts['own_one']"][0] == f"'{seen}'" == "'first'"
    assert "own_two.json" in one
