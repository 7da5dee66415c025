"""Name the machines whose facts are shipped, as `%%as` and `%as` know them."""

import json

from puppet_kernel.channel import WORKER_RB

_FACTS = WORKER_RB.parent / "facts"

MACHINES = tuple(sorted(path.stem for path in (_FACTS / "fact_sets").glob("*.json")))

_OTHER_NAMES = frozenset(json.loads((_FACTS / "other_names.json").read_text("utf-8")))
_WITHOUT_VERSION = frozenset(name.rpartition("-")[0] for name in MACHINES)


def is_machine(name: str) -> bool:
    """Tell whether there are facts of a name: full, without version, or a nickname."""
    name = name.lower()
    return name in {*MACHINES, *_OTHER_NAMES, *_WITHOUT_VERSION}
