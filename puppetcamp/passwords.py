"""Passwords and join codes: made, kept as bcrypt hashes, and compared."""

import dbm
import hmac
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import bcrypt

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mixes up when they read them aloud: 4.95 bits each."""

MIN_LENGTH = 8
"""The shortest password, in characters, that somebody may choose."""

MAX_BYTES = 72
"""The longest password, in bytes of UTF-8: bcrypt reads no more than that."""

ROUNDS = 12
"""bcrypt's cost: about a quarter of a second of one processor."""


def generate() -> str:
    """Make a password of 79 random bits: four groups of four, easy to type."""
    return _groups(4)


def generate_join_code() -> str:
    """Make a join code of 59 random bits: three groups of four, easy to dictate."""
    return _groups(3)


def same_code(given: str, expected: str) -> bool:
    """Compare join codes regardless of case, spaces and dashes of any kind.

    Takes the same time wherever they differ. An empty `expected` matches nothing.
    """
    given, expected = _bare(given), _bare(expected)
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def fault_of(password: str, name: str, join_code: str) -> str | None:
    """Say why `name` may not choose this password, or None if they may."""
    if len(password) < MIN_LENGTH:
        return f"Choose a password of at least {MIN_LENGTH} characters."
    if len(password.encode()) > MAX_BYTES:
        return (
            f"This password is too long: at most {MAX_BYTES} characters, and fewer if "
            "it holds accents or emoji."
        )
    if "\0" in password:
        return "A password cannot hold the character NUL."
    if password.lower() == name or same_code(password, join_code):
        return "Choose a password that others do not know: not your name, not the code."
    return None


def hashed(password: str, rounds: int = ROUNDS) -> bytes:
    """Hash a password that `fault_of` found nothing wrong with; slow on purpose."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds))


def matches(password: str, stored: bytes) -> bool:
    """Compare a password with a hash; slow on purpose."""
    encoded = password.encode(errors="replace")
    if len(encoded) > MAX_BYTES or b"\0" in encoded:
        return False
    return bcrypt.checkpw(encoded, stored)


class PasswordStore:
    """Keep hashes by name in a dbm file that only its owner can read.

    One object may be used from several threads. Two processes must not write at the
    same moment: the hub writes attendees', the setup writes staff's, each its own file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        """Look up the hash of a name."""
        with self._lock, self._open() as store:
            found: bytes | None = store.get(name.encode())
            return found

    def claim(self, name: str, stored: bytes) -> bool:
        """Store a hash unless the name has one; tell whether it was stored."""
        with self._lock, self._open() as store:
            if name.encode() in store:
                return False
            store[name.encode()] = stored
            return True

    def put(self, name: str, stored: bytes) -> None:
        """Store a hash, in place of another one."""
        with self._lock, self._open() as store:
            store[name.encode()] = stored

    def remove(self, name: str) -> None:
        """Forget a name; whoever comes first may claim it then."""
        with self._lock, self._open() as store:
            if name.encode() in store:
                del store[name.encode()]

    def _open(self) -> "dbm._Database":
        return dbm.open(str(self._path), "c", 0o600)


def ensure_staff(
    path: Path, names: Iterable[str], rounds: int = ROUNDS
) -> dict[str, str]:
    """Give every name without a password a generated one; keep the others.

    `path` is the store of staff's hashes alone. Returns the new passwords by name:
    they can never be read again.
    """
    store = PasswordStore(path)
    made = {name: generate() for name in names if store.get(name) is None}
    for name, password in made.items():
        store.put(name, hashed(password, rounds))
    return made


def _groups(count: int) -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(count))
    return "-".join(groups)


def _bare(code: str) -> str:
    code = unicodedata.normalize("NFKC", code).casefold()
    code = "".join(c for c in code if unicodedata.category(c) not in {"Pd", "Cf", "Cc"})
    return re.sub(r"\s+", "", code)
