"""%%hiera: whose data are written, and what that means for the other levels."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.session import Session
from tests.kernel.questions.environments import (
    CERTNAME,
    HIERARCHY,
    put,
    root,
    session_in,
)
from tests.kernel.questions.support import ask, refusal, rows, text

CLASS = "class motd(String $text) { notice($text) }"


@pytest.fixture(scope="module")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("code")


@pytest.fixture(scope="module")
def camp(puppet: None, worker_folder: Path) -> Iterator[Session]:
    with session_in(worker_folder) as session:
        yield session


@pytest.fixture
def data(worker_folder: Path) -> Path:
    """Return the data's folder of an environment with a hierarchy and a class."""
    put(worker_folder, "hiera.yaml", HIERARCHY)
    put(worker_folder, "modules/motd/manifests/init.pp", CLASS)
    for file in (root(worker_folder) / "data").rglob("*.*"):
        file.unlink()
    return root(worker_folder) / "data"


def test_without_hiera_yaml_there_is_common(puppet: None, tmp_path: Path) -> None:
    with session_in(tmp_path) as session:
        blank = text(session, "%%hiera common")
        assert "does not exist yet" in blank
        assert not root(tmp_path).exists()
        told = text(session, "%%hiera common", "a: 1")
        assert "Puppet reads none of these data" in told
        assert (root(tmp_path) / "data/common.yaml").read_text() == "a: 1\n"
        missing = session.run_cell("%lookup a")
        assert "no hiera.yaml" in missing.errors[0].hint
        example = told[told.index("%%file hiera.yaml") :]
        assert "created" in text(session, example)
        assert "1\n" in text(session, "%lookup a")


def test_a_level_is_written_and_used_by_the_next_cell(
    camp: Session, data: Path
) -> None:
    told = text(camp, "%%hiera COMMON", "motd::text: one")
    assert "new: motd::text" in told
    assert ask(camp, "include motd").notices[0].message == "one"
    told = text(camp, "%%hiera common", "motd::text: two", "other: 1")
    assert "new: other; changed: motd::text" in told
    assert ask(camp, "include motd").notices[0].message == "two"
    assert "gone: other" in text(camp, "%%hiera common", "motd::text: two")
    assert "unchanged" in text(camp, "%%hiera common", "motd::text: two", "")


@pytest.mark.parametrize(
    ("level", "path", "here"),
    [
        ("per-node DATA", f"nodes/{CERTNAME}.yaml", True),
        (f"nodes/{CERTNAME}", f"nodes/{CERTNAME}.yaml", True),
        ("nodes/%{trusted.certname}.yaml", f"nodes/{CERTNAME}.yaml", True),
        ("nodes/web01.example", "nodes/web01.example.yaml", False),
        ("os/Plan9.yaml", "os/Plan9.yaml", False),
        ("one", "one.yaml", True),
        ("'common.yaml'", "common.yaml", True),
    ],
)
def test_a_level_by_its_name_or_its_file(
    camp: Session, data: Path, level: str, path: str, here: bool
) -> None:
    told = text(camp, f"%%hiera {level}", "a: 1")
    assert (data / path).read_text() == "a: 1\n"
    assert ("This node does not read that file" in told) is not here


def test_json_is_written_as_json(camp: Session, data: Path) -> None:
    put(
        data.parents[0].parents[1],
        "hiera.yaml",
        HIERARCHY.replace("name: Several", "name: Several\n    data_hash: json_data"),
    )
    text(camp, "%%hiera two.json", '{"a": [1, 2]}')
    assert "[1, 2]" in text(camp, "%lookup a") or "- 1" in text(camp, "%lookup a")
    error = camp.run_cell("%%hiera two.json\na: 1").errors[0]
    assert error.line == 2


@pytest.mark.parametrize(
    ("level", "why"),
    [
        ("Several", "name the one you mean, of one.yaml, two.json"),
        ("Encrypted", "only `eyaml edit`"),
        ("../../../../etc/passwd", "there is no level"),
        ("/etc/passwd", "there is no level"),
        ("nodes/../../../x", "there is no level"),
    ],
)
def test_levels_that_no_cell_writes(
    camp: Session, data: Path, level: str, why: str
) -> None:
    assert why in refusal(camp, f"%%hiera {level}\na: 1")


def test_an_unknown_level_gets_the_nearest(camp: Session, data: Path) -> None:
    error = camp.run_cell("%%hiera comon\na: 1").errors[0]
    assert "Did you mean common?" in error.hint
    assert "Per-node data" in error.hint


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("- a\n- b", 2, "this is a list"),
        ("a:1", 2, "a single value"),
        ("a: 1\na: 2", 3, "already there, in line 2"),
        ("a: 1\n b: 2", 3, "mapping values are not allowed"),
        ("a: 2024-01-01", 2, "for a date"),
        ("a: !ruby/object:File {}", 2, "would make an object"),
        ("a: &a [*a]", 2, "an alias within"),
    ],
)
def test_no_data_are_not_written(
    camp: Session, data: Path, body: str, line: int, message: str
) -> None:
    error = camp.run_cell(f"%%hiera common\n{body}").errors[0]
    assert message in error.message
    assert error.line == line
    assert not (data / "common.yaml").exists()


def test_a_key_that_a_level_above_has_is_hidden(camp: Session, data: Path) -> None:
    text(camp, "%%hiera Per-node data", "motd::text: node", "list: [1]")
    result = ask(
        camp,
        "%%hiera common",
        "motd::text: all",
        "list: [2]",
        "lookup_options:",
        "  list:",
        "    merge: unique",
    )
    (warning,) = result.warnings
    path = f"data/nodes/{CERTNAME}.yaml"
    assert warning.message == f"common's motd::text is hidden by Per-node data ({path})"
    assert warning.line == 2
    levels = rows(result)
    assert levels["▸ common"] == ["data/common.yaml", "yes"]
    assert levels["  Per-node data"] == [path, "yes"]
    assert next(iter(levels)) == "  Per-node data"


def test_a_value_that_its_class_would_refuse_is_warned_of(
    camp: Session, data: Path
) -> None:
    result = ask(
        camp, "%%hiera common", "motd::text: 5", "motd::txt: a", "motd:text: b"
    )
    told = {warning.line: warning for warning in result.warnings}
    assert told[2].message == "motd::text expects a String value, got Integer"
    assert told[3].message == "the class motd has no parameter txt"
    assert told[3].hint == "did you mean text?"
    assert told[4].message == "the key motd:text has one colon"


def test_a_blank_cell_shows_the_level(camp: Session, data: Path) -> None:
    (data / "common.yaml").write_text("a: 1 # why\n")
    told = text(camp, "%%hiera common")
    assert "a: 1 # why" in told
    assert (data / "common.yaml").read_text() == "a: 1 # why\n"


def test_a_broken_hiera_yaml_is_told_with_its_place(
    camp: Session, data: Path, worker_folder: Path
) -> None:
    put(worker_folder, "hiera.yaml", "version: 5\nhierarchy:\n  - nam: x\n")
    error = camp.run_cell("%%hiera common\na: 1").errors[0]
    assert "Hiera cannot be used" in error.message
    assert error.file == str(root(worker_folder) / "hiera.yaml")
