"""Whatever is typed and whatever a node says, nothing is raised."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puppet_kernel.answers import Memory
from puppet_kernel.editing import Editor
from puppet_kernel.editing.candidates import Candidates
from puppet_kernel.editing.context import context
from puppet_kernel.editing.explain import Explainer
from puppet_kernel.editing.finished import finished
from puppet_kernel.editing.knowledge import Knowledge
from puppet_kernel.editing.magic_arguments import MagicArguments
from puppet_kernel.editing.magic_lines import magic_at
from puppet_kernel.editing.matching import fitting
from puppet_kernel.editing.tokens import tokens
from puppet_kernel.session import Session
from puppet_kernel.worker import Event

PIECES = [
    *("file", "class", "define", "if", "case", "include", "node", "inherits", "each"),
    *("File", "Optional", "Class", "$x", "$facts", "$::", "${", "$", "::", ":", ";"),
    *("{", "}", "(", ")", "[", "]", "|", "<|", "|>", "=>", "->", "=", ",", ".", "?"),
    *("'", '"', "\\", "/", "#", "/*", "*/", "@(E)", '@("E")', "| E", "\n", " ", "%"),
    *("%%noop\n", "%facts ", "%%file a.pp\n", "1", "ensure", "\N{PILE OF POO}", "\r"),
]
CODE = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=60),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("fingerprint", "data", "types", "classes", "functions", "name"),
                    *("attributes", "values", "keys", "kind", "doc", "signatures"),
                    *("suitable", "known", "parameters", "found", "line", "file"),
                ]
            ),
            inner,
            max_size=8,
        )
    ),
    max_leaves=30,
)

# How long it takes is the machine's affair.
UNHURRIED = settings(deadline=None)


class Liar:
    """Be a worker that says what it is told to say."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def request(self, op: str, **_params: object) -> list[Event]:
        return [{"ev": "answer", "data": self.data}, {"ev": "done"}]


@UNHURRIED
@given(CODE)
def test_tokens_are_in_order(code: str) -> None:
    end = 0
    for token in tokens(code):
        assert end <= token.start < token.end <= len(code)
        assert code[token.start : token.end] == token.text
        end = token.end


@UNHURRIED
@given(CODE, st.data())
def test_a_context_for_every_place(code: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(code)))
    found = context(code, cursor)
    assert 0 <= found.start <= cursor <= found.end <= len(code)
    found.everything()
    found.walk.variables()


@UNHURRIED
@given(CODE, st.data(), JSON)
def test_no_place_and_no_answer_raises(
    code: str, data: st.DataObject, told: Any
) -> None:
    cursor = data.draw(st.integers(0, len(code)))
    known = Knowledge(Liar(told))  # type: ignore[arg-type]
    memory = Memory(declared={"File[/x]": None, "junk": None, "File[": None})
    Explainer(known, memory, full=True).explain(code, cursor)
    place = magic_at(code, cursor)
    if place is not None:
        arguments = MagicArguments(known, memory, place)
        fitting(arguments.word, arguments.all())
    found = context(code, cursor)
    for choice in fitting(found.word, Candidates(known, found, ["File[/x]"]).all()):
        assert isinstance(choice.text, str)
        assert isinstance(choice.signature, str)


@UNHURRIED
@given(CODE, st.booleans(), st.booleans())
def test_every_cell_is_judged(code: str, ok: bool, unfinished: bool) -> None:
    event = {"ev": "syntax", "ok": ok, "unfinished": unfinished}
    found = finished(code, lambda _: event)
    assert found.indent.strip() == ""


@settings(UNHURRIED, max_examples=60)
@given(CODE, st.data())
def test_on_a_real_node(editor: Editor, code: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(code)))
    found = editor.complete(code, cursor)
    assert 0 <= found.start <= cursor <= found.end <= len(code)
    editor.explain(code, cursor)
    editor.finished(code)


@pytest.mark.parametrize("size", [20_000])
def test_a_long_cell_is_no_burden(size: int) -> None:
    code = "file { '/x': ensure => file, content => \"a ${b} c\" }\n" * (size // 50)
    found = context(code + "fi", len(code) + 2)
    assert found.want == "statement"
    deep = context("[" * size, size)
    assert deep.want == "expression"


def test_an_editor_belongs_to_its_session(editor: Editor) -> None:
    assert isinstance(editor.session, Session)
