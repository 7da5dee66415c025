"""Spoil manifests and requests, reproducibly: everything comes from one Random."""

import json
import re
from collections.abc import Callable, Sequence
from random import Random

_TOKEN = re.compile(r"\s+|\w+|=>|->|~>|<\||\|>|.", re.DOTALL)
_NUMBER = re.compile(r"\b\d+\b")
_PIECES = (
    *("{", "}", "[", "]", "(", ")", "'", '"', "${", "$", "|", "=>", "->", "~>", "<|"),
    *(":", ";", ",", "@", "@@", "*", "#", "/*", "*/", "/", "%", "%%noop\n", "%{"),
    *("@(END)", "| END", "\\", "\\u{110000}", "\\u0000", "<%", "%>", "=~", "?", "!"),
    *("undef", "default", "true", "class", "define", "node", "type", "function", "if"),
    *("case", "inherits", "import", "include", "fail(1)", "break()", "return()"),
    *("Sensitive(1)", "Deferred('upcase', ['x'])", "Integer[1, 2]", "File <| |>"),
)
_NUMBERS = ("-1", "0", "9" * 19, "9" * 400, "1e308", "1e999", "0x" + "f" * 40, "08")
BRACKETS = (("[", "]"), ("{ 'a' => ", "}"), ("(", ")"), ("if true { ", " }"), ("-", ""))
DEEPEST = 2_000
LONGEST = 200_000
_UNICODE = "\u0000\ufeff\u200b\u202e\u00a0\u0301é日🎉\U0001d54f\ud7ff\uffff\U0010ffff"


def mutate(random: Random, text: str, others: Sequence[str]) -> str:
    """Return a manifest with one to four things wrong with it, maybe."""
    for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
        text = random.choice(MUTATIONS)(random, text, others)
    return text


def _edit_tokens(edit: Callable[[Random, list[str], int], None]) -> "Mutation":
    def mutation(random: Random, text: str, others: Sequence[str]) -> str:
        tokens = _TOKEN.findall(text) or [""]
        edit(random, tokens, random.randrange(len(tokens)))
        return "".join(tokens)

    return mutation


def _delete(random: Random, tokens: list[str], at: int) -> None:
    del tokens[at : at + random.choice((1, 1, 1, 5))]


def _repeat(random: Random, tokens: list[str], at: int) -> None:
    tokens[at:at] = tokens[at : at + random.randrange(1, 20)] * random.randrange(1, 4)


def _swap(random: Random, tokens: list[str], at: int) -> None:
    other = random.randrange(len(tokens))
    tokens[at], tokens[other] = tokens[other], tokens[at]


def _insert(random: Random, tokens: list[str], at: int) -> None:
    tokens.insert(at, random.choice(_PIECES))


def _truncate(random: Random, text: str, others: Sequence[str]) -> str:
    return text[: random.randrange(len(text) + 1)]


def _splice(random: Random, text: str, others: Sequence[str]) -> str:
    other = random.choice(others)
    return (
        text[: random.randrange(len(text) + 1)] + other[random.randrange(len(other)) :]
    )


def _noise(random: Random, text: str, others: Sequence[str]) -> str:
    characters = list(text) or [""]
    for _ in range(random.randrange(1, 8)):
        at = random.randrange(len(characters))
        characters[at] = chr(random.randrange(256))
    return "".join(characters)


def _unicode(random: Random, text: str, others: Sequence[str]) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(_UNICODE) * random.choice((1, 1, 40)) + text[at:]


def _number(random: Random, text: str, others: Sequence[str]) -> str:
    return _NUMBER.sub(lambda _: random.choice(_NUMBERS), text, count=3)


def _nest(random: Random, text: str, others: Sequence[str]) -> str:
    depth = random.choice((10, 100, DEEPEST))
    start, end = random.choice(BRACKETS)
    return f"{text}\n$nested = {start * depth}1{end * depth}\n"


def _lengthen(random: Random, text: str, others: Sequence[str]) -> str:
    return (
        f"{text}\nnotice('{random.choice('xé') * random.choice((5_000, LONGEST))}')\n"
    )


Mutation = Callable[[Random, str, Sequence[str]], str]
MUTATIONS: tuple[Mutation, ...] = (
    *map(_edit_tokens, (_delete, _delete, _repeat, _swap, _insert, _insert)),
    *(_truncate, _splice, _noise, _unicode, _number, _nest, _lengthen),
)

_OPERATIONS = (
    *("apply", "sh", "validate", "puppet", "types", "attributes", "facts", "ping"),
    "compiled",
    *("interrupt", "", "exit", "APPLY", "__send__", "🎉", None, 5, [], {}, True),
)
_FIELDS = (
    *("code", "noop", "check", "cwd", "user", "argv", "type", "target", "title"),
    *("foreign", "manifest", "facts", "data"),
)
_ARGV = (
    ["--version"],
    ["help"],
    ["describe", "notify"],
    ["describe", "no-such-type"],
    ["no-such-command"],
    ["config", "print", "vardir"],
    [],
    [5, None],
    "help",
)
_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 2**70, 1.5, "", "x", "/", "/no/such/folder", "\0"),
    *([], [[]], {}, {"a": {"b": []}}, "root", "nobody", "notice(1)", "exit 3"),
    *("é" * 500, "\u2028", "%%noop", "file", "../../etc/passwd", "attendee", "echo a"),
)


def request(random: Random, identity: object) -> dict[str, object]:
    """Return a request whose fields have types that nobody expects."""
    made: dict[str, object] = {"op": random.choice(_OPERATIONS), "id": identity}
    for field in random.sample(_FIELDS, random.randrange(len(_FIELDS))):
        made[field] = random.choice(_VALUES)
    if made["op"] == "puppet":
        made["argv"] = random.choice(_ARGV)
    return made


def identity(random: Random) -> object:
    """Return something that a request may be named by, for all the protocol says."""
    return random.choice(
        (random.randrange(2**31), 2**80, -1.25, "text", "é🎉", "", None, [1, [2]], {})
    )


def huge_line() -> bytes:
    """Return a line of JSON that is no request, and very long."""
    return b'"' + b"x" * 3_000_000 + b'"'


def garbage(random: Random) -> bytes:
    """Return a line that is no request."""
    made = random.choice(
        (
            lambda: random.randbytes(random.randrange(1, 400)),
            lambda: b"{" * random.choice((1, 90, 5_000)),
            lambda: b"[" * 150 + b"]" * 150,
            lambda: b'{"op": "ping", "id": 1e999}',
            lambda: b'{"op": "ping", "id": NaN}',
            lambda: b'{"op": "ping", "id": "\xff\xfe"}',
            lambda: b'{"op": "\xff"}',
            lambda: b'{"op": "ping", "id": "\\ud800"}',
            lambda: b'{"op": "ping", "op": 5}',
            lambda: json.dumps(random.choice(_VALUES)).encode(),
            lambda: b'{"json_class": "File", "op": {"json_class": "String"}}',
            lambda: b"",
            lambda: b"\x00" * 100,
            lambda: b'{"id": 7}',
            huge_line,
        )
    )()
    return made.replace(b"\n", b" ")
