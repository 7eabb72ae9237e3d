"""The length of a run, and measuring in turns."""

import pathlib
import statistics
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
BUILT = ROOT / "target" / "side-by-side"

QUICK = "--quick" in sys.argv
ROUNDS, SECONDS = (2, 1) if QUICK else (5, 3)
MANY = 20_000 if QUICK else 100_000
MILLION = 100_000 if QUICK else 1_000_000
"""The number of services of a large server."""


def in_turns(runs, rounds=ROUNDS):
    """The medians of each, measured in turns; the first round warms up."""
    found = {name: [] for name in runs}
    for round_ in range(rounds + 1):
        for name, run in runs.items():
            measured = run()
            if round_:
                found[name].append(measured)
    return {name: tuple(map(statistics.median, zip(*each))) for name, each in found.items()}
