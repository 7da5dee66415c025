"""What Ruby compiled once is used again, and only for the file that it was made of."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from puppet_kernel.runtime import ruby_command
from puppet_kernel.worker import WORKER_RB, ProcessChannel, Worker

ASK = """
require ARGV[0]
WarmPuppet::CodeCache.use
require ARGV[1]
puts VALUE, RubyVM::InstructionSequence.singleton_class.ancestors.first
WarmPuppet::CodeCache.leave
load ARGV[1]
puts VALUE
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give the folder of a copy of the kernel's Ruby, with an empty cache beside it."""
    folder = tmp_path / "kernel" / "ruby"
    shutil.copytree(WORKER_RB.parent, folder)
    (folder.parent / "compiled").mkdir()
    return folder


def ruby(*arguments: str) -> list[str]:
    done = subprocess.run(
        [*ruby_command(), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def keep(copy: Path, source: Path) -> None:
    """Compile one file into the copy's cache."""
    program = "require ARGV[0]; WarmPuppet::CodeCache.fill; load ARGV[1]"
    ruby("-e", program, str(copy / "code_cache.rb"), str(source))


def value(copy: Path, source: Path) -> list[str]:
    lines = ruby("-W0", "-e", ASK, str(copy / "code_cache.rb"), str(source))
    return [lines[0], lines[2]]


def test_compiled_code_is_used_until_it_is_left(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "value.rb"
    source.write_text("VALUE = 1\n")
    before = source.stat()
    keep(copy, source)
    # Of the same size and time, so that nothing but the cache can tell the old value.
    source.write_text("VALUE = 2\n")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert value(copy, source) == ["1", "2"]


def test_a_changed_file_is_compiled_anew(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "value.rb"
    source.write_text("VALUE = 1\n")
    keep(copy, source)
    source.write_text("VALUE = 22\n")
    assert value(copy, source) == ["22", "22"]


def test_spoilt_code_is_compiled_anew(copy: Path, tmp_path: Path) -> None:
    source = tmp_path / "value.rb"
    source.write_text("VALUE = 1\n")
    keep(copy, source)
    (kept,) = (copy.parent / "compiled").iterdir()
    kept.write_bytes(b"not what Ruby wrote")
    assert value(copy, source) == ["1", "1"]


def test_a_worker_starts_with_what_was_compiled(copy: Path) -> None:
    (told,) = ruby(str(copy / "compile.rb"))
    assert int(told.split()[0]) > 500
    worker = Worker(ProcessChannel([*ruby_command(), str(copy / "worker.rb")]))
    try:
        events = worker.request("apply", code="notice('as ever')", timeout=60)
    finally:
        worker.close()
    assert any("as ever" in str(event) for event in events)
