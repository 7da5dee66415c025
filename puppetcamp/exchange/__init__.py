"""Releases, submissions and feedback: what nbgrader calls its exchange."""
