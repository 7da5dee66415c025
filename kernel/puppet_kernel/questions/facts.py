"""Answer `%facts`: what is known of this machine, as the next manifest sees it."""

from collections.abc import Iterable, Iterator
from typing import Any

from puppet_kernel import legacy_facts
from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.document import Block, Code, Folded, Span, Table, Text, Tone
from puppet_kernel.questions import fact_paths, plain
from puppet_kernel.questions.fact_paths import Path
from puppet_kernel.results import Problem

_USEFUL = (
    ("os.name", "the operating system"),
    ("os.family", "its family: what most decisions in modules hang on"),
    ("os.release.full", "its release"),
    ("os.release.major", "its major release (a String)"),
    ("os.distro.codename", "its release's name"),
    ("os.architecture", "the architecture of its packages"),
    ("os.selinux.enabled", "whether SELinux rules"),
    ("kernel", "the kernel"),
    ("kernelrelease", "the kernel's release"),
    ("networking.hostname", "the machine's name"),
    ("networking.fqdn", "its name with its domain"),
    ("networking.ip", "its address"),
    ("networking.mac", "its hardware address"),
    ("networking.primary", "the interface it goes out by"),
    ("memory.system.total", "its memory"),
    ("memory.system.available", "what is free of it"),
    ("processors.count", "its processors"),
    ("processors.models.0", "their make"),
    ("virtual", "what it runs in"),
    ("is_virtual", "whether it runs in something else"),
    ("dmi.product.name", "the hardware's name"),
    ("identity.user", "who Puppet is"),
    ("identity.privileged", "whether Puppet may do everything"),
    ("timezone", "its time zone"),
    ("system_uptime.uptime", "how long it has been up"),
    ("ruby.version", "Puppet's Ruby"),
    ("puppetversion", "Puppet"),
    ("facterversion", "what gathers the facts"),
)
_COLUMNS = ("in a manifest", "value", "type")
_MOST_ROWS = 40


def answer(cell: Cell, asking: Asking) -> Answer:
    """Show the most useful facts and fold the rest, or show one fact."""
    data = plain.mapping(asking.ask("node_facts"))
    facts = plain.mapping(plain.structure(data.get("values")))
    origins = {
        name: plain.text(origin)
        for name, origin in plain.mapping(data.get("origins")).items()
        if name in facts
    }
    if not cell.argument:
        return Answer(tuple(_overview(facts, origins)))
    return _asked(cell.argument, facts, origins)


def _overview(facts: dict[str, Any], origins: dict[str, str]) -> Iterator[Block]:
    rows = []
    for key, about in _USEFUL:
        found = fact_paths.find(facts, key.split("."))
        if found is not None:
            path, value = found
            rows.append((*_row(path, value)[:2], Span(about, Tone.FAINT)))
    yield Table(("in a manifest", "value", "what it is"), tuple(rows))
    if origins:
        yield Table(
            ("in a manifest", "value", "comes from"),
            tuple(
                (*_row((name,), facts[name])[:2], Span(origin, Tone.FAINT, code=True))
                for name, origin in sorted(origins.items())
            ),
            "Facts of your own",
        )
    yield Folded(f"all {len(facts)} facts", tuple(_all(facts)))
    yield Text(
        "One of them: %facts os.family. All below one: %facts networking.", Tone.FAINT
    )


def _all(facts: dict[str, Any]) -> Iterator[Block]:
    single = {k: v for k, v in facts.items() if not isinstance(v, dict | list)}
    yield _table(((name,), single[name]) for name in sorted(single))
    for name in sorted(set(facts) - set(single)):
        summary = f"{name}: {_summary(facts[name])}"
        yield Folded(summary, (Code(_tree(facts[name]), "yaml"),))


