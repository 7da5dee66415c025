"""nbgrader's autograde converter, with all submissions under way at once."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import Exporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import NbGraderException
from nbgrader.converters.autograde import Autograde as StockAutograde

from puppetcamp_lab.autograding.batch import Batch
from puppetcamp_lab.autograding.reading import (
    Unreadable,
    files_beside,
    in_place_of,
    language,
    read_notebook,
)
from puppetcamp_lab.autograding.reporter import Reporter
from puppetcamp_lab.autograding.restore import course_cells
from puppetcamp_lab.autograding.turns import Turns
from puppetcamp_lab.client import CampClient, ServiceError
from puppetcamp_lab.exchange.collect import SUBMISSION
from puppetcamp_lab.grading import (
    METADATA_KEY,
    ORDER_KEY,
    Order,
    SandboxExecute,
    submission,
)
from puppetcamp_lab.names import name_after_account

PUPPET = "puppet"
_ID = re.compile("[0-9a-f]{32}")
_ID_BYTES = 100

KEPT_IN_MEMORY = 2**20
"""Submitted notebooks up to this many bytes are read once, larger ones twice."""


@dataclass(frozen=True)
class Prepared:
    """Hold a sanitized notebook, and why it can't be graded if so."""

    nb: NotebookNode
    refused: str | None = None


