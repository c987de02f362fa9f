"""What is left when a command is killed: the state before, the state after, or something broken.

    python -m benchmarks.kills [--points 200]

A command is killed exactly before each of its calls that change the file system, by a child process that counts them,
and besides at moments spread over its run time. After each kill the desk has to answer, what it tells has to be what it
told before the command or what it would tell after it, and the command, run again, has to come to its end.

Another command is one more row of COMMANDS; tests/hostile/test_killed.py takes its rows from there too.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

SOURCE = Path(__file__).parents[1] / "src"
KILLED = 9
"""Exit code of a child that ended itself before a call."""
AGED_SECONDS = 100_000
DAY = (2026, 2, 14)
QUESTION = "patron wants to swap tomato seeds"
ANSWER = "Patron wants to swap garden seeds"

CHILD = """
import json, os, sys
number, arguments = int(sys.argv[1]), json.loads(sys.argv[2])
calls = 0


def count(function):
    def call(*args, **keys):
        global calls
        calls += 1
        if calls == number:
            os._exit(9)
        return function(*args, **keys)
    return call


import deskguide.cli.desk as desk
from deskguide.cli import run


class FixedDate(desk.date):
    @classmethod
    def today(cls):
        return cls(2026, 2, 14)


desk.date = FixedDate
for name in ("open", "close", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir", "utime"):
    setattr(os, name, count(getattr(os, name)))
code = run(arguments)
sys.stdout.write(f"\\n{calls}")
sys.stdout.flush()
os._exit(code)
"""
"""Runs a command and ends, as if the plug were pulled, before the call of the given number; 0 lets it run.

Its last line on standard output is the number of calls that there were."""


class Command(NamedTuple):
    """A command to kill. ``prepare`` makes, from a home that holds three cards, the state before it.

    ``{home}`` stands for the home's path in ``arguments``. ``is_of_store`` if what it writes is the store only, so
    that the desk tells the same before and after; ``is_long`` if it checks every shipped card as well.
    """

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], None]
    is_of_store: bool = False
    is_long: bool = False


class Kills(NamedTuple):
    """How often which state was left. ``broken`` says what was wrong."""

    points: int
    old: int
    new: int
    broken: tuple[str, ...]


def _card(name: str, title: str, example: str) -> str:
    values = {
        "id": name,
        "title": title,
        "category": "collection",
        "priority": "routine",
        "summary": f"{title}, on an ordinary day.",
        "examples": [example, f"{example} today"],
        "do": ["Listen first.", "Then act."],
        "say": ["How can I help?", "Let me see."],
        "avoid": ["Don't rush. It helps nobody."],
        "policies": [],
        "principles": {"respect": "Listen."},
        "reviewed": "2026-01-31",
    }
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_home(home: Path) -> None:
    """Write a library of three cards."""
    folder = home / "config" / "scenarios" / "collection"
    _write(folder / "seed-swap.yaml", _card("seed-swap", ANSWER, QUESTION))
    _write(folder / "kite-loan.yaml", _card("kite-loan", "Patron wants to borrow a kite", "have you got kites to lend"))
    _write(folder / "lost-glove.yaml", _card("lost-glove", "A glove was left behind", "found a glove by the door"))
    (home / "cache").mkdir()


def _nothing(home: Path) -> None:
    pass


def _warm(home: Path) -> None:
    """Build the store, then change a card."""
    _run_here(home, ("ask", "--no-builtin", QUESTION))
    path = home / "config" / "scenarios" / "collection" / "kite-loan.yaml"
    _write(path, _card("kite-loan", "Patron wants to borrow a big kite", "have you got kites to lend"))


def _profile(home: Path) -> None:
    _write(home / "config" / "profile.yaml", "# ours\nlibrary: Juniper\nstate: NY\nmanager: Sam\n")


def _folder(home: Path) -> None:
    for number in range(3):
        card = _card(f"winter-{number}", f"Winter card {number}", f"snow number {number} at the door")
        _write(home / "winter" / "winter-cards" / f"winter-{number}.yaml", card)


def _pack(home: Path) -> None:
    _folder(home)
    _run_here(home, ("pack", f"{home}/winter", "--output", f"{home}/winter.zip"))


def _changed(home: Path) -> None:
    _pack(home)
    card = _card("winter-1", "Winter card 1, second edition", "snow number 1 at the door")
    _write(home / "winter" / "winter-cards" / "winter-1.yaml", card)


def _added(home: Path) -> None:
    _pack(home)
    _run_here(home, ("add", f"{home}/winter.zip"))


def _newer_pack(home: Path) -> None:
    _added(home)
    card = _card("winter-1", "Winter card 1, second edition", "snow number 1 at the door")
    _write(home / "winter" / "winter-cards" / "winter-1.yaml", card)
    (home / "winter" / "winter-cards" / "winter-2.yaml").unlink()
    _run_here(home, ("pack", f"{home}/winter", "--output", f"{home}/winter.zip", "--replace"))


PACK = ("pack", "{home}/winter", "--output", "{home}/winter.zip")
COMMANDS = (
    Command("ask, no store", ("ask", "--no-builtin", QUESTION), _nothing, is_of_store=True),
    Command("ask, a card changed", ("ask", "--no-builtin", QUESTION), _warm, is_of_store=True),
    Command("init", ("init", "--name", "Juniper Public Library", "--state", "ID", "--no-input"), _nothing),
    Command("init again", ("init", "--state", "ID", "--phone", "front_desk=555-0100", "--no-input"), _profile),
    Command("new", ("new", "telescope-loan", "--category", "borrowing", "--no-input"), _nothing),
    Command("pack", PACK, _folder, is_long=True),
    Command(
        "pack --replace",
        ("pack", "{home}/winter", "--output", "{home}/winter.zip", "--replace"),
        _changed,
        is_long=True,
    ),
    Command("add", ("add", "{home}/winter.zip"), _pack, is_long=True),
    Command("add --replace", ("add", "{home}/winter.zip", "--replace"), _newer_pack, is_long=True),
    Command("remove", ("remove", "winter"), _added),
)


class Trial:
    """One command and a home to kill it in. ``home`` is emptied and filled again for each kill."""

    def __init__(self, command: Command, folder: Path) -> None:
        self.command = command
        self.home = folder / "home"
        self._before = folder / "before"
        make_home(self.home)
        command.prepare(self.home)
        _age(self.home)
        shutil.copytree(self.home, self._before)
        self.arguments = [a.replace("{home}", str(self.home)) for a in command.arguments]
        self.old = self._look()
        start = time.perf_counter()
        out, errors = self._start(0).communicate()
        self.seconds = time.perf_counter() - start
        """Wall time of a run that is left in peace."""
        self.new = self._look()
        assert self.command.is_of_store or self.old != self.new, errors.decode()
        self.calls = int(out.splitlines()[-1])
        """How many calls of that run change the file system, or may."""

    def exact(self, points: int) -> Iterator[str]:
        """Kill before calls that change the file system, all or ``points`` of them, and yield what is left.

        That is ``old``, ``new``, or a sentence that tells what is broken.
        """
        points = min(points, self.calls)
        for number in (round(1 + i * (self.calls - 1) / max(points - 1, 1)) for i in range(points)):
            self._reset()
            process = self._start(number)
            _, errors = process.communicate(timeout=120)
            assert process.returncode == KILLED, errors.decode()
            yield self._judge(f"before call {number} of {self.calls}")

    def timed(self, points: int) -> Iterator[str]:
        """Kill at ``points`` moments spread over the run time and a little beyond, and yield what ``exact`` yields."""
        for number in range(points):
            self._reset()
            process = self._start(0)
            delay = self.seconds * 1.05 * (number + 0.5) / points
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=delay)
            process.kill()
            process.communicate(timeout=120)
            yield self._judge(f"after {delay:.3f} s")

    def _reset(self) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self._before, self.home)

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, str(number), json.dumps(self.arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **_folders(self.home), "PYTHONPATH": str(SOURCE)},
        )

    def _look(self) -> dict[str, Any]:
        return observe(self.home)

    def _judge(self, moment: str) -> str:
        """Return which state a kill has left, or what is wrong with it."""
        stores = _read_stores(self.home)
        broken = self._find_harm()
        if broken:
            return f"{self.command.name}, {moment}: {broken}"
        found = self._look()
        if self.command.is_of_store:
            state = "old" if stores == _read_stores(self._before) else "new"
        elif found in (self.old, self.new):
            state = "old" if found == self.old else "new"
        else:
            wrong = [key for key in found if found[key] not in (self.old[key], self.new[key])] or ["a mixture"]
            return f"{self.command.name}, {moment}: is neither the old nor the new state: {', '.join(wrong)}"
        _age(self.home)
        again = _run_here(self.home, self.arguments)
        if self._look() != self.new:
            return f"{self.command.name}, {moment}: run again, it does not come to its end: {again}"
        return state

    def _find_harm(self) -> str:
        for path in _stores(self.home):
            with contextlib.closing(sqlite3.connect(path)) as connection:
                if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                    return f"{path.name} is damaged"
        before = {path.read_bytes() for path in self._before.rglob("*") if path.is_file()}
        for path in self.home.rglob("*.old*"):
            if path.suffix != ".tmp" and path.read_bytes() not in before:
                return f"{path.name} is no copy of what was there before"
        code, out, errors = _run_here(self.home, ("ask", "--no-builtin", QUESTION))
        if code != 0 or ANSWER not in out or errors:
            return f"ask ended with {code}: {errors or out}"
        return ""


def observe(home: Path) -> dict[str, Any]:
    """Return what the desk tells of everything in a home, and the files that a person owns, leftovers aside."""
    listed = _run_here(home, ("list", "--no-builtin", "--format", "json"))
    ids = [scenario["id"] for scenario in json.loads(listed[1])["scenarios"]]
    code, out, errors = _run_here(home, ("show", "--no-builtin", "--format", "json", *ids))
    shown = [{k: v for k, v in s.items() if k != "files"} for s in json.loads(out)["scenarios"]]
    return {
        "list": listed,
        "show": (code, shown, errors),
        "files": {
            path.relative_to(home).as_posix(): path.read_bytes()
            for path in sorted(home.rglob("*"))
            if path.is_file() and _is_own(path.relative_to(home))
        },
    }


def _stores(home: Path) -> list[Path]:
    return sorted(path for path in (home / "cache").glob("*.store*") if path.suffix != ".tmp")


def _read_stores(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in _stores(home)}


def _is_own(path: Path) -> bool:
    """Tell whether a person has to do with a file, in a home: not with the store, a lock, or what is half written.

    With a pack they have to do through its cards, which ``observe`` shows. A copy of what was there before is made
    before it is replaced, and does no harm if that never comes.
    """
    is_leftover = path.suffix in (".tmp", ".lock") or path.suffix.startswith(".old")
    return not is_leftover and path.parts[0] != "cache" and path.parts[:2] != ("config", "packs")


def _folders(home: Path) -> dict[str, str]:
    return {"DESKGUIDE_CONFIG_DIR": str(home / "config"), "DESKGUIDE_CACHE_DIR": str(home / "cache")}


def _age(home: Path) -> None:
    """Let everything in a home be so old that leftovers count as such, and files as settled."""
    moment = time.time() - AGED_SECONDS
    for path in (*home.rglob("*"), home):
        os.utime(path, (moment, moment))


def _run_here(home: Path, arguments: Sequence[str]) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it wrote to both streams."""
    import deskguide.cli.desk
    from deskguide.cli import run

    class FixedDate(deskguide.cli.desk.date):  # type: ignore[name-defined,misc]
        @classmethod
        def today(cls) -> "FixedDate":
            return cls(*DAY)

    out, errors = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, _folders(home)),
        patch.object(deskguide.cli.desk, "date", FixedDate),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
    ):
        code = run(arguments)
    return code, out.getvalue(), errors.getvalue()


