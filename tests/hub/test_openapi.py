"""The service keeps to its OpenAPI document, whatever it is sent and whoever asks."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import settings, strategies
from jupyterhub.services.auth import HubOAuth
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from puppetcamp.deployment import Deployment
from puppetcamp.desk.roles import HELP, STEER, WATCH
from puppetcamp.place import SERVICE_PREFIX, Place
from puppetcamp.service import create_app
from puppetcamp.settings import load
from tests.hub.support.camp import HubCamp
from tests.hub.support.service import RunningService, enrol, running_service
from tests.unit.exchange.archives import pack

pytestmark = pytest.mark.hub


def described() -> dict[str, Any]:
    """Ask the service for its document without running it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Deployment("openapi"), "127.0.0.1", Path(folder))
        place.settings_file.write_text('[camp]\nname = "Camp"\n')
        return create_app(load(place.settings_file), place, HubOAuth()).openapi()


ARCHIVES = ("application/gzip", "application/x-tar")
archives = strategies.sampled_from(
    [
        pack().read(),
        pack({"motd.html": b"feedback"}).read(),
        pack({"motd.ipynb": b"no notebook"}).read(),
        pack().read()[:-9],
    ]
)
schemathesis.openapi.media_type(
    ARCHIVES[0],
    archives | strategies.binary(max_size=4096),
    aliases=ARCHIVES[1:],
)
# Without a Docker Engine gradings are refused with 503, as the document says.
CONFIG = {"checks": {"not_a_server_error": {"expected-statuses": ["2xx", "4xx", 503]}}}
schema = schemathesis.openapi.from_dict(
    described(), config=SchemathesisConfig.from_dict(CONFIG)
)


@pytest.fixture(scope="module")
def service(
    camp: HubCamp, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    root = tmp_path_factory.mktemp("service") / "state"
    with running_service(camp, root) as service:
        yield service


@pytest.fixture(scope="module")
def tokens(camp: HubCamp) -> list[str]:
    """Give an attendee's, an instructor's, an organizer's and an unknown token."""
    staff = enrol(camp, ("instructor",), (WATCH, HELP))
    staff |= enrol(camp, ("organizer",), (WATCH, HELP, STEER))
    return [*enrol(camp, ("ada",)).values(), *staff.values(), "unknown"]


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
def test_every_operation(
    case: schemathesis.Case, service: RunningService, tokens: list[str]
) -> None:
    # No schema can say which archives hold an exercise.
    excluded = [positive_data_acceptance] if case.media_type in ARCHIVES else []
    for token in tokens:
        case.call_and_validate(
            base_url=service.url.removesuffix(SERVICE_PREFIX),
            headers={"Authorization": f"token {token}"},
            excluded_checks=excluded,
        )
