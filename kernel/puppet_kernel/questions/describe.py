"""Answer `%describe`: what is written about a type, a class or a function."""

from typing import Any

from puppet_kernel.answers import Answer, Asking
from puppet_kernel.cells import Cell
from puppet_kernel.questions import describe_code, describe_type, plain


def answer(cell: Cell, asking: Asking) -> Answer:
    """Show one thing's documentation, or that of one of its attributes."""
    name, attribute = _wanted(cell.argument)
    function = name.endswith("()")
    name = name.removesuffix("()")
    data = plain.mapping(
        asking.ask("describe", name=name, function=function, cwd=asking.cwd)
    )
    blocks = _describer(data)(data, attribute)
    return Answer(tuple(blocks))


def _describer(data: dict[str, Any]) -> Any:
    return describe_type.blocks if data.get("kind") == "type" else describe_code.blocks


def _wanted(argument: str) -> tuple[str, str]:
    """Return name and attribute of `file`, `file mode`, `File[x]` or `file()`."""
    name, _, attribute = argument.strip().partition(" ")
    return name.partition("[")[0].removeprefix("::"), attribute.strip().strip("$")