def kill(command: Command, exact: int, timed: int) -> Kills:
    """Kill a command ``exact`` times at most before its calls, evenly chosen, and ``timed`` times at moments."""
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(command, Path(folder).resolve())
        states = [*trial.exact(exact), *trial.timed(timed)]
    broken = tuple(state for state in states if state not in ("old", "new"))
    return Kills(len(states), states.count("old"), states.count("new"), broken)


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--points", type=int, default=200, help="kills in all, shared by the commands")
    parser.add_argument("--only", default="", help="commands whose names start so")
    options = parser.parse_args()
    chosen = [command for command in COMMANDS if command.name.startswith(options.only)]
    left = options.points
    print(f"{'command':24}{'points':>8}{'old':>8}{'new':>8}{'broken':>8}")
    total = [0, 0, 0, 0]
    for number, command in enumerate(chosen):
        share = left // (len(chosen) - number)
        kills = kill(command, share // 2, share - share // 2)
        left -= kills.points
        row = [kills.points, kills.old, kills.new, len(kills.broken)]
        total = [a + b for a, b in zip(total, row, strict=True)]
        print(f"{command.name:24}" + "".join(f"{n:8}" for n in row), flush=True)
        for broken in kills.broken:
            print(f"  {broken}")
    print(f"{'all':24}" + "".join(f"{n:8}" for n in total))
    sys.exit(1 if total[3] else 0)


if __name__ == "__main__":
    main()
