"""Run one case of the corpus on both sides and say how they disagree.

A cold Puppet takes its time, and says the same each time. So what a cell did when the
two last agreed is noted (`agreed.json`), and while a case, its nodes and Puppet's
version are the same and the cell does just that again, stock Puppet is not asked again.
Anything else, and one case in ten in any event, is compared as it stands.

``DIFFERENTIAL=full`` believes no note, leaves no case out, and runs those that change
a node a second time; ``DIFFERENTIAL=note`` compares what no note is true of any more,
and writes it down.
"""

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.kernel.differential.comparison import Sides, differences, outcome
from tests.kernel.differential.nodes import CORPUS, NODE_TOOLS, Nodes

FULL = os.environ.get("DIFFERENTIAL") == "full"
NOTING = os.environ.get("DIFFERENTIAL") == "note"
NOTES = Path(__file__).parent / "agreed.json"
ALWAYS_ONE_IN = 10


def cases(group: str, *, sample: int = 1) -> list[str]:
    """Return the names of a group's cases; of many, every `sample`th."""
    found = sorted(f"{group}/{path.stem}" for path in (CORPUS / group).glob("*.pp"))
    return found if FULL else found[::sample]


def agree(both: Nodes, case: str, *, runs: int = 1) -> None:
    """Fail, and say what differs, unless both sides agree."""
    question = _question(both.version, case, runs)
    if not FULL and (NOTING or int(question, 16) % ALWAYS_ONE_IN):
        both.prepare(case)
        seen, left = both.warm(case, runs)
        noted = _notes().get(case)
        if noted == f"{question} {outcome(case, Sides(seen, **left))}":
            return
    both.prepare(case)
    stock_runs, left = both.stock(case, runs)
    stock = Sides(stock_runs, **left)
    warm_runs, left = both.warm(case, runs)
    warm = Sides(warm_runs, **left)
    found = differences(case, stock, warm)
    if found:
        pytest.fail(
            "\n".join([f"{case}: not like stock Puppet", *found]), pytrace=False
        )
    if NOTING:
        notes = _notes() | {case: f"{question} {outcome(case, warm)}"}
        NOTES.write_text(json.dumps(notes, indent=0, sort_keys=True) + "\n")


def _question(version: str, case: str, runs: int) -> str:
    """Return a digest of all that stock Puppet's answer depends on."""
    case_files = sorted(
        path
        for path in (CORPUS / case).parent.rglob("*")
        if path.is_file() and str(path).startswith((f"{CORPUS / case}.",))
    )
    tools = sorted(path for path in NODE_TOOLS.iterdir() if path.is_file())
    digest = hashlib.sha256(f"{version} {runs}".encode())
    for path in [*case_files, *tools]:
        name = path.relative_to(CORPUS.parent)
        digest.update(f"\0{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _notes() -> dict[str, str]:
    if not NOTES.exists():
        return {}
    found: dict[str, str] = json.loads(NOTES.read_text())
    return found
