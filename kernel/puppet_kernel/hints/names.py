"""Find the names that somebody may have meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

_SHOWN = 3
_LONGEST = 60


def nearest(word: str, names: Iterable[str]) -> list[str]:
    """Return the names that differ from a word by a slip or two, the best first."""
    if len(word) > _LONGEST:
        return []
    wanted = word.lower()
    rated = []
    for name in set(names):
        if name == word:
            continue
        distance = _distance(wanted, name.lower())
        if distance <= _allowed(len(wanted)):
            likeness = SequenceMatcher(None, wanted, name.lower()).ratio()
            rated.append((distance, -likeness, name))
    best = min((distance for distance, _, _ in rated), default=0)
    # What is much farther than the best is noise beside it.
    return [name for distance, _, name in sorted(rated) if distance <= best + 1][
        :_SHOWN
    ]


def did_you_mean(names: list[str]) -> str:
    """Return the question, such as "did you mean a, b or c?"; empty without names."""
    return f"did you mean {either(names)}?" if names else ""


def either(names: list[str]) -> str:
    """Return names as people list alternatives."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Return names in order, at most `limit` of them."""
    ordered = sorted(set(names))
    more = f" and {len(ordered) - limit} more" if len(ordered) > limit else ""
    return ", ".join(ordered[:limit]) + more


def _allowed(length: int) -> int:
    if length < 3:
        return 0
    return 1 if length < 5 else 2 if length < 9 else 3


def _distance(one: str, other: str) -> int:
    """Count the slips: a letter too many, too few, wrong, or two swapped."""
    if abs(len(one) - len(other)) > 3:
        return 99
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(
                before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against)
            )
            swapped = i > 1 and j > 1 and letter == other[j - 2]
            if swapped and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
