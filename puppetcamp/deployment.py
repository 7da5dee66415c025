"""The names under which one camp lives in Docker: one place invents them all."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

STATE_ROOT = Path("/srv/camp")
"""Where the state volume is mounted in the hub's container."""

ENGINE_FOLDER = Path("/srv/engine")
"""Where the hub's container has the folder of the Docker Engine's socket."""

COURSE_ROOT = Path("/srv/course")
"""Where the course volume is mounted while a camp is opened."""

ATTENDEE_HOME = "/home/attendee"
"""Where an attendee's home volume is mounted in their container."""

_INSTANCE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class Deployment:
    """Name everything that belongs to one camp on one Docker Engine.

    Two camps on one machine differ in ``instance`` only. Raises ValueError for an
    instance that Docker would not take as part of a name.
    """

    instance: str = "puppetcamp"

    def __post_init__(self) -> None:
        if not _INSTANCE.fullmatch(self.instance):
            message = (
                f"PUPPETCAMP_INSTANCE is {self.instance!r}; use 1 to 32 lower-case "
                "letters, digits and dashes"
            )
            raise ValueError(message)

    @classmethod
    def from_environment(cls) -> "Deployment":
        """Read the instance's name from PUPPETCAMP_INSTANCE."""
        return cls(os.environ.get("PUPPETCAMP_INSTANCE", "puppetcamp"))

    @property
    def labels(self) -> dict[str, str]:
        """Mark everything of this camp, so that `make clean` finds all of it."""
        return {"puppetcamp.instance": self.instance}

    @property
    def label(self) -> str:
        """Filter Docker's lists down to this camp."""
        return f"puppetcamp.instance={self.instance}"

    @property
    def network(self) -> str:
        """Name the bridge that attendees' containers share with the host alone."""
        return self.instance

    @property
    def bridge(self) -> str:
        """Name the network's interface on the host, within the kernel's 15 letters."""
        return f"camp{hashlib.sha256(self.instance.encode()).hexdigest()[:8]}"

    @property
    def hub_container(self) -> str:
        """Name the container of the hub and the camp's service."""
        return f"{self.instance}-hub"

    @property
    def proxy_container(self) -> str:
        """Name the container of the proxy, which outlives a restart of the hub."""
        return f"{self.instance}-proxy"

    @property
    def state_volume(self) -> str:
        """Name the volume of the databases, secrets and the exchange."""
        return f"{self.instance}-state"

    @property
    def course_volume(self) -> str:
        """Name the volume of the course and its gradebook; instructors share it."""
        return f"{self.instance}-course"

    def seat_container(self, name: str) -> str:
        """Name a person's container; `name` is a valid user name of the camp."""
        return f"{self.instance}-seat-{name}"

    def home_volume(self, name: str) -> str:
        """Name the volume of a person's home, which outlives their container."""
        return f"{self.instance}-home-{name}"

    def warm_container(self, id: str) -> str:
        """Name the container of a warm seat until somebody claims it."""
        return f"{self.instance}-warm-{id}"

    def walk_in_volume(self, id: str) -> str:
        """Name the volume of a warm seat that is for whoever comes."""
        return f"{self.instance}-walk-in-{id}"

    @property
    def attendee_image(self) -> str:
        """Name the image of seats and of grading sandboxes."""
        return os.environ.get("PUPPETCAMP_ATTENDEE_IMAGE", "puppetcamp/attendee")

    @property
    def hub_image(self) -> str:
        """Name the image of the hub and the proxy."""
        return os.environ.get("PUPPETCAMP_HUB_IMAGE", "puppetcamp/hub")
