"""Which Ruby a worker runs on."""

from pathlib import Path

import pytest

from puppet_kernel import runtime
from puppet_kernel.errors import WorkerDied


def command(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/first:{tmp_path}/second")
    monkeypatch.setattr(runtime, "ALL_IN_ONE", tmp_path / "all/in/one/bin/ruby")


def test_it_is_the_ruby_that_puppet_names(tmp_path: Path) -> None:
    command(tmp_path / "first", "ruby")
    own = command(tmp_path / "debian", "ruby3.1")
    command(tmp_path / "second", "puppet", f"#!{own} -w\n")
    assert runtime.ruby_command() == [str(own)]


def test_it_is_the_first_ruby_if_puppet_asks_for_that(tmp_path: Path) -> None:
    ruby = command(tmp_path / "first", "ruby")
    command(tmp_path / "second", "puppet", "#!/usr/bin/env ruby\n")
    assert runtime.ruby_command() == [str(ruby)]


def test_it_is_the_ruby_beside_a_script(tmp_path: Path) -> None:
    command(tmp_path / "first", "ruby")
    own = command(tmp_path / "vendor", "ruby")
    wrapper = command(tmp_path / "vendor", "wrapper.sh")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "puppet").symlink_to(wrapper)
    assert runtime.ruby_command() == [str(own)]


def test_without_a_command_it_is_the_all_in_one_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GEM_HOME", "RUBYOPT"):
        monkeypatch.delenv(name, raising=False)
    command(tmp_path / "first", "ruby")
    own = command(runtime.ALL_IN_ONE.parent, "ruby")
    assert runtime.ruby_command() == [str(own)]
    monkeypatch.setenv("RUBYLIB", "/another/ruby")
    assert runtime.ruby_command() == ["env", "--unset=RUBYLIB", str(own)]


def test_both_places_are_named_when_there_is_no_puppet(tmp_path: Path) -> None:
    command(tmp_path / "first", "ruby")
    with pytest.raises(WorkerDied, match="Puppet was not found") as told:
        runtime.ruby_command()
    assert str(runtime.ALL_IN_ONE) in str(told.value)
    assert "PATH" in str(told.value)
