"""Tests of puppetcamp_lab."""
