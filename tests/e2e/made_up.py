"""A class that nobody has to attend: the desk's page, served with made-up snapshots.

For what no real camp of a test can show: hundreds of seats, and a class in the middle
of its day. What the page does with the real service is proved in test_desk.py.
"""

import contextlib
import itertools
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from puppetcamp import desk
from puppetcamp.browser import PAGE_HEADERS
from puppetcamp.desk.schemas import (
    Action,
    AuditEntry,
    CampNow,
    CapacityNow,
    ExerciseNow,
    LessonNow,
    LineNow,
    ProblemNow,
    SeatNow,
    SeatState,
    Snapshot,
    Stuck,
    WarmNow,
    You,
)

FILES = Path(desk.__file__).parent
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
NAMES = (
    "ada bob chen dora emil fatima grace hugo ines jonas katarzyna liam mia noor oskar "
    "pia quentin rosa sven tara uma viktor wanda xenia yusuf"
).split()
LESSONS = ("00_your_node", "01_resources", "02_files", "03_modules", "04_hiera")
EXERCISES = ("motd", "users", "webserver")
STATES = (
    *(SeatState.IN_USE,) * 14,
    *(SeatState.IDLE,) * 3,
    SeatState.QUEUED,
    SeatState.STARTING,
    SeatState.AWAY,
    SeatState.EXPIRED,
)
NO_TIME_YET = {SeatState.QUEUED, SeatState.STARTING}
MIB = 2**20
PERIOD = 0.4
"""Seconds from one snapshot to the next; the camp itself takes at least one."""


class MadeUpClass:
    """Make snapshots of a class; the same numbers for the same names every time.

    With a `refusal`, an HTTP status, the camp ends its streams and answers that.
    """

    def __init__(self, people: int) -> None:
        guests = (f"guest{number:03}" for number in itertools.count(1))
        self.names = list(itertools.islice(itertools.chain(NAMES, guests), people))
        self.opened = datetime.now(UTC)
        self.beat = 0
        self.refusal: int | None = None
        self.stuck: set[str] = {"pia", "tara"} & set(self.names)

    def snapshot(self) -> Snapshot:
        """Give the class as it is now; a few figures move with every beat."""
        self.beat += 1
        now = datetime.now(UTC)
        seats = [self._seat(name, now) for name in sorted(self.names)]
        waiting = sum(seat.state is SeatState.QUEUED for seat in seats)
        return Snapshot(
            you=You(name="organizer", role="organizer", may=list(Action)),
            camp=CampNow(
                name="Camp Lovelace",
                now=now,
                doors_open=True,
                paused=False,
                closes=self.opened + timedelta(hours=4),
                zone="Europe/Berlin",
                progress_on=True,
                seats=max(30, len(seats)),
                extension_step_seconds=900,
                hub_url="/hub/",
            ),
            seats=seats,
            warm=WarmNow(ready=3, making=2, target=5),
            line=LineNow(waiting=waiting, estimate=42),
            capacity=CapacityNow(
                cores=8,
                load=4 + self.beat % 3 / 2,
                memory_total=32 * 1024 * MIB,
                memory_used=9 * 1024 * MIB,
                disk_free=120 * 1024 * MIB,
                seats=max(30, len(seats)),
                seats_that_fit=max(96, len(seats)),
            ),
            problems=[self._problem()],
            audit=[self._audit()],
        )

    def _seat(self, name: str, now: datetime) -> SeatNow:
        dice = random.Random(name)  # noqa: S311 -- the same numbers every time
        state = dice.choice(STATES)
        if name in self.stuck:
            state = SeatState.IN_USE
        began = self.opened - timedelta(minutes=dice.randint(5, 165))
        ends = now if state is SeatState.EXPIRED else began + timedelta(hours=3)
        timed = state not in NO_TIME_YET
        works = state in {SeatState.IN_USE, SeatState.IDLE}
        moved = 1 if self.beat % 5 == dice.randint(0, 4) else 0
        stuck = Stuck(
            since=self.opened - timedelta(minutes=11),
            why="The check “the page is served” failed 6 times.",
        )
        return SeatNow(
            attendee=name,
            state=state,
            place=1 if state is SeatState.QUEUED else None,
            estimate_seconds=20 if state is SeatState.QUEUED else None,
            started=began if timed else None,
            deadline=ends if timed else None,
            remaining_seconds=max(0, (ends - now).total_seconds()) if timed else None,
            last_activity=self.opened - timedelta(minutes=12) if timed else None,
            lessons=_lessons(dice, moved) if timed else [],
            exercises=_exercises(dice) if timed else [],
            stuck=stuck if name in self.stuck else None,
            memory_bytes=(dice.randint(110, 380) + moved) * MIB if works else None,
            cpu=dice.random() if works else None,
        )

    def _problem(self) -> ProblemNow:
        return ProblemNow(
            at=self.opened - timedelta(minutes=4),
            where="spawner",
            text="The seat of yusuf did not start within 60 s and was started again.",
        )

    def _audit(self) -> AuditEntry:
        return AuditEntry(
            id=1,
            at=self.opened - timedelta(minutes=20),
            by="organizer",
            action="extend",
            attendees=[],
            everybody=True,
            text="15 minutes more",
            done=True,
        )


def _lessons(dice: random.Random, moved: int) -> list[LessonNow]:
    return [
        LessonNow(
            notebook=f"lessons/{name}.ipynb",
            cells_run=dice.randint(1, 14) + moved,
            cells_failed=dice.choice([0, 0, 0, 1]),
        )
        for name in LESSONS[: dice.randint(1, len(LESSONS))]
    ]


def _exercises(dice: random.Random) -> list[ExerciseNow]:
    done = dice.randint(0, len(EXERCISES))
    found = []
    for number, name in enumerate(EXERCISES):
        passed = 4 if number < done else dice.randint(0, 3) if number == done else 0
        state = ("submitted", "worked-on", "open")[(number >= done) + (number > done)]
        found.append(
            ExerciseNow.model_validate(
                {"name": name, "state": state, "checks_passed": passed, "checks": 4}
            )
        )
    return found


@contextlib.contextmanager
def served(people: MadeUpClass) -> Iterator[str]:
    """Serve the desk of a class, snapshots all the time; give the page's address."""
    ended = threading.Event()

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].removeprefix("/services/camp/")
            if people.refusal and path.startswith("api/"):
                self._refuse(people.refusal)
            elif path == "api/desk/events":
                self._stream()
            elif path == "api/desk":
                self._say(people.snapshot().model_dump_json().encode(), ".json")
            elif path == "desk":
                self._file(FILES / "page.html")
            else:
                self._file(FILES / "static" / Path(path).name)

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            with contextlib.suppress(OSError):
                while not ended.is_set() and not people.refusal:
                    data = people.snapshot().model_dump_json()
                    self.wfile.write(f"event: snapshot\ndata: {data}\n\n".encode())
                    ended.wait(PERIOD)

        def _refuse(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def _file(self, path: Path) -> None:
            if path.is_file():
                self._say(path.read_bytes(), path.suffix)
            else:
                self._refuse(404)

        def _say(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", KINDS.get(kind, "application/json"))
            for name, value in PAGE_HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/services/camp/desk"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
