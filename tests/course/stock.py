"""What a run of the course needs of the machine."""

import shutil
import subprocess

from puppetcamp.deployment import Deployment
from tests.requirements import need


def seat_image() -> str:
    """Name the image of seats; skip the test where it cannot be run."""
    need(shutil.which("docker"), "docker is not installed")
    name = Deployment.from_environment().attendee_image
    need(_is_there(name), f"no image {name}; `make camp` builds it")
    return name


def _is_there(image: str) -> bool:
    done = subprocess.run(
        ["docker", "image", "inspect", image], capture_output=True, check=False
    )
    return done.returncode == 0
