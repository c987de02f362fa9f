"""One folder of guidance with its store beside it, read by many at once while somebody changes it.

Nothing here depends on who is faster: a reader shows one whole card, the old or the new one, and says so if it is the
old one.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from deskguide.knowledge import seen as seen_module
from deskguide.knowledge.store import TURN_SECONDS
from tests.cli.conftest import command, environment_with
from tests.conftest import Run, whole_scenario, write_values

pytestmark = pytest.mark.slow

ROUNDS, READERS = 5, 8
"""Times that the cards change, and readers at once each time: forty in all."""
SHOW = ("show", "--no-builtin", "--format", "plain", "card-0")
BUSY = b"deskguide: the guidance has changed and is just being read anew; until then this is how it was before"

PROGRAM = """
import os, signal, sys
from deskguide.cli import run
from deskguide.knowledge import build, library, read

kind, moment = sys.argv[1].split(",")
if kind == "large":
    library.LONG_FILES, library.FEW_FILES = 2, 1_000_000
elif kind == "many":
    library.FEW_FILES, build.MANY_CHANGED = 2, 1
usual_open, usual_read, cache = os.open, read.read_bytes, os.environ["DESKGUIDE_CACHE_DIR"]

def open_or_refuse(path, flags, *arguments, **options):
    if flags & os.O_CREAT and str(path).startswith(cache):
        raise OSError(30, "Read-only file system")
    return usual_open(path, flags, *arguments, **options)

def end_within(path):
    if moment == "killed":
        os._exit(9)
    raise KeyboardInterrupt

if moment == "read-only":
    os.open = open_or_refuse
elif moment:
    build.read_bytes = end_within
