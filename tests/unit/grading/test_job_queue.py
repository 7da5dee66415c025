"""Jobs on a real database: nothing is lost, nothing is done twice."""

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from puppetcamp.database import create_tables, open_engine
from puppetcamp.grading.errors import NotebookRefused, SandboxUnavailable
from puppetcamp.grading.graded import Graded
from puppetcamp.grading.jobs import store as job_store
from puppetcamp.grading.jobs.decisions import MAX_STARTS, State
from puppetcamp.grading.jobs.queue import JobQueue
from puppetcamp.grading.jobs.store import Job, JobStore, Task

NOW = datetime(2026, 5, 1, tzinfo=UTC)
MINE, YOURS = "a" * 32, "b" * 32


class Grader:
    """Grade what it is told when it is told; remember who was graded."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()
        self.graded: list[str] = []

    def run(
        self,
        notebook: Mapping[str, Any],
        *,
        exercise: str,
        attendee: str,
        files: Mapping[str, str] | None = None,
    ) -> Graded:
        assert self.go_on.wait(30)
        self.graded.append(attendee)
        if "error" in notebook:
            raise _ERRORS[notebook["error"]]
        return Graded(([],), (f"{attendee} was here",), 2.0)


_ERRORS: dict[str, Exception] = {
    "refused": NotebookRefused("Its kernel is 'cobol'."),
    "docker": SandboxUnavailable("Docker is away."),
    "bug": ValueError("oops"),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'camp.sqlite'}")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> JobStore:
    return JobStore(engine)


@pytest.fixture
def grader() -> Grader:
    return Grader()


@pytest.fixture
def queue(store: JobStore, grader: Grader) -> Iterator[JobQueue]:
    queue = JobQueue(
        store, grader, version=lambda: "v1", clock=lambda: datetime.now(UTC), slots=2
    )
    queue.start()
    yield queue
    grader.go_on.set()
    queue.stop()


def task(attendee: str, key: str = "") -> Task:
    return Task("motd", attendee, key or attendee, {"attendee": attendee})


def content(attendee: str, **notebook: Any) -> dict[str, Any]:
    return {"exercise": "motd", "attendee": attendee, "notebook": notebook}


def finished(queue: JobQueue, job: Job) -> Job:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = queue.find(job.job)
        assert found is not None
        if found.finished:
            return found
        time.sleep(0.01)
    raise AssertionError(job)


def test_jobs_are_claimed_in_order_but_for_the_urgent_one(store: JobStore) -> None:
    store.enqueue([task("ada"), task("bob"), task("eve")], NOW, batch=MINE)
    store.enqueue([task("eve")], NOW, urgent=True)
    claimed = [store.claim(NOW) for _ in range(4)]
    assert [one[1]["attendee"] for one in claimed if one] == ["eve", "ada", "bob"]


def test_what_ran_when_the_service_ended_runs_again_but_not_for_ever(
    store: JobStore,
) -> None:
    (job,) = store.enqueue([task("ada")], NOW)
    for _ in range(MAX_STARTS):
        assert store.claim(NOW)
        store.requeue_running(NOW)
    assert store.claim(NOW) is None
    found = store.find(job.job)
    assert found
    assert found.state is State.FAILED
    assert "ended 3 times" in (found.reason or "")


def test_a_result_is_used_again_unless_asked_otherwise(store: JobStore) -> None:
    (first,) = store.enqueue([task("ada")], NOW, batch=MINE)
    store.claim(NOW)
    store.finish(first.job, NOW, result={"cells": []}, flags=[], seconds=1)
    (known,) = store.enqueue([task("ada")], NOW, batch=YOURS)
    assert (known.job, known.state) == (first.job, State.DONE)
    # An instructor who insists gets a new run, once in a batch.
    (again,) = store.enqueue([task("ada")], NOW, batch="c" * 32, again=True)
    assert again.job != first.job
    store.claim(NOW)
    store.finish(again.job, NOW, result={"cells": []}, flags=[], seconds=1)
    (same,) = store.enqueue([task("ada")], NOW, batch="c" * 32, again=True)
    assert same.job == again.job


def test_a_failed_job_is_not_a_result(store: JobStore) -> None:
    (first,) = store.enqueue([task("ada")], NOW)
    store.claim(NOW)
    store.fail(first.job, NOW, reason="Docker is away.", status=503)
    (second,) = store.enqueue([task("ada")], NOW)
    assert second.job != first.job
    assert second.state is State.QUEUED


def test_cancelling_takes_only_what_waits_for_nobody_else(store: JobStore) -> None:
    store.enqueue([task("ada"), task("bob"), task("eve")], NOW, batch=MINE)
    store.enqueue([task("bob")], NOW, batch=YOURS)
    assert store.claim(NOW)
    assert len(store.cancel(MINE)) == 1
    assert {job.attendee for job in store.jobs()} == {"ada", "bob"}


def test_progress_counts_a_batch_and_estimates(store: JobStore) -> None:
    jobs = store.enqueue([task(name) for name in ("a", "b", "c", "d")], NOW, batch=MINE)
    assert store.progress(MINE, NOW, 1).seconds_left is None
    for job in jobs[:2]:
        store.claim(NOW)
        store.finish(job.job, NOW, result={}, flags=[], seconds=10)
    store.claim(NOW)
    progress = store.progress(MINE, NOW + timedelta(seconds=4), 1)
    assert (progress.total, progress.done, progress.running) == (4, 2, ("c",))
    assert progress.seconds_left == 6 + 10


def test_a_full_queue_refuses_all_or_nothing(
    store: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_store, "MAX_WAITING", 2)
    with pytest.raises(SandboxUnavailable, match="wait already"):
        store.enqueue([task("ada"), task("bob"), task("eve")], NOW)
    assert store.jobs() == []


def test_old_results_are_forgotten(store: JobStore) -> None:
    (job,) = store.enqueue([task("ada")], NOW, batch=MINE)
    store.claim(NOW)
    store.finish(job.job, NOW, result={}, flags=[], seconds=1)
    assert store.forget_old(NOW + timedelta(days=13)) == 0
    assert store.forget_old(NOW + timedelta(days=15)) == 1
    assert store.find(job.job) is None


def test_one_that_fails_leaves_the_others_alone(queue: JobQueue) -> None:
    jobs = queue.enqueue(
        [
            content("ada"),
            content("bob", error="bug"),
            content("cyd", error="docker"),
            content("dan", error="refused"),
            content("eve"),
        ]
    )
    ended = {job.attendee: finished(queue, job) for job in jobs}
    assert {name: job.state.value for name, job in ended.items()} == {
        **{"ada": "done", "bob": "failed", "cyd": "failed", "dan": "done"},
        "eve": "done",
    }
    assert ended["ada"].flags == ("ada was here",)
    assert (ended["bob"].status, ended["cyd"].status) == (500, 503)
    assert "ValueError: oops" in (ended["bob"].reason or "")
    assert ended["dan"].flags == ("not graded, no points: Its kernel is 'cobol'.",)


def test_many_who_ask_for_the_same_wait_for_one_run(
    queue: JobQueue, grader: Grader
) -> None:
    grader.go_on.clear()
    asked = [queue.enqueue([content("ada")], urgent=True)[0].job for _ in range(5)]
    grader.go_on.set()
    finished(queue, queue.enqueue([content("ada")])[0])
    assert len(set(asked)) == 1
    assert grader.graded == ["ada"]


async def test_whoever_waits_is_told_of_a_cancellation(
    queue: JobQueue, grader: Grader
) -> None:
    grader.go_on.clear()
    queue.enqueue([content("ada"), content("bob")])
    (job,) = queue.enqueue([content("cyd")], batch=MINE)
    waiting = queue.finished(job.job)
    assert queue.cancel(MINE) == 1
    assert await waiting is None


def test_a_stopping_service_keeps_no_failure(
    store: JobStore, queue: JobQueue, grader: Grader
) -> None:
    grader.go_on.clear()
    (job,) = queue.enqueue([content("ada", error="docker")])
    deadline = time.monotonic() + 20
    while not (found := store.find(job.job)) or found.state is State.QUEUED:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    queue.close()
    grader.go_on.set()
    queue.stop()
    store.requeue_running(NOW)
    found = store.find(job.job)
    assert found
    assert found.state is State.QUEUED
