"""Proofs that the course works: every page, every exercise, every wrong answer."""
