"""Whether a node still is one whose checks can be believed. Pure.

An attendee is root on their node. A check that asks a changed program says what the
attendee wants, so a node on which anything was changed that checks rely on earns
nothing at all. What honest answers do (installing the camp's packages, writing own
programs and services) changes nothing of that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from puppetcamp.grading.inside import Inside, Package
from puppetcamp.grading.places import (
    CODE,
    NOTED,
    NOTED_FILES,
    OWN_PROGRAMS,
    PROGRAMS,
    within,
)

MOST = 12
"""Sentences of one kind; a node that was taken apart needs no longer list."""

_SOURCED = ("/etc/default/", "/etc/apache2/envvars")
# Numbers of accounts that a fresh node has: the system's, and the attendee's own.
_TAKEN = range(1001)
# Where packages lead when several of them bring the same program.
_CHOSEN = "/etc/alternatives/"
# Programs that do whatever a file tells them are no daemons of a package.
_INTERPRETERS = ("perl", "python", "ruby", "bash", "dash", "sh", "busybox", "lua")

Change = tuple[str, float, Any]
"""Kind, time of the change by the node's clock, detail (see ruby/look.rb)."""


@dataclass
class Integrity:
    """Remember what was seen of one node; say what was violated and what is odd.

    `seen` is called with every report of ruby/keeper.rb; `checked` with the times, by
    the node's clock, between which checks ran.
    """

    inside: Inside
    violations: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changes: dict[str, Change] = {}
        self._installed = dict(self.inside.installed)
        self._checks: list[tuple[float, float]] = []
        paths = {*self.inside.fresh, *self._archived()}
        self._programs = {
            PurePosixPath(path).name for path in paths if within(path, PROGRAMS)
        }
        self._package_files: dict[str, set[str]] = {}
        for package in self.inside.archive.values():
            for path, digest in package.files.items():
                self._package_files.setdefault(path, set()).add(digest)

    @property
    def daemons(self) -> list[str]:
        """Return the programs of packages that go on running while checks run."""
        return sorted(
            path
            for path in self._archived()
            if not path.startswith("/etc/")
            and not PurePosixPath(path).name.startswith(_INTERPRETERS)
            and ".so" not in path
        )

    def checked(self, start: float, end: float) -> None:
        """Remember that checks ran between two times of the node's clock."""
        self._checks.append((start, end))

    def seen(self, report: Mapping[str, Any]) -> None:
        """Judge the node again with what a report adds."""
        try:
            self._take(report)
        except (KeyError, TypeError, ValueError):
            self._violated("what the checker saw of the node can't be read")
            return
        for sentence in (*self._files(), *self._packages(), *self._daemons(report)):
            self._violated(sentence)
        if report.get("overflow"):
            self._violated("more was changed on the node than can be looked at")
        for path in report["libraries"]:
            self._violated(f"/etc/ld.so.cache leads programs to {_shown(path)}")

    def _take(self, report: Mapping[str, Any]) -> None:
        for path, kind, when, detail in report["changed"]:
            self._changes[str(path)] = (str(kind), float(when), detail)
        if report["packages"] is not None:
            self._installed = {str(k): str(v) for k, v in report["packages"].items()}
        left = [_shown(name) for name in report["left_running"]]
        if left:
            names = ", ".join(left)
            self._flag(f"cells left running, stopped while checks ran: {names}")
        for number, names in report["accounts"]:
            shared = ", ".join(_shown(name) for name in names)
            told = f"/etc/passwd gives the number {int(number)} to {shared}"
            (self._violated if int(number) in _TAKEN else self._flag)(told)
        used_up = report["used_up"]
        if used_up["processes"]:
            self._flag("its cells ran into the limit of processes")
        if used_up["memory"]:
            self._flag("its cells ran out of memory, and processes were ended for it")

    def _files(self) -> Iterator[str]:
        for path, (kind, when, detail) in self._changes.items():
            if kind == "folder":
                yield from self._missing(path, detail)
            elif kind == "gone":
                if path in self.inside.fresh:
                    yield f"{path} was removed"
            else:
                yield from self._file(path, kind, when, detail)

    def _missing(self, folder: str, names: Any) -> Iterator[str]:
        if not isinstance(names, list):
            yield f"{folder} was replaced"
            return
        there = {f"{folder}/{name}" for name in names}
        for path in self._below(folder):
            owner = self.inside.owners.get(path)
            removed = owner is not None and owner not in self._installed
            if path not in there and not removed and not within(path, NOTED):
                yield f"{path} was removed"

    def _below(self, folder: str) -> Iterator[str]:
        if not hasattr(self, "_children"):
            children: dict[str, list[str]] = {}
            for path in self.inside.fresh:
                children.setdefault(str(PurePosixPath(path).parent), []).append(path)
            self._children = children
        yield from self._children.get(folder, ())

    def _file(self, path: str, kind: str, when: float, detail: Any) -> Iterator[str]:
        fresh = self.inside.fresh.get(path)
        if fresh == (kind, detail):
            if any(start <= when <= end for start, end in self._checks):
                yield f"{path} was changed while checks ran"
            elif kind == "file":
                self._flag(f"{path} was changed and put back")
        elif _sum(kind, detail) in self._package_files.get(path, ()):
            return
        elif within(path, NOTED) or path in NOTED_FILES:
            self._flag(f"{path} was changed or added; no check reads it")
        elif path.startswith(_SOURCED):
            if detail != "plain" and self._is_sourced(path):
                yield f"{path} holds more than settings, and a service script runs it"
        elif path.startswith("/etc/alternatives/"):
            if fresh is not None and not self._known(detail):
                yield f"{path} was changed"
        elif fresh is not None:
            yield f"{path} was changed"
        else:
            yield from self._added(path, kind, detail)

    def _added(self, path: str, kind: str, detail: Any) -> Iterator[str]:
        name = PurePosixPath(path).name
        if path in self._package_files:
            yield f"{path} differs from its package's"
        elif within(path, (*PROGRAMS, *OWN_PROGRAMS)):
            packaged = kind == "link" and str(detail).startswith(_CHOSEN)
            if name in self._programs and not packaged:
                yield f"{path} takes the place of the node's own {name}"
        elif within(path, (*CODE, self.inside.ruby)):
            yield f"{path} was added"
        elif ".so" in name and path.startswith("/usr/lib/"):
            beside = PurePosixPath(path).parent / PurePosixPath(str(detail)).name
            if kind != "link" or not self._known(str(beside)):
                yield f"{path} was added"
        elif not path.startswith(("/usr/", "/etc/init.d/")):
            yield f"{path} was added"

    def _packages(self) -> Iterator[str]:
        for name, version in self._installed.items():
            if self.inside.installed.get(name) == version:
                continue
            package = self.inside.archive.get(name)
            if package is None:
                self._flag(f"package {_shown(name)} is not from the camp's archive")
            elif why := self._untrue(package, version):
                yield f"package {name} is not what dpkg calls it: {why}"
        for path, name in self.inside.owners.items():
            if name not in self._installed and not self._gone(path):
                yield f"package {name} is not removed: {path} is still there"

    def _untrue(self, package: Package, version: str) -> str | None:
        if package.version != version:
            return "its version is not the archive's"
        for path, digest in package.files.items():
            if path.startswith("/etc/"):
                continue
            kind, detail = self._now(path)
            if _sum(kind, detail) != digest and not str(detail).startswith(_CHOSEN):
                return f"{path} is missing or another"
        for need in package.needs:
            if need in self.inside.archive and need not in self._installed:
                return f"{need}, which it needs, is not installed"
        return None

    def _now(self, path: str) -> tuple[str, Any]:
        """Return kind and detail of a file as it is now."""
        if path in self._changes:
            kind, _, detail = self._changes[path]
            return kind, detail
        return self.inside.fresh.get(path, ("gone", None))

    def _daemons(self, report: Mapping[str, Any]) -> Iterator[str]:
        programs: dict[str, list[str]] = {}
        for path in self.daemons:
            programs.setdefault(PurePosixPath(path).name, []).append(path)
        for pid_file, program in report["daemons"]:
            stem = PurePosixPath(str(pid_file)).stem
            names = {stem, stem.removesuffix("d")} & set(programs)
            own = [path for name in names for path in programs[name]]
            if own and program not in own:
                yield f"{_shown(pid_file)} names {_shown(program)}, another program"

    def _archived(self) -> set[str]:
        packages = self.inside.archive.values()
        return {path for package in packages for path in package.files}

    def _known(self, path: object) -> bool:
        return path in self.inside.fresh or path in self._package_files

    def _is_sourced(self, path: str) -> bool:
        script = f"/etc/init.d/{PurePosixPath(path).name}"
        return not path.startswith("/etc/default/") or self._known(script)

    def _gone(self, path: str) -> bool:
        parent, name = str(PurePosixPath(path).parent), PurePosixPath(path).name
        names = self._changes.get(parent, ("", 0.0, None))[2]
        return isinstance(names, list) and name not in names

    def _violated(self, sentence: str) -> None:
        if sentence not in self.violations and len(self.violations) < MOST:
            self.violations.append(sentence)

    def _flag(self, sentence: str) -> None:
        if sentence not in self.flags and len(self.flags) < MOST:
            self.flags.append(sentence)


def _sum(kind: str, detail: Any) -> str | None:
    """Return what a package's files are compared by."""
    if kind == "link":
        return f"-> {detail}"
    return str(detail) if kind == "file" else None


def _shown(value: object) -> str:
    text = "".join(char if char.isprintable() else "?" for char in str(value))
    return text[:200]
