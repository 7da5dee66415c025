"""What a run of the course needs of the machine."""

import shutil
import subprocess

from puppetcamp.deployment import Deployment
from tests.requirements import need


def seat_image() -> str:
    """Name the image of seats, which is there; skip the test where it is not."""
    need(shutil.which("docker"), "docker is not installed")
    name = Deployment.from_environment().attendee_image
    done = subprocess.run(
        ["docker", "image", "inspect", name], capture_output=True, check=False
    )
    need(done.returncode == 0, f"no image {name}; `make camp` builds it")
    return name
