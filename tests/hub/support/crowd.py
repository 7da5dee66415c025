"""A crowd of attendees who submit with the seat's own client, each their own work."""

import hashlib
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from puppetcamp_lab.archive import Selection, pack
from puppetcamp_lab.client import CampClient
from puppetcamp_lab.exchange.remote import Receipt, RemoteExchange

COURSE, EXERCISE = "puppet", "motd"


@dataclass(frozen=True)
class Sent:
    """Remember what one attendee has sent, and what they were told."""

    attendee: str
    packed: bytes
    receipt: Receipt
    seconds: float

    @property
    def sha256(self) -> str:
        """Return the checksum of what was sent."""
        return hashlib.sha256(self.packed).hexdigest()


def work(attendee: str, number: int, kilobytes: int = 40) -> bytes:
    """Write a notebook that nobody else has, about as large as one with outputs."""
    noise = random.Random(f"{attendee} {number}").randbytes(kilobytes * 500).hex()  # noqa: S311
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "source": f"notice('{attendee} {number}')",
        "outputs": [{"output_type": "stream", "name": "stdout", "text": noise}],
    }
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    return json.dumps(notebook).encode()


def packed(folder: Path, notebook: bytes) -> bytes:
    """Pack an exercise as a seat does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{EXERCISE}.ipynb").write_bytes(notebook)
    archive, _ = pack(folder, Selection())
    return archive


def exchange(url: str, token: str) -> RemoteExchange:
    """Open the exchange as somebody."""
    return RemoteExchange(CampClient(url, token), COURSE)


def submit(url: str, token: str, attendee: str, archive: bytes) -> Sent:
    """Submit and note how long it took."""
    began = time.monotonic()
    receipt = exchange(url, token).submit(EXERCISE, archive)
    return Sent(attendee, archive, receipt, time.monotonic() - began)


def submit_within(
    seconds: float, url: str, tokens: Mapping[str, str], archives: Mapping[str, bytes]
) -> Callable[[], list[Sent]]:
    """Let everybody submit once, spread evenly over some time; give their wait."""
    began = threading.Event()
    pool = ThreadPoolExecutor(len(tokens))

    def one(place: int, name: str) -> Sent:
        began.wait()
        time.sleep(seconds * place / len(tokens))
        return submit(url, tokens[name], name, archives[name])

    under_way = [pool.submit(one, *each) for each in enumerate(tokens)]
    began.set()

    def wait() -> list[Sent]:
        with pool:
            return [future.result() for future in under_way]

    return wait
