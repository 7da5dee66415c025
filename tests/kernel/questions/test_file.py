"""%%file: what is written, what is refused, and where it goes."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppet_kernel.cells import CellError
from puppet_kernel.document import Diff
from puppet_kernel.results import CellResult, Problem
from puppet_kernel.session import Session
from tests.kernel.questions.environments import root, session_in
from tests.kernel.questions.support import ask, refusal, rows, text

MOTD = "modules/motd/manifests/init.pp"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("code")


@pytest.fixture(scope="module")
def camp(puppet: None, folder: Path) -> Iterator[Session]:
    with session_in(folder) as session:
        yield session


def first_error(result: CellResult) -> Problem:
    assert not result.ok
    return result.errors[0]


def test_a_module_is_written_and_used_by_the_next_cell(
    camp: Session, folder: Path
) -> None:
    told = text(camp, f"%%file {MOTD}", "class motd {", "  notice('first')", "}")
    path = root(folder) / MOTD
    assert f"created  {path}" in told
    assert path.read_text() == "class motd {\n  notice('first')\n}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert ask(camp, "include motd").notices[0].message == "first"
    again = ask(camp, f"%%file {MOTD}", "class motd {", "  notice('second')", "}")
    diff = next(block for block in again.blocks if isinstance(block, Diff))
    assert "-  notice('first')\n+  notice('second')\n" in diff.text
    assert ask(camp, "include motd").notices[0].message == "second"


def test_the_same_text_changes_nothing(camp: Session, folder: Path) -> None:
    text(camp, "%%file same.txt", "x")
    before = (folder / "same.txt").stat()
    assert "unchanged" in text(camp, "%%file same.txt", "x", "")
    after = (folder / "same.txt").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("path", "body", "line", "column", "message"),
    [
        ("x.pp", "class x {\n  file { '/x' ensure => file }\n}", 3, 15, "Syntax error"),
        ("x.pp", "class x {\n  $a = 1\n  $a", 4, None, "end of input"),
        ("x.pp", "$a = 1\n$1b = 2", 3, None, ""),
        ("x.epp", "<%- | $a | -%>\n<% if $a { %>\n", 3, None, "end of input"),
        ("x.erb", "a\n<% if x %>\nb", 4, None, "unexpected end-of-input"),
        ("x.rb", "def a\n  b(\nend", 4, None, "end"),
        ("x.json", '{\n  "a": 1,\n}', 3, 9, "a comma stands before }"),
        (
            "x.json",
            '{"a": 1,\n "a": 2}',
            3,
            2,
            'the key "a" is already there, in line 2',
        ),
        ("x.json", "{'a': 1}", 2, 2, "double quotes"),
        ("x.yaml", "a: 1\nb:\n  - 1\n - 2", 5, 2, "did not find expected key"),
        ("x.yaml", "a: 1\nb: 2\na: 3", 4, 1, "the key a is already there, in line 2"),
        ("x.yaml", "a:\n\t- b", 3, 1, "a tab stands where YAML wants spaces"),
        ("x.yaml", "a:\n  b: 2\n\tc: 1", 4, 1, "a tab stands where YAML wants"),
        ("x.yml", "a: %{b}", 2, 4, "cannot start any token"),
        ("x.yaml", "a: !ruby/object:File {}", 2, 4, "would make an object"),
        ("x.yaml", "a: &a [*a]", 2, 8, "an alias within"),
        ("x.yaml", "a: " + "[" * 5_000, 2, 104, "levels deep"),
        ("x.json", "[" * 5_000, 2, 101, "levels deep"),
        ("hiera.yaml", "hierarchy: []", 2, 1, "does not say its version"),
        ("hiera.yaml", "version: 3", 2, 1, "version 3"),
        (
            "hiera.yaml",
            "version: 5\nhierarchy:\n- name: a\n  path: x\n- name: b\n  pth: x",
            7,
            None,
            "unrecognized key 'pth'",
        ),
        (
            "hiera.yaml",
            "version: 5\nhierarchy:\n  - name: a\n    path: x\n  - name: a",
            6,
            None,
            "two levels are called a",
        ),
        ("metadata.json", '{"name": "a-b"}', 2, None, "lacks version"),
        ("metadata.json", '{"name": "a", "version": "1.0.0"}', 2, None, "name"),
        ("environment.conf", "modulepath = x\nwhat", 3, 1, "name = value"),
        ("environment.conf", "[main]\n", 2, 1, "no sections"),
        ("x.txt", "a\x00b", 2, None, "NUL"),
        ("x.yaml", "\ufeffa: 1", 2, 1, "byte order mark"),
        ("x.txt", "a\nb\ud800", 3, None, "half a character"),
    ],
)
def test_what_is_wrong_is_not_written(
    camp: Session,
    folder: Path,
    path: str,
    body: str,
    line: int,
    column: int | None,
    message: str,
) -> None:
    result = camp.run_cell(f"%%file bad/{path}\n{body}")
    error = first_error(result)
    assert message in error.message
    assert error.line == line
    assert column in {None, error.column}
    lines = body.split("\n")
    if "\ud800" not in body:
        assert error.excerpt == lines[line - 2]
    assert not (folder / "bad").exists()


def test_a_billion_laughs_are_not_laughed(camp: Session) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    error = first_error(camp.run_cell("\n".join(["%%file x.yaml", *lines])))
    assert "aliases make this more data" in error.message


def test_nothing_of_a_text_is_run(camp: Session, tmp_path: Path) -> None:
    mark = tmp_path / "run"
    write = f"File.write('{mark}', '')"
    text(camp, "%%file run/a.rb", f"BEGIN {{ {write} }}", f"{write}")
    text(camp, "%%file run/a.erb", f"<% {write} %>")
    text(camp, "%%file run/a.epp", f"<% generate('/bin/touch', '{mark}') %>")
    text(camp, "%%file run/a.pp", f"generate('/bin/touch', '{mark}')")
    assert not mark.exists()


def test_a_class_in_the_wrong_file_is_warned_of(camp: Session) -> None:
    result = ask(camp, "%%file modules/web/manifests/a/b.pp", "class web::b {", "}")
    assert "looks for the class or defined type web::a::b" in result.warnings[0].message
    assert result.warnings[0].line == 2
    assert "web::b" in result.warnings[0].message
    right = ask(camp, "%%file modules/web/manifests/a/b.pp", "define web::a::b {", "}")
    assert not right.warnings
    typed = ask(camp, "%%file modules/web/types/port.pp", "type Web::Prt = Integer")
    assert "the type alias Web::Port" in typed.warnings[0].message
    site = ask(camp, "%%file manifests/site.pp", "class anything { }")
    assert not site.warnings


def test_puppet_lint_advises(camp: Session) -> None:
    result = ask(
        camp, "%%file lint/a.pp", "# It says x.", "class a {", '  notice("x")', "}"
    )
    known = rows(result)
    assert "double quoted string" in known["line 4"][0]
    assert set(known) == {"line 4"}


def test_paths(camp: Session, folder: Path, tmp_path: Path) -> None:
    home = Path(pwd.getpwuid(os.geteuid()).pw_dir)
    here = tmp_path / "a file.txt"
    assert str(here) in text(camp, f"%%file '{here}'", "x")
    assert here.read_text() == "x\n"
    assert str(root(folder) / "data/x.yaml") in text(camp, "%%file data/x.yaml", "a: 1")
    assert f"{folder}/own/x.yaml" in text(camp, "%%file own/x.yaml", "a: 1")
    try:
        assert str(home / "camp_file_test") in text(camp, "%%file ~/camp_file_test", "")
    finally:
        (home / "camp_file_test").unlink(missing_ok=True)


def test_a_mode_can_be_given_and_is_kept(camp: Session, folder: Path) -> None:
    text(camp, "%%file facts/a.sh mode=0750", "echo a=1")
    text(camp, "%%file facts/a.sh", "echo a=2")
    assert stat.S_IMODE((folder / "facts/a.sh").stat().st_mode) == 0o750
    assert "mode=0755" in refusal(camp, "%%file facts/a.sh mode=99\nx")


def test_a_blank_cell_shows_the_file(camp: Session, folder: Path) -> None:
    text(camp, "%%file shown.txt", "something")
    told = text(camp, "%%file shown.txt")
    assert "something" in told
    assert "nothing is written" in told
    assert (folder / "shown.txt").read_text() == "something\n"
    assert "created" in text(camp, "%%file empty.txt")
    assert (folder / "empty.txt").read_text() == ""


def test_links_pipes_and_folders(camp: Session, tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old\n")
    link.symlink_to(real)
    text(camp, f"%%file {link}", "new")
    assert link.is_symlink()
    assert real.read_text() == "new\n"
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to("loop")
    for name, why in {
        "pipe": "a pipe",
        "dangling": "not there",
        "loop": "circle",
        "": "folder",
        "real/x": "no folder",
        "new/": "folder",
        "n" * 300: "too long",
    }.items():
        assert why in refusal(camp, f"%%file {tmp_path}/{name}\nx")
    assert "a device" in refusal(camp, "%%file /dev/null\nx")
    assert not (tmp_path / "nowhere").exists()


def test_too_much_is_refused(camp: Session, folder: Path) -> None:
    body = "x" * 1_048_577
    assert "at most" in refusal(camp, f"%%file large.txt\n{body}")
    text(camp, "%%file large.txt", body[:-2])
    assert (folder / "large.txt").stat().st_size == 1_048_576


def test_windows_lines_become_ordinary_ones(camp: Session, folder: Path) -> None:
    text(camp, "%%file crlf.yaml\r\na: 1\r\nb: 2\r\n")
    assert (folder / "crlf.yaml").read_bytes() == b"a: 1\nb: 2\n"


def test_dates_are_for_others(camp: Session) -> None:
    result = ask(camp, "%%file compose.yaml", "since: 2024-01-01")
    assert "takes 2024-01-01 for a date" in result.warnings[0].message


def test_facts_are_gathered_anew(camp: Session) -> None:
    path = "modules/motd/lib/facter/camp_file.rb"
    text(camp, f"%%file {path}", "Facter.add(:camp_file) { setcode { 'one' } }")
    assert ask(camp, "notice($facts['camp_file'])").notices[0].message == "one"
    text(camp, f"%%file {path}", "Facter.add(:camp_file) { setcode { 'two' } }")
    assert ask(camp, "notice($facts['camp_file'])").notices[0].message == "two"


def test_a_path_is_needed(camp: Session) -> None:
    with pytest.raises(CellError, match="needs an argument"):
        camp.run_cell("%%file\nx")


def test_a_mounted_file_is_written_in_place(camp: Session) -> None:
    mounted = Path("/etc/hosts")
    if not mounted.is_mount() or os.geteuid() != 0:
        pytest.skip("/etc/hosts is no mount here, or not ours to write")
    before = mounted.read_text()
    try:
        text(camp, f"%%file {mounted}", before.rstrip("\n"), "# camp_file_test")
        assert mounted.read_text() == f"{before}# camp_file_test\n"
    finally:
        mounted.write_text(before)


def test_no_write_leaves_a_draft(camp: Session, tmp_path: Path) -> None:
    for cell in ("a.txt\nx", "a.txt\ny", "a.json\n{", "b/\nx"):
        camp.run_cell(f"%%file {tmp_path}/{cell}")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
