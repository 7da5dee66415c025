"""Turn a result into notebook outputs: the kernel sends them, a grader stores them."""

from itertools import groupby
from typing import Any

from puppet_kernel.display import blocks_html, blocks_text, words
from puppet_kernel.display.errors import error_of, error_output
from puppet_kernel.display.html import to_html
from puppet_kernel.display.text import resources_text, to_text
from puppet_kernel.document import Block, Diagram, Markdown
from puppet_kernel.results import CellResult, Verdict

__all__ = [
    "error_output",
    "mime_bundle",
    "outputs",
    "pictures",
    "to_html",
    "to_text",
    "verdict_data",
]

VERDICT_MIME = "application/vnd.puppet.verdict+json"
_MAX_FINDINGS = 50


def outputs(result: CellResult) -> list[dict[str, Any]]:
    """Return the outputs of a cell, as in a notebook file of format 4.

    In order: what was printed, the picture of the result, the error. A cell that is
    not ok always ends with an `error` output.
    """
    found: list[dict[str, Any]] = []
    if result.output:
        found.append({"output_type": "stream", "name": "stdout", "text": result.output})
    found.extend(
        {"output_type": "display_data", "data": bundle, "metadata": {}}
        for bundle in pictures(result)
    )
    if not result.ok:
        found.append(error_of(result))
    return found


def pictures(result: CellResult) -> list[dict[str, Any]]:
    """Return what a cell shows, one dict of MIME types per output."""
    found = [mime_bundle(result)] if words.worth_showing(result) else []
    for drawn, blocks in groupby(result.blocks, key=_is_drawn_by_jupyter):
        if drawn:
            found.extend(map(_drawn, blocks))
        else:
            shown = tuple(blocks)
            html = blocks_html.to_html(shown)
            found.append(
                {
                    "text/plain": blocks_text.to_text(shown),
                    "text/html": f'<div class="puppet-answer">{html}</div>',
                }
            )
    return found


def _is_drawn_by_jupyter(block: Block) -> bool:
    return isinstance(block, Markdown | Diagram)


def _drawn(block: Block) -> dict[str, Any]:
    bundle = {"text/plain": blocks_text.to_text([block])}
    if isinstance(block, Markdown):
        bundle["text/markdown"] = block.text
    elif isinstance(block, Diagram):
        bundle["text/vnd.mermaid"] = block.mermaid
    return bundle


def mime_bundle(result: CellResult) -> dict[str, Any]:
    """Return what resources did by MIME type; a check adds its verdict."""
    bundle: dict[str, Any] = {
        "text/plain": resources_text(result),
        "text/html": to_html(result),
    }
    if result.verdict is not None:
        bundle[VERDICT_MIME] = verdict_data(result.verdict)
    return bundle


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data of a limited size."""
    short = words.MAX_MESSAGE
    return {
        "check_id": verdict.check_id,
        "passed": verdict.passed,
        "reason": words.cut(verdict.reason, words.MAX_TEXT),
        "problems": [
            words.cut(problem, short) for problem in verdict.problems[:_MAX_FINDINGS]
        ],
        "findings": [
            {
                "reference": words.cut(finding.reference, words.MAX_TITLE),
                "line": finding.line,
                "says": words.cut(finding.says, short),
                "hint": words.cut(finding.hint, short),
            }
            for finding in verdict.findings[:_MAX_FINDINGS]
        ],
    }
