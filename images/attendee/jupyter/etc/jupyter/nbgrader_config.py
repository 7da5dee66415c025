"""nbgrader in a seat: the camp's exchange for everybody, the course for instructors."""

import os
from pathlib import Path

from puppetcamp_lab import nbgrader_defaults

c = get_config()
c.CourseDirectory.course_id = os.environ.get("PUPPETCAMP_COURSE", "puppet")
c.Exchange.assignment_dir = str(Path.home() / "exercises")
nbgrader_defaults.configure(c)

if root := os.environ.get("PUPPETCAMP_COURSE_ROOT"):
    c.CourseDirectory.root = root
    nbgrader_defaults.configure_instructor(c)
