"""The organizer's one file: camp.toml in, frozen CampSettings out.

Every fault in the file is reported at once, in the form::

    camp.toml, [session] length: 180 has no unit; write it like "45m", "3h" or "1h30m"
"""

import ssl
import tomllib
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, ValidationInfo, field_validator

from puppetcamp import setting_faults as faults
from puppetcamp.errors import SettingsError
from puppetcamp.sessions.policy import Rules
from puppetcamp.setting_tables import (
    INTERNAL_PORTS,
    CampTable,
    DeskTable,
    DoorsTable,
    ExtensionsTable,
    SeatsTable,
    ServerTable,
    SessionTable,
    StaffSettings,
    Table,
    TakeHomeTable,
    setting,
)

__all__ = [
    "INTERNAL_PORTS",
    "CampSettings",
    "StaffSettings",
    "check_files",
    "load",
    "parse",
]


class CampSettings(Table):
    """Hold everything an organizer decided, checked and frozen."""

    camp: CampTable = Field(description="What the camp is called and when it is open.")
    session: SessionTable = setting({}, "How long an attendee may work.")
    extensions: ExtensionsTable = setting({}, "Who may give more time, and how much.")
    seats: SeatsTable = setting({}, "How many work at once, and what each gets.")
    staff: StaffSettings = setting({}, "Who runs the camp.")
    doors: DoorsTable = setting({}, "Which seats are warm before attendees come.")
    take_home: TakeHomeTable = setting({}, "What attendees may take home.")
    desk: DeskTable = setting({}, "What the staff see of attendees' work.")
    server: ServerTable = setting({}, "Where the camp is reached.")

    @field_validator("doors")
    @classmethod
    def _doors_fit(cls, doors: DoorsTable, info: ValidationInfo) -> DoorsTable:
        """Refuse warm seats that nobody could ever sit in."""
        seats, staff = info.data.get("seats"), info.data.get("staff")
        if staff is not None:
            known = {*staff.organizers, *staff.instructors}
            if both := sorted(known & set(doors.roster)):
                message = (
                    f"{', '.join(both)} on the roster is staff, who need no seat; "
                    "take it off the roster"
                )
                raise ValueError(message)
        wanted = doors.warm + len(doors.roster)
        if seats is not None and wanted > seats.count:
            message = (
                f"{doors.warm} warm seats and {len(doors.roster)} on the roster are "
                f"more than the {seats.count} seats of [seats] count; raise one or "
                "lower the other"
            )
            raise ValueError(message)
        return doors

    def rules(self) -> Rules:
        """Return the rules of time and seats."""
        extenders = self.staff.organizers
        if self.extensions.instructors:
            extenders += self.staff.instructors
        return Rules(
            length=self.session.length,
            opens=self.camp.opens,
            closes=self.camp.closes,
            seats=self.seats.count,
            sessions_per_attendee=self.session.per_attendee,
            cooldown=self.session.cooldown,
            daily_allowance=self.session.daily_allowance,
            zone=self.camp.zone,
            extension_step=self.extensions.step,
            own_extensions=self.extensions.own,
            staff_extensions=self.extensions.staff,
            staff=self.staff_names,
            extenders=frozenset(extenders),
        )

    @property
    def staff_names(self) -> frozenset[str]:
        """Return the names of all organizers and instructors."""
        return frozenset(self.staff.organizers + self.staff.instructors)


def load(path: Path) -> CampSettings:
    """Read a camp.toml.

    Raises SettingsError if the file cannot be read, is not TOML, or holds a fault;
    its message has one line per fault. Reads no other file: see `check_files`.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = (
            f"{path}: cannot be read: {error.strerror}; "
            'put a camp.toml there that says at least [camp] name = "…"'
        )
        raise SettingsError(message) from error
    return parse(raw, path.name)


def parse(raw: bytes, where: str = "camp.toml") -> CampSettings:
    """Check the content of a camp.toml; `where` is what messages call the file."""
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"))
        return CampSettings.model_validate(document)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = (
            f"{where}, line {line}, column {column}: not UTF-8; save the file as UTF-8"
        )
        raise SettingsError(message) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(faults.of_toml(where, str(error))) from error
    except ValidationError as error:
        raise SettingsError("\n".join(faults.of(error, where, _tables()))) from error


def _tables() -> dict[str, frozenset[str]]:
    """Return the keys that each table of camp.toml may hold."""
    models = {
        name: field.annotation for name, field in CampSettings.model_fields.items()
    }
    return {
        name: frozenset(model.model_fields)
        for name, model in models.items()
        if isinstance(model, type) and issubclass(model, BaseModel)
    }


def check_files(settings: CampSettings, folder: Path | None = None) -> None:
    """Check that the certificate and key exist, can be read and belong together.

    Relative paths start at `folder` (camp.toml's), by default the current one.
    Raises SettingsError with one line per fault.
    """
    if not settings.server.https:
        return
    start = folder or Path()
    paths = {
        key: start / getattr(settings.server, key) for key in ("certificate", "key")
    }
    found = []
    for key, path in paths.items():
        try:
            path.read_bytes()
        except OSError as error:
            found.append(
                f"camp.toml, [server] {key}: {path} cannot be read: {error.strerror}; "
                "give the path of an existing PEM file"
            )
    if not found:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
                paths["certificate"], paths["key"], password=lambda: b""
            )
        except (ssl.SSLError, ValueError) as error:
            found.append(
                f"camp.toml, [server] certificate and key: {error}; give an "
                "unencrypted PEM key and the certificate that was made for it"
            )
    if found:
        raise SettingsError("\n".join(found))
