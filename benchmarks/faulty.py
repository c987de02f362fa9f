"""How long the check of each faulty file of the tests takes, as a whole command in this process.

    python -m benchmarks.faulty

Asked: none over 2 seconds. The tests hold what is said of each file; how long that takes depends on the machine.
"""

import io
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from time import perf_counter

from tests.hostile.faulty import HAND_MADE, MUTATIONS, PATHS, Faulty

from deskguide.cli import run

LIMIT_SECONDS = 2.0
SHOWN = 5


def seconds(fault: Faulty) -> float:
    """Return how long a command takes that names what is wrong with a file."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DESKGUIDE_CONFIG_DIR"], os.environ["DESKGUIDE_CACHE_DIR"] = folder, str(Path(folder) / "cache")
        path = Path(folder) / PATHS[fault.kind]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fault.content)
        command = "evaluate" if fault.kind == "cases" else "check"
        start = perf_counter()
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            run([command, "--no-builtin", str(path)])
        return perf_counter() - start


def main() -> None:
    """Measure and print."""
    every = [*HAND_MADE, *MUTATIONS]
    seconds(every[0])  # loads the modules
    taken = sorted(((seconds(fault), fault.name) for fault in every), reverse=True)
    over = sum(time > LIMIT_SECONDS for time, _ in taken)
    sys.stdout.write(f"{len(taken)} faulty files, {over} over {LIMIT_SECONDS:.0f} s; the slowest:\n")
    for time, name in taken[:SHOWN]:
        sys.stdout.write(f"  {time:6.2f} s  {name}\n")


if __name__ == "__main__":
    main()
