"""Sign-in: the camp's join code, a name, and a password of one's own.

The first sign-in with the right code claims a name; later only the password matters.
Staff have generated passwords in a store of their own, so that no code can claim their
names. Guessing is slowed down: wrong codes by address, wrong passwords by name and
address.
"""

import asyncio
import math
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from firstuseauthenticator import FirstUseAuthenticator
from jupyterhub.handlers import LoginHandler
from traitlets import Set, Unicode, default

from puppetcamp import passwords
from puppetcamp.client_address import client_address
from puppetcamp.clock import utc_now
from puppetcamp.setting_values import NAME_PATTERN
from puppetcamp.throttle import Throttle

FREE_CODES = 10
"""Wrong codes from one address that cost nothing: a class shares one address."""

FREE_PASSWORDS = 5
"""Wrong passwords for one name from one address that cost nothing."""

NICENESS = 10
"""How far hashing gives way to whoever has signed in and waits for a page."""

_NAME = re.compile(NAME_PATTERN)


@dataclass(frozen=True)
class Refusal:
    """Say why a sign-in failed, at which field, and how many seconds to wait."""

    message: str
    field: str
    wait: int = 0


@dataclass(frozen=True)
class _Attempt:
    """What somebody typed, and where from; never to be logged."""

    name: str
    password: str
    code: str
    address: str


class CampLoginHandler(LoginHandler):  # type: ignore[misc]  # jupyterhub has no types
    """Show the camp's sign-in page, with what was typed and what is wrong with it."""

    refusal: Refusal | None = None

    async def post(self) -> None:
        """Sign in; a form without a field is a form with an empty field."""
        for field in ("username", "password", "code"):
            self.request.body_arguments.setdefault(field, [b""])
            self.request.arguments.setdefault(field, [b""])
        await super().post()

    def _render(
        self, login_error: str | None = None, username: str | None = None, **more: Any
    ) -> Any:
        refusal = self.refusal
        if refusal is not None:
            login_error = refusal.message
            if refusal.wait:
                self.set_status(429)
                self.set_header("Retry-After", str(refusal.wait))
        code = self.get_argument("code", "")[:64]
        faulty = refusal.field if refusal else None
        more |= {"code": code, "faulty": faulty, "wait": refusal.wait if refusal else 0}
        return super()._render(login_error, username, **more)


