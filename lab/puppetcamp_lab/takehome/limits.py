"""How much of a home goes into a bundle: nobody's home may take the camp along."""

from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bound one bundle; sizes in bytes, times in seconds."""

    file: int = 16 * MIB
    """The largest file that is taken."""
    files: int = 3000
    total: int = 200 * MIB
    """All files together, before they are packed."""
    packed: int = 48 * MIB
    entries: int = 30_000
    """How many names are looked at in all."""
    folder: int = 10_000
    """How many names are looked at in one folder."""
    depth: int = 16
    """How many folders lie in one another."""
    notebook: int = 8 * MIB
    """The largest notebook that gets a page and a manifest."""
    notebooks: int = 200
    """How many notebooks get them."""
    seconds: float = 240.0
    """From when on no notebook gets them any more."""
    told: int = 100
    """How many things that were left out are named."""
