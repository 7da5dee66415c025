"""Take-home over a real hub: the page people end on, and who gets whose bundle."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from puppetcamp.clock import utc_now
from puppetcamp.sessions.facts import Ending
from puppetcamp.sessions.ledger import Ledger
from puppetcamp.takehome.store import TakeHomeStore
from tests.hub.support.camp import HubCamp, Visitor, said, until
from tests.hub.support.service import enrol, running_service

pytestmark = pytest.mark.hub

PAGE = "/services/camp/take-home"
API = "/services/camp/api/take-home"
BUNDLE = f"{PAGE}/bundle.zip"

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubCamp]:
    """Open a camp with its service, which has no Docker Engine."""
    camp = HubCamp(tmp_path_factory.mktemp("home") / "camp", with_service=True)
    camp.prepare()
    with running_service(camp, camp.place):
        try:
            camp.start()
            health = f"{camp.url}/services/camp/health"
            until(lambda: httpx.get(health).status_code == 200, "the way to the page")
            yield camp
        finally:
            camp.close()


def state(visitor: Visitor) -> dict[str, Any]:
    """Ask as the page's script does."""
    word = visitor.http.cookies.get("_xsrf", path="/services/camp/") or ""
    answer = visitor.http.get(API, headers={"X-XSRFToken": word})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def give(camp: HubCamp, name: str, content: bytes) -> None:
    """Make somebody's bundle as the maker does, in its stead."""
    engine = camp.ledger_engine()
    store = TakeHomeStore(engine, camp.place / "take-home", timedelta(days=14))
    store.ask(name, utc_now(), by_attendee=True)
    until(lambda: _claimed(store, name, content), "the turn of the bundle")
    engine.dispose()


def _claimed(store: TakeHomeStore, name: str, content: bytes) -> bool:
    # The service's own maker takes it, too, and gives it back: it has no Docker.
    job = store.claim(utc_now() + timedelta(minutes=1))
    if job is None or job.attendee != name:
        return False
    target = store.shelf.begin()
    target.write_bytes(content)
    file = store.shelf.keep(target)
    store.finish(job, file, len(content), 1.0, utc_now())
    return True


def test_a_bundle_is_asked_for_on_the_page(camp: HubCamp, visit: Visit) -> None:
    ada = visit(camp).arrive("ada")
    page = ada.http.get(PAGE)
    assert page.status_code == 200
    assert "Take your work home" in said(page)
    assert "There is no bundle of your work at the moment" in said(page)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.text.count("<script") == 1
    for name in ("take-home.js", "take-home.css"):
        assert f"{PAGE}/static/{name}" in page.text
        assert ada.http.get(f"{PAGE}/static/{name}").status_code == 200
    told = state(ada)
    assert (told["state"], told["url"], told["may_ask"]) == ("none", None, True)
    refused = ada.http.post(PAGE, data={"_xsrf": "wrong"})
    assert refused.status_code == 403
    word = ada.http.cookies.get("_xsrf", path="/services/camp/") or ""
    asked = ada.http.post(PAGE, data={"_xsrf": word})
    assert asked.status_code == 200, asked.text
    assert state(ada)["state"] in {"queued", "making"}
    assert not state(ada)["may_ask"]
    again = ada.http.post(API, headers={"X-XSRFToken": word})
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) > 0


def test_a_bundle_is_its_owners_alone(camp: HubCamp, visit: Visit) -> None:
    bob, cy = visit(camp).arrive("bob"), visit(camp).arrive("cy")
    give(camp, "bob", b"PK bob's")
    page = bob.http.get(PAGE)
    assert "Your bundle is ready" in said(page)
    got = bob.http.get(BUNDLE)
    assert got.content == b"PK bob's"
    assert got.headers["Content-Disposition"] == (
        'attachment; filename="take-home-bob.zip"'
    )
    assert got.headers["Cache-Control"] == "no-store"
    cy.http.get(PAGE)
    assert cy.http.get(BUNDLE).status_code == 404
    assert state(bob)["url"] == BUNDLE
    assert state(cy)["url"] is None
    # A page of somebody's server has the same origin: its scripts get nothing.
    script = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert bob.http.get(BUNDLE, headers=script).status_code == 403
    assert bob.http.get(PAGE, headers=script).status_code == 403
    assert bob.http.get(API).status_code == 403
    # A program with a token of bob's gets it, and one with cy's does not.
    tokens = enrol(camp, ["bob", "cy"])
    with httpx.Client(base_url=camp.url) as http:
        mine = http.get(BUNDLE, headers={"Authorization": f"token {tokens['bob']}"})
        assert mine.content == b"PK bob's"
        other = http.get(BUNDLE, headers={"Authorization": f"token {tokens['cy']}"})
        assert other.status_code == 404
        stranger = http.get(BUNDLE)
        assert stranger.status_code == 302
        assert "/hub/api/oauth2/authorize" in stranger.headers["Location"]


def test_who_is_over_is_led_to_their_bundle(camp: HubCamp, visit: Visit) -> None:
    dee = visit(camp).arrive("dee").work("dee")
    engine = camp.ledger_engine()
    with contextlib.closing(engine.raw_connection()):
        ledger = Ledger(engine)
        session = ledger.current("dee", None)
        assert session is not None
        ledger.end(session, Ending(utc_now(), "organizer"))
    engine.dispose()
    until(lambda: "dee" not in camp.servers(), "the end of dee's server")
    page = dee.http.get("/hub/user/dee/lab")
    assert "Take your work home" in said(page)
    assert f'href="{PAGE}"' in page.text
    page = dee.http.get(PAGE)
    assert "Your time is over" in said(page)
    assert "was ended by the staff" in said(page)
    until(lambda: state(dee)["state"] != "none", "a bundle that nobody asked for", 20)
    refused = dee.spawn()
    assert refused.status_code == 403
    assert f'href="{PAGE}"' in refused.text
