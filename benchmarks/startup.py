"""How long whole commands take, as ratios to a Typer program that does nothing.

    python benchmarks/startup.py [--runs 25]

Every command runs in turn with the empty one, A B A B ..., in this Python's environment with a warm store; each
figure is the median of the ratios pair by pair, so that a machine that slows down for a while does not distort it.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUESTION = "patron wants a book removed"
COMMANDS = {
    "ask --format plain": (["ask", "--format", "plain", QUESTION], 1.4),
    "ask --format rich": (["ask", "--format", "rich", QUESTION], 1.9),
    "ask, a word misspelt": (["ask", "--format", "plain", "patron wants a bok remooved"], None),
    "show": (["show", "--format", "plain", "privacy-request"], None),
    "list": (["list", "--format", "plain"], None),
    "--version": (["--version"], None),
}
"""Commands with the ratio asked for, where one is."""

EMPTY = """\
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    pass


if __name__ == "__main__":
    app()
"""


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the wall time of one run of a command."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=25)
    runs = parser.parse_args().runs
    script = "deskguide.exe" if os.name == "nt" else "deskguide"
    deskguide = str(Path(sys.executable).with_name(script))
    if not Path(deskguide).exists():
        parser.error(f"{deskguide} is not there; run this with the Python of an environment that holds deskguide")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.py")
        empty.write_text(EMPTY, encoding="utf-8")
        environment = {**os.environ, "DESKGUIDE_CACHE_DIR": folder, "DESKGUIDE_CONFIG_DIR": folder}
        floor = [sys.executable, str(empty)]
        # Files installed a moment ago are compared by content until they have aged; wait for the usual state.
        seconds([deskguide, "list"], environment)
        time.sleep(2.5)
        seconds([deskguide, "list"], environment)
        print(f"{'command':24}{'ms':>8}{'floor':>8}{'ratio':>8}{'asked':>8}")
        for name, (arguments, asked) in COMMANDS.items():
            pairs = []
            for _ in range(runs + 1):
                pairs.append((seconds([deskguide, *arguments], environment), seconds(floor, environment)))
            ours, theirs = (statistics.median(p[i] for p in pairs[1:]) * 1000 for i in (0, 1))
            ratio = statistics.median(a / b for a, b in pairs[1:])
            print(f"{name:24}{ours:8.1f}{theirs:8.1f}{ratio:8.2f}{asked if asked else '':>8}")


if __name__ == "__main__":
    main()
