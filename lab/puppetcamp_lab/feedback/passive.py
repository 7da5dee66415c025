"""Submissions in Formgrader: shown to the instructor without anything that acts.

Formgrader's page puts Markdown, HTML, JavaScript and the names of graded cells into its
HTML as they are. A script in there would have the instructor's rights: it could read
hidden checks and write grades. Everything else is kept or dropped by a list of what is
known to be passive, whatever the page's template does with it.
"""

import re
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict

from puppetcamp_lab.feedback.pieces import data_address
from puppetcamp_lab.feedback.verdict import VERDICT_MIME
from puppetcamp_lab.grading import METADATA_KEY, flags_of

_TAG = re.compile(r"<(?=[A-Za-z!/?])")
_NAME = re.compile(r"[\w .:-]{1,200}")
_TEXTS = ("text/plain", VERDICT_MIME)
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_OWN_KERNEL = "puppet"


class Passive(Preprocessor):
    """Take out of a notebook whatever a browser would run."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Give text, pictures and code; tags in text are shown, and do nothing."""
        kernel = nb.metadata.get("kernelspec", {}).get("name")
        # Its HTML is made by the camp's service, from what a run reported.
        kinds = (*_TEXTS, "text/html") if kernel == _OWN_KERNEL else _TEXTS
        language = _OWN_KERNEL if kernel == _OWN_KERNEL else "python"
        flags = flags_of(nb.metadata)
        nb.metadata = _node(
            {"language_info": {"name": language}, METADATA_KEY: {"flags": flags}}
        )
        for number, cell in enumerate(nb.cells):
            cell.id = f"cell-{number}"
            cell.metadata = _node(_grading(cell))
            if cell.cell_type == "code":
                cell.outputs = [_output(output, kinds) for output in cell.outputs]
            else:
                cell.pop("attachments", None)
                cell.source = shown(cell.source)
        return nb, resources


def shown(text: str) -> str:
    """Return Markdown in which HTML is text, for whoever reads and for the browser."""
    # A space without width: entities would be seen in blocks of code.
    return _TAG.sub("<\u200b", text)


def _grading(cell: NotebookNode) -> dict[str, Any]:
    mark = cell.metadata.get("nbgrader")
    if not isinstance(mark, dict):
        return {}
    name = mark.get("grade_id")
    whole = isinstance(name, str) and _NAME.fullmatch(name)
    return {"nbgrader": mark} if whole else {}


def _output(output: NotebookNode, kinds: tuple[str, ...]) -> NotebookNode:
    if output.output_type not in {"display_data", "execute_result"}:
        return output
    data = {kind: output.data[kind] for kind in kinds if kind in output.data}
    for kind in _PICTURES:
        _, _, content = data_address(kind, output.data.get(kind)).partition(",")
        if content:
            data[kind] = content
    if not data.keys() - {VERDICT_MIME}:
        data["text/plain"] = "(an output that is not shown here)"
    return _node({"output_type": "display_data", "data": data, "metadata": {}})


def _node(value: dict[str, Any]) -> NotebookNode:
    node: NotebookNode = from_dict(value)  # type: ignore[no-untyped-call]
    return node
