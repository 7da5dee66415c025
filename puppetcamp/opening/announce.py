"""Tell the organizer that the camp is open: address, join code, QR code, passwords."""

import io
from pathlib import Path
from urllib.parse import urlencode

import segno

from puppetcamp.opening.machine import others_can_connect, shown_address
from puppetcamp.place import Place
from puppetcamp.settings import CampSettings


def address(settings: CampSettings) -> str:
    """Give the URL by which people reach the camp."""
    server = settings.server
    scheme, usual = ("https", 443) if server.https else ("http", 80)
    host = shown_address(server.address)
    if ":" in host:
        host = f"[{host}]"
    port = "" if server.port == usual else f":{server.port}"
    return f"{scheme}://{host}{port}/"


def invitation(settings: CampSettings, code: str) -> str:
    """Give the URL that carries the join code."""
    return f"{address(settings)}hub/login?{urlencode({'code': code})}"


def announce(
    settings: CampSettings,
    place: Place,
    handed_out: Path | None,
    seats_outlive_engine: bool,
) -> str:
    """Write what the organizer reads when the camp is open.

    `handed_out` is the file of the staff's new passwords, None if none are new.
    `seats_outlive_engine` says whether a restart of the Docker Engine spares seats.
    """
    code = place.join_code.read_text().strip()
    link = invitation(settings, code)
    lines = [
        "",
        f"  {settings.camp.name} is open.",
        "",
        f"  Address     {address(settings)}",
        f"  Join code   {code}",
        f"  Link        {link}",
        "",
        _qr_code(link),
        _passwords(handed_out),
    ]
    if not settings.server.https and others_can_connect(settings.server.address):
        lines += [
            "",
            "  ! Without HTTPS everybody on this network can read along, passwords",
            "    included. Set [server] certificate and key in camp.toml for any class",
            "    that is not in one room on one trusted network.",
        ]
    if place.unguarded.exists():
        lines += [
            "",
            "  ! Seats can reach every port of this machine: its firewall refused the",
            f"    camp's rules ({place.unguarded.read_text()}).",
        ]
    if not seats_outlive_engine:
        lines += [
            "",
            "  ! A restart of Docker Engine, as by an update, ends everybody's seat;",
            "    files and time are kept. docs/operator.md says how seats outlive it.",
        ]
    lines += ["", "  make stop ends the camp and keeps everything.", ""]
    return "\n".join(lines)


def _passwords(handed_out: Path | None) -> str:
    if handed_out is None:
        return "  Passwords   of the staff were handed out when the camp first opened."
    return (
        f"  Passwords   .camp/{handed_out.name}\n"
        "              of organizers and instructors; only root can read the file.\n"
        "              Note them down and delete it: they are not stored elsewhere."
    )


def _qr_code(link: str) -> str:
    drawn = io.StringIO()
    segno.make(link, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return drawn.getvalue()
