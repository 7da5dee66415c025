"""The camp's command line: thin verbs; the only place that exits."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from puppetcamp import firewall
from puppetcamp.course.command import begin, prove, take
from puppetcamp.deployment import Deployment
from puppetcamp.engine import EngineFailure, connect
from puppetcamp.errors import CampError
from puppetcamp.opening import camp
from puppetcamp.opening.undo import INTERRUPTIONS
from puppetcamp.place import Place
from puppetcamp.rehearsal.rehearse import rehearse
from puppetcamp.settings import load

HANDOUT = Path("/srv/handout")
"""Where `setup/camp` mounts the folder for what the organizer takes away."""

HOST = Path("/host")
"""Where `setup/camp` mounts the machine's files, read-only."""

_ENGINE_REMEDY = (
    "What was begun has been taken back. Look at docker info and at the machine's log, "
    "mend the cause, and run the same command again."
)


def main(words: list[str] | None = None) -> int:
    """Run one verb; return the exit status."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.run(arguments) or 0)
    except CampError as error:
        sys.stderr.write(_failure(str(error)))
    except EngineFailure as error:
        sys.stderr.write(_failure(f"Docker Engine refused: {error}\n{_ENGINE_REMEDY}"))
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted; what was begun has been taken back.\n")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="puppetcamp", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    opener = verbs.add_parser("open", help="open the camp, or bring it up to date")
    opener.add_argument("camp_toml", type=Path)
    opener.set_defaults(run=_open)
    stopper = verbs.add_parser("stop", help="stop the camp, keep all data")
    stopper.set_defaults(run=_stop)
    cleaner = verbs.add_parser("clean", help="remove the camp and its data")
    cleaner.add_argument("--yes", action="store_true", help="do not ask")
    cleaner.set_defaults(run=_clean)
    verbs.add_parser("status", help="say what runs").set_defaults(run=_status)
    prover = verbs.add_parser("exercises", help="prove the exercises of a course")
    prover.add_argument("course", type=Path, help="the folder that holds source/")
    prover.add_argument("only", nargs="*", help="exercises, if not all of them")
    prover.set_defaults(run=_exercises)
    course = verbs.add_parser("course", help="run the lessons of a course")
    course.add_argument("lessons", type=Path, help="the folder of the lessons")
    course.add_argument("exercises", type=Path, help="the folder that holds source/")
    course.add_argument("only", nargs="*", help="lessons, if not all of them")
    course.add_argument("--new", help="write a lesson and exercise of this name")
    course.set_defaults(run=_course)
    rehearser = verbs.add_parser("rehearse", help="fill a camp of its own, and measure")
    rehearser.add_argument("camp_toml", type=Path)
    rehearser.add_argument("seats", type=int, nargs="?", help="if not [seats] count")
    rehearser.add_argument("--lessons", nargs="+", help="as 00 01, if not all of them")
    rehearser.set_defaults(run=_rehearse)
    guard = verbs.add_parser("guard", help="close the host's own ports to seats")
    guard.set_defaults(run=_guard)
    return parser


def _open(arguments: argparse.Namespace) -> None:
    deployment = _deployment()
    _stop_as_ctrl_c_does()
    camp_toml = HOST / arguments.camp_toml.relative_to("/")
    sys.stdout.write(camp.open_camp(connect(), deployment, camp_toml, HANDOUT, _say))


def _stop(_: argparse.Namespace) -> None:
    camp.stop_camp(connect(), _deployment(), _say)
    _say("The camp is stopped; all work is kept. Open it again: make camp")


def _clean(arguments: argparse.Namespace) -> int:
    deployment = _deployment()
    if not arguments.yes and not _sure(deployment):
        _say("Nothing was removed.")
        return 1
    camp.clean_camp(connect(), deployment, _say)
    _say("The camp and its data are gone.")
    return 0


def _status(_: argparse.Namespace) -> None:
    for line in camp.status(connect(), _deployment()).splitlines():
        _say(line)


def _exercises(arguments: argparse.Namespace) -> int:
    """Prove exercises; the status says whether all are sound."""
    sound = prove(arguments.course, arguments.only, connect, _deployment(), sys.stdout)
    return 0 if sound else 1


def _course(arguments: argparse.Namespace) -> int:
    """Run lessons, or write a new one; the status says whether all are sound."""
    lessons, exercises = arguments.lessons, arguments.exercises
    if arguments.new is not None:
        begin(arguments.new, lessons, exercises, sys.stdout)
        return 0
    only = arguments.only
    sound = take(lessons, exercises, only, connect, _deployment(), sys.stdout)
    return 0 if sound else 1


def _rehearse(arguments: argparse.Namespace) -> int:
    """Rehearse a class; the status says go or no go."""
    _stop_as_ctrl_c_does()
    camp_toml = HOST / arguments.camp_toml.relative_to("/")
    with tempfile.TemporaryDirectory() as folder:
        judgement = rehearse(
            connect(),
            _deployment(),
            camp_toml,
            arguments.seats,
            Path(folder),
            _say,
            arguments.lessons or (),
        )
    return 0 if judgement.go else 1


def _guard(_: argparse.Namespace) -> None:
    """Set the host's rules; where that fails, leave the reason for `make camp`."""
    place = Place.from_environment()
    first = load(place.settings_file).server.internal_port
    place.unguarded.unlink(missing_ok=True)
    try:
        firewall.close_host(place.deployment, place.gateway, (first + 1, first + 2))
    except CampError as error:
        place.unguarded.write_text(str(error))
        raise


def _sure(deployment: Deployment) -> bool:
    """Ask before everybody's work is removed; silence means no."""
    sys.stdout.write(
        "This removes everybody's notebooks, submissions and grades in the camp "
        f"{deployment.instance}.\nType its name to go on: "
    )
    sys.stdout.flush()
    return sys.stdin.readline().strip() == deployment.instance


def _stop_as_ctrl_c_does() -> None:
    """Let a lost connection or a shutdown take back what was begun, as Ctrl-C does."""
    for number in INTERRUPTIONS:
        signal.signal(number, signal.default_int_handler)


def _deployment() -> Deployment:
    try:
        return Deployment.from_environment()
    except ValueError as error:
        raise CampError(str(error)) from error


def _say(line: str) -> None:
    sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()


def _failure(message: str) -> str:
    """Put a cross before a failure, with paths as they are called on the machine."""
    message = message.replace(f"{HOST}{os.sep}", os.sep).replace("\n", "\n  ")
    return f"\n✗ {message}\n"
