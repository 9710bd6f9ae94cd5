"""How figures are taken and told: runs that take turns, medians, one line, and exit 1 when the goal is missed."""

from statistics import median

import sys


def in_turn(rounds, *runs):
    """The figures of each run, called A B A B, so that what else the machine does troubles all alike."""
    figures = [[run() for run in runs] for _ in range(rounds)]
    return [list(column) for column in zip(*figures, strict=True)]


def ratio(ours, theirs):
    """The median of the ratios of neighbours: steadier than the ratio of medians while the machine's load drifts."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def tell(name, met, line, why):
    """Print the figures; a missed goal fails the run."""
    print(f"{name}: {line}, {'goal met' if met else 'GOAL MISSED'}\n  {why}", flush=True)
    if not met:
        sys.exit(1)
