"""A notebook as one manifest: what becomes a comment, and why."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import nbformat
import pytest

from puppet_kernel.export import source_of
from puppet_kernel.script import Declared, Source, read_declared, to_script
from tests.kernel.conftest import KERNEL_PATH

ROOT = KERNEL_PATH.parent
LANGUAGE = {
    "kernelspec": {"name": "puppet", "display_name": "Puppet", "language": "puppet"},
    "language_info": {"name": "puppet", "file_extension": ".pp"},
}
CELLS = (
    "$x = 1\nnotify { 'one': message => \"${x}\" }",
    "%%noop\nfile { '/tmp/a': ensure => file }",
    "%%sh\nls",
    "%%expect a\nnotify { 'x': }",
    "%%idempotent\nnotify { 'x': }",
    "%catalog",
    "%%nope\nx",
    "$x = 2\nfile { ['/tmp/d/', '/tmp/e']: ensure => directory }",
    "file { '/tmp/d': ensure => directory }",
    "[$x, $y] = [3, 4]",
    "file { '/x'",
    "'a value that nothing uses'",
    "class foo { notify { 'in foo': } }\ninclude foo",
    "class foo { notify { 'in foo 2': } }\nclass { 'foo': }",
    "define twice() { }\ntwice { 'a': }",
    "define twice() { notify { $title: } }",
    "type Small = Integer[0, 9]",
    "type Small = Integer[0, 99]",
    "function answer() { 41 }",
    "function answer() { 42 }\nnotice(answer())",
    "[1].each |$i| { $z = $i notify { 'lambda': } }",
    "[1].each |$i| { $z = $i }",
    "",
    "# only a comment",
    "File { mode => '0644' }",
    "File { mode => '0600', }\nfile { '/tmp/last': content => @(END)\n"
    "  # text\n  | END\n}",
    "@user { 'virtual': }",
    "1 + 1",
)


def notebook(sources: Sequence[str]) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(metadata=LANGUAGE)
    text = "# Title\rnotify { 'evil': }\u2028notify { 'evil': }"
    made.cells = [nbformat.v4.new_markdown_cell(text)]
    made.cells += map(nbformat.v4.new_code_cell, sources)
    failed = nbformat.v4.new_code_cell("notify { 'failed': nope => 1 }")
    failed.outputs = [nbformat.v4.new_output("error", ename="PuppetError")]
    made.cells += [failed, nbformat.v4.new_raw_cell("raw")]
    return made


@pytest.fixture(scope="module")
def entry_point(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment in which the kernel is installed, as its metadata says."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((KERNEL_PATH / "pyproject.toml").read_text())["project"]
    about = site / f"puppet_kernel-{project['version']}.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\n"
        f"Version: {project['version']}\n"
    )
    lines = []
    for group, entries in project["entry-points"].items():
        lines.append(f"[{group}]")
        lines += [f"{name} = {value}" for name, value in entries.items()]
    about.joinpath("entry_points.txt").write_text("\n".join(lines))
    path = os.pathsep.join([str(site), str(KERNEL_PATH)])
    return {**os.environ, "PYTHONPATH": path, "HOME": str(site)}


def convert(path: Path, environment: dict[str, str]) -> Path:
    """Convert a notebook with the real command that JupyterLab's menu runs too."""
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "script", str(path)],
        env=environment,
        check=True,
        capture_output=True,
    )
    return path.with_suffix(".pp")


