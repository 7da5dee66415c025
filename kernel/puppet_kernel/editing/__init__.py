"""Help people who write cells: completion, inspection, is it complete."""

from puppet_kernel.editing.editor import Completion, Editor, Page
from puppet_kernel.editing.finished import Finished
from puppet_kernel.editing.matching import Choice

__all__ = ["Choice", "Completion", "Editor", "Finished", "Page"]
