"""Run every promise's measurement and print its lines, or only those that are named."""

import os
import sys

from bench import (
    click_to_lab,
    crowd_cold,
    crowd_warm,
    desk_load,
    exchange_load,
    expiry,
    grading,
    idle_seat,
    kernel_cells,
    kernel_start,
)

PROMISES = (
    click_to_lab,
    crowd_cold,
    crowd_warm,
    desk_load,
    exchange_load,
    expiry,
    grading,
    idle_seat,
    kernel_cells,
    kernel_start,
)

for promise in PROMISES:
    if sys.argv[1:] and promise.__name__.partition(".")[2] not in sys.argv[1:]:
        continue
    sys.stdout.write(f"{(promise.__doc__ or '').splitlines()[0]}\n")
    for line in promise.measure():
        sys.stdout.write(f"  {line}\n")
        sys.stdout.flush()
    # Seconds mean little on a machine that does other things as well.
    sys.stdout.write(f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs\n")
