"""Ask Docker what is there."""

import subprocess


def has_image(name: str) -> bool:
    """Say whether an engine answers and holds the image."""
    done = subprocess.run(
        ["docker", "image", "inspect", name], capture_output=True, check=False
    )
    return done.returncode == 0
