"""%lint: what puppet-lint would improve, and why."""

import shutil
import subprocess
from pathlib import Path

import pytest

from puppet_kernel.document import Diff
from puppet_kernel.questions.lint_reasons import REASONS
from puppet_kernel.session import Session
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv
from tests.kernel.questions.support import ask, refusal, text

BAD = 'file { "/tmp/linted":\n  mode => \'0644\',\n  ensure => "file",\n}'


@pytest.fixture(autouse=True)
def _lint() -> None:
    if shutil.which("puppet-lint") is None:
        pytest.skip("puppet-lint is not installed")


def test_a_cells_lines_are_the_cells(session: Session) -> None:
    session.run_cell(f"\n%%noop\n{BAD}")
    told = text(session, "%lint")
    assert "the last cell" in told
    assert "\n3:8 " in told
    assert "\n5:3 " in told
    assert "ensure_first_param" in told
    assert REASONS["ensure_first_param"] in told
    assert '  file { "/tmp/linted":' in told


def test_the_repair_is_what_puppet_lint_would_make(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "bad.pp"
    path.write_text(f"{BAD}\n")
    result = ask(session, f"%lint {path}")
    diff = next(block.text for block in result.blocks if isinstance(block, Diff))
    added = [line[1:] for line in diff.split("\n")[2:] if line.startswith("+")]
    assert path.read_text() == f"{BAD}\n", "it only shows"
    for _ in range(3):
        subprocess.run(["puppet-lint", "--fix", path], check=True, capture_output=True)
    assert set(added) <= set(path.read_text().split("\n"))
    assert "  ensure => 'file'," in added


def test_what_is_clean_says_so(session: Session) -> None:
    session.run_cell("%%noop\nfile { '/tmp/linted':\n  ensure => file,\n}")
    assert "nothing to improve" in text(session, "%lint")


def test_what_cannot_be_read_is_told_with_its_place(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "broken.pp"
    path.write_text("notify { 'x: }\n")
    told = text(session, f"%lint {path}")
    assert "syntax" in told
    assert "--fix" not in told


def test_a_folder_is_looked_through_from_where_cells_start(
    puppet: None, tmp_path: Path
) -> None:
    folder = tmp_path / "environments/production/modules/hello/manifests"
    folder.mkdir(parents=True)
    (folder / "init.pp").write_text("# Says hello.\nclass hello {\n}\n")
    (folder / "web.pp").write_text("class hello::other {\n}\n")
    argv = [*local_worker_argv(), "--codedir", str(tmp_path)]
    session = Session(Worker(ProcessChannel(argv)), cwd=str(folder))
    try:
        by_environment = text(session, "%lint modules/hello")
        by_folder = text(session, "%lint web.pp")
    finally:
        session.close()
    assert "autoloader_layout" in by_environment
    assert "1 of 2 files: nothing to improve" in by_environment
    assert "documentation" in by_folder


def test_a_cell_is_not_asked_for_a_modules_layout(session: Session) -> None:
    session.run_cell("%%noop\nclass hello {\n}\nnotify { 'x': }")
    assert "nothing to improve" in text(session, "%lint")


def test_without_a_cell_it_says_what_to_do(fresh_session: Session) -> None:
    assert "no cell with a manifest" in refusal(fresh_session, "%lint")
    assert "there is no /none.pp" in refusal(fresh_session, "%lint /none.pp")


def test_a_project_may_have_options_of_its_own(puppet: None, tmp_path: Path) -> None:
    (tmp_path / ".puppet-lint.rc").write_text("--no-double_quoted_strings-check\n")
    (tmp_path / "a.pp").write_text('notify { "x": }\n')
    session = Session(Worker(ProcessChannel(local_worker_argv())), cwd=str(tmp_path))
    try:
        told = text(session, "%lint a.pp")
    finally:
        session.close()
    assert "nothing to improve" in told


def test_every_check_of_puppet_lint_has_a_reason() -> None:
    listed = subprocess.run(
        ["puppet-lint", "--list-checks"], check=True, capture_output=True, text=True
    )
    missing = set(listed.stdout.split()) - set(REASONS)
    assert not missing


def test_without_puppet_lint_it_says_how_to_get_it(
    puppet: None, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.rb"
    missing.write_text(
        "module Missing\n  def require(name)\n"
        "    raise LoadError, name if name == 'puppet-lint'\n    super\n  end\nend\n"
        "Object.prepend(Missing)\n"
    )
    argv = local_worker_argv()
    argv[-1:] = ["-r", str(missing), argv[-1]]
    session = Session(Worker(ProcessChannel(argv)), cwd=str(tmp_path))
    try:
        session.run_cell("notify { 'x': }")
        told = refusal(session, "%lint")
    finally:
        session.close()
    assert "puppet-lint is not installed" in told
    assert "gem install puppet-lint" in told