class CampAuthenticator(FirstUseAuthenticator):  # type: ignore[misc]
    """Let people in by join code, name and password."""

    join_code_file = Unicode(
        help="The file that holds the join code; read anew at every sign-in."
    ).tag(config=True)

    staff_names = Set(
        Unicode(), help="Organizers and instructors, whom no join code lets in."
    ).tag(config=True)

    staff_dbm_path = Unicode(
        help="The store of staff's hashes, see puppetcamp.passwords.ensure_staff."
    ).tag(config=True)

    # Names are normalised before they are stored, so there is nothing to repair.
    check_passwords_on_startup = False

    @default("allow_all")
    def _allow_all_default(self) -> bool:
        return True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._wrong_codes = Throttle(FREE_CODES)
        self._wrong_passwords = Throttle(FREE_PASSWORDS)
        # Hashing would hold up every page of the hub; two threads let a class sign in
        # at once without keeping more than two processors busy. They give way to those
        # who have signed in already: niceness is a thread's own on Linux.
        self._hashing = ThreadPoolExecutor(2, "bcrypt", os.nice, (NICENESS,))

    @cached_property
    def _attendees(self) -> passwords.PasswordStore:
        return passwords.PasswordStore(Path(self.dbm_path))

    @cached_property
    def _staff(self) -> passwords.PasswordStore:
        return passwords.PasswordStore(Path(self.staff_dbm_path))

    def get_handlers(self, app: Any) -> list[tuple[str, type]]:
        """Offer the sign-in page alone, without the base class's password change."""
        return [(r"/login", CampLoginHandler)]

    def normalize_username(self, username: str) -> str:
        """Fold a name to lower case, without surrounding spaces."""
        return username.strip().lower()

    def validate_username(self, name: str) -> bool:
        """Accept the names of the camp."""
        return bool(_NAME.fullmatch(name))

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        """Return the name of whoever may sign in, or None.

        The handler's `refusal` then says why not.
        """
        attempt = _Attempt(
            name=self.normalize_username(data.get("username", "")),
            password=data.get("password", ""),
            code=data.get("code", "").strip(),
            address=client_address(handler.request),
        )
        refusal = await self._refusal(attempt)
        if refusal is None:
            return attempt.name
        # Not the name: people type passwords into the wrong field.
        self.log.warning("No sign-in from %s: %s", attempt.address, refusal.message)
        handler.refusal = refusal
        return None

    async def _refusal(self, attempt: _Attempt) -> Refusal | None:
        name = attempt.name
        if not self.validate_username(name):
            return Refusal(_bad_name(name), "username")
        staff = self._staff.get(name)
        if name in self.staff_names:
            return await self._enter(attempt, staff)
        if staff is not None:
            return Refusal(
                f"The name {name} belonged to the camp's staff. Choose another one.",
                "username",
            )
        stored = self._attendees.get(name)
        if stored is None:
            return await self._claim(attempt)
        return await self._enter(attempt, stored)

    async def _enter(self, attempt: _Attempt, stored: bytes | None) -> Refusal | None:
        """Compare the password of a name that has one."""
        key = (attempt.name, attempt.address)
        if refusal := self._too_fast(self._wrong_passwords, key, "password"):
            return refusal
        # Counted before it is known: attempts made at the same time count, too.
        self._wrong_passwords.fail(key, utc_now())
        if stored is not None and await self._in_thread(
            passwords.matches, attempt.password, stored
        ):
            self._wrong_passwords.forget(key)
            return None
        if refusal := self._wrong_code(attempt):
            return refusal
        if not attempt.code:
            return self._unknown()
        return Refusal(
            f"The name {attempt.name} is taken, and this is not its password. If it is "
            "yours, try again; if not, choose another name.",
            "password",
        )

    async def _claim(self, attempt: _Attempt) -> Refusal | None:
        """Give a free name to whoever has the code."""
        if refusal := self._wrong_code(attempt):
            return refusal
        if not attempt.code:
            key = (attempt.name, attempt.address)
            if refusal := self._too_fast(self._wrong_passwords, key, "password"):
                return refusal
            self._wrong_passwords.fail(key, utc_now())
            return self._unknown()
        fault = passwords.fault_of(attempt.password, attempt.name, self._join_code())
        if fault:
            return Refusal(fault, "password")
        stored = await self._in_thread(passwords.hashed, attempt.password)
        if not self._attendees.claim(attempt.name, stored):
            # Somebody was quicker, or clicked twice: the password will tell.
            return await self._enter(attempt, self._attendees.get(attempt.name))
        self.log.info("The name %s is taken now", attempt.name)
        return None

    def _wrong_code(self, attempt: _Attempt) -> Refusal | None:
        """Refuse a wrong code, whether the name is taken or not.

        No code is not a wrong one: it is what people send who have been here. A right
        one, whoever has it, shows that its address is not out for guessing.
        """
        if not attempt.code:
            return None
        if refusal := self._too_fast(self._wrong_codes, attempt.address, "code"):
            return refusal
        if passwords.same_code(attempt.code, self._join_code()):
            self._wrong_codes.forget(attempt.address)
            return None
        self._wrong_codes.fail(attempt.address, utc_now())
        return Refusal(
            "This is not the join code of this camp. Look at it again: it is made of "
            "letters and digits; capitals and dashes do not matter.",
            "code",
        )

    def _unknown(self) -> Refusal:
        """Refuse in words that do not tell whether the name is taken."""
        return Refusal(
            "This name and password do not fit together. If you are here for the "
            "first time, you need the join code as well.",
            "password",
        )

    def _too_fast(self, throttle: Throttle, key: Any, field: str) -> Refusal | None:
        wait = throttle.wait(key, utc_now()).total_seconds()
        if not wait:
            return None
        seconds = math.ceil(wait)
        unit = "second" if seconds == 1 else "seconds"
        return Refusal(
            f"Too many wrong attempts. Wait {seconds} {unit}, then try again.",
            field,
            seconds,
        )

    def _join_code(self) -> str:
        try:
            return Path(self.join_code_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            self.log.error("The join code cannot be read; nobody can join: %s", error)
            return ""

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._hashing, work, *arguments)

    def delete_user(self, user: Any) -> None:
        """Free the name of a deleted user."""
        self._attendees.remove(user.name)

    def reset_password(self, username: str, new_password: str) -> str:
        """Refuse: nobody may set a password without having typed the old one."""
        return "Passwords cannot be changed here."


def _bad_name(name: str) -> str:
    if not name:
        return "Type the name you want to be called by."
    return (
        "A name has 1 to 32 of these: letters a to z, digits, dots, dashes and "
        "underscores. It begins with a letter or a digit."
    )
