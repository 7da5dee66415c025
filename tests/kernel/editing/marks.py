"""Write a cell with its cursor: the sign ‸ stands where the cursor is."""

from puppet_kernel.editing import Completion, Editor


def split(marked: str) -> tuple[str, int]:
    """Return the code without its mark, and where that was."""
    at = marked.index("‸")
    return marked[:at] + marked[at + 1 :], at


def complete(editor: Editor, marked: str) -> Completion:
    """Complete at the mark."""
    return editor.complete(*split(marked))


def offered(editor: Editor, marked: str) -> list[str]:
    """Return the texts that are offered at the mark."""
    return [choice.text for choice in complete(editor, marked).choices]


def completed(editor: Editor, marked: str) -> str:
    """Return the code with the first choice taken."""
    code, _ = split(marked)
    found = complete(editor, marked)
    return code[: found.start] + found.choices[0].text + code[found.end :]


def explained(editor: Editor, marked: str, *, full: bool = False) -> str:
    """Return the page on what is at the mark, as plain text."""
    page = editor.explain(*split(marked), full=full)
    return page.plain if page else ""
