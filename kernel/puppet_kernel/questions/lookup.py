"""Answer `%lookup`: the value of a key, and level by level where it comes from."""

import re
from collections.abc import Iterator
from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Code, Span, Table, Text, Tone
from puppet_kernel.errors import CellError
from puppet_kernel.questions import plain
from puppet_kernel.results import Problem

_MERGE = re.compile(r"(?P<key>.*?)[ \t]+(?:--)?merge(?:=|[ \t]+)(?P<merge>\S+)\Z")
_AS = re.compile(r"(?P<rest>.*?)[ \t]+as[ \t]+(?P<facts>.+)\Z")
_MAX_ARGUMENT = 1_000
_MAX_KEYS = 12
_STATES = {
    "used": ("✓ used", Tone.GOOD),
    "merged": ("✓ merged", Tone.GOOD),
    "hidden": ("hidden by a level above", Tone.WARNING),
    "default unused": ("a default, not needed", Tone.FAINT),
    "no key": ("has no such key", Tone.FAINT),
    "no file": ("has no file", Tone.FAINT),
    "lacking": ("has only other parts of it", Tone.FAINT),
    "error": ("✗ cannot be read", Tone.BAD),
}
_STRATEGIES = {
    "first": "the first level that has the key wins",
    "unique": "the values of all levels become one list without repetitions",
    "hash": "the hashes of all levels become one; the level above wins each key",
    "deep": "the hashes of all levels become one, down to their innermost keys",
}


def answer(cell: Cell, asking: Asking) -> Answer:
    """Have Puppet look the key up, and show what it saw on the way."""
    key, merge, facts = _argument(cell.argument)
    data = plain.mapping(
        asking.ask(
            "lookup",
            key=key,
            merge=merge,
            facts=facts,
            user=asking.user,
            cwd=asking.cwd,
        )
    )
    blocks = [
        *_outcome(data),
        *_parameter(data),
        *_strategy(data, merge),
        *_levels(data),
    ]
    problem = _problem(data)
    return Answer(tuple(blocks), errors=(problem,) if problem else ())


def _argument(argument: str) -> tuple[str, str | None, str | None]:
    """Return the key, the strategy and the other machine's facts, as far as given."""
    if len(argument) > _MAX_ARGUMENT:
        message = f"%lookup takes one key, and this has {len(argument):,} characters"
        raise CellError(message)
    other = _AS.fullmatch(argument)
    rest, facts = (other["rest"], other["facts"]) if other else (argument, None)
    found = _MERGE.fullmatch(rest)
    key, merge = (found["key"], found["merge"]) if found else (rest, None)
    if re.search(r"\s", key) and not {"'", '"'} & set(key):
        message = f"%lookup takes one key, as in %lookup motd::text; not {key!r}"
        raise CellError(message)
    return key, merge, facts


def _outcome(data: dict[str, Any]) -> Iterator[Block]:
    if data.get("found") is not True:
        return
    key, kind = plain.text(data.get("key")), plain.text(data.get("type"))
    where = f"{plain.text(data.get('certname'))}, environment "
    where += plain.text(data.get("environment"))
    yield Text(f"{key} for {where}: {kind}", strong=True)
    yield Code(plain.text(data.get("value")), "yaml")
    if data.get("sensitive") is True:
        yield Text("The value is Sensitive, so it is not shown.", Tone.FAINT)


def _parameter(data: dict[str, Any]) -> Iterator[Block]:
    """Say which parameter of a class the key feeds, and whether its value fits."""
    told = plain.mapping(data.get("parameter"))
    if told.get("exists") is not True:
        return
    name, owner = plain.text(told.get("name")), plain.text(told.get("class"))
    kind = plain.text(told.get("type")) or "any value"
    wants = f"It feeds the parameter {name} of class {owner}, which takes {kind}"
    if told.get("fits") is False:
        why = plain.text(told.get("why"))
        yield Text(f"{wants}. The value does not fit: {why}", Tone.BAD)
    elif told.get("fits") is True:
        yield Text(f"{wants}: the value fits.")


