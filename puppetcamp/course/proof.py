"""Prove the exercises of a course: everything that is wrong, in one go."""

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from puppetcamp.course import pages, release, released, stored, wrong_answers
from puppetcamp.course.faults import Fault
from puppetcamp.course.folder import Course, Exercise
from puppetcamp.course.graded import Proof, Reference, Untouched, Wrong
from puppetcamp.course.pages import Page
from puppetcamp.course.proved import Proved
from puppetcamp.grading.runner import Runner

Tell = Callable[[str, str, int, int], None]
"""Hear of progress: exercise, what was done, how many are done, of how many."""

PUPPET = "puppet"


def look(
    course: Course, only: Sequence[str] = (), *, tell: Tell = lambda *_: None
) -> list[Proved]:
    """Read the exercises and make their releases; nothing of them is run.

    Raises CourseError if the course has no exercise, or none of a name in `only`.
    """
    found = [_read(exercise) for exercise in course.exercises(only)]
    _tell_of_course(course, found)
    written = {proved.exercise.name: proved for proved in found if proved.pages}
    exercises = [proved.exercise for proved in written.values()]
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        made = release.generate(course, exercises, Path(folder))
        for number, one in enumerate(made, 1):
            proved = written[one.exercise.name]
            _released(proved, one)
            proved.seconds += time.monotonic() - began
            began = time.monotonic()
            tell(one.exercise.name, "the release", number, len(written))
    return found


def grade(
    found: Sequence[Proved],
    runner: Runner,
    *,
    at_once: int = 1,
    tell: Tell = lambda *_: None,
) -> list[Proved]:
    """Grade releases, references and wrong answers; return what is known then.

    `at_once` submissions run at a time. Raises SandboxUnavailable.
    """
    pool = ThreadPoolExecutor(at_once)
    try:
        works: dict[Future[tuple[list[Fault], float]], tuple[Proved, Proof]] = {
            pool.submit(proof.faults, runner): (proved, proof)
            for proved in found
            for proof in _proofs(proved)
        }
        results = {}
        for number, work in enumerate(as_completed(works), 1):
            proved, proof = works[work]
            results[work] = work.result()
            tell(proved.exercise.name, proof.label, number, len(works))
    finally:
        # After Ctrl-C what runs comes to its end, and its container goes with it.
        pool.shutdown(cancel_futures=True)
    # In the order of the proofs, however they ended: reports are the same every time.
    return [
        _with(proved, [results[work] for work in works if works[work][0] is proved])
        for proved in found
    ]


def _with(proved: Proved, results: Sequence[tuple[list[Fault], float]]) -> Proved:
    return replace(
        proved,
        faults=[*proved.faults, *(fault for found, _ in results for fault in found)],
        proofs=proved.proofs + len(results),
        seconds=proved.seconds + sum(seconds for _, seconds in results),
    )


def _read(exercise: Exercise) -> Proved:
    proved = Proved(exercise)
    if not exercise.notebooks:
        remedy = f"put {exercise.name}.ipynb into it, or remove the folder"
        proved.faults.append(
            Fault(exercise.name, exercise.folder, "", "it holds no notebook", remedy)
        )
    for path in exercise.notebooks:
        try:
            page = pages.read(path)
        except pages.Unreadable as error:
            remedy = "save it with JupyterLab"
            proved.faults.append(Fault(exercise.name, path, "", str(error), remedy))
            continue
        if page.kernel != PUPPET:
            proved.others.append(f"{path.name} ({page.kernel or 'no kernel'})")
            continue
        proved.pages.append(page)
        proved.faults += [
            Fault(exercise.name, path, *told) for told in stored.of_page(page)
        ]
    proved.wrong = [wrong_answers.read(path) for path in exercise.wrong]
    if proved.pages:
        proved.faults += stored.of_wrong_answers(exercise, proved.wrong, proved.pages)
    return proved


def _tell_of_course(course: Course, found: Sequence[Proved]) -> None:
    """Add the faults that are between exercises, to the ones that are proved."""
    by_name = {proved.exercise.name: proved for proved in found}
    every = [
        (exercise.name, page)
        for exercise in course.exercises()
        for page in _readable(exercise, by_name.get(exercise.name))
    ]
    for fault in (*stored.repeated(every), *course.strays()):
        at = by_name.get(fault.exercise)
        if at is not None:
            at.faults.append(fault)
        elif fault.exercise not in course.names and found:
            found[0].faults.append(fault)


def _readable(exercise: Exercise, proved: Proved | None) -> list[Page]:
    return proved.pages if proved else _read(exercise).pages


def _released(proved: Proved, made: release.Made) -> None:
    """Look for what a release gives away."""
    exercise = proved.exercise
    if made.refused:
        what = f"nbgrader makes no release of it: {made.refused}"
        proved.faults.append(
            Fault(exercise.name, exercise.folder, "", what, "mend what it names")
        )
        return
    known = released.secrets(proved.pages)
    by_path = {page.path: page for page in proved.pages}
    for path in sorted(path for path in made.folder.rglob("*") if path.is_file()):
        source = exercise.folder / path.relative_to(made.folder)
        page = by_path.get(source)
        if page is not None:
            public = proved.released[path.name] = pages.read(path)
            told = [*released.of_page(public, known), *released.hollow(public, page)]
        else:
            told = [*released.of_file(path.read_bytes(), known)]
        proved.faults += [Fault(exercise.name, source, *one) for one in told]


def _proofs(proved: Proved) -> list[Proof]:
    """List what of an exercise can be graded, whatever other faults it has."""
    name = proved.exercise.name
    found: list[Proof] = []
    for page in proved.pages:
        checks = [pages.name(cell) for cell in page.checks]
        cells = [pages.name(cell) for cell in page.answers]
        if not checks or not cells:
            continue
        made = proved.released.get(page.path.name)
        if made is not None:
            found.append(Untouched(name, page, made))
        found.append(Reference(name, page, made))
        found += [
            Wrong(name, page, wrong)
            for wrong in proved.wrong
            if cells and wrong.check in checks and not any(wrong.faults(checks, cells))
        ]
    return found