sys.exit(run(sys.argv[2:]))
"""
"""The program with limits that make few files many, and with what may happen to it: <limits>,<what> <words...>"""


class Shared(NamedTuple):
    """A shared folder, with a store beside the cards."""

    folder: Path
    cache: Path

    def write(self, name: str, number: int) -> None:
        """Put a new version of a card in the place of the old one, at once and whole."""
        text = f"version {number} of {name}"
        aside = self.folder / f"{name}.aside"
        write_values(
            aside, whole_scenario(name, title=f"Title, {text}", summary=f"Summary, {text}.", do=[f"Do {text}."])
        )
        for _ in range(200):
            with contextlib.suppress(PermissionError):  # Windows, while somebody reads it
                os.replace(aside, self.folder / f"{name}.yaml")
                return
            time.sleep(0.02)
        raise AssertionError(f"{name} is never let go of")

    def start(self, program: str, *words: str) -> "subprocess.Popen[bytes]":
        """Start the program as it is, or with limits and events."""
        started = [sys.executable, "-W", "error", "-c", PROGRAM, program, *words] if program else command(*words)
        return subprocess.Popen(
            started,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment_with({}),
        )

    def snapshot(self) -> dict[str, tuple[bytes, int]]:
        """Return every byte and every time of the folder of the store, its own among them."""
        files = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in self.cache.iterdir()}
        return {**files, ".": (b"", self.cache.stat().st_mtime_ns)}

    def store(self) -> Path:
        (path,) = self.cache.glob("*.store")
        return path

    def lock(self) -> Path:
        return self.store().with_name(f"{self.store().name}.turn")

    def assert_is_whole(self) -> None:
        """Assert that nothing but sound stores is left."""
        for path in self.cache.iterdir():
            assert path.name.endswith((".store", ".changes"))
            with contextlib.closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


class Told(NamedTuple):
    """What a process came to."""

    code: int
    out: bytes
    err: bytes


def wait(process: "subprocess.Popen[bytes]") -> Told:
    out, err = process.communicate(timeout=120)
    return Told(process.returncode, out, err)


@pytest.fixture
def shared(desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """Return a shared folder of four cards, without a store."""
    found = Shared(desk_home / "shared", desk_home / "shared" / "cache")
    monkeypatch.setenv("DESKGUIDE_SCENARIOS", str(found.folder))
    monkeypatch.setenv("DESKGUIDE_CACHE_DIR", str(found.cache))
    for number in range(4):
        found.write(f"card-{number}", 0)
    return found


@pytest.fixture
def aged(shared: Shared, run: Run, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """Return the shared folder with a store, its files so old that they need not be compared by content."""
    with monkeypatch.context() as patch:
        patch.setattr(seen_module, "time", lambda: time.time() + 60)
        assert run(*SHOW).code == 0
    return shared


@contextlib.contextmanager
def read_only(shared: Shared) -> Iterator[None]:
    """Take the right to write away, as far as this account and this system let it be taken.

    Cards keep their modes: one that changes counts as a change of the card.
    """
    modes = {path: path.stat().st_mode for path in (*shared.cache.iterdir(), shared.cache, shared.folder)}
    try:
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def expected_answers(run: Run, shared: Shared, versions: int) -> list[bytes]:
    """Return what is shown of each version of the card."""
    answers = []
    for number in range(versions):
        shared.write("card-0", number)
        answers.append(run(*SHOW).out.encode())
        assert f"Title, version {number} of card-0".encode() in answers[-1]
        assert f"Do version {number} of card-0".encode() in answers[-1]
    shared.write("card-0", 0)
    assert len(set(answers)) == versions
    for path in shared.cache.iterdir():
        path.unlink()
    return answers


def test_forty_readers_of_a_store_that_is_current_answer_alike_and_write_nothing(aged: Shared, run: Run) -> None:
    before = aged.snapshot()
    answer = run(*SHOW).out.encode()
    with read_only(aged):
        readers = [aged.start("", *SHOW) for _ in range(ROUNDS * READERS)]
        told = {wait(reader) for reader in readers}
    assert told == {Told(0, answer, b"")}
    assert aged.snapshot() == before


def test_readers_that_cannot_write_answer_from_the_last_store_with_the_reason(aged: Shared, run: Run) -> None:
    answer = run(*SHOW).out.encode()
    aged.write("card-0", 1)
    before = aged.snapshot()
    with read_only(aged):
        readers = [aged.start("large,read-only", *SHOW) for _ in range(READERS)]
        told = [wait(reader) for reader in readers]
    for code, out, err in told:
        assert (code, out) == (0, answer)
        assert err.decode().splitlines() == [
            f"deskguide: the guidance has changed, but {aged.cache} cannot be written: Read-only file system;"
            " this is how it was before"
        ]
    assert aged.snapshot() == before


@pytest.mark.parametrize("kind", ["", "many,read-only"])
def test_a_few_changed_cards_are_shown_even_if_nothing_can_be_written(
    aged: Shared, run: Run, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    aged.write("card-0", 1)
    before = aged.snapshot()
    if kind:
        told = [wait(reader) for reader in [aged.start(kind, *SHOW) for _ in range(READERS)]]
    else:

        def refuse(*arguments: Any, **options: Any) -> int:
            raise OSError(30, "Read-only file system")

        with monkeypatch.context() as patch:
            patch.setattr(os, "makedirs", refuse)
            result = run(*SHOW)
        told = [Told(result.code, result.out.encode(), result.err.encode())]
    for code, out, err in told:
        assert (code, err) == (0, b"")
        assert b"Title, version 1 of card-0" in out
    assert aged.snapshot() == before


@pytest.mark.parametrize("kind", ["", "large,", "many,"])
def test_forty_readers_while_cards_change_show_one_whole_card_each(shared: Shared, run: Run, kind: str) -> None:
    answers = expected_answers(run, shared, ROUNDS + 1)
    assert wait(shared.start(kind, *SHOW)) == Told(0, answers[0], b"")
    for number in range(1, ROUNDS + 1):
        before = [shared.start(kind, *SHOW) for _ in range(READERS // 2)]
        shared.write("card-0", number)
        if number % 2:
            shared.write("card-1", number)
        after = [shared.start(kind, *SHOW) for _ in range(READERS // 2)]
        for reader in (*before, *after):
            code, out, err = wait(reader)
            assert code == 0
            assert err.rstrip() in ((b"", BUSY) if kind == "large," else (b"",))
            allowed = answers[number - 1 : number + 1]
            assert out in (allowed[1:] if reader in after and not err else allowed)
        # Whoever comes when nobody builds has the last word.
        assert wait(shared.start(kind, *SHOW)) == Told(0, answers[number], b"")
    shared.assert_is_whole()


def test_while_one_builds_the_others_answer_from_the_last_store(aged: Shared, run: Run) -> None:
    answer = run(*SHOW).out.encode()
    aged.write("card-0", 1)
    aged.lock().touch()
    before = aged.snapshot()
    readers = [aged.start("large,", *SHOW) for _ in range(READERS)]
    for code, out, err in map(wait, readers):
        assert (code, out, err.rstrip()) == (0, answer, BUSY)
    assert aged.snapshot() == before
    aged.lock().unlink()
    code, out, err = wait(aged.start("large,", *SHOW))
    assert (code, err) == (0, b"")
    assert b"Title, version 1 of card-0" in out
    aged.assert_is_whole()


def test_a_builder_that_is_killed_leaves_the_last_store_and_a_lock_that_ages(aged: Shared, run: Run) -> None:
    answer = run(*SHOW).out.encode()
    aged.write("card-0", 1)
    before = aged.store().read_bytes()
    assert wait(aged.start("large,killed", *SHOW)) == Told(9, b"", b"")
    assert aged.store().read_bytes() == before
    told = wait(aged.start("large,", *SHOW))
    assert (told.code, told.out, told.err.rstrip()) == (0, answer, BUSY)
    long_ago = time.time() - TURN_SECONDS - 60
    os.utime(aged.lock(), (long_ago, long_ago))
    told = wait(aged.start("large,", *SHOW))
    assert (told.code, told.err) == (0, b"")
    assert b"Title, version 1 of card-0" in told.out
    aged.assert_is_whole()


def test_a_builder_that_is_interrupted_leaves_the_last_store_alone(aged: Shared) -> None:
    aged.write("card-0", 1)
    before = aged.store().read_bytes()
    told = wait(aged.start("large,interrupted", *SHOW))
    assert (told.code, told.out, told.err.strip()) == (130, b"", b"")
    assert [path.read_bytes() for path in aged.cache.iterdir()] == [before]
