"""Speak Jupyter's protocol for a Session."""

import getpass
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from ipykernel.kernelbase import Kernel
from tornado.ioloop import PeriodicCallback

from puppet_kernel import __version__, cells, display, rest
from puppet_kernel.display.errors import error_of
from puppet_kernel.errors import PuppetKernelError, WorkerDied
from puppet_kernel.journal import Journal
from puppet_kernel.live import LiveCell
from puppet_kernel.results import CellResult, Kind
from puppet_kernel.session import Session
from puppet_kernel.worker import Event, ProcessChannel, Worker, local_worker_argv

if TYPE_CHECKING:
    from puppet_kernel.editing import Editor

_RESTARTED = "The Puppet worker had ended; this cell runs on a new one.\n"
_UNPRIVILEGED = (
    "Puppet runs as {user} here, not as root: it can manage what {user} may change.\n"
)


class PuppetKernel(Kernel):
    """Run cells on a warm Puppet, and show what they did."""

    implementation = "puppet-kernel"
    implementation_version = __version__
    banner = "Puppet: a cell is a manifest, running it applies it to this machine"
    # The stock JupyterLab knows how to highlight by this name and MIME type.
    language_info: dict[str, object] = {  # noqa: RUF012 - as the base class does
        "name": "puppet",
        "version": "8",
        "mimetype": "text/x-puppet",
        "codemirror_mode": "puppet",
        "pygments_lexer": "puppet",
        "file_extension": ".pp",
    }
    help_links: list[dict[str, str]] = [  # noqa: RUF012 - as the base class does
        {
            "text": "Puppet language",
            "url": "https://www.puppet.com/docs/puppet/8/puppet_language",
        },
        {
            "text": "Resource types",
            "url": "https://www.puppet.com/docs/puppet/8/type",
        },
    ]

    # A worker that began to load before this module did, see __main__.
    first_worker: Worker | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self._session: Session | None = None
        self._told_privilege = False
        self._restarted = False
        self._rests = False
        self._used = time.monotonic()
        self._editing: Editor | None = None
        self._journal = Journal.from_environment()
        # Loading Puppet takes a second: begin before the first cell asks.
        try:
            self._session = self._start()
        except WorkerDied as error:
            self.log.warning("the first worker did not start: %s", error)

    def start(self) -> None:
        """Begin to serve, and to look whether Puppet should rest."""
        super().start()  # type: ignore[no-untyped-call]
        look_every = rest.LOOK_EVERY * 1000
        PeriodicCallback(self._rest_if_due, look_every).start()

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        """Run a cell: what is printed streams, the rest follows when it is done."""
        live: LiveCell | None = None
        result: CellResult | None = None
        began = time.monotonic()
        try:
            kind = cells.parse(code).kind
            session = self._living_session(silent)
            live = LiveCell(self._nobody if silent else self._tell, kind)
            with _interrupts_go_to(session, live):
                result = session.run_cell(
                    code, on_event=live.hear, cell_id=cell_id or ""
                )
        except PuppetKernelError as error:
            if live is not None:
                live.abandon("did not finish")
            return self._fail(type(error).__name__, _advice(error), [], silent)
        except KeyboardInterrupt:
            return self._fail("Interrupted", "the cell had not begun", [], silent)
        finally:
            self._used = time.monotonic()
            if not silent:
                self._note(cell_id or "", result, time.monotonic() - began)
        return self._show(result, live, silent)

    async def do_is_complete(self, code: str) -> dict[str, Any]:
        """Ask Puppet's own parser; nothing is evaluated."""
        try:
            finished = self._editor().finished(code)
        except PuppetKernelError:
            return {"status": "unknown"}
        if finished.status == "incomplete":
            return {"status": "incomplete", "indent": finished.indent}
        return {"status": finished.status}

    async def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:
        """Offer what the language and the node have for this place."""
        try:
            found = self._editor().complete(code, cursor_pos)
        except PuppetKernelError as error:
            self.log.warning("completion: %s", error)
            return _matches([], cursor_pos, cursor_pos)
        reply = _matches([c.text for c in found.choices], found.start, found.end)
        reply["metadata"]["_jupyter_types_experimental"] = found.to_json()
        return reply

    async def do_inspect(
        self,
        code: str,
        cursor_pos: int,
        detail_level: int = 0,
        omit_sections: Any = (),
    ) -> dict[str, Any]:
        """Show what is known of the word under the cursor."""
        data: dict[str, str] = {}
        try:
            page = self._editor().explain(code, cursor_pos, full=detail_level > 0)
            if page is not None:
                data = {"text/markdown": page.markdown, "text/plain": page.plain}
        except PuppetKernelError as error:
            self.log.warning("inspection: %s", error)
        return {"status": "ok", "found": bool(data), "data": data, "metadata": {}}

    async def do_shutdown(self, restart: bool) -> dict[str, Any]:
        """End the worker and whatever cell it still runs."""
        if self._session is not None:
            self._session.close()
        return {"status": "ok", "restart": restart}

    def _start(self) -> Session:
        worker, PuppetKernel.first_worker = PuppetKernel.first_worker, None
        worker = worker or Worker(ProcessChannel(local_worker_argv()))
        return Session(worker, cwd=os.getcwd(), user=_user())  # noqa: PTH109 - a str

    def _living_session(self, silent: bool) -> Session:
        """Return a session whose worker lives; tell of what is new, once."""
        self._used = time.monotonic()
        ended = self._session
        if ended is None or not ended.worker.alive:
            self._session = self._start()
            if ended is not None:
                ended.close()
                # What the cells before did is as true as before.
                self._session.memory = ended.memory
                self._restarted |= ended.worker.loaded and not self._rests
            self._rests = False
        session = self._session
        assert session is not None  # noqa: S101 - just made
        about = session.worker.about
        if not silent:
            self._tell_news(about)
        return session

    def _rest_if_due(self) -> None:
        """Let an idle Puppet go if memory is short; the next cell starts another.

        Runs between cells only, and not while something that a cell has left in the
        background still writes to it.
        """
        session = self._session
        if session is None or not session.worker.loaded or not session.worker.alive:
            return
        if not rest.is_due(time.monotonic() - self._used, rest.memory_left()):
            return
        try:
            self._rests = not session.worker.has_leftovers()
        except PuppetKernelError:
            return  # it has ended by itself: the next cell tells so
        if self._rests:
            session.close()

    def _tell_news(self, about: Event) -> None:
        if self._restarted:
            self._restarted = False
            self._print(_RESTARTED)
        if not about.get("root") and not self._told_privilege:
            self._told_privilege = True
            self._print(_UNPRIVILEGED.format(user=about.get("user", "somebody")))

    def _show(self, result: CellResult, live: LiveCell, silent: bool) -> dict[str, Any]:
        live.finish(result)
        if not result.ok:
            error = error_of(result)
            return self._fail(
                error["ename"], error["evalue"], error["traceback"], silent
            )
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }

    def _fail(
        self, name: str, value: str, traceback: list[str], silent: bool
    ) -> dict[str, Any]:
        content = display.error_output(name, value, traceback)
        del content["output_type"]
        if not silent:
            self._tell("error", content)
        return {
            "status": "error",
            "execution_count": self.execution_count,
            **content,
        }

    def _note(self, cell_id: str, result: CellResult | None, seconds: float) -> None:
        """Note a cell in the journal; a full disk stops no cell."""
        empty = result is not None and result.kind is Kind.EMPTY
        if self._journal is None or empty:
            return
        try:
            self._journal.note(cell_id, result, seconds)
        except OSError as error:
            self.log.warning("the cell is not noted: %s", error)

    def _nobody(self, kind: str, content: dict[str, Any]) -> None:
        """Be where the messages of a silent cell go."""

    def _print(self, text: str) -> None:
        self._tell("stream", {"name": "stdout", "text": text})

    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        self.send_response(  # type: ignore[no-untyped-call]
            self.iopub_socket, kind, content
        )

    def _editor(self) -> "Editor":
        # Not needed before somebody types, and Puppet is loading meanwhile.
        from puppet_kernel.editing import Editor

        session = self._living_session(silent=True)
        if self._editing is None or self._editing.session is not session:
            cwd = os.getcwd()  # noqa: PTH109 - a str
            self._editing = Editor(session, cwd=cwd, user=_user())
        return self._editing


@contextmanager
def _interrupts_go_to(session: Session, live: LiveCell) -> Iterator[None]:
    """Hand each SIGINT to the session, for as long as its cell runs.

    From a thread of its own: the signal may come in the midst of a message to the
    worker, and the next one has to wait until that is written.
    """

    def handle(_signal: int, _frame: FrameType | None) -> None:
        live.stop()
        threading.Thread(target=session.interrupt, daemon=True).start()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _matches(matches: list[str], start: int, end: int) -> dict[str, Any]:
    return {
        "status": "ok",
        "matches": matches,
        "cursor_start": start,
        "cursor_end": end,
        "metadata": {},
    }


def _advice(error: PuppetKernelError) -> str:
    if isinstance(error, WorkerDied):
        return f"{error}; run the cell again to start a new one"
    return str(error)


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None  # a user id without a name
