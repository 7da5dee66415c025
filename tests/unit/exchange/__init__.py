"""Tests of puppetcamp.exchange."""
