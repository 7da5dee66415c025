"""The organizer's one file: camp.toml in, frozen CampSettings out.

Defaults are written as camp.toml would write them and pass through the same checks, so
that model, shipped camp.toml and documentation can be compared word by word. Every
fault in the file is reported at once, in the form::

    camp.toml, [session] length: 180 has no unit; write it like "45m", "3h" or "1h30m"
"""

import ssl
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from puppetcamp import setting_faults as faults
from puppetcamp import setting_values as values
from puppetcamp.errors import SettingsError
from puppetcamp.sessions.policy import Rules

INTERNAL_PORTS = 3
"""How many ports from `internal_port` on the camp keeps to itself."""


def _key(default: object, description: str) -> Any:
    """Declare a key; the default is what camp.toml would say, unchecked as yet."""
    return Field(default=default, description=description)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class CampTable(_Table):
    """[camp]: what the camp is called and when it is open."""

    name: Annotated[str, BeforeValidator(values.title)] = Field(
        description="What the camp is called, on every page."
    )
    course: Annotated[str, BeforeValidator(values.course)] = _key(
        "puppet", "The course's id in the gradebook and the exchange."
    )
    timezone: Annotated[str, BeforeValidator(values.timezone)] = _key(
        "UTC", "The IANA time zone of opening hours without an offset."
    )
    opens: Annotated[datetime | None, BeforeValidator(values.moment)] = _key(
        None, "When attendees may start; without it, at once."
    )
    closes: Annotated[datetime | None, BeforeValidator(values.moment)] = _key(
        None, "When everybody is stopped; without it, never."
    )

    @field_validator("opens", "closes")
    @classmethod
    def _place_in_zone(cls, moment: datetime | None, info: ValidationInfo) -> Any:
        """Turn local times into UTC once the time zone is known to be right."""
        zone = info.data.get("timezone", "UTC")
        moment = None if moment is None else values.to_utc(moment, ZoneInfo(zone))
        opens = info.data.get("opens")
        if info.field_name == "closes" and moment and opens and moment <= opens:
            message = "the camp closes before it opens; closes must lie after opens"
            raise ValueError(message)
        return moment

    @property
    def zone(self) -> ZoneInfo:
        """Return the camp's time zone, in which people read its times."""
        return ZoneInfo(self.timezone)


class SessionTable(_Table):
    """[session]: how long an attendee may work."""

    length: Annotated[timedelta, BeforeValidator(values.duration("10s", "24h"))] = _key(
        "3h", "How long each attendee may work, from their first start."
    )
    idle_timeout: Annotated[
        timedelta, BeforeValidator(values.duration("1m", "24h"))
    ] = _key("45m", "An unused server is stopped after this; its files are kept.")


class SeatsTable(_Table):
    """[seats]: how many attendees work at once, and what each of them gets."""

    count: Annotated[int, BeforeValidator(values.whole(1, 1000))] = _key(
        25, "How many attendees may work at the same time."
    )
    memory: Annotated[int, BeforeValidator(values.size("256M", "256G"))] = _key(
        "1G", "Memory of one seat; more is refused to its programs."
    )
    cpus: Annotated[float, BeforeValidator(values.decimal(0.1, 256.0))] = _key(
        1.0, "Processors that one seat may keep busy."
    )
    processes: Annotated[int, BeforeValidator(values.whole(64, 32768))] = _key(
        512, "Processes and threads that one seat may have."
    )


class StaffSettings(_Table):
    """[staff]: who runs the camp; each name gets a generated password."""

    organizers: Annotated[tuple[str, ...], BeforeValidator(values.names(1))] = _key(
        ["organizer"], "Who may administer the hub; at least one name."
    )
    instructors: Annotated[tuple[str, ...], BeforeValidator(values.names(0))] = _key(
        ["instructor"], "Who releases, collects and grades exercises."
    )

    @field_validator("instructors")
    @classmethod
    def _one_role_each(
        cls, instructors: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        both = sorted(set(instructors) & set(info.data.get("organizers", ())))
        if both:
            message = f"{', '.join(both)} is in organizers too; keep a name in one list"
            raise ValueError(message)
        return instructors


class ServerTable(_Table):
    """[server]: where the camp is reached."""

    address: Annotated[str, BeforeValidator(values.address)] = _key(
        "0.0.0.0",  # noqa: S104 -- a class comes from other machines
        "The address to listen on; 127.0.0.1 for this machine only.",
    )
    port: Annotated[int, BeforeValidator(values.whole(1, 65535))] = _key(
        8000, "The port that browsers use."
    )
    internal_port: Annotated[int, BeforeValidator(values.whole(1024, 65533))] = _key(
        18001, "The first of three ports that the camp uses inside."
    )
    certificate: Annotated[str, BeforeValidator(values.text)] = _key(
        "", "A PEM file of the certificate and its chain, for HTTPS."
    )
    key: Annotated[str, BeforeValidator(values.text)] = _key(
        "", "A PEM file of the certificate's private key, unencrypted."
    )

    @field_validator("internal_port")
    @classmethod
    def _apart_from_port(cls, first: int, info: ValidationInfo) -> int:
        last = first + INTERNAL_PORTS - 1
        if first <= info.data.get("port", 0) <= last:
            message = (
                f"{first} to {last} are used inside and include port "
                f"{info.data['port']}; choose another internal_port"
            )
            raise ValueError(message)
        return first

    @field_validator("key")
    @classmethod
    def _both_or_neither(cls, key: str, info: ValidationInfo) -> str:
        certificate = info.data.get("certificate", key)
        if bool(key) != bool(certificate):
            given, missing = (
                ("certificate", "key") if certificate else ("key", "certificate")
            )
            message = f"{given} is set and {missing} is not; set both or neither"
            raise ValueError(message)
        return key

    @property
    def https(self) -> bool:
        """Tell whether browsers reach the camp over HTTPS."""
        return bool(self.certificate)


class CampSettings(_Table):
    """Hold everything an organizer decided, checked and frozen."""

    camp: CampTable = Field(description="What the camp is called and when it is open.")
    session: SessionTable = _key({}, "How long an attendee may work.")
    seats: SeatsTable = _key({}, "How many work at once, and what each gets.")
    staff: StaffSettings = _key({}, "Who runs the camp.")
    server: ServerTable = _key({}, "Where the camp is reached.")

    def rules(self) -> Rules:
        """Return the rules of time and seats."""
        return Rules(
            length=self.session.length,
            opens=self.camp.opens,
            closes=self.camp.closes,
            seats=self.seats.count,
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
