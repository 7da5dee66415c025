"""Set nbgrader up for a camp, from an nbgrader_config.py."""

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

    Replaces one step of nbgrader's autograding and keeps the others in their order.
    """
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    from puppetcamp_lab.grading import SandboxExecute

    steps = Autograde().autograde_preprocessors
    if Execute not in steps:
        message = "This nbgrader has no Execute step to replace in its autograding."
        raise RuntimeError(message)
    c.Autograde.autograde_preprocessors = [
        SandboxExecute if step is Execute else step for step in steps
    ]
