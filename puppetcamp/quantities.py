"""Durations and sizes as people write them, and as people read them."""

import re
from datetime import timedelta

_DURATION = re.compile(
    r"(?:(\d{1,3})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII
)
_SIZE = re.compile(r"(\d{1,6})([MG])", re.ASCII)
_BYTES = {"M": 1024**2, "G": 1024**3}


def parse_duration(text: str) -> timedelta:
    """Read "90s", "45m", "3h", "1h30m" or "14d".

    Raises ValueError for anything else.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not text:
        message = f"{text!r} is not a duration"
        raise ValueError(message)
    days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def parse_size(text: str) -> int:
    """Read "512M" or "2G" as bytes, in powers of 1024.

    Raises ValueError for anything else.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a size"
        raise ValueError(message)
    return int(match[1]) * _BYTES[match[2]]


def in_words(duration: timedelta) -> str:
    """Say a duration as a person would: "3 hours", "1 hour 30 minutes", "45 seconds".

    Whole seconds, rounded up, at most the two largest units; never negative.
    """
    seconds = max(0, -(-duration // timedelta(seconds=1)))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    units = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    first = next((at for at, (count, _) in enumerate(units) if count), 2)
    said = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in units[first : first + 2]
        if count
    ]
    return " ".join(said) or "0 seconds"


def as_clock(duration: timedelta) -> str:
    """Say a duration as a countdown does: "2:59:01".

    Rounded up: "0:00:00" is shown only when nothing is left.
    """
    seconds = max(0, -(-duration // timedelta(seconds=1)))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
