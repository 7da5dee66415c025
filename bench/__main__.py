"""Run every promise's measurement and print its lines."""

import sys

from bench import click_to_lab

PROMISES = (click_to_lab,)

for promise in PROMISES:
    sys.stdout.write(f"{(promise.__doc__ or '').splitlines()[0]}\n")
    for line in promise.measure():
        sys.stdout.write(f"  {line}\n")
        sys.stdout.flush()
