"""A warm seat: JupyterLab that runs already and takes on its owner when one comes."""

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Name what jupyter_server loads."""
    return [{"module": "puppetcamp_lab.seat"}]


def _load_jupyter_server_extension(app: Any) -> None:
    """Wait for the one claim, if this server was started without an owner."""
    from puppetcamp_lab.seat import claim

    claim.await_owner(app)
