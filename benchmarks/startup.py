"""How long whole commands take, and how much memory, beside an empty Typer program and other tools of the kind.

    python -m benchmarks.startup [--runs 25] [--markdown] [--tools]

Two commands run in turn, A B A B ..., in this Python's environment with a warm store; each ratio is the median of the
ratios pair by pair, so that a machine that slows down for a while does not distort it. Other tools are looked for in
this environment and on the path; a row of one that is not there says so. With ``--tools`` the table is that of README:
``ask`` and the other tools in turn, with the median time and the largest memory of each.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import compare, measure, table

QUESTION = "patron wants a book removed"
ASK = ("ask", "--format", "plain", QUESTION)

EMPTY = """\
import typer

app = typer.Typer()


@app.command()
def main() -> None:
    pass


if __name__ == "__main__":
    app()
"""
PAGE = "# tar\n\n> Archiving utility.\n\n- Create an archive:\n\n`tar cf {{path/to/target.tar}} {{path/to/file}}`\n"


class Row(NamedTuple):
    """A command of deskguide, what it takes turns with, and the ratio of their times that is asked for, if one is.

    ``other`` is a whole command line, or, if empty, ``ask``; ``variables`` are added to the environment of the first.
    """

    name: str
    arguments: tuple[str, ...]
    against: str
    other: tuple[str, ...] = ()
    goal: float | None = None
    variables: tuple[tuple[str, str], ...] = ()


COMPLETION = (("_DESKGUIDE_COMPLETE", "complete_bash"), ("COMP_WORDS", "deskguide show priv"), ("COMP_CWORD", "2"))


def rows_for(python: str, empty: str) -> list[Row]:
    """Return what is measured, with this ``python`` and an ``empty`` Typer program."""
    floor = (python, empty)
    return [
        Row("ask, plain", ASK, "empty Typer program", floor, 1.15),
        Row("ask, rich", ("ask", "--format", "rich", QUESTION), "empty Typer program", floor, 1.5),
        Row("ask, a word misspelt", ("ask", "--format", "plain", "patron wants a bok remooved"), "ask"),
        Row("show", ("show", "--format", "plain", "privacy-request"), "ask"),
        Row("list", ("list", "--format", "plain"), "ask"),
        Row("completion of an id", (), "ask", variables=COMPLETION),
        Row("--version", ("--version",), "ask"),
        Row("--help", ("--help",), "ask"),
        Row("ask, plain", ASK, "python -c pass", (python, "-c", "pass")),
        Row("ask, plain", ASK, "tldr tar", ("tldr", "tar")),
        Row("ask, plain", ASK, "apropos archive", ("apropos", "archive")),
        Row("ask, plain", ASK, "howdoi --help", ("howdoi", "--help")),
        Row("ask, plain", ASK, "llm --help", ("llm", "--help")),
    ]


def find_program(name: str) -> str | None:
    """Return the path of a program of this environment, or of one on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def write_tldr_cache(folder: Path) -> dict[str, str]:
    """Write the page that is asked for where the tldr client keeps what it has fetched; return its environment."""
    for pages in ("pages", "pages.en"):
        path = folder / "tldr" / pages / "common" / "tar.md"
        path.parent.mkdir(parents=True)
        path.write_text(PAGE, encoding="utf-8")
    return {"XDG_CACHE_HOME": str(folder), "TLDR_CACHE_ENABLED": "1", "TLDR_CACHE_MAX_AGE": "100000"}


def measure_row(row: Row, deskguide: str, environment: dict[str, str], runs: int) -> list[str]:
    """Return one row of the table."""
    ours = [deskguide, *row.arguments]
    other = [deskguide, *ASK] if not row.other else [find_program(row.other[0]) or "", *row.other[1:]]
    goal = f"{row.goal:.2f}" if row.goal else ""
    if not other[0]:
        return [row.name, row.against, *["not installed"], *[""] * 4, goal]
    changed = {**environment, **dict(row.variables)}
    try:
        turns = [(measure(ours, changed), measure(other, environment)) for _ in range(runs + 1)][1:]
    except RuntimeError:
        return [row.name, row.against, *["does not run"], *[""] * 4, goal]
    pair = compare([a for a, _ in turns], [b for _, b in turns])
    times = [f"{run.seconds * 1000:.1f}" for run in (pair.first, pair.second)]
    peaks = [f"{run.peak_mb:.1f}" if run.peak_mb else "" for run in (pair.first, pair.second)]
    return [row.name, row.against, *times, f"{pair.ratio:.2f}", *peaks, goal]


def tools_for(python: str, deskguide: str) -> list[list[str]]:
    """Return the command lines of the table of tools."""
    return [
        [python, "-c", "pass"],
        [deskguide, *ASK],
        ["apropos", "archive"],
        ["tldr", "tar"],
        ["howdoi", "--help"],
        ["llm", "--help"],
    ]


def measure_tools(python: str, deskguide: str, environment: dict[str, str], runs: int) -> list[list[str]]:
    """Return the rows of the table of tools, of those that are there."""
    found = [[find_program(name) or "", *rest] for name, *rest in tools_for(python, deskguide)]
    there = [command for command in found if command[0]]
    turns = [[measure(command, environment) for command in there] for _ in range(runs + 1)][1:]
    rows = []
    for (name, *rest), times in zip(there, zip(*turns, strict=True), strict=True):
        words = [f'"{word}"' if " " in word else word for word in (Path(name).stem, *rest)]
        seconds = statistics.median(run.seconds for run in times)
        rows.append([f"`{' '.join(words)}`", f"{seconds * 1000:.0f}", f"{max(run.peak_mb for run in times):.0f}"])
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runs", type=int, default=25, help="turns that count; one more goes before them")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--tools", action="store_true", help="print the table of tools instead")
    options = parser.parse_args()
    deskguide = shutil.which("deskguide", path=str(Path(sys.executable).parent))
    if not deskguide:
        parser.error("there is no deskguide beside this Python; run this with that of an environment that holds it")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.py")
        empty.write_text(EMPTY, encoding="utf-8")
        environment = {
            **os.environ,
            **write_tldr_cache(Path(folder, "cache")),
            "DESKGUIDE_CACHE_DIR": folder,
            "DESKGUIDE_CONFIG_DIR": folder,
        }
        _require_completion(deskguide, {**environment, **dict(COMPLETION)})
        # Files installed a moment ago are compared by content until they have aged; wait for the usual state.
        for pause in (0, 4, 0):
            time.sleep(pause)
            measure([deskguide, "list"], environment)
        if options.tools:
            rows = measure_tools(sys.executable, deskguide, environment, options.runs)
            print(table(["command", "ms", "MB"], rows, is_markdown=options.markdown))
            return
        rows = [measure_row(row, deskguide, environment, options.runs) for row in rows_for(sys.executable, str(empty))]
    heads = ["command", "against", "ms", "its ms", "ratio", "MB", "its MB", "goal"]
    print(table(heads, rows, is_markdown=options.markdown))


def _require_completion(deskguide: str, environment: dict[str, str]) -> None:
    done = subprocess.run([deskguide], env=environment, capture_output=True, encoding="utf-8", check=False)
    if "privacy-request" not in done.stdout:
        sys.exit(f"completion does not name privacy-request: {done.stdout!r} {done.stderr!r}")


if __name__ == "__main__":
    main()
