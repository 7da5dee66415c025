"""A graded notebook as the data of a page. Pure.

`text`, `code` and `comment` are HTML that `markup` has made harmless and that says so
by its type; everything else is text that the page escapes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from puppetcamp_lab.feedback import markup
from puppetcamp_lab.feedback.hidden import Redactor, visible
from puppetcamp_lab.feedback.pieces import Piece, pieces
from puppetcamp_lab.feedback.plain import line
from puppetcamp_lab.feedback.verdict import Finding, Told, tell

REMARK = "# … here the check looks closer"
MAX_CELLS = 500


@dataclass(frozen=True)
class Points:
    """Hold points as they are shown: at most two digits behind the dot."""

    score: float
    of: float

    def __str__(self) -> str:
        return f"{number(self.score)} of {number(self.of)}"

    @property
    def words(self) -> str:
        """Say them in full: 2 of 5 points, 0 of 1 point."""
        return f"{self} {'point' if self.of == 1 else 'points'}"


@dataclass(frozen=True)
class Section:
    """Hold one cell of the page.

    `name` is a graded cell's, else empty; `kind` is check, answer or text.
    """

    kind: str
    name: str = ""
    points: Points | None = None
    result: str = ""
    tone: str = ""
    text: str = ""
    code: str = ""
    findings: tuple[Finding, ...] = ()
    note: str = ""
    pieces: tuple[Piece, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Page:
    """Hold a page of feedback on one notebook."""

    notebook: str
    exercise: str
    points: Points
    penalty: float
    submitted_at: datetime | None
    sections: tuple[Section, ...]

    @property
    def graded(self) -> tuple[Section, ...]:
        """Give what earns points, in its order."""
        return tuple(part for part in self.sections if part.points is not None)

    @property
    def commented(self) -> tuple[Section, ...]:
        """Give what the instructor has written about."""
        return tuple(part for part in self.sections if part.comment)


def page_of(
    notebook: Mapping[str, Any],
    names: Mapping[str, Any],
    submitted_at: datetime | None = None,
) -> Page:
    """Make a page; `names` is what nbgrader's GetGrades has put into resources."""
    return Page(
        notebook=line(names["notebook"], 200),
        exercise=line(names["assignment"], 200),
        points=Points(_float(names.get("score")), _float(names.get("max_score"))),
        penalty=_float(names.get("late_penalty")),
        submitted_at=submitted_at,
        sections=tuple(_Writer(notebook).sections()),
    )


def number(points: float) -> str:
    """Write points without useless digits: 2, 0.5, 3.33."""
    return f"{round(points, 2):g}"


class _Writer:
    """Turn the cells of one notebook into sections."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        self._cells = notebook["cells"][:MAX_CELLS]
        self._language = _language(notebook)
        hidden = (visible(c["source"]).hidden for c in self._cells if _is_check(c))
        self._redact = Redactor(chain.from_iterable(hidden))

    def sections(self) -> Iterator[Section]:
        for cell in self._cells:
            mark = _mark(cell)
            if _is_check(cell):
                yield self._check(cell, mark)
            elif mark.get("grade") or mark.get("solution") or mark.get("task"):
                yield self._answer(cell, mark)
            else:
                yield self._other(cell)

    def _check(self, cell: Mapping[str, Any], mark: Mapping[str, Any]) -> Section:
        seen = visible(cell["source"])
        outputs = cell.get("outputs", [])
        points = _points(mark)
        told = tell(outputs, seen)
        result, tone = _result(told, points)
        return Section(
            kind="check",
            name=line(mark.get("grade_id"), 200),
            points=points,
            result=result,
            tone=tone,
            code=markup.code(seen.text(REMARK), self._language),
            findings=told.findings,
            note=self._redact(told.note),
            pieces=pieces(outputs, self._redact) if told.show_outputs else (),
            comment=_comment(mark),
        )

    def _answer(self, cell: Mapping[str, Any], mark: Mapping[str, Any]) -> Section:
        points = _points(mark) if mark.get("grade") or mark.get("task") else None
        code = _is_code(cell)
        return Section(
            kind="answer",
            name=line(mark.get("grade_id"), 200),
            points=points,
            result="read by your instructor" if points else "",
            text="" if code else markup.markdown(cell["source"]),
            code=markup.code(cell["source"], self._language) if code else "",
            pieces=pieces(cell.get("outputs", []), self._redact),
            comment=_comment(mark),
        )

    def _other(self, cell: Mapping[str, Any]) -> Section:
        # A cell without points may hide something as well.
        seen = visible(cell["source"])
        if not _is_code(cell):
            return Section("text", text=markup.markdown(seen.text("…")))
        return Section(
            kind="text",
            code=markup.code(seen.text(REMARK), self._language),
            pieces=pieces(cell.get("outputs", []), self._redact) if seen.whole else (),
        )


def _result(told: Told, points: Points | None) -> tuple[str, str]:
    """Say in words how a check went, and in which colour."""
    full = points is not None and points.score >= points.of
    if told.passed is None:
        told = Told(full)
    if told.passed:
        return "passed", "good"
    if points is not None and points.score > 0:
        return "points given by your instructor", "good" if full else "part"
    return "not passed", "bad"


def _is_code(cell: Mapping[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _is_check(cell: Mapping[str, Any]) -> bool:
    mark = _mark(cell)
    return _is_code(cell) and bool(mark.get("grade")) and not mark.get("solution")


def _mark(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    mark: Mapping[str, Any] = cell.get("metadata", {}).get("nbgrader", {})
    return mark


def _comment(mark: Mapping[str, Any]) -> str:
    comment = mark.get("comment")
    return markup.markdown(comment) if isinstance(comment, str) else ""


def _points(mark: Mapping[str, Any]) -> Points:
    return Points(_float(mark.get("score")), _float(mark.get("points")))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _language(notebook: Mapping[str, Any]) -> str:
    kernel = notebook.get("metadata", {}).get("kernelspec", {})
    name = kernel.get("name") if isinstance(kernel, Mapping) else ""
    return "python" if str(name).startswith("python") else str(name)
