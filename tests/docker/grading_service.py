"""The camp's grading service by itself: everything real but the hub's word on a token.

Run as a process of its own, so that it can be killed.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from puppetcamp.database import create_tables, open_engine
from puppetcamp.deployment import Deployment
from puppetcamp.engine import connect
from puppetcamp.grading.api import router
from puppetcamp.grading.lifetime import alone, graded
from puppetcamp.identity import Person, Role, current_person
from puppetcamp.service import grading_queue

REPOSITORY = Path(__file__).resolve().parents[2]
KERNEL = REPOSITORY / "kernel"


class GradingService:
    """A service on a port of its own; `folder` holds its database and its log."""

    def __init__(
        self, folder: Path, instance: str, role: Role = Role.INSTRUCTOR
    ) -> None:
        self.folder = folder
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
            self.port: int = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/services/camp"
        self._command = [
            sys.executable,
            "-m",
            "tests.docker.grading_service",
            *(str(folder), instance, str(self.port), role.value),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = (self.folder / "service.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                self._command,
                cwd=REPOSITORY,
                env={**os.environ, "PYTHONPATH": f"{REPOSITORY}:{KERNEL}"},
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{self.url}/api/grading/jobs")
                return
            assert self._process.poll() is None, self.said()
            time.sleep(0.05)
        raise AssertionError(self.said())

    def kill(self) -> None:
        """End it as a crash does: nothing is tidied up."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it as the hub does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)

    def said(self) -> str:
        """Give what it has logged."""
        return (self.folder / "service.log").read_text(encoding="utf-8")

    def jobs(self) -> list[dict[str, object]]:
        """List all jobs, the newest first."""
        answer = httpx.get(f"{self.url}/api/grading/jobs")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()
        return found


def main(folder: str, instance: str, port: str, role: str) -> None:
    """Serve until told to end."""
    engine = open_engine(f"sqlite:///{folder}/camp.sqlite")
    create_tables(engine)
    deployment = Deployment(instance)
    queue = grading_queue(engine, deployment)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with (
            alone(Path(folder) / "service.lock"),
            graded(queue, connect, deployment.label),
        ):
            yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(router(queue), prefix="/services/camp")
    app.dependency_overrides[current_person] = lambda: Person("ines", Role(role))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
