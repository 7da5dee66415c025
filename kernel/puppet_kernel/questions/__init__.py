"""Answer the magics: one module each, named by what it answers."""

from puppet_kernel.answers import Handler
from puppet_kernel.questions import (
    as_machine,
    catalog,
    describe,
    env,
    facts,
    file,
    graph,
    help,
    hiera,
    lint,
    lookup,
    resource,
    trace,
)

HANDLERS: dict[str, Handler] = {
    "help": help.answer,
    "as": as_machine.answer,
    "catalog": catalog.answer,
    "graph": graph.answer,
    "env": env.answer,
    "describe": describe.answer,
    "trace": trace.answer,
    "resource": resource.answer,
    "lint": lint.answer,
    "facts": facts.answer,
    "file": file.answer,
    "hiera": hiera.answer,
    "lookup": lookup.answer,
}
