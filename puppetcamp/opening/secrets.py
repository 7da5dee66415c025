"""The camp's secrets: made once, kept in the state volume, never printed."""

import os
import secrets
from pathlib import Path

from puppetcamp.passwords import generate_join_code
from puppetcamp.place import Place


def ensure(place: Place) -> None:
    """Make those secrets of the camp that do not exist yet."""
    place.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The databases beside the secrets are nobody else's business either.
    place.root.chmod(0o700)
    _once(place.proxy_token, secrets.token_hex(32))
    _once(place.cookie_secret, secrets.token_hex(32))
    _once(place.join_code, generate_join_code())


def _once(path: Path, value: str) -> None:
    """Write a secret unless it is there; mode 0600 from its first byte."""
    if path.exists() and path.stat().st_size:
        return
    write(path, value + "\n")


def write(path: Path, value: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value)
    draft.replace(path)
