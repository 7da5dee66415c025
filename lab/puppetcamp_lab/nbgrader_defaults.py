"""Set nbgrader up for a camp, from an nbgrader_config.py."""

import sys
from typing import Any

_CLASSES = {
    "exchange": "Exchange",
    "fetch_assignment": "ExchangeFetchAssignment",
    "fetch_feedback": "ExchangeFetchFeedback",
    "release_assignment": "ExchangeReleaseAssignment",
    "release_feedback": "ExchangeReleaseFeedback",
    "list": "ExchangeList",
    "submit": "ExchangeSubmit",
    "collect": "ExchangeCollect",
}

CODE_STUBS = {
    "puppet": "# write your manifest here",
    "bash": "# write your commands here",
    "python": "# write your code here\nraise NotImplementedError()",
}
"""What stands in place of a solution, by the language of the notebook's kernel."""


def configure(c: Any) -> None:
    """Exchange exercises with the camp's service; `c` is traitlets' Config.

    Classes are set by name: a seat that never touches nbgrader does not load it.
    """
    for trait, name in _CLASSES.items():
        setattr(c.ExchangeFactory, trait, f"puppetcamp_lab.exchange.{name}")
    # Fetching again gives a removed file back and never touches one that is there.
    c.ExchangeFetchAssignment.replace_missing_files = True
    c.ClearSolutions.code_stub = CODE_STUBS


def configure_instructor(c: Any) -> None:
    """Run submissions in the camp's sandboxes instead of this instructor's seat.

    Replaces one step of nbgrader's autograding, adds one before the others, and lets
    the whole of it run in parallel; the other steps keep their order.
    """
    from nbgrader.converters.autograde import Autograde
    from nbgrader.preprocessors import DeduplicateIds, Execute

    from puppetcamp_lab import feedback
    from puppetcamp_lab.autograding.restore import RestoreCells
    from puppetcamp_lab.grading import SandboxExecute

    stock = Autograde()
    if Execute not in stock.autograde_preprocessors:
        message = "This nbgrader has no Execute step to replace in its autograding."
        raise RuntimeError(message)
    c.Autograde.autograde_preprocessors = [
        SandboxExecute if step is Execute else step
        for step in stock.autograde_preprocessors
    ]
    first = stock.sanitize_preprocessors.index(DeduplicateIds)
    c.Autograde.sanitize_preprocessors = [
        *stock.sanitize_preprocessors[:first],
        RestoreCells,
        *stock.sanitize_preprocessors[first:],
    ]
    feedback.configure(c)
    _use_own_converter()


def _use_own_converter() -> None:
    """Put the parallel converter in the place from which nbgrader takes its own.

    Its command and its API import the class by name and know no setting for it.
    """
    import nbgrader.converters

    from puppetcamp_lab.autograding.converter import Autograde

    nbgrader.converters.Autograde = Autograde
    for name in ("nbgrader.apps.autogradeapp", "nbgrader.apps.api"):
        if name in sys.modules:
            vars(sys.modules[name])["Autograde"] = Autograde
