"""Where a running camp finds its things: folders, addresses, ports."""

import os
from dataclasses import dataclass
from pathlib import Path

from puppetcamp.deployment import STATE_ROOT, Deployment
from puppetcamp.settings import CampSettings

SERVICE_PREFIX = "/services/camp"
"""Where the hub's proxy shows the camp's service."""

TAKE_HOME = f"{SERVICE_PREFIX}/take-home"
"""Where people see how it stands with their take-home bundle."""


@dataclass(frozen=True)
class Place:
    """Locate one running camp.

    ``gateway`` is the host's address on the camp's network, by which attendees'
    containers reach the hub and nothing else does; ``root`` is the state volume.
    """

    deployment: Deployment
    gateway: str
    root: Path = STATE_ROOT

    @classmethod
    def from_environment(cls) -> "Place":
        """Read PUPPETCAMP_INSTANCE, PUPPETCAMP_GATEWAY and PUPPETCAMP_STATE."""
        return cls(
            deployment=Deployment.from_environment(),
            gateway=os.environ.get("PUPPETCAMP_GATEWAY", "127.0.0.1"),
            root=Path(os.environ.get("PUPPETCAMP_STATE", STATE_ROOT)),
        )

    def environment(self) -> dict[str, str]:
        """Give what :meth:`from_environment` reads, for a process of the camp."""
        return {
            "PUPPETCAMP_INSTANCE": self.deployment.instance,
            "PUPPETCAMP_GATEWAY": self.gateway,
            "PUPPETCAMP_STATE": str(self.root),
        }

    @property
    def settings_file(self) -> Path:
        """Find the camp.toml that was accepted when the camp was opened."""
        return self.root / "camp.toml"

    @property
    def hub_database(self) -> str:
        """Give the URL of JupyterHub's own database."""
        return f"sqlite:///{self.root / 'jupyterhub.sqlite'}"

    @property
    def camp_database(self) -> str:
        """Give the URL of the camp's database: ledger and exchange."""
        return f"sqlite:///{self.root / 'camp.sqlite'}"

    @property
    def service_lock(self) -> Path:
        """Find the file that the running service of this camp holds a lock on."""
        return self.root / "service.lock"

    @property
    def exchange_root(self) -> Path:
        """Find the folder of releases, submissions and feedback."""
        return self.root / "exchange"

    @property
    def take_home_root(self) -> Path:
        """Find the folder of take-home bundles."""
        return self.root / "take-home"

    @property
    def released(self) -> Path:
        """Find the folder that remembers which exercises were released as they are."""
        return self.root / "released"

    @property
    def unguarded(self) -> Path:
        """Find the reason why the host's own ports are open to seats, if they are."""
        return self.root / "unguarded"

    @property
    def secrets(self) -> Path:
        """Find the folder of secrets, mode 0700."""
        return self.root / "secrets"

    @property
    def proxy_token(self) -> Path:
        """Find the token by which the hub steers the proxy."""
        return self.secrets / "proxy_token"

    @property
    def cookie_secret(self) -> Path:
        """Find the key of the hub's cookies; it must outlive a restart."""
        return self.secrets / "cookie_secret"

    @property
    def join_code(self) -> Path:
        """Find the camp's join code."""
        return self.secrets / "join_code"

    @property
    def passwords(self) -> Path:
        """Find the hashes of attendees' passwords."""
        return self.secrets / "passwords"

    @property
    def staff_passwords(self) -> Path:
        """Find the hashes of the staff's passwords."""
        return self.secrets / "staff_passwords"

    @property
    def certificate(self) -> Path:
        """Find the copy of the certificate that the proxy shows."""
        return self.secrets / "certificate.pem"

    @property
    def certificate_key(self) -> Path:
        """Find the copy of the certificate's key."""
        return self.secrets / "certificate.key"

    def proxy_api(self, settings: CampSettings) -> str:
        """Give the URL by which the hub steers the proxy; loopback only."""
        return f"http://127.0.0.1:{settings.server.internal_port}"

    def hub_api(self, settings: CampSettings) -> str:
        """Give the URL of the hub for servers in the camp's network."""
        return f"http://{self.gateway}:{settings.server.internal_port + 1}"

    def service(self, settings: CampSettings) -> str:
        """Give the URL of the camp's service, without its prefix."""
        return f"http://{self.gateway}:{settings.server.internal_port + 2}"
