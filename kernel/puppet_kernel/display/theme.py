"""Name the colours of HTML outputs, and escape what goes into them.

Styles stand on the elements themselves: a notebook page drops style sheets from
outputs that it does not trust. Colours are Jupyter's own variables, which follow
the theme, with a fallback that is legible on white and on black.
"""

import html
import re

GOOD = "var(--jp-success-color0, #2e8540)"
# Its second shade: the first is too dark on the dark theme's table rows.
BAD = "var(--jp-error-color1, #d32f2f)"
WARNING = "var(--jp-warn-color0, #b26a00)"
NEWS = "var(--jp-info-color0, #1976d2)"
FAINT = "var(--jp-ui-font-color2, #767676)"
BORDER = "1px solid var(--jp-border-color2, #9e9e9e)"
CODE = "font-family: var(--jp-code-font-family, monospace)"
CELL = "text-align: left; vertical-align: top; padding: 2px 12px 2px 0"
# A page without a doctype gives tables a colour and size of their own.
INHERIT = "color: inherit; font-size: inherit"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def escape(value: str) -> str:
    """Return text that is safe in HTML, in elements and in quoted attributes."""
    return html.escape(_CONTROL.sub("�", value), quote=True)


def table(columns: list[str], rows: list[str], caption: str = "") -> str:
    """Return a table; `rows` are finished `<tr>` elements, the rest is escaped."""
    heads = "".join(
        f'<th scope="col" style="{CELL}">{escape(name)}</th>' for name in columns
    )
    told = ""
    if caption:
        style = f"text-align: left; color: {FAINT}"
        told = f'<caption style="{style}">{escape(caption)}</caption>'
    return (
        f'<table style="border-collapse: collapse; margin: 4px 0; {INHERIT}">'
        f'{told}<thead><tr style="border-bottom: {BORDER}">{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def diff(lines: list[str]) -> str:
    """Return a unified diff in colours, folded."""
    body = "\n".join(map(_diff_line, lines))
    return (
        f"<details><summary>diff</summary>"
        f'<pre style="margin: 0; {CODE}">{body}</pre></details>'
    )


def _diff_line(line: str) -> str:
    if line.startswith(("---", "+++", "@@")):
        return f'<span style="color: {FAINT}">{escape(line)}</span>'
    if line.startswith("+"):
        return f'<span style="color: {GOOD}">{escape(line)}</span>'
    if line.startswith("-"):
        return f'<span style="color: {BAD}">{escape(line)}</span>'
    return escape(line)
