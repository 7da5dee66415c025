"""nbgrader's exchange over HTTP: the eight classes of its ExchangeFactory."""

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
