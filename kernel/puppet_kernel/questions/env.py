"""Answer `%env`: which Puppet this is, who it runs as, and where it finds what."""

from collections.abc import Iterator
from typing import Any

from puppet_kernel import __version__
from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.display.words import seconds
from puppet_kernel.document import Block, Folded, Span, Table, Text, Tone
from puppet_kernel.questions import plain

_MEANINGS = {
    "confdir": "Puppet's settings (puppet.conf) are here",
    "codedir": "environments and modules are here",
    "vardir": "what Puppet keeps for itself is here",
    "environmentpath": "folders of environments",
    "basemodulepath": "modules for every environment",
    "hiera_config": "the machine's own hiera.yaml",
    "certname": "the name of this machine",
    "noop": "whether every cell only shows what would change",
    "strict": "what becomes of doubtful code",
    "strict_variables": "whether an unknown variable is an error",
    "show_diff": "whether changes of files are shown",
}


def answer(cell: Cell, asking: Asking) -> Answer:
    """Show versions, user, environment, modules, data and settings; oddities first."""
    data = plain.mapping(asking.ask("env", cwd=asking.cwd))
    environment = plain.mapping(data.get("environment"))
    hiera = plain.records(data.get("hiera"))
    blocks = [
        *_oddities(environment, hiera),
        _basics(data, environment, asking),
        *_modules(environment),
        *_hiera(hiera),
        *_settings(plain.items(data.get("settings"))),
    ]
    return Answer(tuple(blocks))


def _basics(data: dict[str, Any], environment: dict[str, Any], asking: Asking) -> Block:
    versions = plain.mapping(data.get("versions"))
    folder = plain.text(environment.get("folder"))
    rows = [
        ("Puppet", _version(versions, "puppet", "puppet_path")),
        ("Ruby", _version(versions, "ruby", "ruby_path")),
        ("Facter", plain.text(versions.get("facter"))),
        (
            "puppet-kernel",
            f"{__version__}, {_worker(plain.mapping(data.get('worker')))}",
        ),
        ("runs as", _who(plain.mapping(data.get("who")))),
    ]
    if asking.user:
        rows.append(("%%sh runs as", asking.user))
    if asking.cwd:
        rows.append(("cells start in", asking.cwd))
    missing = "" if environment.get("exists") is True else " (no such folder)"
    rows += [
        ("environment", f"{plain.text(environment.get('name'))}, in {folder}{missing}"),
        ("%%file modules/… writes to", _modules_go_to(environment)),
    ]
    return Table(("what", "here"), tuple((name, Span(told)) for name, told in rows))


def _version(versions: dict[str, Any], name: str, place: str) -> str:
    where = plain.text(versions.get(place))
    return f"{plain.text(versions.get(name))}{f', in {where}' if where else ''}"


def _worker(worker: dict[str, Any]) -> str:
    told = f"its worker is process {plain.text(worker.get('pid'))}"
    memory = plain.number(worker.get("memory"))
    if memory is not None:
        told += f" with {memory / 1024:.0f} MiB"
    age = plain.number(worker.get("seconds"))
    return f"{told}, up for {seconds(max(0, age))}" if age is not None else told


def _who(who: dict[str, Any]) -> str:
    user = plain.text(who.get("user"))
    if who.get("root") is not True:
        return f"{user}, not root: Puppet can manage what {user} may change"
    sudo = plain.text(who.get("sudo_user"))
    by = f", by sudo from {sudo}" if sudo else ""
    return f"{user}{by}: Puppet can manage everything"


def _modules_go_to(environment: dict[str, Any]) -> str:
    folder = plain.text(environment.get("folder"))
    return f"{folder}/modules" if folder else ""


def _oddities(
    environment: dict[str, Any], hiera: list[dict[str, Any]]
) -> Iterator[Text]:
    told = [_placed(known) for known in plain.records(environment.get("problems"))]
    told += [
        plain.text(known.get("problem"))
        for known in plain.records(environment.get("modules"))
        if known.get("problem")
    ]
    told += [
        _placed(plain.mapping(known.get("problem")))
        for known in hiera
        if known.get("problem")
    ]
    if environment.get("exists") is not True and not told:
        told.append(
            f"the environment's folder {plain.text(environment.get('folder'))} does "
            "not exist: it has no modules and no data of its own; "
            "%%file modules/… makes it"
        )
    for text in told:
        yield Text(f"⚠ {text}", Tone.WARNING)


def _placed(problem: dict[str, Any]) -> str:
    file, line = plain.text(problem.get("file")), plain.number(problem.get("line"))
    place = f"{file}{f' line {line}' if line else ''}: " if file else ""
    return f"{place}{plain.text(problem.get('text'))}"


def _modules(environment: dict[str, Any]) -> Iterator[Block]:
    folders = plain.records(environment.get("modulepath"))
    rows = tuple(
        (
            Span(plain.text(folder.get("path")), code=True),
            Span("there", Tone.GOOD)
            if folder.get("exists") is True
            else Span("missing", Tone.WARNING),
        )
        for folder in folders
    )
    yield Table(("folder", "state"), rows, "Modulepath, in order")
    modules = plain.records(environment.get("modules"))
    if modules:
        yield Table(
            ("module", "version", "folder"), tuple(map(_module, modules)), "Modules"
        )
    else:
        yield Text("There are no modules.")


def _module(known: dict[str, Any]) -> tuple[str | Span, ...]:
    hidden = plain.text(known.get("hidden_by"))
    version = plain.text(known.get("version"))
    path = plain.text(known.get("path"))
    if known.get("problem"):
        told: str | Span = Span("metadata.json is broken", Tone.WARNING)
    else:
        told = version or Span("no metadata.json", Tone.FAINT)
    if hidden:
        return (
            Span(plain.text(known.get("name")), Tone.FAINT, code=True),
            told,
            Span(f"{path} (does not count: {hidden} comes first)", Tone.WARNING),
        )
    return Span(plain.text(known.get("name")), code=True), told, Span(path, code=True)


def _hiera(layers: list[dict[str, Any]]) -> Iterator[Block]:
    for layer in layers:
        file = plain.text(layer.get("file"))
        name = plain.text(layer.get("layer"))
        if layer.get("exists") is not True:
            yield Text(f"Hiera, {name} layer: no {file}", Tone.FAINT)
            continue
        rows = tuple(_level(level) for level in plain.records(layer.get("levels")))
        caption = f"Hiera, {name} layer: {file}"
        if rows:
            yield Table(("level", "looks in", "below"), rows, caption)
        else:
            yield Text(f"{caption} (no levels)", Tone.FAINT)


def _level(level: dict[str, Any]) -> tuple[str | Span, ...]:
    places = ", ".join(plain.words(level.get("places")))
    backend = plain.text(level.get("backend"))
    if not places:
        places = backend or "its default file"
    return (
        plain.text(level.get("name")),
        Span(places, code=True),
        Span(plain.text(level.get("datadir")), code=True),
    )


def _settings(settings: list[Any]) -> Iterator[Block]:
    rows = []
    for pair in settings:
        match pair:
            case [str(name), value]:
                told = Span(plain.text(value), code=True)
                meaning = Span(_MEANINGS.get(name, ""), Tone.FAINT)
                rows.append((Span(name, code=True), told, meaning))
    if rows:
        yield Folded("settings", (Table(("setting", "value", "meaning"), tuple(rows)),))
