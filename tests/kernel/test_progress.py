"""How far a cell has come, told from its events."""

import pytest

from puppet_kernel.display.progress import EVERY, SHOW_AFTER, Progress
from puppet_kernel.worker import Event

TICK: Event = {"ev": "tick"}


def at(source: str, index: object = 2, total: object = 7) -> Event:
    return {"ev": "progress", "source": source, "index": index, "total": total}


def test_a_short_cell_has_nothing_to_show() -> None:
    progress = Progress(100.0)
    assert not progress.hear(at("File[/x]"), 100.0 + SHOW_AFTER / 2)
    assert not progress.shown


def test_pictures_keep_a_distance() -> None:
    progress = Progress(0.0)
    assert progress.hear(TICK, SHOW_AFTER)
    assert not progress.hear(TICK, SHOW_AFTER + EVERY / 2)
    assert progress.hear(TICK, SHOW_AFTER + EVERY)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (TICK, "compiling … 2.0 s"),
        (
            at("File[/etc/motd]"),
            "File[/etc/motd] (2 of 7, 5 left) … 2.0 s",
        ),
        (
            at("Exec[x]", 7),
            "Exec[x] (7 of 7, the last one) … 2.0 s",
        ),
        (at("odd", -1, "many"), "compiling … 2.0 s"),
    ],
)
def test_a_line_says_what_is_done(event: Event, told: str) -> None:
    progress = Progress(0.0)
    progress.hear(event, 2.0)
    assert progress.to_text(2.0) == told


def test_interrupts_are_told() -> None:
    progress = Progress(0.0)
    progress.hear(at("Exec[x]"), 1.0)
    progress.stops = 1
    assert progress.to_text(1.0) == (
        "stopping after Exec[x] … 1.0 s (interrupt again to kill it)"
    )
    progress.stops = 2
    assert progress.to_text(1.0) == "killing what the cell started … 1.0 s"


def test_html_is_escaped_and_has_a_bar() -> None:
    progress = Progress(0.0)
    progress.hear(at("File[<b>]"), 1.0)
    html = progress.to_html(1.0)
    assert "File[&lt;b&gt;]" in html
    assert '<progress value="2" max="7"' in html
