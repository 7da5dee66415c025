"""What a warm seat takes from a claim, and from whom."""

import pytest

from puppetcamp_lab.seat.claim import Owner
from puppetcamp_lab.seat.identity import accepted

GOOD = {
    "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/",
    "JUPYTERHUB_API_TOKEN": "a-token",
    "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-ada",
}


def test_only_the_hubs_and_the_camps_variables_are_taken() -> None:
    said = {
        **GOOD,
        "PUPPETCAMP_COURSE": "puppet",
        "LD_PRELOAD": "/tmp/x.so",  # noqa: S108 -- must not be taken
        "PATH": "/tmp",  # noqa: S108 -- must not be taken
        "JUPYTERHUB_DEFAULT_URL": "/elsewhere",
        "JUPYTERHUB_USER": 7,
        "JUPYTERHUB_HOST": "a\0b",
    }
    assert accepted(said) == {**GOOD, "PUPPETCAMP_COURSE": "puppet"}


@pytest.mark.parametrize("missing", sorted(GOOD))
def test_an_owner_without_a_name_or_a_token_is_none(missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        accepted({**GOOD, missing: ""})


@pytest.mark.parametrize("prefix", ["/", "user/ada/", "/user/ada", "/a b/", "//evil/"])
def test_a_prefix_is_a_path_below_the_root(prefix: str) -> None:
    with pytest.raises(ValueError, match="PREFIX"):
        accepted({**GOOD, "JUPYTERHUB_SERVICE_PREFIX": prefix})


@pytest.mark.parametrize("said", [None, [], "x", 3])
def test_anything_else_is_no_environment(said: object) -> None:
    with pytest.raises(ValueError, match="environment"):
        accepted(said)


def test_a_secret_is_exact_and_not_empty() -> None:
    owner = Owner("s3cret", serverapp=None)
    assert owner.knows("s3cret")
    assert not owner.knows("s3cre")
    assert not owner.knows("")
    assert not Owner("", serverapp=None).knows("")
