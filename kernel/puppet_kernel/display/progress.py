"""Follow a running cell by its events, and say where it is. Pure: `now` is given."""

from dataclasses import dataclass

from puppet_kernel.display import theme, words
from puppet_kernel.worker import Event

# Most cells are over before anybody could read how far they have come.
SHOW_AFTER = 0.6
# Seconds between two pictures: more often is work for the browser and news to nobody.
EVERY = 0.25


@dataclass
class Progress:
    """Hold how far a cell has come; times are in seconds of one clock.

    `doing` is what happens before the first resource. `stops` counts the interrupts.
    """

    started: float
    doing: str = "compiling"
    stops: int = 0
    _resource: str = ""
    _index: int = 0
    _total: int = 0
    _shown: float | None = None

    def hear(self, event: Event, now: float) -> bool:
        """Take an event in; return whether there is something new to show."""
        if event.get("ev") == "progress":
            self._resource = str(event.get("source", ""))
            self._index = _count(event.get("index"))
            self._total = _count(event.get("total"))
        since = (
            self.started + SHOW_AFTER - EVERY if self._shown is None else self._shown
        )
        if now - since < EVERY:
            return False
        self._shown = now
        return True

    @property
    def shown(self) -> bool:
        """Tell whether there has been something to show."""
        return self._shown is not None

    def to_text(self, now: float) -> str:
        """Return one line: what is being done, how much is left, for how long."""
        elapsed = words.seconds(now - self.started)
        if self.stops > 1:
            return f"killing what the cell started … {elapsed}"
        if self.stops:
            after = f" after {self._resource}" if self._resource else ""
            return f"stopping{after} … {elapsed} (interrupt again to kill it)"
        if not self._total:
            return f"{self.doing} … {elapsed}"
        left = max(0, self._total - self._index)
        remaining = "the last one" if not left else f"{left} left"
        where = f"{self._index} of {self._total}, {remaining}"
        return f"{self._resource} ({where}) … {elapsed}"

    def to_html(self, now: float) -> str:
        """Return the same with a bar, as one HTML element."""
        done = f' value="{self._index}" max="{self._total}"' if self._total else ""
        told = theme.escape(words.cut(self.to_text(now), words.MAX_TITLE))
        # No live region: four times a second is no news for a screen reader.
        return (
            f'<div class="puppet-progress">'
            f'<progress{done} aria-label="progress" style="vertical-align: middle">'
            f'</progress> <span style="{theme.CODE}">{told}</span></div>'
        )


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1_000_000 else 0
