"""Answer the magics: one module each, named by what it answers."""

from puppet_kernel.answers import Handler

HANDLERS: dict[str, Handler] = {}
