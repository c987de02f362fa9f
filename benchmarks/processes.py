"""Whole processes, timed: their wall time and the most memory that each held."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

WRAPPER = """
import os, sys, time
nowhere = os.open(os.devnull, os.O_RDWR)
streams = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1, 2)]
start = time.perf_counter()
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=streams)
_, status, usage = os.wait4(process, 0)
print(time.perf_counter() - start, os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""
"""Starts a command and prints seconds, exit code and peak memory. A process of its own, and a small one: a command's
peak is never told as less than what its starter held."""


class Run(NamedTuple):
    """One run of a command. ``peak_mb`` is 0 where the system does not tell."""

    seconds: float
    peak_mb: float


class Pair(NamedTuple):
    """Medians of two commands that took turns, and of their ratios turn by turn."""

    first: Run
    second: Run
    ratio: float
    memory_ratio: float


def measure(command: Sequence[str], environment: Mapping[str, str], codes: Collection[int] = (0,)) -> Run:
    """Run a command with nothing on its streams. Raises RuntimeError if it does not end with one of ``codes``."""
    if hasattr(os, "posix_spawnp"):
        wrapped = [sys.executable, "-I", "-S", "-c", WRAPPER, *command]
        told = subprocess.run(wrapped, env=environment, stdout=subprocess.PIPE, check=True).stdout.split()
        seconds, code, peak = float(told[0]), int(told[1]), float(told[2])
        peak_mb = peak / (1e6 if sys.platform == "darwin" else 1e3)
    else:
        start = time.perf_counter()
        code = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
        seconds, peak_mb = time.perf_counter() - start, 0.0
    if code not in codes:
        raise RuntimeError(f"{' '.join(command)} ended with {code}")
    return Run(seconds, peak_mb)


def compare(first: Sequence[Run], second: Sequence[Run]) -> Pair:
    """Return the medians of two commands that were run in turn."""
    turns = list(zip(first, second, strict=True))
    return Pair(
        median(first),
        median(second),
        statistics.median(a.seconds / b.seconds for a, b in turns),
        statistics.median(a.peak_mb / b.peak_mb if b.peak_mb else 0.0 for a, b in turns),
    )


def median(runs: Sequence[Run]) -> Run:
    """Return the median time and the median memory of some runs."""
    return Run(statistics.median(r.seconds for r in runs), statistics.median(r.peak_mb for r in runs))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, is_markdown: bool) -> str:
    """Return rows under heads, the first column to the left and the others to the right."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = [
        [
            text.ljust(width) if i == 0 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        for row in (heads, *rows)
    ]
    if not is_markdown:
        return "\n".join("  ".join(line).rstrip() for line in lines)
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))
