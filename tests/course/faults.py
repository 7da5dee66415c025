"""This project's own style of pages: list all the faults of one at once.

What makes an exercise sound, whoever wrote it, is `puppetcamp.course`'s business.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from puppet_kernel.cells import parse
from puppet_kernel.errors import CellError

from . import pages
from .pages import Cell, Page

KERNEL = {"display_name": "Puppet", "language": "puppet", "name": "puppet"}
READABLE_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
GRADE_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)")
FIGURE_OF_TIME = re.compile(r"\b\d+\s*-?(?:minutes?|min|hours?|h)\b", re.I)
CHECK = re.compile(
    r"\A%%(?:expect|idempotent|drift|compiled) ([A-Za-z0-9_.-]+)(?:\n|\Z)"
)

LEAST_CHECKS = 5
MOST_POINTS = 3
LEAST_WORDS = 5

# What older books teach and Puppet 8 does not know, or warns about.
LEGACY = {
    r"\$::\w+": "a top-scope variable; use $facts['…']",
    r"\$(?:osfamily|operatingsystem|operatingsystemrelease|lsbdist\w+|hostname|fqdn"
    r"|domain|ipaddress\w*|macaddress\w*|architecture|hardwaremodel|kernel\w*"
    r"|memorysize\w*|processorcount|uptime\w*|virtual|is_virtual)\b": (
        "a legacy fact; use $facts['…']"
    ),
    r"\b(?:hiera|hiera_array|hiera_hash|hiera_include)\(": "hiera(); use lookup()",
    r"(?<!inline_)\btemplate\(": "an ERB template; use epp()",
    r"^\s*import\s+['\"]": "import; classes are found by their names",
    r"\bvalidate_\w+\(": "validate_…(); give the parameter a type",
    r"\bcreate_resources\(": "create_resources(); use each",
    r"\binclude\s+::": "a leading ::; names are always absolute",
}


def of_page(page: Page) -> list[str]:
    """List everything that is wrong with a notebook as it is stored."""
    found = [
        *_format(page),
        *_identities(page),
        *_language(page),
        *_links(page.path, "\n".join(_texts(page))),
        *_time(page),
    ]
    return [f"{pages.shown(page)}: {fault}" for fault in found]


def of_lesson(page: Page) -> list[str]:
    """List what is wrong with a lesson beside what `make course` finds."""
    found = [
        f"{cell['id']}: a check starts with %%expect and a name"
        for cell in page.code
        if cell["source"].startswith("%%expect") and not CHECK.match(cell["source"])
    ]
    texts = "\n".join(_texts(page))
    found += [
        f"it has no part *{part}*"
        for part in ("Your turn", "What you can do now")
        if not re.search(rf"^## {part}", texts, re.M)
    ]
    return [f"{pages.shown(page)}: {fault}" for fault in found]


def of_exercise(page: Page) -> list[str]:
    """List what is wrong with an exercise beside what `make exercises` finds."""
    found = [fault for cell in page.cells for fault in _grading(cell)]
    if not any(map(pages.hidden, page.checks)):
        found.append("at least one check has a hidden part")
    found += _few(page)
    found += _hints(page)
    return [f"{pages.shown(page)}: {fault}" for fault in found]


def links_of(path: Path) -> list[str]:
    """List the links and images of a Markdown file that lead nowhere."""
    faults = _links(path, path.read_text(encoding="utf-8"))
    return [f"{path.relative_to(pages.ROOT)}: {fault}" for fault in faults]


def repeated(pages_: list[Page]) -> list[str]:
    """List the names of checks that occur twice in the course."""
    names = Counter(
        match.group(1)
        for page in pages_
        for cell in page.code
        if (match := CHECK.match(cell["source"]))
    )
    return [f"check {name}: used {n} times" for name, n in names.items() if n > 1]


def _format(page: Page) -> Iterator[str]:
    content = page.content
    if (content["nbformat"], content["nbformat_minor"]) != (4, 5):
        yield "notebook format is not 4.5; save it with JupyterLab 4"
    if content["metadata"].get("kernelspec") != KERNEL:
        yield f"kernelspec is not {KERNEL}"
    for cell in page.code:
        if cell["outputs"] or cell["execution_count"] is not None:
            yield f"{cell['id']}: stored with outputs; clear them"


def _identities(page: Page) -> Iterator[str]:
    ids = [cell["id"] for cell in page.cells]
    for repeated_id in {name for name in ids if ids.count(name) > 1}:
        yield f"two cells have the id {repeated_id}"
    for name in ids:
        if not READABLE_ID.fullmatch(name):
            yield f"cell id {name!r} says nothing; name what the cell is about"


def _language(page: Page) -> Iterator[str]:
    for cell in page.code:
        try:
            parse(cell["source"])
        except CellError as error:
            yield f"{cell['id']}: {error}"
    for where, code in pages.manifests(page):
        for pattern, remedy in LEGACY.items():
            if re.search(pattern, code, re.M):
                yield f"{where}: {remedy}"


def _links(path: Path, text: str) -> Iterator[str]:
    for target in LINK.findall(text):
        file, _, _ = target.partition("#")
        if re.match(r"[a-z]+:", target) or not file:
            continue
        if not (path.parent / file).exists():
            yield f"link to {target}, which does not exist"


def _time(page: Page) -> Iterator[str]:
    # The camp's settings hold the length of a session; a figure here contradicts them.
    for text in _texts(page):
        for figure in FIGURE_OF_TIME.findall(text):
            yield f"states a length of time ({figure}); leave that to the camp"


def _few(page: Page) -> Iterator[str]:
    checks = len(page.checks)
    if checks < LEAST_CHECKS:
        yield f"it has {checks} checks; write at least {LEAST_CHECKS}"
    for cell in page.checks:
        if not 1 <= pages.grading(cell).get("points", 0) <= MOST_POINTS:
            yield f"{cell['id']}: give it 1 to {MOST_POINTS} points"


def _hints(page: Page) -> Iterator[str]:
    """Three hints, each inside the one before: the next shows only in an open one."""
    cells = [cell for cell in page.cells if cell["id"].endswith("_hints")]
    if len(cells) != 1:
        yield "it needs one text cell NAME_hints"
        return
    source = cells[0]["source"]
    found = [
        (tag, hint or "")
        for tag, hint in re.findall(
            r"<(details|/details)>(?:\s*<summary>(.*?)</summary>\n\n)?", source
        )
    ]
    nested = [("details", f"Hint {number}") for number in (1, 2, 3)]
    if found != [*nested, *[("/details", "")] * 3]:
        yield f"{cells[0]['id']}: three hints, each folded into the one before"
    words = re.split(r"</?details>|<summary>.*?</summary>", source)
    if sum(len(part.split()) >= LEAST_WORDS for part in words) < len(nested):
        yield f"{cells[0]['id']}: a hint says next to nothing"


def _texts(page: Page) -> list[str]:
    return [cell["source"] for cell in page.cells if cell["cell_type"] == "markdown"]


def _grading(cell: Cell) -> Iterator[str]:
    grading = pages.grading(cell)
    name = grading.get("grade_id", "")
    if not grading:
        yield f"{cell['id']}: no nbgrader metadata; lock text, mark answers and checks"
        return
    if grading.get("schema_version") != 3:
        yield f"{cell['id']}: nbgrader schema_version is not 3"
    if not GRADE_ID.fullmatch(name):
        yield f"{cell['id']}: grade_id {name!r} says nothing; name what is checked"
