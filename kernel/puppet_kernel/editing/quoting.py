"""Close what a choice opens: quotes and brackets, unless they are there already."""

from puppet_kernel.editing.context import Context
from puppet_kernel.editing.references import quoted


def element(context: Context, text: str) -> str:
    """Return the text of a key or a title within brackets, with what closes it."""
    if not context.quote:
        return quoted(text) + _bracket(context.after)
    inner = quoted(text)[1:-1] if context.quote == "'" else _in_double(text)
    if context.after.startswith(context.quote):
        return inner
    return inner + context.quote + _bracket(context.after)


def value(context: Context, text: str) -> str:
    """Return a value: with the quote that closes it if one is open."""
    bare = text[1:-1] if text.startswith("'") and len(text) > 1 else text
    if not context.quote:
        return text
    return bare + ("" if context.after.startswith(context.quote) else context.quote)


def title(context: Context, text: str) -> str:
    """Return the title of a body, with its colon."""
    if not context.quote:
        written = quoted(text)
    elif context.after.startswith(context.quote):
        return text
    else:
        written = text + context.quote
    return written if context.after.lstrip().startswith(":") else f"{written}:"


def _bracket(after: str) -> str:
    return "" if after.startswith("]") else "]"


def _in_double(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
