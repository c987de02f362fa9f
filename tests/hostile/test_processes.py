"""Many processes at once, and processes that die while they write the store. Nothing here depends on who is faster."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Launch, command, environment_with
from tests.conftest import whole_scenario, write_values
from tests.hostile.conftest import ASK

pytestmark = pytest.mark.slow

PROCESSES = 40
KILLS = 24
KILL_STEP_SECONDS = 0.008
"""Processes are killed at moments this far apart: from before the first import until after the answer."""


def start(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment_with({}),
    )


def assert_is_whole(path: Path) -> None:
    """Assert that a store is one that SQLite finds no fault in, with all the cards in it."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (cards,) = connection.execute("SELECT count(*) FROM entry WHERE kind = 'scenario'").fetchone()
    assert cards >= 4


def stores(desk_home: Path) -> list[Path]:
    return sorted((desk_home / "cache").glob("*.store"))


def litter(desk_home: Path) -> list[Path]:
    return sorted(p for p in (desk_home / "cache").iterdir() if p.suffix != ".store")


def assert_litter_goes(launch: Launch, desk: Path, desk_home: Path) -> None:
    """Assert that what killed processes left is gone with the first store that is written once it is old."""
    for path in litter(desk_home):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    write_values(desk / "last-card.yaml", whole_scenario("last-card"))
    assert launch("show", "--no-builtin", "last-card").returncode == 0
    assert litter(desk_home) == []
    assert len(stores(desk_home)) == 1


def test_forty_processes_at_once_on_a_cold_cache_answer_alike(launch: Launch, desk: Path, desk_home: Path) -> None:
    (desk / "bad-card.yaml").write_bytes(b"")
    fault = f"{desk / 'bad-card.yaml'}:1:1: is empty; a scenario file starts with 'id: ' and its name"
    processes = [start(*ASK) for _ in range(PROCESSES)]
    results = [(*process.communicate(timeout=120), process.returncode) for process in processes]
    (answer,) = {out for out, _, _ in results}
    assert answer.decode().startswith("[routine · seed-swap]")
    assert {(err.decode().splitlines()[0], err.count(b"\n"), code) for _, err, code in results} == {(fault, 1, 0)}
    (store,) = stores(desk_home)
    assert_is_whole(store)
    assert litter(desk_home) == []
    assert launch(*ASK).stdout == answer


def test_processes_that_ask_while_files_change_all_get_the_right_card(
    launch: Launch, desk: Path, desk_home: Path
) -> None:
    processes = []
    for number in range(12):
        write_values(desk / "new-card.yaml", whole_scenario("new-card", title=f"Title {number}"))
        processes += [start(*ASK), start("list", "--no-builtin")]
    for number, process in enumerate(processes):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0
        assert b"seed-swap" in out
        # A file that is being written is empty for a moment; nothing else may be said of it.
        assert b"Traceback" not in err
        assert all(b"new-card.yaml" in line for line in err.splitlines()), number
    assert b"Title 11" in launch("show", "--no-builtin", "new-card").stdout
    assert_is_whole(stores(desk_home)[0])
    assert litter(desk_home) == []


def test_processes_killed_at_any_moment_leave_a_usable_store_or_none(
    launch: Launch, desk: Path, desk_home: Path
) -> None:
    sound = launch(*ASK).stdout
    for number in range(KILLS):
        # A new file lets each process write the store anew.
        write_values(desk / "new-card.yaml", whole_scenario("new-card", title=f"Title {number}"))
        process = start(*ASK)
        time.sleep(number * KILL_STEP_SECONDS)
        process.kill()
        process.communicate(timeout=60)
        for path in stores(desk_home):
            assert_is_whole(path)
    assert len(litter(desk_home)) <= KILLS
    done = launch(*ASK)
    assert (done.returncode, done.stdout, done.stderr) == (0, sound, b"")
    assert_litter_goes(launch, desk, desk_home)


DIE = """
import os, sqlite3, sys
from deskguide.cli import run
from deskguide.knowledge import store

def die(*arguments, **options):
    os._exit(9)

def replace_and_die(source, target, replace=os.replace):
    replace(source, target)
    os._exit(9)

def checksum_or_die(kind, key, value, checksum=store._checksum):
    return die() if kind == "scenario" else checksum(kind, key, value)

class HalfWritten(sqlite3.Connection):
    def execute(self, statement, *values):
        if statement == "COMMIT":
            with open(PATHS[-1], "r+b") as file:
                file.truncate(5000)
                die()
        return super().execute(statement, *values)

PATHS = []

def connect(path, connect=sqlite3.connect, **options):
    PATHS.append(path)
    return connect(path, factory=HalfWritten, **options)

moment = sys.argv.pop(1)
if moment == "nothing is written":
    sqlite3.connect = die
elif moment == "some rows are written":
    store._checksum = checksum_or_die
elif moment == "the end is cut off":
    sqlite3.connect = connect
elif moment == "it is not in its place":
    os.replace = die
elif moment == "it is in its place":
    os.replace = replace_and_die
sys.exit(run(sys.argv[1:]))
"""
MOMENTS = (
    "nothing is written",
    "some rows are written",
    "the end is cut off",
    "it is not in its place",
    "it is in its place",
)


def die_when(moment: str) -> None:
    """Let a process write the store and end at once, without a chance to clean up, at one moment of it."""
    words = [sys.executable, "-W", "error", "-c", DIE, moment, *ASK]
    done = subprocess.run(words, capture_output=True, env=environment_with({}), timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (9, b"", b"")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_dies_before_there_is_any_store_leaves_none_or_a_whole_one(
    launch: Launch, desk: Path, desk_home: Path, moment: str
) -> None:
    die_when(moment)
    is_written = moment == "it is in its place"
    assert len(stores(desk_home)) == is_written
    assert len(litter(desk_home)) == (not is_written)
    done = launch(*ASK)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith("[routine · seed-swap]".encode())
    (store,) = stores(desk_home)
    assert_is_whole(store)
    assert_litter_goes(launch, desk, desk_home)


@pytest.mark.parametrize("moment", [m for m in MOMENTS if m != "nothing is written"])
def test_a_process_that_dies_while_it_replaces_a_store_leaves_the_old_or_the_new_one(
    launch: Launch, desk: Path, desk_home: Path, moment: str
) -> None:
    sound = launch(*ASK).stdout
    (store,) = stores(desk_home)
    old = store.read_bytes()
    for number in range(3):
        write_values(desk / "new-card.yaml", whole_scenario("new-card", title=f"Title {number}"))
        die_when(moment)
    assert (store.read_bytes() == old) == (moment != "it is in its place")
    assert_is_whole(store)
    assert len(litter(desk_home)) == (0 if moment == "it is in its place" else 3)
    done = launch(*ASK)
    assert (done.returncode, done.stdout, done.stderr) == (0, sound, b"")
    assert b"Title 2" in launch("show", "--no-builtin", "new-card").stdout
    assert_litter_goes(launch, desk, desk_home)
