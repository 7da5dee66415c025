"""What the line asks the camp's clock: whose time runs, and until when."""

from datetime import timedelta

from puppetcamp.sessions.policy import Phase
from puppetcamp.sessions.timekeeper import Timekeeper


class CampTimes:
    """Tell about people's time; raises SessionError if the ledger cannot be read."""

    def __init__(self, timekeeper: Timekeeper) -> None:
        self._timekeeper = timekeeper

    def running(self, name: str) -> bool:
        """Tell whether somebody's time has begun and is not over."""
        return self._timekeeper.standing(name).phase is Phase.RUNNING

    def ends(self) -> dict[str, float]:
        """Give the seconds until the deadline of everybody whose time runs."""
        return {
            name: (standing.remaining or timedelta(0)).total_seconds()
            for name, standing in self._timekeeper.standings().items()
            if standing.phase is Phase.RUNNING
        }
