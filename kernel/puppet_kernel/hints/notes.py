"""Notice what is right for Puppet and yet hardly meant.

A hint about a manifest that works has to be right: better none than a wrong one.
"""

import re
from collections.abc import Iterator

from puppet_kernel.hints import foreign, picture, places
from puppet_kernel.hints.advice import Mark, Scene
from puppet_kernel.hints.tokens import Kind, Token
from puppet_kernel.results import CellResult, Problem

_INTERPOLATED = re.compile(r"\$\{(?P<name>[a-z_]\w*)(?:[^\w}][^}]*)?\}")
# Puppet makes a link to whatever else is written.
_NOT_A_FILE = frozenset(
    "installed latest running stopped exists exist created create dir folder symlink "
    "enabled true".split()
)
_DIGIT = re.compile(r"(?<!\\)\$\d+")
_MATCHING = frozenset(
    {"=~", "!~", "case", "?", "match", "regsubst", "Regexp", "Pattern"}
)
_ALWAYS = frozenset({"facts", "trusted"})


def notes(result: CellResult, scene: Scene) -> Iterator[Problem]:
    """Yield hints on a cell that Puppet could read."""
    if any(e.issue in {"SYNTAX_ERROR", "UNCLOSED_QUOTE"} for e in result.errors):
        return
    yield from _single_quoted(scene)
    yield from _dollar_and_digit(scene)
    yield from _file_that_is_a_link(scene)
    yield from _nothing_but_a_word(result, scene)


def _note(message: str, mark: Mark, scene: Scene) -> Problem:
    told = Problem("hint", message, mark.line, mark.column)
    return Problem(
        "hint",
        message,
        mark.line,
        mark.column,
        excerpt=scene.line(mark.line),
        lines=picture.picture(told, (mark,), scene),
    )


def _single_quoted(scene: Scene) -> Iterator[Problem]:
    """Notice '${name}' of a variable that the cell itself gives a value."""
    if "${" not in scene.code:
        return
    found = scene.tokens
    known = {t.text[1:] for t in found if t.kind is Kind.VARIABLE} | _ALWAYS
    for index, token in enumerate(found):
        if token.kind is not Kind.SINGLE or token.text.startswith("@"):
            continue
        inside = _INTERPOLATED.search(token.inner)
        # A shell has variables too, and there the single quotes are meant.
        if not inside or inside["name"] not in known or _for_a_shell(found, index):
            continue
        name = inside["name"]
        plain = len(token.inner) < 60 and not set(token.inner) & set('"\\\n')
        right = f'"{token.inner}"' if plain else f'"…${{{name}}}…"'
        yield _note(
            f"single quotes keep ${{{name}}} as it stands; for its value write double "
            f"quotes: {right}",
            Mark.of(token),
            scene,
        )


def _dollar_and_digit(scene: Scene) -> Iterator[Problem]:
    """Notice "$5" where nothing was matched that could be $5."""
    found = scene.tokens
    if any(t.kind is Kind.REGEX or t.text in _MATCHING for t in found):
        return
    for token in found:
        inside = _DIGIT.search(token.inner) if token.kind is Kind.DOUBLE else None
        if inside:
            yield _note(
                f"in double quotes {inside[0]} is a variable, here an empty one; for "
                f"the sign itself write \\{inside[0]}, or single quotes",
                Mark.of(token),
                scene,
            )


def _for_a_shell(found: tuple[Token, ...], index: int) -> bool:
    """Tell whether a string is a command, or belongs to a function or pattern."""
    before = found[index - 1].text if index else ""
    name = found[index - 2].inner if index > 1 else ""
    if before == "=>":
        return name in {
            "command",
            "unless",
            "onlyif",
            "refresh",
            "content",
            "environment",
        }
    exec_title = index > 1 and before == "{" and found[index - 2].text == "exec"
    return exec_title or before in {"(", "[", ","}


def _end(found: tuple[Token, ...], opening: int) -> int:
    """Return where the braces end that are opened at an index."""
    depth = 0
    for index in range(opening, len(found)):
        depth += {"{": 1, "}": -1}.get(found[index].text, 0)
        if depth == 0:
            return index
    return len(found)


def _file_that_is_a_link(scene: Scene) -> Iterator[Problem]:
    found = scene.tokens
    if not any(token.inner in _NOT_A_FILE for token in found):
        return
    for index, token in enumerate(found[:-1]):
        if (
            token.text != "file"
            or found[index + 1].text != "{"
            or token.kind is not Kind.NAME
        ):
            continue
        body = found[index : _end(found, index + 1)]
        place = places.attribute(body, "ensure", token.line)
        value = place[1] if place else None
        if value is not None and value.inner in _NOT_A_FILE:
            yield _note(
                f"ensure => {value.inner} makes a link that points to "
                f"'{value.inner}'; for a file write ensure => file, for a folder "
                "ensure => directory",
                Mark.of(value),
                scene,
            )


def _nothing_but_a_word(result: CellResult, scene: Scene) -> Iterator[Problem]:
    """Notice a cell that is one word, such as ls: Puppet says nothing about it."""
    found = scene.tokens
    if len(found) != 1 or found[0].kind is not Kind.NAME or result.errors:
        return
    word = found[0]
    if foreign.is_command(word.text):
        message = (
            f"for Puppet {word.text} is a word and nothing to do; for the shell's "
            "command put %%sh on the first line of the cell"
        )
        yield _note(message, Mark.of(word), scene)
