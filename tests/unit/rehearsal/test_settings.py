"""The rehearsal's own camp.toml: the real one's seats, and nothing that closes it."""

from puppetcamp.rehearsal.rehearse import settings_of
from puppetcamp.settings import parse

REAL = b"""
[camp]
name = "Real"
course = "puppet2"
closes = 2020-01-01T00:00:00
[session]
length = "10m"
[seats]
count = 7
memory = "768M"
cpus = 0.5
processes = 300
starts_at_once = 3
[doors]
warm = 5
[staff]
organizers = ["olga"]
[server]
address = "0.0.0.0"
port = 80
"""


def test_a_rehearsal_has_the_real_seats_and_is_nobodys_business() -> None:
    rehearsed = parse(settings_of(parse(REAL), 25, 21000).encode())
    assert rehearsed.seats.count == 25
    assert rehearsed.seats.memory == 768 * 2**20
    assert (rehearsed.seats.cpus, rehearsed.seats.processes) == (0.5, 300)
    assert rehearsed.seats.starts_at_once == 3
    assert rehearsed.camp.course == "puppet2"
    assert rehearsed.camp.closes is None
    assert rehearsed.doors.warm == 0
    assert rehearsed.server.address == "127.0.0.1"
    assert (rehearsed.server.port, rehearsed.server.internal_port) == (21000, 21001)
