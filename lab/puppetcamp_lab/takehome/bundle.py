"""Write the bundle: what was found, pages and manifests of it, and where to begin."""

import logging
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from puppetcamp_lab.takehome.home import Found, Home, LeftOut, Parts, Unreadable
from puppetcamp_lab.takehome.limits import Limits
from puppetcamp_lab.takehome.names import Names
from puppetcamp_lab.takehome.notebook import NoNotebook, Notebook, read_notebook
from puppetcamp_lab.takehome.page import notebook_page, render
from puppetcamp_lab.takehome.scores import scores_csv, scores_page
from puppetcamp_lab.takehome.scripts import Scripts
from puppetcamp_lab.takehome.task import Task

log = logging.getLogger(__name__)

PAGES, MANIFESTS = "pages", "manifests"
_OWN = ("index.html", "scores.html", "scores.csv", PAGES, MANIFESTS)


@dataclass
class Line:
    """Hold what the first page says about one notebook."""

    file: str
    page: str = ""
    script: str = ""
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """Hold what the first page says about a file or folder at the top."""

    name: str
    is_folder: bool
    files: int


class _Full(Exception):
    """Say that the bundle takes no more."""


class Bundle:
    """Write one bundle into a stream that need not be able to go back."""

    def __init__(self, home: Home, task: Task, limits: Limits, out: BinaryIO) -> None:
        self._home = home
        self._task = task
        self._limits = limits
        self._out = _Counted(out)
        self._names = Names(reserved=_OWN)
        self._pages = Names()
        self._lines: list[Line] = []
        self._top: Counter[tuple[str, bool]] = Counter()
        self._left_out: list[LeftOut] = []
        self._bytes = 0
        self._zip = zipfile.ZipFile(
            self._out, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6
        )

    def write(self) -> None:
        """Write all of it; only a stream that takes nothing more stops it."""
        found = self._home.files()
        self._left_out = list(self._home.left_out)
        until = time.monotonic() + self._limits.seconds
        with self._zip:
            with self._scripts(until) as scripts:
                for number, one in enumerate(found):
                    try:
                        if number >= self._limits.files:
                            message = f"more than {self._limits.files} files"
                            raise _Full(message)
                        self._take(one, scripts, until)
                    except Unreadable as error:
                        self._left_out.append(LeftOut(one.parts, str(error)))
                    except _Full as error:
                        why = f"the bundle is full ({error})"
                        rest = found[number:]
                        self._left_out += [LeftOut(left.parts, why) for left in rest]
                        break
            self._finish()

    @contextmanager
    def _scripts(self, until: float) -> Iterator[Scripts | None]:
        if self._task.plain:
            yield None
            return
        with Scripts(until) as scripts:
            yield scripts

    def _take(self, found: Found, scripts: Scripts | None, until: float) -> None:
        content = self._home.read(found)
        self._bytes += len(content)
        if self._bytes > self._limits.total:
            message = f"{self._limits.total // 2**20} MiB of files"
            raise _Full(message)
        if self._out.written > self._limits.packed:
            message = f"{self._limits.packed // 2**20} MiB when packed"
            raise _Full(message)
        name = self._names.place(found.parts)
        self._add(name, content, found.written)
        if found.is_notebook:
            self._lines.append(self._notebook(name, found, content, scripts, until))
        else:
            top, below, _ = name.partition("/")
            self._top[top, bool(below)] += 1

    def _notebook(
        self,
        name: str,
        found: Found,
        content: bytes,
        scripts: Scripts | None,
        until: float,
    ) -> Line:
        """Add the page and the manifest of a notebook that is in the bundle now."""
        line = Line(name)
        if scripts is None:
            line.note = "none was made"
        elif len(content) > self._limits.notebook:
            line.note = "too large for a page"
        elif len(self._lines) >= self._limits.notebooks or time.monotonic() > until:
            line.note = "there was no time for a page"
        else:
            try:
                notebook = read_notebook(content)
            except NoNotebook as error:
                line.note = f"no page: {error}"
            else:
                self._readable(line, notebook, found, scripts)
        return line

    def _readable(
        self, line: Line, notebook: Notebook, found: Found, scripts: Scripts
    ) -> None:
        place = PurePosixPath(line.file).with_suffix("")
        above = place.parent.parts
        page = self._pages.place((PAGES, *above, f"{place.name}.html"))
        back = "../" * page.count("/") + "index.html"
        try:
            html = notebook_page(place.name, notebook, back)
        except Exception:
            # Libraries read a stranger's text: one that trips costs a page, no more.
            log.exception("a notebook has no page")
            line.note = "no page could be made"
        else:
            self._add(page, html.encode("utf-8", "replace"), found.written)
            line.page = page
        script = scripts.script(notebook)
        if script is not None:
            name = self._pages.place((MANIFESTS, *above, f"{place.name}.pp"))
            self._add(name, script.encode("utf-8", "replace"), found.written)
            line.script = name

    def _finish(self) -> None:
        told = self._left_out[: self._limits.told]
        index = render(
            "index.html.j2",
            camp=self._task.camp,
            attendee=self._task.attendee,
            made=self._task.made,
            notebooks=self._lines,
            folders=[
                Entry(name, is_folder, files)
                for (name, is_folder), files in sorted(self._top.items())
            ],
            left_out=[{"name": _shown(one.what), "why": one.why} for one in told],
            more=len(self._left_out) - len(told),
        )
        now = time.time()
        self._add("scores.csv", scores_csv(self._task).encode(), now)
        self._add("scores.html", scores_page(self._task).encode(), now)
        self._add("index.html", index.encode(), now)

    def _add(self, name: str, content: bytes, written: float) -> None:
        member = zipfile.ZipInfo(name, _moment(written))
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o100644 << 16
        self._zip.writestr(member, content)


class _Counted:
    """Count what goes into a stream; it is written on and never read or moved."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.written = 0

    def write(self, data: bytes) -> int:
        self.written += len(data)
        return self._out.write(data)

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self._out.close()


def _moment(written: float) -> tuple[int, int, int, int, int, int]:
    """Return a time that an archive can hold, which has no years before 1980."""
    first, last = 315532800.0, 4354819198.0
    moment = datetime.fromtimestamp(min(max(written, first), last), UTC)
    return moment.timetuple()[:6]


def _shown(parts: Parts) -> str:
    """Write a path so that it can be read, whatever bytes are in it."""
    text = "/".join(parts) or "your home"
    clean = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else "�" for c in clean)[:300]