def compiles(script: Path, *how: Sequence[str]) -> str:
    for command in how or (["parser", "validate"], ["apply", "--noop"]):
        run = subprocess.run(
            ["puppet", *command, str(script)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout + run.stderr + script.read_text()
    return script.read_text()


def test_every_kind_of_cell(
    puppet: None, entry_point: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "all.ipynb"
    nbformat.write(notebook(CELLS), path)
    script = compiles(convert(path, entry_point))
    for code in (8, 13, 15, 17, 19, 20, 21, 23, 25, 26, 27):
        assert f"\n{CELLS[code]}\n" in script, CELLS[code]
    for told in (
        "(cell 2 is left out: $x is assigned again in cell 11)",
        "(cell 3 is not applied: show what would change, and change nothing)",
        "(cell 8 is no manifest: unknown magic %%nope; did you mean %%noop?)",
        "(cell 9 is left out: File[/tmp/d] is declared again in cell 10, and 1 more)",
        "(cell 12 is no manifest: Syntax error at end of input)",
        "(cell 13 cannot stand before the others: This String has no effect.",
        "(cell 14 is left out: Class[foo] is declared again in cell 15, and 1 more)",
        "(cell 16 is left out: twice is defined again in cell 17)",
        "(cell 18 is left out: the type small is defined again in cell 19)",
        "(cell 20 is left out: the function answer is defined again in cell 21)",
        "(cell 26 is left out: the default of file mode is set again in cell 27)",
        "(cell 30 did not compile when it was run)",
        "# raw",
        "# # Title\n#",
    ):
        assert told in script, script


def code_of(lesson: Path) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(lesson, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def fails(cell: nbformat.NotebookNode) -> bool:
    return "raises-exception" in cell.metadata.get("tags", ())


@pytest.mark.parametrize(
    "lesson", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_the_lessons(
    puppet: None, entry_point: dict[str, str], tmp_path: Path, lesson: Path
) -> None:
    copy = tmp_path / lesson.name
    copy.write_bytes(lesson.read_bytes())
    script = convert(copy, entry_point)
    cells = code_of(lesson)
    if any(cell.source.startswith("%%file modules/") for cell in cells):
        # What it includes lies in modules and data, which no manifest holds.
        lines = compiles(script, ["parser", "validate"])
    else:
        lines = compiles(script)
    plain = [cell for cell in cells if not cell.source.startswith("%")]
    told = [cell.source for cell in plain if not fails(cell)]
    assert bool(told) == any(text in lines for text in told), lines
    assert lines.count("is meant to fail)") == len(plain) - len(told)


@pytest.mark.parametrize(
    ("count", "outputs", "expected"),
    [
        (None, [], "# (cell 1 is meant to fail)\n# fail('so')\n"),
        (1, [{"output_type": "error", "ename": "E"}], "# (cell 1 is meant to fail)"),
        (1, [], "fail('so')\n"),
    ],
)
def test_a_cell_that_is_meant_to_fail(
    count: int | None, outputs: list[dict[str, str]], expected: str
) -> None:
    cell = nbformat.v4.new_code_cell("fail('so')", execution_count=count)
    cell.metadata.tags = ["raises-exception"]
    for output in outputs:
        cell.outputs.append(nbformat.v4.new_output(**output))
    assert to_script([source_of(cell)], nothing).startswith(expected)


def test_without_puppet_it_says_so(entry_point: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "bare.ipynb"
    nbformat.write(notebook(["notify { 'a': }", "%%sh\nls", "notify { 'a': }"]), path)
    environment = {**entry_point, "PATH": "/nonexistent"}
    script = convert(path, environment).read_text()
    assert script.startswith("# Puppet was not there")
    assert script.count("\nnotify { 'a': }\n") == 2
    assert "\n# ls" in script


def nothing(texts: Sequence[str]) -> list[Declared]:
    return [Declared() for _ in texts]


@pytest.mark.parametrize("text", ["a\rb", "a\x0bb", "a\u2028b", "a\x85b", "\n\n"])
def test_text_stays_a_comment(text: str) -> None:
    script = to_script(
        [Source("markdown", text), Source("code", "%%sh\n" + text)], None
    )
    assert all(line.startswith("#") or not line for line in script.splitlines())


def test_the_last_one_wins_unless_it_is_none() -> None:
    declared = {
        "1": Declared(frozenset({("file", "/a")})),
        "2": Declared(frozenset({("file", "/a"), ("file", "/b")})),
        "3": Declared(frozenset({("file", "/b")}), fault="broken"),
        "4": Declared(uses=frozenset({("class", "c")})),
        "5": Declared(frozenset({("class", "c")})),
        "6": Declared(uses=frozenset({("class", "c")})),
    }

    def look(texts: Sequence[str]) -> list[Declared]:
        return [declared.get(text, Declared()) for text in texts]

    script = to_script([Source("code", text) for text in declared], look)
    code = [line for line in script.split("\n") if line and line[0] != "#"]
    assert code == ["2", "5", "6"]


def test_a_failed_run_of_resources_is_still_code() -> None:
    sources = [
        Source("code", "exec { '/bin/false': }", "ResourceFailed"),
        Source("code", "", "PuppetError"),
    ]
    assert to_script(sources, nothing) == "exec { '/bin/false': }\n"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"texts": None},
        {"texts": [None, 5, {"ok": True, "claims": [5, ["a"]]}, {"ok": False}]},
    ],
)
def test_nonsense_of_a_worker(answer: object) -> None:
    for declared in read_declared(answer):
        assert declared.claims == frozenset()
