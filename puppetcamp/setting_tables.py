"""The tables of camp.toml: every key with its default, its check and its words.

Defaults are written as camp.toml would write them and pass through the same checks, so
that model, shipped camp.toml and documentation can be compared word by word.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from puppetcamp import setting_values as values

INTERNAL_PORTS = 3
"""How many ports from `internal_port` on the camp keeps to itself."""


def setting(default: object, description: str) -> Any:
    """Declare a key; the default is what camp.toml would say, unchecked as yet."""
    return Field(default=default, description=description)


class Table(BaseModel):
    """Hold what one table of camp.toml says, checked and frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class CampTable(Table):
    """[camp]: what the camp is called and when it is open."""

    name: Annotated[str, BeforeValidator(values.title)] = Field(
        description="What the camp is called, on every page."
    )
    course: Annotated[str, BeforeValidator(values.course)] = setting(
        "puppet", "The course's id in the gradebook and the exchange."
    )
    timezone: Annotated[str, BeforeValidator(values.timezone)] = setting(
        "UTC", "The IANA time zone of opening hours without an offset."
    )
    opens: Annotated[datetime | None, BeforeValidator(values.moment)] = setting(
        None, "When attendees may start; without it, at once."
    )
    closes: Annotated[datetime | None, BeforeValidator(values.moment)] = setting(
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


class SessionTable(Table):
    """[session]: how long an attendee may work."""

    length: Annotated[timedelta, BeforeValidator(values.duration("10s", "24h"))] = (
        setting("3h", "How long each attendee may work, from their first start.")
    )
    idle_timeout: Annotated[
        timedelta, BeforeValidator(values.duration("1m", "24h"))
    ] = setting("45m", "An unused server is stopped after this; its files are kept.")
    per_attendee: Annotated[int, BeforeValidator(values.whole(1, 100))] = setting(
        1, "How many camp sessions each attendee may have."
    )
    cooldown: Annotated[timedelta, BeforeValidator(values.duration("0s", "24h"))] = (
        setting("0s", "How long an attendee waits between two camp sessions.")
    )
    daily_allowance: Annotated[
        timedelta, BeforeValidator(values.duration("10s", "24h"))
    ] = setting("24h", "How long an attendee may work on one day, all sessions taken.")


class ExtensionsTable(Table):
    """[extensions]: who may give an attendee more time, how often, how much."""

    step: Annotated[timedelta, BeforeValidator(values.duration("10s", "8h"))] = setting(
        "15m", "How much time one extension gives."
    )
    own: Annotated[int, BeforeValidator(values.whole(0, 100))] = setting(
        0, "How many extensions attendees may take themselves, in each session."
    )
    staff: Annotated[int, BeforeValidator(values.whole(0, 100))] = setting(
        8, "How many more the staff may give an attendee, in each session."
    )
    instructors: Annotated[bool, BeforeValidator(values.switch)] = setting(
        True, "Whether instructors may give extensions, not organizers alone."
    )


class SeatsTable(Table):
    """[seats]: how many attendees work at once, and what each of them gets."""

    count: Annotated[int, BeforeValidator(values.whole(1, 1000))] = setting(
        25, "How many attendees may work at the same time."
    )
    memory: Annotated[int, BeforeValidator(values.size("256M", "256G"))] = setting(
        "1G", "Memory of one seat; more is refused to its programs."
    )
    cpus: Annotated[float, BeforeValidator(values.decimal(0.1, 256.0))] = setting(
        1.0, "Processors that one seat may keep busy."
    )
    processes: Annotated[int, BeforeValidator(values.whole(64, 32768))] = setting(
        512, "Processes and threads that one seat may have."
    )
    starts_at_once: Annotated[int, BeforeValidator(values.whole(0, 64))] = setting(
        0, "How many seats start at the same time; 0 for twice the processors."
    )


class DoorsTable(Table):
    """[doors]: which seats are warm before attendees come."""

    warm: Annotated[int, BeforeValidator(values.whole(0, 1000))] = setting(
        0, "How many seats wait, started, for whoever comes."
    )
    roster: Annotated[tuple[str, ...], BeforeValidator(values.names(0))] = setting(
        [], "Names of attendees for whom a seat waits, started."
    )


class TakeHomeTable(Table):
    """[take_home]: what attendees may download when their time is over."""

    keep: Annotated[timedelta, BeforeValidator(values.duration("0s", "365d"))] = (
        setting("14d", "How long a take-home bundle is kept; 0s for none at all.")
    )


class DeskTable(Table):
    """[desk]: what the staff see of attendees' work."""

    progress: Annotated[bool, BeforeValidator(values.switch)] = setting(
        False, "Whether the desk shows attendees' progress; they are told."
    )


class StaffSettings(Table):
    """[staff]: who runs the camp; each name gets a generated password."""

    organizers: Annotated[tuple[str, ...], BeforeValidator(values.names(1))] = setting(
        ["organizer"], "Who may administer the hub; at least one name."
    )
    instructors: Annotated[tuple[str, ...], BeforeValidator(values.names(0))] = setting(
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


class ServerTable(Table):
    """[server]: where the camp is reached."""

    address: Annotated[str, BeforeValidator(values.address)] = setting(
        "0.0.0.0",  # noqa: S104 -- a class comes from other machines
        "The address to listen on; 127.0.0.1 for this machine only.",
    )
    port: Annotated[int, BeforeValidator(values.whole(1, 65535))] = setting(
        8000, "The port that browsers use."
    )
    internal_port: Annotated[int, BeforeValidator(values.whole(1024, 65533))] = setting(
        18001, "The first of three ports that the camp uses inside."
    )
    certificate: Annotated[str, BeforeValidator(values.text)] = setting(
        "", "A PEM file of the certificate and its chain, for HTTPS."
    )
    key: Annotated[str, BeforeValidator(values.text)] = setting(
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
