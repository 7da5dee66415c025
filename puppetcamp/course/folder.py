"""Find the exercises of a course in nbgrader's layout, and their wrong answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from puppetcamp.course.faults import Fault
from puppetcamp.errors import CourseError


@dataclass(frozen=True)
class Exercise:
    """Hold where an exercise lies: its notebooks, and the wrong answers to it."""

    name: str
    folder: Path
    notebooks: tuple[Path, ...]
    wrong: tuple[Path, ...]


@dataclass(frozen=True)
class Course:
    """Find what lies below a course's folder.

    `source/NAME/*.ipynb` is an exercise and `wrong/NAME/*.pp` are wrong answers to it.
    Raises CourseError if there is no exercise at all.
    """

    root: Path

    def __post_init__(self) -> None:
        if not self.names:
            message = (
                f"No exercise lies in {self.root / 'source'}. A course is a folder "
                "that holds source/NAME/NAME.ipynb for every exercise; name it: "
                "make exercises COURSE=path/to/course"
            )
            raise CourseError(message)

    @property
    def names(self) -> list[str]:
        """List the names of all exercises."""
        source = self.root / "source"
        return [path.name for path in _folders(source)]

    def exercises(self, only: Sequence[str] = ()) -> list[Exercise]:
        """List the exercises, or those named; raises CourseError for an unknown one."""
        for name in only:
            if name not in self.names:
                near = get_close_matches(name, self.names, n=1) or self.names
                message = (
                    f"The course {self.root} has no exercise {name!r}. "
                    f"It has: {', '.join(near)}"
                )
                raise CourseError(message)
        return [self._exercise(name) for name in only or self.names]

    def strays(self) -> Iterator[Fault]:
        """Find what belongs to no exercise: it would be neither released nor proved."""
        for path in _folders(self.root / "wrong"):
            if path.name not in self.names:
                near = get_close_matches(path.name, self.names, n=1) or self.names
                yield Fault(
                    path.name,
                    path,
                    "",
                    "these wrong answers belong to no exercise",
                    f"name the folder after one: {', '.join(near)}",
                )
        for path in sorted((self.root / "source").glob("*.ipynb")):
            yield Fault(
                path.stem,
                path,
                "",
                "the notebook lies in no exercise's folder, so nobody gets it",
                f"move it to {path.with_suffix('') / path.name}",
            )

    def _exercise(self, name: str) -> Exercise:
        folder = self.root / "source" / name
        wrong = self.root / "wrong" / name
        return Exercise(
            name,
            folder,
            tuple(sorted(folder.glob("*.ipynb"))),
            tuple(path for path in _entries(wrong) if path.is_file()),
        )


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _folders(folder: Path) -> list[Path]:
    return [path for path in _entries(folder) if path.is_dir()]
