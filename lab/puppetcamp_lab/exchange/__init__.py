"""nbgrader's exchange over HTTP: the eight classes of its ExchangeFactory.

Each is loaded when it is asked for: an attendee's seat never needs the gradebook that
releasing and collecting read.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from puppetcamp_lab.exchange.base import Exchange
    from puppetcamp_lab.exchange.collect import ExchangeCollect
    from puppetcamp_lab.exchange.fetch_assignment import ExchangeFetchAssignment
    from puppetcamp_lab.exchange.fetch_feedback import ExchangeFetchFeedback
    from puppetcamp_lab.exchange.list import ExchangeList
    from puppetcamp_lab.exchange.release_assignment import ExchangeReleaseAssignment
    from puppetcamp_lab.exchange.release_feedback import ExchangeReleaseFeedback
    from puppetcamp_lab.exchange.submit import ExchangeSubmit

__all__ = [
    "Exchange",
    "ExchangeCollect",
    "ExchangeFetchAssignment",
    "ExchangeFetchFeedback",
    "ExchangeList",
    "ExchangeReleaseAssignment",
    "ExchangeReleaseFeedback",
    "ExchangeSubmit",
]

_MODULES = {
    "Exchange": "base",
    "ExchangeCollect": "collect",
    "ExchangeFetchAssignment": "fetch_assignment",
    "ExchangeFetchFeedback": "fetch_feedback",
    "ExchangeList": "list",
    "ExchangeReleaseAssignment": "release_assignment",
    "ExchangeReleaseFeedback": "release_feedback",
    "ExchangeSubmit": "submit",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