def _strategy(data: dict[str, Any], merge: str | None) -> Iterator[Block]:
    name = plain.text(data.get("strategy"))
    told = f"Strategy {name}: {_STRATEGIES.get(name, 'the values are merged')}"
    stated = plain.mapping(data.get("stated"))
    if merge is not None:
        told += "; as this cell asks"
    elif stated and name != "first":
        told += f"; as lookup_options of {_stated(stated)} say"
    yield Text(f"{told}.", Tone.FAINT)
    if data.get("convert_to"):
        convert = plain.text(data.get("convert_to"))
        by = f" by lookup_options of {_stated(stated)}" if stated else ""
        yield Text(f"Then it is converted to {convert}{by}.", Tone.FAINT)


def _stated(stated: dict[str, Any]) -> str:
    level, path = plain.text(stated.get("level")), plain.text(stated.get("path"))
    return f"{level} ({path}, under {plain.text(stated.get('name'))})"


def _levels(data: dict[str, Any]) -> Iterator[Block]:
    records = plain.records(data.get("levels"))
    root = plain.text(data.get("root"))
    key = plain.text(data.get("key"))
    if not records:
        yield Text("There are no data at all: no level has a file.", Tone.WARNING)
        return
    rows = tuple(_row(told, key, root) for told in records)
    caption = f"Searched in this order; files are below {root}" if root else ""
    yield Table(("layer", "level", "file", "outcome", "value"), rows, caption)


def _row(told: dict[str, Any], key: str, root: str) -> tuple[str | Span, ...]:
    state = plain.text(told.get("state"))
    if state == "partial":
        words, tone = f"hides the rest: no {key} in it", Tone.WARNING
    else:
        words, tone = _STATES.get(state, (state, Tone.PLAIN))
    path = plain.text(told.get("path")) or plain.text(told.get("function"))
    faint = Tone.FAINT if tone is Tone.FAINT else Tone.PLAIN
    return (
        Span(plain.text(told.get("layer")), faint),
        Span(plain.text(told.get("level")), faint),
        Span(path.removeprefix(f"{root}/"), faint, code=True),
        Span(words, tone),
        Span(plain.text(told.get("value")), faint, code=state != "error"),
    )


def _problem(data: dict[str, Any]) -> Problem | None:
    """Return why there is no value, with what to do about it; None if there is one."""
    fault = plain.mapping(data.get("error"))
    if fault:
        return Problem(
            "error",
            plain.text(fault.get("message")),
            line=plain.number(fault.get("line")),
            file=plain.text(fault.get("file")) or None,
            hint="mend that file with %%hiera or %%file",
        )
    if data.get("found") is True:
        return None
    key = plain.text(data.get("key"))
    return Problem("error", f"no level has a value for {key}", hint=_advice(data, key))


def _advice(data: dict[str, Any], key: str) -> str:
    told: list[str] = []
    if data.get("config") is not True:
        told.append(
            "The environment has no hiera.yaml, so none of its data are read: "
            "%%hiera common shows how to make one."
        )
    known = plain.words(data.get("keys"))
    close = plain.nearest(key, known)
    parameter = plain.mapping(data.get("parameter"))
    if parameter and parameter.get("exists") is not True:
        names = ", ".join(plain.words(parameter.get("known"))[:_MAX_KEYS]) or "none"
        owner = plain.text(parameter.get("class"))
        told.append(f"Class {owner} has no such parameter (it has: {names}).")
    elif parameter.get("default") is True:
        told.append("Its class has a default, which is used.")
    if close:
        told.append(f"Did you mean {plain.or_list(close)}?")
    elif known:
        told.append(f"The data have {', '.join(known[:_MAX_KEYS])}.")
    if "." in key:
        root = key.partition(".")[0]
        hides = any(
            level.get("state") == "partial"
            for level in plain.records(data.get("levels"))
        )
        deep = f"; %lookup {key} merge=deep asks all levels" if hides else ""
        told.append(f"The dots lead into the value of {root}{deep}.")
    else:
        told.append(f"To add it: %%hiera common, and on the next line {key}: VALUE")
    return " ".join(told)