class Autograde(StockAutograde):
    """Autograde as nbgrader does, in the camp's sandboxes and in parallel."""

    assignments: dict[str, list[str]]
    """Submissions' folders, with the notebooks in each."""

    _batch: Batch | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepared: dict[str, Prepared] = {}
        self._exporters: dict[bool, Exporter] = {}
        self._turns: Turns | None = None
        self._expected: list[str] = []

    def init_notebooks(self) -> None:
        """Find submissions; one without its notebooks is still one to grade."""
        with self._gradebook() as gradebook, contextlib.suppress(MissingEntry):
            exercise = gradebook.find_assignment(self.coursedir.assignment_id)
            self._expected = [f"{book.name}.ipynb" for book in exercise.notebooks]
        found: dict[str, list[str]] = {}
        try:
            super().init_notebooks()
            found = self.assignments
        except NbGraderException:
            if not self._without_notebooks(found):
                raise
        self.assignments = {**found, **self._without_notebooks(found)}

    def _without_notebooks(self, found: dict[str, list[str]]) -> dict[str, list[str]]:
        """Give folders that hold none of the exercise's notebooks, with their names."""
        if self.coursedir.notebook_id != "*" or not self._expected:
            return {}
        pattern = self._format_source(
            self.coursedir.assignment_id, self.coursedir.student_id
        )
        return {
            folder: [str(Path(folder) / name) for name in self._expected]
            for folder in glob(pattern)  # noqa: PTH207 the pattern is a whole path
            if not set(self._expected)
            & {Path(path).name for path in found.get(folder, ())}
        }

    def convert_notebooks(self) -> None:
        """Send everything that waits to the service, then go through it in order."""
        self._turns = Turns(Path(self.coursedir.root))
        reporter = None
        try:
            batch = self._batch = self._send()
            if batch.sent:
                reporter = Reporter(batch, self.log.info)
                reporter.start()
            super().convert_notebooks()
        except ServiceError as error:
            message = f"Nothing was graded: {error}"
            self.log.error(message)
            raise NbGraderException(message) from error
        except KeyboardInterrupt as error:
            self._take_back()
            message = (
                "Interrupted. What is graded stays; the same command goes on with "
                "the rest."
            )
            self.log.error(message)
            raise NbGraderException(message) from error
        finally:
            if reporter is not None:
                reporter.stop()
            self._turns.close()
            self._prepared.clear()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Tell whether to grade a submission; nobody else does at this moment."""
        if self._turns and not self._turns.take(f"{assignment_id}/{student_id}"):
            self.log.warning(
                "%s of %s is being autograded by somebody else; leaving it to them",
                assignment_id,
                student_id,
            )
            return False
        return bool(super().init_destination(assignment_id, student_id))

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Prepare as nbgrader does; an attendee without a name gets their own."""
        super().init_assignment(assignment_id, student_id)
        with self._gradebook() as gradebook:
            name_after_account(gradebook, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade one notebook: sanitized in memory, written once."""
        resources = self.init_single_notebook_resources(notebook_filename)
        prepared = self._prepared.pop(notebook_filename, None)
        if prepared is None:
            self.log.info("Sanitizing %s", notebook_filename)
            prepared = self._prepare(notebook_filename, resources)
        prepared, order = self._order(Path(notebook_filename), prepared, resources)
        self.log.info("Autograding %s", notebook_filename)
        graded, resources = Exporter.from_notebook_node(
            self._exporter(grading=True), prepared.nb, {**resources, ORDER_KEY: order}
        )
        output = nbformat.writes(graded)  # type: ignore[no-untyped-call]
        self.write_single_notebook(output, resources)
        if graded.metadata[METADATA_KEY].flags:
            self._raise_flag(**resources["nbgrader"])

    def _raise_flag(
        self, student: str, assignment: str, notebook: str, db_url: str
    ) -> None:
        """Set the flag that Formgrader shows in its lists."""
        with self._gradebook() as gradebook:
            found = gradebook.find_submission_notebook(notebook, assignment, student)
            found.flagged = True
            gradebook.db.commit()

    def _gradebook(self) -> Gradebook:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)

    def _send(self) -> Batch:
        """Queue what is to be graded; raises ServiceError if nothing can be."""
        # Read only now: other configuration files may have set it.
        url = SandboxExecute(parent=self).service_url
        batch = Batch(CampClient.from_environment(url), again=self.force)
        for path, resources in self._pending():
            try:
                prepared = self._prepare(path, resources)
                prepared, order = self._order(Path(path), prepared, resources)
            except Exception as error:
                # Its own turn will come, with nbgrader's whole log of it.
                self.log.debug("%s is not prepared: %s", path, error)
                continue
            if Path(path).is_file() and Path(path).stat().st_size <= KEPT_IN_MEMORY:
                self._prepared[path] = prepared
            if not order.refused:
                names = resources["nbgrader"]
                batch.add(
                    submission(
                        prepared.nb, names["assignment"], names["student"], order
                    )
                )
        batch.send()
        return batch

    def _pending(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give the notebooks that nbgrader is about to convert."""
        for folder in sorted(self.assignments):
            for path in sorted(self.assignments[folder]):
                if self._expected and Path(path).name not in self._expected:
                    continue
                resources = self.init_single_notebook_resources(path)
                names = resources["nbgrader"]
                if self._is_pending(names["assignment"], names["student"], path):
                    yield path, resources

    def _is_pending(self, exercise: str, attendee: str, path: str) -> bool:
        """Tell what nbgrader's init_destination will say, without doing anything."""
        if attendee in self.coursedir.student_id_exclude.split(","):
            return False
        target = Path(self._format_dest(exercise, attendee))
        whole = self.coursedir.notebook_id == "*"
        if self.force or not (target if whole else target / Path(path).name).exists():
            return True
        submitted = self.coursedir.get_existing_timestamp(str(Path(path).parent))
        graded = self.coursedir.get_existing_timestamp(str(target))
        return bool(submitted and graded and submitted > graded)

    def _prepare(self, path: str, resources: dict[str, Any]) -> Prepared:
        """Read and sanitize a notebook; what can't be read is replaced."""
        try:
            nb = read_notebook(Path(path))
        except Unreadable as error:
            return self._replaced(resources, str(error))
        exporter = self._exporter(grading=False)
        nb, _ = Exporter.from_notebook_node(exporter, nb, resources)
        return Prepared(nb)

    def _replaced(self, resources: dict[str, Any], reason: str) -> Prepared:
        """Stand the course's own cells in for a submission that can't be graded."""
        names = resources["nbgrader"]
        with self._gradebook() as gradebook:
            book = gradebook.find_notebook(names["notebook"], names["assignment"])
            course = course_cells(gradebook, names["notebook"], names["assignment"])
            return Prepared(
                in_place_of(course.values(), book.kernelspec, reason), reason
            )

    def _order(
        self, path: Path, prepared: Prepared, resources: dict[str, Any]
    ) -> tuple[Prepared, Order]:
        """Say how to grade; files that are too much are a reason not to."""
        files = {}
        if not prepared.refused and language(prepared.nb) != PUPPET:
            exercise = resources["nbgrader"]["assignment"]
            source = self.coursedir.format_path(
                self.coursedir.source_directory, ".", exercise
            )
            try:
                files = files_beside(path.parent, Path(source), self.coursedir.ignore)
            except Unreadable as error:
                prepared = self._replaced(resources, str(error))
        order = Order(
            batch=self._batch.id if self._batch else None,
            again=self.force,
            submission=submission_id(path.parent),
            files=files,
            refused=prepared.refused,
        )
        return prepared, order

    def _exporter(self, *, grading: bool) -> Exporter:
        """Make what runs nbgrader's steps, once for all notebooks."""
        if grading not in self._exporters:
            steps = (
                self.autograde_preprocessors if grading else self.sanitize_preprocessors
            )
            exporter = self.exporter_class(parent=self, config=self.config)
            for step in steps:
                exporter.register_preprocessor(step)
            self._exporters[grading] = exporter
        return self._exporters[grading]

    def _take_back(self) -> None:
        if self._batch is not None:
            with contextlib.suppress(ServiceError):
                self._batch.cancel()


def submission_id(folder: Path) -> str | None:
    """Read which submission a folder holds, as collecting has noted it."""
    note = folder / SUBMISSION
    if not note.is_file() or note.stat().st_size > _ID_BYTES:
        return None
    found = _ID.fullmatch(note.read_text(encoding="utf-8", errors="replace").strip())
    return found[0] if found else None
