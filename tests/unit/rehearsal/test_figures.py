"""What follows from a rehearsal's figures, and how it is told."""

from dataclasses import replace

import pytest

from puppetcamp.course.lessons import folded_answers
from puppetcamp.rehearsal.drawing import report
from puppetcamp.rehearsal.figures import (
    GIB,
    MIB,
    LessonRun,
    Machine,
    SeatFigures,
    cpu_per_cell,
    judge,
    percentile,
)

MACHINE = Machine(cores=2, memory=24 * GIB, memory_free=20 * GIB, disk_free=50 * GIB)
LESSON = LessonRun("00_your_node.ipynb", (0.5, 0.7), 2)
SEAT = SeatFigures(
    "r001",
    usable=12.0,
    idle=80 * MIB,
    peak=200 * MIB,
    cpu_start=0.9,
    cpu_lessons=0.8,
    lessons=(LESSON,),
)


def seats(count: int, **changes: object) -> list[SeatFigures]:
    return [
        replace(SEAT, name=f"r{number:03}", usable=float(number), **changes)
        for number in range(1, count + 1)
    ]


def test_a_machine_that_carries_the_class_goes() -> None:
    judgement = judge(MACHINE, seats(25))
    assert judgement.go
    # 20 GiB free, a tenth of 24 stays spare, 200 MiB each; 0.8 of 2 processors, a cell
    # of 0.4 seconds every 20.
    assert (judgement.by_memory, judgement.by_processors) == (90, 80)
    said = list(report(MACHINE, seats(25), judgement))
    assert said[-1] == "GO"
    assert any("carries 80 seats" in line for line in said)
    assert any("25 of 25" in line for line in said)


def test_the_drawing_grows_to_the_last_one() -> None:
    drawn = report(MACHINE, seats(8), judge(MACHINE, seats(8)))
    bars = [line.count("█") for line in drawn if "█" in line]
    assert bars == [5, 10, 15, 20, 25, 30, 35, 40]


@pytest.mark.parametrize(
    ("figures", "machine", "reason"),
    [
        (
            [*seats(2), SeatFigures("r003", None, "status 500")],
            MACHINE,
            "1 of 3 did not get in: status 500.",
        ),
        ([SeatFigures("r001", None, "no")], MACHINE, "1 of 1 did not get in"),
        (seats(200), MACHINE, "The last one waited 200 s."),
        (seats(100), MACHINE, "The memory carries 90 seats"),
        (seats(90), MACHINE, "The processors carry 80 seats"),
        (seats(3), replace(MACHINE, disk_free=GIB), "1.0 GiB are free on the disk"),
        (
            seats(3, lessons=(replace(LESSON, failed=("cell a",)),)),
            MACHINE,
            "did not succeed in 3 of 3 seats: 00_your_node.ipynb, cell a.",
        ),
        (seats(3, trouble="the kernel went away"), MACHINE, "the kernel went away"),
    ],
)
def test_every_reason_against_is_told(
    figures: list[SeatFigures], machine: Machine, reason: str
) -> None:
    judgement = judge(machine, figures)
    assert not judgement.go
    said = list(report(machine, figures, judgement))
    assert "NO GO" in said
    assert any(reason in line for line in said[said.index("NO GO") :])


def test_figures_of_nothing_are_nothing() -> None:
    assert percentile([], 0.95) == 0
    assert cpu_per_cell([]) == 0


def test_answers_are_found_where_a_lesson_folds_them_away() -> None:
    answer = {
        "cell_type": "markdown",
        "metadata": {"puppetcamp": {"answers": "yours"}},
        "source": ["Look:\n", "```puppet\n", "notice('a')\n", "```\n"],
    }
    plain = {"cell_type": "markdown", "metadata": {}, "source": "```puppet\nb\n```\n"}
    assert folded_answers([answer, plain]) == {"yours": "notice('a')\n"}
