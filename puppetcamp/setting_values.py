"""One checker per kind of value in camp.toml.

Each takes what TOML gave and returns what the camp uses, or raises ValueError with
"what is wrong; what to write instead".
"""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from puppetcamp.quantities import parse_duration, parse_size

NAME_PATTERN = r"[a-z0-9][a-z0-9._-]{0,31}"
"""What a person of the camp may be called."""

_NAME = re.compile(NAME_PATTERN)
_COURSE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_MOMENT = "2026-11-23T09:00:00"


def shown(value: object) -> str:
    """Show a value as camp.toml would write it, cut to a readable length."""
    match value:
        case bool():
            text = str(value).lower()
        case str():
            text = '"' + value.replace('"', '\\"') + '"'
        case datetime() | date() | time():
            text = value.isoformat()
        case dict():
            text = "a table"
        case _:
            text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def text(value: object) -> str:
    """Accept any string."""
    if not isinstance(value, str):
        message = f"{shown(value)} is not text; put it in quotes"
        raise ValueError(message)
    return value


def title(value: object) -> str:
    """Accept 1 to 60 printable characters."""
    name = text(value).strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        message = f"{shown(value)} cannot be shown; write 1 to 60 printable characters"
        raise ValueError(message)
    return name


def course(value: object) -> str:
    """Accept an id that is safe in a path and in an address."""
    if not _COURSE.fullmatch(text(value)):
        message = (
            f"{shown(value)} is not a course id; use 1 to 64 letters, digits, dots, "
            "dashes and underscores, a letter or digit first"
        )
        raise ValueError(message)
    return str(value)


def timezone(value: object) -> str:
    """Accept the name of an IANA time zone."""
    zones = available_timezones()
    name = text(value)
    if name not in zones:
        lower = {zone.lower(): zone for zone in zones}
        cities = {zone.rsplit("/")[-1].lower(): zone for zone in sorted(zones)}
        wanted = name.lower().replace(" ", "_")
        near = difflib.get_close_matches(wanted, [*lower, *cities], n=1)
        hint = (lower | cities)[near[0]] if near else "Europe/Berlin"
        message = f'{shown(value)} is not an IANA time zone; write for example "{hint}"'
        raise ValueError(message)
    return name


def moment(value: object) -> datetime | None:
    """Accept a TOML datetime, with or without an offset."""
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, date):
        message = f"{shown(value)} has no time of day; write {value}T09:00:00"
    elif isinstance(value, str):
        message = f"{shown(value)} is text; write a moment without quotes: {_MOMENT}"
    else:
        message = f"{shown(value)} is not a moment; write one like {_MOMENT}"
    raise ValueError(message)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Turn a moment into UTC; without an offset it is read in `zone`.

    Raises ValueError where clocks are changed: for a local time that does not
    exist and for one that comes twice.
    """
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after or before is None or after is None:
        return first.astimezone(UTC)
    if before < after:
        later = first.astimezone(UTC).astimezone(zone)
        message = (
            f"{shown(local)} does not exist in {zone.key}, clocks are put forward "
            f"then; write {later.replace(tzinfo=None).isoformat()}"
        )
    else:
        message = (
            f"{shown(local)} comes twice in {zone.key}, clocks are put back then; "
            f"write {first.isoformat()} or {second.isoformat()}"
        )
    raise ValueError(message)


def duration(least: str, most: str) -> Callable[[object], timedelta]:
    """Accept a duration between two others, all written like "1h30m"."""
    low, high = parse_duration(least), parse_duration(most)

    def check(value: object) -> timedelta:
        if not isinstance(value, str):
            message = (
                f'{shown(value)} has no unit; write it like "45m", "3h" or "1h30m"'
            )
            raise ValueError(message)
        try:
            length = parse_duration(value)
        except ValueError:
            message = (
                f"{shown(value)} is not a duration; "
                'write it like "90s", "45m", "3h" or "1h30m"'
            )
            raise ValueError(message) from None
        if not low <= length <= high:
            message = f'{shown(value)} is out of range; write "{least}" to "{most}"'
            raise ValueError(message)
        return length

    return check


def size(least: str, most: str) -> Callable[[object], int]:
    """Accept an amount of memory between two others, all written like "1G"."""
    low, high = parse_size(least), parse_size(most)

    def check(value: object) -> int:
        try:
            amount = parse_size(value) if isinstance(value, str) else -1
        except ValueError:
            amount = -1
        if amount < 0:
            message = f'{shown(value)} is not a size; write it like "512M" or "2G"'
            raise ValueError(message)
        if not low <= amount <= high:
            message = f'{shown(value)} is out of range; write "{least}" to "{most}"'
            raise ValueError(message)
        return amount

    return check


def whole(least: int, most: int) -> Callable[[object], int]:
    """Accept a whole number between two others."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            message = f"{shown(value)} is not a whole number; write {least} to {most}"
            raise ValueError(message)
        if not least <= value <= most:
            message = f"{value} is out of range; write {least} to {most}"
            raise ValueError(message)
        return value

    return check


def switch(value: object) -> bool:
    """Accept true or false."""
    if not isinstance(value, bool):
        message = f"{shown(value)} is neither yes nor no; write true or false"
        raise ValueError(message)
    return value


def decimal(least: float, most: float) -> Callable[[object], float]:
    """Accept a number between two others."""

    def check(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            message = f"{shown(value)} is not a number; write {least} to {most}"
            raise ValueError(message)
        if not least <= value <= most:
            message = f"{value} is out of range; write {least} to {most}"
            raise ValueError(message)
        return float(value)

    return check


def names(least: int) -> Callable[[object], tuple[str, ...]]:
    """Accept a list of at least `least` different names of people."""

    def check(value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or any(not isinstance(n, str) for n in value):
            message = f'{shown(value)} is not a list of names; write ["ann", "bo"]'
            raise ValueError(message)
        _refuse_bad_names(value)
        if len(value) < least:
            message = f"holds no name; write at least {least}"
            raise ValueError(message)
        return tuple(value)

    return check


def _refuse_bad_names(given: Iterable[str]) -> None:
    given = list(given)
    bad = [name for name in given if not _NAME.fullmatch(name)]
    if bad:
        message = (
            f"{', '.join(map(shown, bad))} cannot be a name; use 1 to 32 of a-z, 0-9, "
            "dots, dashes and underscores, a letter or digit first"
        )
        raise ValueError(message)
    twice = sorted({name for name in given if given.count(name) > 1})
    if twice:
        message = f"{', '.join(twice)} is listed twice; keep it once"
        raise ValueError(message)


def address(value: object) -> str:
    """Accept an IP address to listen on."""
    try:
        return str(ipaddress.ip_address(text(value)))
    except ValueError:
        message = (
            f"{shown(value)} is not an IP address; write 0.0.0.0 for every network, "
            "127.0.0.1 for this machine only"
        )
        raise ValueError(message) from None
