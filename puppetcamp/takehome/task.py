"""What the builder of a bundle is told: whose it is, and what they handed in. Pure."""

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo

from puppetcamp.exchange.records import Standing, late_by

MAX_VERSIONS = 100
"""How many versions of an exercise are told, the latest."""


def task(
    camp: str,
    attendee: str,
    standings: Sequence[Standing],
    now: datetime,
    zone: tzinfo,
    *,
    plain: bool,
) -> bytes:
    """Write a bundle's task as JSON; people read its moments in `zone`."""
    told = {
        "camp": camp,
        "attendee": attendee,
        "made": _moment(now, zone),
        "plain": plain,
        "exercises": [_exercise(standing, zone) for standing in standings],
    }
    return json.dumps(told).encode()


def _exercise(standing: Standing, zone: tzinfo) -> dict[str, object]:
    return {
        "exercise": standing.release.exercise,
        "versions": [
            {
                "submitted": _moment(one.submitted_at, zone),
                "late": late_by(one.submitted_at, standing.release.due_at) is not None,
                "score": one.feedback and one.feedback.score,
                "max_score": one.feedback and one.feedback.max_score,
            }
            for one in standing.submissions[-MAX_VERSIONS:]
        ],
    }


def _moment(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"
