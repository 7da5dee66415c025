"""Spoilt manifests and requests: a worker answers each, and is unharmed by all."""

import json
import os
import secrets
import time
from collections.abc import Iterator
from random import Random

import pytest

from puppet_kernel import cells
from puppet_kernel.assemble import assemble
from puppet_kernel.display import outputs
from puppet_kernel.errors import PuppetKernelError
from puppet_kernel.worker import Event
from tests.docker.conftest import attendee_image, engine
from tests.kernel.differential.nodes import CORPUS
from tests.kernel.fuzz import mutations
from tests.kernel.fuzz.sandbox import Sandbox, sandbox

__all__ = ["attendee_image", "engine"]

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
SEED = os.environ.get("FUZZ_SEED") or secrets.token_hex(4)
# Seconds that one request may take before it is killed; mutations make endless loops.
PATIENCE = 15.0
# kB by which a worker may be larger in the end: what its own heap varies by. Ruby keeps
# what a heap has once needed, so the largest texts are part of the warming-up.
MEMORY_SLACK = 32_768
LARGEST = 12
SETTLING = 45.0
PARSED_PER_STEP = 10
SLOW = """exec { 'first': command => '/bin/sleep 0.3' }
-> exec { 'second': command => '/bin/sleep 1.5' }
-> exec { 'third': command => '/bin/sleep 77.5' }
"""
GOOD = """file { '/tmp/proof': content => "proof\\n" }
-> exec { '/bin/grep -q proof /tmp/proof': }
notice("kernel ${facts['kernel']}")
"""


@pytest.fixture
def box(attendee_image: str) -> Iterator[Sandbox]:
    with sandbox(attendee_image) as made:
        yield made


@pytest.mark.timeout(SECONDS + 300)
def test_a_worker_survives_whatever_it_is_asked(box: Sandbox) -> None:
    fuzz = _Fuzz(box)
    fuzz.warm_up()
    baseline = fuzz.settled(None)
    began = time.monotonic()
    step = 0
    while time.monotonic() < began + SECONDS:
        random = Random(f"{SEED}:{step}")  # noqa: S311 - reproducible on purpose
        try:
            fuzz.step(random)
        except Exception as fault:
            told = f"FUZZ_SEED={SEED}, step {step}: {fuzz.offender!r}"
            pytest.fail(f"{type(fault).__name__}: {fault}\n{told}", pytrace=True)
        step += 1
    took = time.monotonic() - began
    left = fuzz.settled(baseline)
    print(f"\nFUZZ_SEED={SEED}: {fuzz.counts} in {took:.0f} s, {baseline} -> {left}")
    assert left["descriptors"] <= baseline["descriptors"], f"FUZZ_SEED={SEED}"
    assert left["processes"] <= baseline["processes"], f"FUZZ_SEED={SEED}"
    assert left["zombies"] == 0, f"FUZZ_SEED={SEED}"
    assert left["memory"] <= baseline["memory"] + MEMORY_SLACK, f"FUZZ_SEED={SEED}"
    fuzz.prove_health("end")


