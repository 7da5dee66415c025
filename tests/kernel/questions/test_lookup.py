"""%lookup: the value, and level by level where it comes from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.display import to_text
from puppet_kernel.display.blocks_text import to_text as blocks_text
from puppet_kernel.document import Code, Table
from puppet_kernel.results import CellResult
from puppet_kernel.session import Session
from tests.kernel.questions.environments import (
    CERTNAME,
    HIERARCHY,
    put,
    session_in,
)
from tests.kernel.questions.support import ask, refusal, tables, text

COMMON = """\
plain: common
motd::text: 5
motd::motto: fine
motd::secret: swordfish
tree: {a: {b: 1}, c: 2}
deep: {a: 1}
names: [x]
password: swordfish
fact: "on %{facts.os.family}, %{lookup('plain')}"
lookup_options:
  deep: {merge: deep}
  '^nam': {merge: unique}
  password: {convert_to: Sensitive}
"""
NODE = "plain: node\ntree: {c: 3}\ndeep: {b: 2}\nnames: [y]\n"
CLASS = """\
class motd(
  String $text,
  String $motto,
  Optional[Sensitive[String]] $secret,
  Integer $size,
  String $colour = 'red',
) { }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    plain = HIERARCHY.split("  - name: Several")[0]
    put(folder, "hiera.yaml", f"{plain}  - name: common\n    path: common.yaml\n")
    put(folder, "data/common.yaml", COMMON)
    put(folder, f"data/nodes/{CERTNAME}.yaml", NODE)
    put(folder, "modules/motd/manifests/init.pp", CLASS)
    put(folder, "modules/motd/hiera.yaml", "version: 5\n")
    put(folder, "modules/motd/data/common.yaml", "motd::size: 3\n")
    return folder


@pytest.fixture(scope="module")
def camp(puppet: None, folder: Path) -> Iterator[Session]:
    with session_in(folder) as session:
        yield session


def value(result: CellResult) -> str:
    return next(block.text for block in result.blocks if isinstance(block, Code))


def outcomes(result: CellResult) -> dict[str, tuple[str, str]]:
    """Return outcome and value of each level."""
    (table,) = (t for t in tables(result.blocks) if "outcome" in t.columns)
    assert isinstance(table, Table)
    found = [[str(getattr(cell, "text", cell)) for cell in row] for row in table.rows]
    return {f"{row[0]} {row[1]}": (row[3], row[4]) for row in found}


def test_the_first_level_wins_and_hides_the_others(camp: Session) -> None:
    result = ask(camp, "%lookup plain")
    assert value(result) == "node\n"
    assert outcomes(result) == {
        "environment Per-node data": ("✓ used", "'node'"),
        "environment Per-OS data": ("has no file", ""),
        "environment common": ("hidden by a level above", "'common'"),
    }


def test_merges_and_who_asked_for_them(camp: Session) -> None:
    result = ask(camp, "%lookup deep")
    assert value(result) == "a: 1\nb: 2\n"
    assert outcomes(result)["environment common"] == ("✓ merged", "{ 'a' => 1 }")
    assert "as lookup_options of common" in blocks_text(result.blocks)
    assert "under ^nam" in text(camp, "%lookup names")
    first = ask(camp, "%lookup deep merge=first")
    assert value(first) == "b: 2\n"
    assert value(ask(camp, "%lookup plain --merge unique")) == "- node\n- common\n"
    assert "deep, first, hash, unique" in refusal(camp, "%lookup plain merge=all")


def test_dots_lead_into_a_value(camp: Session) -> None:
    assert value(ask(camp, "%lookup tree.c")) == "3\n"
    result = camp.run_cell("%lookup tree.a.b")
    assert not result.ok
    found = outcomes(result)
    assert found["environment Per-node data"][0] == "hides the rest: no tree.a.b in it"
    assert found["environment common"] == ("hidden by a level above", "1")
    assert "%lookup tree.a.b merge=deep" in result.errors[0].hint
    assert value(ask(camp, "%lookup tree.a.b merge=deep")) == "1\n"


def test_interpolations_are_those_of_this_node(camp: Session) -> None:
    family = ask(camp, "notice($facts['os']['family'])").notices[0].message
    assert value(ask(camp, "%lookup fact")) == f"on {family}, node\n"


def test_the_parameter_that_a_key_feeds(camp: Session) -> None:
    told = text(camp, "%lookup motd::motto")
    assert "feeds the parameter motto of class motd, which takes String" in told
    assert "the value fits" in told
    told = text(camp, "%lookup motd::text")
    assert "does not fit: motd::text expects a String value, got Integer" in told


def test_a_modules_own_data_come_last(camp: Session) -> None:
    result = ask(camp, "%lookup motd::size")
    assert value(result) == "3\n"
    assert [*outcomes(result)][-1] == "module Common"
    assert outcomes(result)["module Common"] == ("✓ used", "3")


@pytest.mark.parametrize("key", ["password", "motd::secret"])
def test_what_is_sensitive_is_not_shown(camp: Session, key: str) -> None:
    result = ask(camp, f"%lookup {key}")
    assert "swordfish" not in to_text(result) + str(result)
    assert outcomes(result)["environment common"] == ("✓ used", "[redacted]")


def test_another_machine(camp: Session, folder: Path) -> None:
    put(folder, "data/os/RedHat.yaml", "plain: red\n")
    assert value(ask(camp, "%lookup plain as rocky-9")) == "red\n"
    assert (
        value(ask(camp, "%lookup plain merge=unique as rocky-9")) == "- red\n- common\n"
    )
    assert "rocky-9" in refusal(camp, "%lookup plain as rokky-9")


def test_a_key_that_nobody_has(camp: Session) -> None:
    error = camp.run_cell("%lookup plian").errors[0]
    assert "no level has a value for plian" in error.message
    assert "Did you mean plain?" in error.hint
    missing = camp.run_cell("%lookup motd::txt").errors[0]
    assert "Class motd has no such parameter" in missing.hint
    default = camp.run_cell("%lookup motd::colour").errors[0]
    assert "has a default" in default.hint
    assert "itself no key" in refusal(camp, "%lookup lookup_options")
    assert refusal(camp, "%lookup a..b")


def test_broken_data_are_told_and_do_not_hide_the_rest(
    camp: Session, folder: Path
) -> None:
    family = ask(camp, "notice($facts['os']['family'])").notices[0].message
    broken = put(folder, f"data/os/{family}.yaml", "a: [1\n")
    try:
        found = outcomes(camp.run_cell("%lookup plain"))
        assert found["environment Per-OS data"][0] == "✗ cannot be read"
        assert found["environment common"][1] == "'common'"
        failed = camp.run_cell("%lookup fact")
        assert not failed.ok
        assert str(broken) in failed.errors[0].message
    finally:
        broken.unlink()


def test_much_data_behind_few_words(camp: Session, folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 5)]
    bomb = put(folder, "data/os/Bomb.yaml", "\n".join(lines))
    family = ask(camp, "notice($facts['os']['family'])").notices[0].message
    mine = bomb.rename(bomb.with_name(f"{family}.yaml"))
    try:
        result = camp.run_cell("%lookup a4", timeout=60)
        assert result.ok
        assert 1_000 < value(result).count("x") < 5_001
    finally:
        mine.unlink()
