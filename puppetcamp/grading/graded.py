"""What a grading comes to, whatever language the notebook was in."""

from dataclasses import dataclass

from puppetcamp.grading.verdicts import Output


@dataclass(frozen=True)
class Graded:
    """Hold a graded notebook: outputs per code cell, flags in sentences, seconds."""

    cells: tuple[list[Output], ...]
    flags: tuple[str, ...]
    seconds: float
