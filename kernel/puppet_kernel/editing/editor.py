"""Complete, explain and judge cells that are being written: Jupyter-free."""

from dataclasses import dataclass

from puppet_kernel.editing.candidates import Candidates
from puppet_kernel.editing.context import context
from puppet_kernel.editing.explain import Explainer
from puppet_kernel.editing.finished import Finished, finished
from puppet_kernel.editing.knowledge import ANSWER_TIMEOUT, Knowledge
from puppet_kernel.editing.magic_arguments import MagicArguments
from puppet_kernel.editing.magic_lines import body_of, magic_at
from puppet_kernel.editing.matching import Choice, fitting
from puppet_kernel.editing.pages import plain
from puppet_kernel.session import Session
from puppet_kernel.worker import Event


@dataclass(frozen=True)
class Completion:
    """Hold choices, each of which replaces `code[start:end]`."""

    choices: tuple[Choice, ...]
    start: int
    end: int

    def to_json(self) -> list[dict[str, str | int]]:
        """Return the choices with their kinds, as front ends read them."""
        return [
            {
                "start": self.start,
                "end": self.end,
                "text": choice.text,
                "type": _shown(choice),
                "signature": choice.signature,
            }
            for choice in self.choices
        ]


def _shown(choice: Choice) -> str:
    """Return a kind as it is shown; of a function, its parameters with it.

    JupyterLab shows this text beside a choice, and no signature anywhere.
    """
    _, bracket, parameters = choice.signature.partition("(")
    if choice.kind != "function" or not bracket:
        return choice.kind
    return f"function ({parameters.partition(' or ')[0]}"


@dataclass(frozen=True)
class Page:
    """Hold an explanation, in Markdown and as plain text."""

    markdown: str
    plain: str


class Editor:
    """Help with the cells of one session.

    Offsets count characters. Raises WorkerDied and WorkerTimeout.
    """

    def __init__(
        self, session: Session, *, cwd: str | None = None, user: str | None = None
    ) -> None:
        self.session = session
        self._known = Knowledge(session.worker, cwd, user)

    def complete(self, code: str, cursor: int) -> Completion:
        """Return what could stand at the cursor, the likeliest first."""
        self._known.look_again()
        place = magic_at(code, cursor)
        if place is not None:
            fits = MagicArguments(self._known, self.session.memory, place)
            word, start, end = fits.word, cursor - len(fits.word), cursor
            candidates = fits.all()
        else:
            body = body_of(code)
            if body is None or cursor < body:
                return Completion((), cursor, cursor)
            here = context(code, cursor, body)
            word, start, end = here.word, here.start, here.end
            elsewhere = list(self.session.memory.declared)
            candidates = Candidates(self._known, here, elsewhere).all()
        return Completion(tuple(fitting(word, candidates)), start, end)

    def explain(self, code: str, cursor: int, *, full: bool = False) -> Page | None:
        """Return what is known of the word at the cursor, or None."""
        self._known.look_again()
        explainer = Explainer(self._known, self.session.memory, full)
        markdown = explainer.explain(code, cursor)
        return Page(markdown, plain(markdown)) if markdown else None

    def finished(self, code: str) -> Finished:
        """Return whether a cell could be run as it stands."""
        return finished(code, self._validate)

    def _validate(self, code: str) -> Event:
        events = self.session.worker.request(
            "validate", timeout=ANSWER_TIMEOUT, code=code
        )
        return events[0]