def _asked(key: str, facts: dict[str, Any], origins: dict[str, str]) -> Answer:
    names = fact_paths.parts(key)
    found = fact_paths.find(facts, names)
    modern = legacy_facts.replacement(names[0]) if len(names) == 1 else None
    if found is None and modern is not None:
        return _legacy(names[0], modern, facts)
    if found is not None and found[0]:
        blocks = list(_one(*found, origins))
        if modern is not None and names[0] not in origins:
            told = (
                f"{names[0]} is a legacy fact, and Puppet 8 does not send it by "
                f"default; use {modern}"
            )
            blocks.insert(0, Text(told, Tone.WARNING))
        return Answer(tuple(blocks))
    beginning = fact_paths.beginning_with(facts, names) if names else []
    if len(beginning) == 1:
        told = f"No fact is called {key}; this one begins like it."
        return Answer((Text(told, Tone.FAINT), *_one(*beginning[0], origins)))
    if beginning:
        told = f"No fact is called {key}; these begin like it."
        return Answer((Text(told, Tone.FAINT), _table(beginning)))
    return _unknown(key, fact_paths.near(facts, names))


def _one(path: Path, value: Any, origins: dict[str, str]) -> Iterator[Block]:
    origin = origins.get(str(path[0]))
    if isinstance(value, dict | list):
        yield from _structure(path, value)
    else:
        yield _table([(path, value)])
        expression = fact_paths.expression(path).removeprefix("$")
        yield Text(f'in a string: "${{{expression}}}"', Tone.FAINT)
        yield Text(
            f"in Hiera's data and paths: %{{facts.{fact_paths.dotted(path)}}}",
            Tone.FAINT,
        )
    if origin:
        yield Text(f"comes from {origin}", Tone.FAINT)


def _legacy(name: str, modern: str, facts: dict[str, Any]) -> Answer:
    told = f"{name} is a legacy fact, which Puppet 8 does not send by default"
    found = fact_paths.find(facts, modern.split("."))
    if found is None:
        return Answer(
            (Text(f"{told}. {modern} replaces it, which this machine lacks."),)
        )
    return Answer(
        (
            Text(f"{told}. Use this instead:", Tone.WARNING),
            *_one(*found, {}),
        )
    )


def _unknown(key: str, near: list[tuple[Path, Any]]) -> Answer:
    message = f"there is no fact {key}"
    if not near:
        problem = Problem("error", message, hint="%facts alone lists all there are")
        return Answer(errors=(problem,))
    meant = plain.or_list(fact_paths.dotted(path) for path, _ in near[:3])
    problem = Problem("error", f"{message}; did you mean {meant}?")
    return Answer((_table(near),), errors=(problem,))


def _structure(path: Path, value: Any) -> Iterator[Block]:
    """Show all single values below a path, or if they are many, what is next below."""
    leaves = list(fact_paths.leaves(value, path))
    if len(leaves) <= _MOST_ROWS:
        yield _table(leaves)
        return
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    yield _table(((*path, name), item) for name, item in pairs)
    yield Folded(f"all {len(leaves)} values", (Code(_tree(value), "yaml"),))


def _tree(value: Any, indent: int = 0) -> str:
    """Return a structure as an indented tree, one line for each name."""
    if not value:
        return fact_paths.literal(value)
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    lines = []
    for name, item in pairs:
        if isinstance(item, dict | list) and item:
            lines += [f"{' ' * indent}{name}:", _tree(item, indent + 2)]
        else:
            lines.append(f"{' ' * indent}{name}: {fact_paths.literal(item)}")
    return "\n".join(lines)


def _table(facts: Iterable[tuple[Path, Any]]) -> Table:
    return Table(_COLUMNS, tuple(_row(path, value) for path, value in facts))


def _row(path: Path, value: Any) -> tuple[Span, Span, Span]:
    structured = isinstance(value, dict | list) and value
    told = _summary(value) if structured else fact_paths.literal(value)
    return (
        Span(fact_paths.expression(path), code=True),
        Span(told, Tone.FAINT if structured else Tone.PLAIN, code=not structured),
        Span(fact_paths.type_name(value), Tone.FAINT),
    )


def _summary(value: Any) -> str:
    count = len(value)
    if isinstance(value, dict):
        names = list(value)
        more = ", …" if count > 6 else ""
        return f"{', '.join(map(str, names[:6]))}{more}"
    return f"{count} item{'' if count == 1 else 's'}"
