"""Choose from candidates what fits a word, nearest first."""

from collections.abc import Iterable
from dataclasses import dataclass

MAX_CHOICES = 500


@dataclass(frozen=True)
class Choice:
    """Hold one completion: what it inserts, what it is matched by, and its kind.

    `kind` is shown beside it, `signature` in more room.
    """

    text: str
    name: str
    kind: str
    signature: str = ""


def fitting(word: str, candidates: Iterable[Choice]) -> list[Choice]:
    """Return the candidates that begin with the word, in their order.

    Failing that, those that do so in another case; failing that, those that hold its
    letters in order. Each text is returned once.
    """
    unique: dict[str, Choice] = {}
    for choice in candidates:
        unique.setdefault(choice.text, choice)
    listed = list(unique.values())
    exact = [choice for choice in listed if choice.name.startswith(word)]
    if not exact:
        lower = word.lower()
        exact = [c for c in listed if c.name.lower().startswith(lower)]
    if not exact and len(word) > 1:
        exact = sorted(
            (c for c in listed if _within(word.lower(), c.name.lower())),
            key=lambda c: (word.lower() not in c.name.lower(), len(c.name)),
        )
    return exact[:MAX_CHOICES]


def _within(letters: str, name: str) -> bool:
    """Tell whether a name has these letters in order, beginning with the first."""
    if not name.startswith(letters[0]) and letters not in name:
        return False
    rest = iter(name)
    return all(letter in rest for letter in letters)
