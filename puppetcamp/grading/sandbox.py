"""A throwaway container with two Puppet workers inside, of which one can be trusted.

The *attendee's worker* runs the attendee's cells, as root like in their seat. The
*checker* runs the checks. Both are forks of one process that loads Puppet before the
first cell of the attendee runs. The checker keeps one capability (the guard, harmless
by itself) that everything else in the container has dropped, and cannot be dumped: the
kernel then keeps /proc/PID of the checker closed to the attendee's root. Checks reach
it over standard input and never lie in a file. See ruby/main.rb.
"""

import contextlib
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from docker import DockerClient

from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.session import Session
from puppet_kernel.worker import Worker
from puppetcamp.grading.execution import Execution
from puppetcamp.grading.inside import Inside
from puppetcamp.grading.streams import Streams
from puppetcamp.grading.throwaway import SANDBOX_LABEL, Limits, Throwaway, sweep

__all__ = ["SANDBOX_LABEL", "Limits", "Sandbox", "sweep"]

_RUBY = Path(__file__).with_name("ruby")
_PARTS = (
    "guard",
    "router",
    "checker_settings",
    "daemons",
    "used_up",
    "look",
    "keeper",
    "main",
)

_TYPES = re.compile(
    r"\b(package|service|user|group|cron|host|mount|ssh_authorized_key|augeas)\b",
    re.IGNORECASE,
)
"""Puppet types that are worth loading once, if any cell names them."""

_ATTENDEES = {
    "environmentpath": "/etc/puppet/code/environments",
    "environment": "production",
    "basemodulepath": "/etc/puppet/code/modules:/usr/share/puppet/modules",
    "hiera_config": "/etc/puppet/hiera.yaml",
}
"""Where the attendee's manifest finds its modules and data, as in a seat."""

_PASSED_ON = 2**20
"""Bytes beyond the attendee's limit that the router passes on: who counts is here."""


class Sandbox(Throwaway):
    """Make a container for one submission, with both workers ready.

    `sources` are the texts of the cells to come: what they name is loaded beforehand.
    """

    checker: Session
    attendee: Session

    def __init__(
        self,
        client: DockerClient,
        image: str,
        inside: Inside,
        *,
        labels: dict[str, str],
        limits: Limits | None = None,
        sources: Iterable[str] = (),
    ) -> None:
        super().__init__(client, image, labels=labels, limits=limits)
        self._inside = inside
        found = (_TYPES.findall(source) for source in sources)
        self._types = sorted({name.lower() for names in found for name in names})
        self._streams: Streams | None = None
        self._workers: list[Worker] = []

    @property
    def faults(self) -> list[str]:
        """Say in sentences which limits were reached, and who broke which rules."""
        if self._streams is None:
            return super().faults
        named = (
            ("checker", self._streams.checker),
            ("attendee's worker", self._streams.attendee),
        )
        cut = [f"the {n} was cut off: {s.fault}" for n, s in named if s.fault]
        return cut + super().faults

    def _start_inside(self) -> None:
        limits = self.limits
        folder = PurePosixPath(self._inside.worker).parent
        allowed = str(limits.channel.total + _PASSED_ON)
        execution = Execution(
            self._client.api,
            self._container.id,
            ["ruby", "-e", _program(), str(folder), allowed, *self._types],
            {"LANG": "C.UTF-8"},
        )
        self._streams = Streams(execution, limits.channel)
        checker, attendee = (
            Worker(stream, ready_timeout=limits.ready)
            for stream in (self._streams.checker, self._streams.attendee)
        )
        self._workers = [checker, attendee]
        for worker in self._workers:
            worker.wait_ready()
        self.checker = Session(checker, cwd="/", foreign=_ATTENDEES)
        self.attendee = Session(attendee, cwd=self._inside.home, user=self._inside.user)

    def _remove(self) -> None:
        if self._streams is not None:
            self._streams.close()
        for worker in self._workers:
            with contextlib.suppress(PuppetKernelError, OSError):
                worker.close()
        super()._remove()


def _program() -> str:
    """Return the program that runs inside, as one text: it never lies in a file."""
    parts = [(_RUBY / f"{name}.rb").read_text(encoding="utf-8") for name in _PARTS]
    return "\n".join(parts)
