"""The house's rules: who may import whom, what lies where, what must not be named."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LEVELS = {
    # A module may import from lower levels and from its own.
    4: ("cli", "__main__", "service", "opening", "rehearsal"),
    3: (
        "hub",
        "proxy",
        "spawner",
        "signin",
        "identity",
        "browser",
        "desk",
        "failures",
        "progress.api",
        "sessions.culler",
        "exchange.api",
        "exchange.wire",
        "grading.api",
        "grading.schemas",
        "sessions.api",
        "sessions.enforcer",
        "sessions.gate",
        "sessions.pages",
        "seating.queued",
        "seating.warm",
        "seating.warm_filler",
        "seating.warm_maker",
        "seating.warm_service",
        "sessions.hub_api",
        "takehome.api",
        "takehome.builder",
        "takehome.counter",
        "takehome.lifetime",
        "takehome.maker",
        "engine",
        "firewall",
        "methods",
    ),
    2: (
        "sessions",
        "seating",
        "exchange",
        "grading",
        "course",
        "takehome",
        "progress",
        "clock",
        "database",
        "place",
    ),
    1: (
        "reserve",
        "settings",
        "setting_faults",
        "setting_tables",
        "setting_values",
        "quantities",
        "passwords",
        "throttle",
        "client_address",
        "deployment",
        "node",
        "problems",
        "seating.estimate",
        "seating.line",
        "seating.wording",
        "takehome.decisions",
        "takehome.wording",
        "desk.roles",
        "desk.schemas",
        "progress.schemas",
        "progress.stuck",
        "sessions.facts",
        "sessions.reckoning",
        "rehearsal.drawing",
        "rehearsal.figures",
        "sessions.policy",
        "sessions.wording",
        "grading.verdicts",
        "grading.lint",
        "grading.manifest",
        "grading.vacuous",
        "grading.notebook",
        "grading.attachments",
        "grading.clean",
        "grading.graded",
        "grading.images",
        "grading.python_checks",
        "grading.python_driver",
        "grading.jobs.decisions",
    ),
    0: ("errors", "grading.errors"),
}

PURE = (
    "course.lesson_report",
    "course.ran",
    "course.released",
    "course.report",
    "course.stored",
    "desk.roles",
    "desk.snapshot",
    "progress.stuck",
    "rehearsal.drawing",
    "rehearsal.figures",
    "seating.estimate",
    "seating.line",
    "seating.wording",
    "sessions.facts",
    "sessions.policy",
    "sessions.reckoning",
    "sessions.wording",
    "grading.attachments",
    "grading.clean",
    "grading.images",
    "grading.lint",
    "grading.python_checks",
    "grading.verdicts",
    "takehome.decisions",
    "takehome.task",
    "takehome.wording",
)
"""Decide from their arguments alone: no clock, no network, no disk."""

IMPURE = {"time", "socket", "subprocess", "os", "docker", "jupyterhub", "requests"}


def modules(package: str) -> dict[str, ast.Module]:
    """Parse a package's files, named as imports name them below the package."""
    root = ROOT / package
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        found[name.removesuffix(".__init__") or "__init__"] = ast.parse(
            path.read_text()
        )
    return found


def imported(tree: ast.Module) -> set[str]:
    """Collect the full names of everything that a module imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def level(module: str) -> int | None:
    """Find a module's level by its longest listed prefix."""
    best: tuple[int, int] | None = None
    for number, prefixes in LEVELS.items():
        for prefix in prefixes:
            if module == prefix or module.startswith(prefix + "."):
                best = max(best or (0, 0), (len(prefix), number))
    return best[1] if best else None


CAMP = modules("puppetcamp")


@pytest.mark.parametrize("module", sorted(set(CAMP) - {"__init__"}))
def test_imports_point_downwards(module: str) -> None:
    own = level(module)
    assert own is not None, f"puppetcamp.{module} has no level in this test's LEVELS"
    wrong = []
    for name in imported(CAMP[module]):
        if name.startswith("puppetcamp."):
            target = level(name.removeprefix("puppetcamp."))
            if target is not None and target > own:
                wrong.append(name)
    assert not wrong, f"puppetcamp.{module} (level {own}) imports upwards: {wrong}"


@pytest.mark.parametrize("module", PURE)
def test_decisions_are_pure(module: str) -> None:
    found = {name.split(".")[0] for name in imported(CAMP[module])} & IMPURE
    assert not found, f"puppetcamp.{module} decides; it must not import {found}"


@pytest.mark.parametrize("package", ["kernel/puppet_kernel", "lab/puppetcamp_lab"])
def test_what_attendees_get_knows_nothing_of_the_hub(package: str) -> None:
    for module, tree in modules(package).items():
        found = {n for n in imported(tree) if n.split(".")[0] == "puppetcamp"}
        assert not found, f"{package}/{module} imports {found}"


SPEAKS_JUPYTER = {"kernel", "install", "export", "__main__"}
"""The kernel's modules that are not its core: a grader runs without them."""

JUPYTER = {"ipykernel", "jupyter_client", "jupyter_core", "IPython", "nbconvert"}


def test_the_kernels_core_knows_no_jupyter() -> None:
    tree = modules("kernel/puppet_kernel")
    assert set(tree) > SPEAKS_JUPYTER
    for module in set(tree) - SPEAKS_JUPYTER:
        found = {name.split(".")[0] for name in imported(tree[module])} & JUPYTER
        assert not found, f"puppet_kernel.{module} imports {found}"


def test_only_the_command_line_exits() -> None:
    for module, tree in CAMP.items():
        if module in {"cli", "__main__"}:
            continue
        calls = [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]
        assert "sys.exit" not in calls, f"puppetcamp.{module} exits"


def test_the_top_level_shows_the_architecture() -> None:
    for name in (
        "jupyterhub_config.py",
        "notebooks",
        "images",
        "exercises",
        "tests",
        "Makefile",
        "README.md",
    ):
        assert (ROOT / name).exists(), f"{name} is missing at the top level"


def test_pins_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--index-url|--find-links", path.read_text())
    for path in ROOT.glob("images/*/package-lock.json"):
        assert '"resolved"' not in path.read_text()


def test_no_file_is_long_without_a_reason() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.rb", "*.ts"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    long = {}
    for name in listed.stdout.split():
        lines = (ROOT / name).read_text().count("\n")
        if lines > 400:
            long[name] = lines
    assert not long, f"split these, each does more than one thing: {long}"
