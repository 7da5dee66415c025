"""Pages of feedback: what was out of step, and nothing that has to stay hidden.

Takes the place of the page that nbgrader's `GenerateFeedback` makes. Everything else of
its feedback, its commands and its buttons, stays.
"""

from typing import Any


def configure(c: Any) -> None:
    """Set up what feedback and Formgrader show; `c` is traitlets' Config.

    nbgrader makes its feedback with our page, and Formgrader shows submissions without
    anything active in them.
    """
    from nbgrader.preprocessors import GetGrades

    c.GenerateFeedback.exporter_class = (
        "puppetcamp_lab.feedback.exporter.FeedbackExporter"
    )
    # Its second step prepares a style sheet for the page that ours replaces.
    c.GenerateFeedback.preprocessors = [GetGrades]
    # Formgrader's page of a submission is the only one that this exporter makes.
    c.HTMLExporter.preprocessors = ["puppetcamp_lab.feedback.passive.Passive"]