class _Fuzz:
    """Take steps, each of which asks the worker something and judges the answer."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._wire = box.wire
        self._cases = sorted(CORPUS.glob("*/*.pp"))
        self._texts = [path.read_text() for path in self._cases]
        self.offender: object = None
        self.counts: dict[str, int] = {}

    def step(self, random: Random) -> None:
        """Do one random thing. Raises AssertionError, or what a bug raises."""
        (kind,) = random.choices(
            (
                self._applied,
                self._parsed,
                self._odd_request,
                self._garbage,
                self._stopped,
            ),
            weights=(50, 25, 15, 5, 5),
        )
        kind(random)
        self._count(kind.__name__.strip("_"))

    def warm_up(self) -> None:
        """Ask for everything once that makes a worker's heap as large as it gets."""
        for number in range(3):
            self.prove_health(number)
        for start, end in mutations.BRACKETS:
            nested = f"$nested = {start * mutations.DEEPEST}1{end * mutations.DEEPEST}"
            for code in (nested, f"notice('{'é' * mutations.LONGEST}')"):
                for _ in range(LARGEST):
                    request = {"op": "validate", "code": code, "id": "large"}
                    self._wire.ask(request, PATIENCE)
        for _ in range(3):
            self._wire.send(mutations.huge_line())
            self._wire.expect("refused", PATIENCE)

    def prove_health(self, identity: object) -> None:
        """Have a good manifest applied, on a node of its own."""
        self.offender = GOOD
        self._box.agent.ask("prepare", case="types/file_content")
        request = self._apply(GOOD, identity)
        answer = self._wire.ask(request, PATIENCE)
        assert not answer.killed
        assert answer.events[-1]["status"] == 2, answer.events
        said = [e["message"] for e in answer.events if e["ev"] == "log"]
        assert "kernel Linux" in said

    def settled(self, wanted: dict[str, int] | None) -> dict[str, int]:
        """Return the worker's footprint when nothing is under way any more."""
        self._box.agent.ask("clear")
        deadline = time.monotonic() + SETTLING
        before: dict[str, int] = {}
        while True:
            self._wire.ask({"op": "types", "id": "settle"}, PATIENCE)
            now = self._box.footprint()
            held = {key: now[key] for key in ("descriptors", "processes", "zombies")}
            if wanted is None and held == before:
                return now
            if wanted and all(held[key] <= wanted[key] for key in held):
                return now
            if time.monotonic() > deadline:
                return now
            before = held
            time.sleep(0.2)

    def _applied(self, random: Random) -> None:
        at = random.randrange(len(self._cases))
        case = f"{self._cases[at].parent.name}/{self._cases[at].stem}"
        code = mutations.mutate(random, self._texts[at], self._texts)
        self.offender = {"case": case, "code": code}
        self._box.agent.ask("prepare", case=case)
        answer = self._wire.ask(self._apply(code, case), PATIENCE)
        self._judge(code, answer.events)
        if answer.killed:
            self._count("killed")
            self._blame(case, code)

    def _blame(self, case: str, code: str) -> None:
        """Fail if stock Puppet comes to an end where the worker did not."""
        self._box.agent.ask("prepare", case=case, code=code)
        answer = self._box.agent.ask("stock", case=case, limit=PATIENCE)
        assert answer["status"] is None, "stock Puppet ends, and the worker did not"

    def _parsed(self, random: Random) -> None:
        for _ in range(PARSED_PER_STEP):
            code = mutations.mutate(random, random.choice(self._texts), self._texts)
            self.offender = code
            answer = self._wire.ask({"op": "validate", "code": code, "id": 1}, PATIENCE)
            assert not answer.killed
            assert [e["ev"] for e in answer.events] == ["syntax", "done"]

    def _odd_request(self, random: Random) -> None:
        request = mutations.request(random, mutations.identity(random))
        self.offender = request
        if request["op"] == "interrupt":
            # Nothing is under way: it means nothing, and is not answered.
            self._wire.send(json.dumps(request).encode())
        elif isinstance(request["op"], str):
            self._wire.ask(request, PATIENCE)
        else:
            self._wire.send(json.dumps(request).encode())
            self._wire.expect("refused", PATIENCE)

    def _garbage(self, random: Random) -> None:
        line = mutations.garbage(random)
        self.offender = line
        self._wire.send(line)
        # It is refused, or answered under an id that nobody has asked with: either
        # way the next question gets its answer.
        answer = self._wire.ask({"op": "ping", "id": "after garbage"}, PATIENCE)
        assert [e["ev"] for e in answer.events] == ["pong", "done"]

    def _stopped(self, random: Random) -> None:
        moments = tuple(
            random.uniform(0, 1.5) for _ in range(random.choice((1, 2, 2, 3)))
        )
        self.offender = {"interrupts": moments}
        self._box.agent.ask("prepare", case="types/file_content")
        answer = self._wire.ask(self._apply(SLOW, "slow"), PATIENCE, moments)
        assert not answer.killed
        assert answer.events[-1]["interrupted"] in {"stop", "kill"}
        self._judge(SLOW, answer.events)
        assert self._box.agent.ask("running", text="sleep\x0077.5")["count"] == 0

    def _judge(self, code: str, events: list[Event]) -> None:
        """Have the core make a cell's result of the events, as it does for users."""
        try:
            cell = cells.parse(code)
        except PuppetKernelError:
            return
        outputs(assemble(cell, events, 0.1))

    def _apply(self, code: str, identity: object) -> dict[str, object]:
        return {"op": "apply", "id": identity, "code": code, "cwd": "/nodes/warm"}

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
