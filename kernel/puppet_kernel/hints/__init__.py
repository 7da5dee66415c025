"""Say what to do next about what Puppet says: the catalogue of hints; pure."""

from dataclasses import replace

from puppet_kernel.hints import catalogue
from puppet_kernel.hints.advice import Advice, Mark, Scene
from puppet_kernel.hints.notes import notes
from puppet_kernel.hints.picture import picture
from puppet_kernel.results import Problem

__all__ = ["Advice", "Mark", "Scene", "advised", "notes"]


def advised(problem: Problem, scene: Scene) -> Problem:
    """Return a problem with its hint and the lines that show it, if there are any."""
    advice = catalogue.advise(problem, scene) or Advice("")
    return replace(
        problem,
        hint=advice.hint,
        lines=picture(problem, advice.marks, scene),
    )
