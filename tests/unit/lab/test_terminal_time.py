"""How much time is left, in a terminal: the files that the attendee's image gets."""

import os
import subprocess
from pathlib import Path

import pytest

from puppetcamp_lab.server.clock import timefile
from puppetcamp_lab.server.clock.standing import Answer

NODE = Path(__file__).parents[3] / "images" / "attendee" / "node"
SHOW = 'camp_remaining; echo "$camp_state|$camp_left"'


def bash(folder: Path, script: str, *files: str) -> str:
    """Run a script in a bash that has read files of the image."""
    read = [f". {NODE / file}" for file in files]
    done = subprocess.run(
        ["bash", "-uc", "\n".join([*read, script])],
        env={"PATH": os.environ["PATH"], "PUPPETCAMP_RUN": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr, done.stderr
    return done.stdout.strip()


def shown(folder: Path) -> str:
    return bash(folder, SHOW, "usr/share/puppetcamp/remaining.sh")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        # Rounded up, as in a browser; half a second is lost to the start of bash.
        (7509.9, {"running|2:05:09", "running|2:05:10"}),
        (599.9, {"running|0:09:59", "running|0:10:00"}),
        (-5.0, {"running|0:00:00"}),
    ],
)
def test_a_shell_counts_down_as_browsers_do(
    tmp_path: Path, seconds: float, expected: set[str]
) -> None:
    now = timefile.uptime()
    timefile.write(tmp_path, Answer({"remaining_seconds": max(0.0, seconds)}, now))
    if seconds < 0:
        (tmp_path / "time").write_text(f"running {now + seconds:.2f}\n")
    assert shown(tmp_path) in expected


def test_a_pause_is_rounded_up_too(tmp_path: Path) -> None:
    answer = Answer({"remaining_seconds": 59.01, "paused": True}, timefile.uptime())
    timefile.write(tmp_path, answer)
    assert shown(tmp_path) == "paused|0:01:00"


@pytest.mark.parametrize("text", ["", "unknown", "running", "running 1;id", "x\ny"])
def test_what_is_no_time_shows_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "time").write_text(text)
    assert shown(tmp_path).endswith("|")


def prompt(folder: Path) -> str:
    """Show the prompt of a shell whose own files have set one after ours."""
    # The image's path of what the profile reads is the checkout's here.
    path = NODE / "usr/share/puppetcamp/remaining.sh"
    profile = (NODE / "etc/profile.d/puppetcamp.sh").read_text()
    script = (
        "PS1='$ '\n"
        + profile.replace("/usr/share/puppetcamp/remaining.sh", str(path))
        + "\nPS1='later>'\n"
        + 'eval "$PROMPT_COMMAND"; eval "$PROMPT_COMMAND"\necho "${PS1@P}"'
    )
    return bash(folder, script)


def test_without_a_file_the_prompt_is_as_ever(tmp_path: Path) -> None:
    assert shown(tmp_path) == "|"
    assert prompt(tmp_path) == "later>"


def test_the_prompt_shows_the_time_once(tmp_path: Path) -> None:
    timefile.write(tmp_path, Answer({"remaining_seconds": 90, "paused": True}, 0.0))
    assert prompt(tmp_path) == "[0:01:30 paused] later>"
