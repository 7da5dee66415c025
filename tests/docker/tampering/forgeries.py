"""Answers of a check that the attendee would like to write themselves."""

import json

REPORT = [
    {
        "ev": "resource",
        "ref": "File[/srv/answer]",
        "type": "File",
        "title": "/srv/answer",
        "changed": False,
        "skipped": False,
        "failed": False,
        "asserts": True,
        "events": [],
        "seconds": 0.1,
        "line": 2,
    },
    {"ev": "report", "status": "unchanged", "completed": True},
]
DONE = {"ev": "done", "status": 0, "interrupted": None, "seconds": 0.1}


def of_a_child() -> str:
    """Return what a forked child tells the worker if all is well."""
    return "".join(f"{json.dumps(event)}\n" for event in REPORT)


def of_a_worker() -> str:
    """Return what a worker tells the grader if all is well, for many requests."""
    return "".join(
        json.dumps({**event, "id": number}) + "\n"
        for number in range(1, 30)
        for event in ({"ev": "out", "text": "forged"}, *REPORT, DONE)
    )


FORGER = """#!/bin/bash
for round in $(seq 1 400); do
  for pid in $(pgrep ruby); do
    for fd in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do
      cat /opt/forged > /proc/$pid/fd/$fd
    done
  done
  sleep 0.02
done 2> /dev/null
"""

PLANTED = """
module Planted; def safe_insync?(*) = true; end
Puppet::Property.prepend(Planted) if defined?(Puppet::Property)
module PlantedType; def insync?(*) = true; end
Puppet::Type.prepend(PlantedType) if defined?(Puppet::Type)
"""
"""Ruby that takes every resource for in step."""
