"""Put the course's own cells back in place of what an attendee made of them.

nbgrader restores the text, the points and the lock of the cells that it recognises. A
notebook of an attendee may also deny that a cell is a check, hold it twice, lack it, or
claim that a cell of theirs is one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from puppetcamp_lab.grading import METADATA_KEY, visible

SCHEMA_VERSION = 3
"""The version of nbgrader's cell metadata that is written here."""


@dataclass(frozen=True)
class CourseCell:
    """Hold one cell of the gradebook; `points` is None unless it is graded."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    solution: bool
    task: bool
    points: float | None

    @property
    def is_check(self) -> bool:
        """Tell whether the cell's outputs earn the points."""
        return self.points is not None and not self.solution and not self.task

    @property
    def metadata(self) -> dict[str, Any]:
        """Return nbgrader's metadata of the cell."""
        metadata: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "grade_id": self.name,
            "grade": self.points is not None and not self.task,
            "solution": self.solution,
            "locked": self.locked,
            "task": self.task,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
        }
        if self.points is not None:
            metadata["points"] = self.points
        return metadata

    def cell(self) -> NotebookNode:
        """Make the cell as it stands in the course."""
        make: Any = new_code_cell if self.cell_type == "code" else new_markdown_cell
        cell: NotebookNode = make(
            source=self.source, metadata={"nbgrader": self.metadata}
        )
        return cell


def course_cells(
    gradebook: Gradebook, notebook: str, exercise: str
) -> dict[str, CourseCell]:
    """Read a notebook's cells in their order; raises nbgrader's MissingEntry."""
    found = gradebook.find_notebook(notebook, exercise)
    points = {cell.name: float(cell.max_score) for cell in found.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in found.task_cells}
    solutions = {cell.name for cell in found.solution_cells}
    return {
        cell.name: CourseCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum or "",
            locked=bool(cell.locked),
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points={**points, **tasks}.get(cell.name),
        )
        for cell in found.source_cells
    }


class RestoreCells(NbGraderPreprocessor):
    """Restore the roles and places of the course's cells; flag what was changed.

    Stands before nbgrader's DeduplicateIds and OverwriteCells. The flags are sentences
    in the notebook's metadata, where an attendee's own ones are removed.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Restore one notebook; `resources["nbgrader"]` names it and the gradebook."""
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            course = course_cells(gradebook, names["notebook"], names["assignment"])
            book = gradebook.find_notebook(names["notebook"], names["assignment"])
            kernel = json.loads(book.kernelspec or "{}").get("name")
        hidden = ClearHiddenTests(parent=self.parent)
        flags = [visible(flag) for flag in restore(nb, course, hidden)]
        claimed = nb.metadata.get("kernelspec", {}).get("name")
        if kernel and claimed != kernel:
            flags.append(
                f"the notebook's kernel was changed to {visible(claimed)!r}; it was "
                f"graded with the course's, {kernel!r}"
            )
        for flag in flags:
            self.log.warning("%s of %s: %s", names["notebook"], names["student"], flag)
        nb.metadata[METADATA_KEY] = from_dict(  # type: ignore[no-untyped-call]
            {"flags": flags, "seconds": 0.0}
        )
        return nb, resources


def restore(
    nb: NotebookNode, course: Mapping[str, CourseCell], hidden: ClearHiddenTests
) -> list[str]:
    """Restore a notebook in place; return flags, one sentence per change."""
    flags = _roles(nb, course)
    flags += _texts(nb, course, hidden)
    flags += _places(nb, course)
    return flags


def _roles(nb: NotebookNode, course: Mapping[str, CourseCell]) -> list[str]:
    """Give every cell the role that the course has for it, and none to strangers."""
    flags, seen = [], set()
    for cell in reversed(nb.cells):
        claimed = cell.metadata.pop("nbgrader", None)
        if not isinstance(claimed, Mapping) or not claimed.get("grade_id"):
            continue
        name = str(claimed["grade_id"])
        ours = course.get(name)
        if ours is None or name in seen:
            if claimed.get("grade") or claimed.get("points"):
                why = "is there twice" if ours else "is not one of the course's cells"
                flags.append(f"cell {name[:80]} claims points, but {why}")
            continue
        seen.add(name)
        roles = ("grade", "solution", "task", "points")
        if any(claimed.get(role, 0) != ours.metadata.get(role, 0) for role in roles):
            flags.append(f"cell {name}: its role or its points were changed")
        if cell.cell_type != ours.cell_type:
            flags.append(
                f"cell {name}: {cell.cell_type} stood in place of code or text"
            )
            _become(cell, ours)
        cell.metadata["nbgrader"] = ours.cell().metadata.nbgrader
    return flags


def _become(cell: NotebookNode, ours: CourseCell) -> None:
    cell.cell_type = ours.cell_type
    for key in ("outputs", "execution_count", "attachments"):
        cell.pop(key, None)
    if ours.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def _texts(
    nb: NotebookNode, course: Mapping[str, CourseCell], hidden: ClearHiddenTests
) -> list[str]:
    """Find checks whose text is neither the course's nor what was released of it."""
    flags = []
    for cell, ours in _known(nb, course):
        if not ours.is_check or not ours.locked:
            continue
        released = ours.cell()
        hidden._remove_hidden_test_region(released)
        if _plain(cell.source) not in (_plain(ours.source), _plain(released.source)):
            flags.append(
                f"check {ours.name}: its text was changed, or is that of an older "
                "release; the course's own check was run"
            )
    return flags


def _plain(source: str) -> list[str]:
    return [line.strip() for line in source.splitlines() if line.strip()]


def _places(nb: NotebookNode, course: Mapping[str, CourseCell]) -> list[str]:
    """Put back graded cells that are missing, and checks that were moved."""
    order = {name: place for place, name in enumerate(course)}
    flags = []
    here = [ours.name for _, ours in _known(nb, course)]
    if here != sorted(here, key=lambda name: order[name]):
        flags.append("cells were moved; each check was run in its own place")
        moved = {ours.name for _, ours in _known(nb, course) if ours.is_check}
        kept = {name: _take(nb, name) for name in order if name in moved}
    else:
        kept = {}
    for name, ours in course.items():
        if name in kept:
            _insert(nb, kept[name], order)
        elif ours.points is not None and name not in here:
            flags.append(f"graded cell {name} was missing")
            _insert(nb, ours.cell(), order)
    return flags


def _known(
    nb: NotebookNode, course: Mapping[str, CourseCell]
) -> Iterable[tuple[NotebookNode, CourseCell]]:
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            yield cell, course[cell.metadata.nbgrader.grade_id]


def _take(nb: NotebookNode, name: str) -> NotebookNode:
    for number, cell in enumerate(nb.cells):
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            taken: NotebookNode = nb.cells.pop(number)
            return taken
    raise KeyError(name)


def _insert(nb: NotebookNode, cell: NotebookNode, order: Mapping[str, int]) -> None:
    """Insert a cell behind everything that stands before it in the course."""
    mine = order[cell.metadata.nbgrader.grade_id]
    before = [
        number
        for number, other in enumerate(nb.cells, 1)
        if "nbgrader" in other.metadata
        and order[other.metadata.nbgrader.grade_id] < mine
    ]
    nb.cells.insert(max(before, default=0), cell)
