"""Slow down whoever guesses: a few free failures, then waits that double.

Pure decisions: the caller says what the time is.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

_NONE = timedelta(0)


@dataclass(frozen=True)
class _Failures:
    count: int
    last: datetime


class Throttle:
    """Remember failures by key and say how long to wait before the next attempt.

    The first `free` failures cost nothing. The next attempt has to wait `first`, the
    one after it twice as long, up to `longest`. A key is forgotten after `memory`
    without a failure, or when more than `capacity` keys failed after it.
    """

    def __init__(
        self,
        free: int,
        first: timedelta = timedelta(seconds=1),
        longest: timedelta = timedelta(seconds=60),
        memory: timedelta = timedelta(minutes=10),
        capacity: int = 10_000,
    ) -> None:
        self._free = free
        self._first = first
        self._longest = longest
        self._memory = memory
        self._capacity = capacity
        self._failures: OrderedDict[Hashable, _Failures] = OrderedDict()

    def wait(self, key: Hashable, now: datetime) -> timedelta:
        """Return how long `key` must still wait; zero if it may try now."""
        failures = self._failures.get(key)
        if failures is None or now - failures.last >= self._memory:
            return _NONE
        beyond = failures.count - self._free
        if beyond < 0:
            return _NONE
        penalty = self._longest
        if beyond < 32:  # a longer wait than `longest` in any case
            penalty = min(penalty, self._first * 2**beyond)
        return max(_NONE, failures.last + penalty - now)

    def fail(self, key: Hashable, now: datetime) -> None:
        """Count a failure."""
        known = self._failures.pop(key, None)
        fresh = known is None or now - known.last >= self._memory
        count = 1 if known is None or fresh else known.count + 1
        self._failures[key] = _Failures(count, now)
        while len(self._failures) > self._capacity:
            self._failures.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """Wipe the slate clean, after a success."""
        self._failures.pop(key, None)

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._failures)
