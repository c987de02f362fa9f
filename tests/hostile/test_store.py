"""Stores that are damaged, foreign or forged: the files are read instead, and a sound store follows."""

import contextlib
import os
import pickle
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run, whole_scenario, write_values
from tests.hostile.conftest import ASK, StillAnswers

PAGE_BYTES = 4096
"""The unit in which SQLite lays out a file; each begins with what tells how its rows are found."""


@pytest.fixture
def store(run: Run, desk: Path, desk_home: Path, still_answers: StillAnswers) -> Path:
    """Return the desk's store, which is in use: its files are old enough not to be compared by content."""
    for path in desk_home.rglob("*.yaml"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    still_answers()
    return find_store(desk_home)


def find_store(desk_home: Path) -> Path:
    (path,) = (desk_home / "cache").glob("library-*.store")
    return path


def assert_is_sound(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM entry WHERE kind = 'scenario'").fetchone() == (4,)


class _Harm:
    """What a pickle may do to whoever reads it."""

    def __init__(self, marker: Path) -> None:
        self._marker = str(marker)

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (self._marker,)


FOREIGN = {
    "empty": b"",
    "one byte": b"x",
    "zeros": bytes(3 * PAGE_BYTES),
    "only a header": b"SQLite format 3\x00",
    "text": b"id: seed-swap\n" * 1000,
    "json": b'{"ids": []}',
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_is_no_store_is_replaced_by_one(store: Path, still_answers: StillAnswers, kind: str) -> None:
    store.write_bytes(FOREIGN[kind])
    still_answers()
    assert_is_sound(store)


def test_a_pickle_in_the_place_of_the_store_is_not_obeyed(
    store: Path, desk_home: Path, still_answers: StillAnswers
) -> None:
    marker = desk_home / "ran"
    store.write_bytes(pickle.dumps(_Harm(marker)))
    still_answers()
    assert not marker.exists()
    assert_is_sound(store)


@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.75, 0.99])
def test_a_store_that_was_cut_off_is_replaced(store: Path, still_answers: StillAnswers, share: float) -> None:
    whole = store.read_bytes()
    store.write_bytes(whole[: int(share * len(whole))])
    still_answers()
    assert_is_sound(store)


@pytest.mark.parametrize("change", [0x01, 0x80, 0xFF])
def test_damage_where_a_page_tells_of_its_rows_changes_no_answer(
    store: Path, still_answers: StillAnswers, change: int
) -> None:
    whole = store.read_bytes()
    for place in (page + offset for page in range(0, len(whole), PAGE_BYTES) for offset in range(0, 14, 2)):
        store.write_bytes(flip(whole, place, change))
        still_answers()


def test_damage_anywhere_changes_no_answer(store: Path, still_answers: StillAnswers) -> None:
    whole = store.read_bytes()
    chance = random.Random(2026)
    for _ in range(150):
        store.write_bytes(flip(whole, chance.randrange(len(whole)), chance.randrange(1, 256)))
        still_answers()


def flip(whole: bytes, place: int, change: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ change]) + whole[place + 1 :]


def change_rows(store: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(store)) as connection:
        connection.execute(statement)
        connection.commit()


KINDS = ("library", "scenario", "policy", "cited-by", "index", "index-term", "index-examples", "index-texts")


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_are_gone_end_in_no_traceback_and_the_right_card_is_shown(
    run: Run, store: Path, desk: Path, kind: str
) -> None:
    sound = store.read_bytes()
    shown = "Patron wants to swap garden seeds"
    for command in (("show", "seed-swap"), ("list",), ("policy", "seed-rules"), ("policy",), ("info",), ("ask", "-")):
        store.write_bytes(sound)
        change_rows(store, f"DELETE FROM entry WHERE kind = '{kind}'")
        result = run(*command, "--no-builtin", "--explain" if command[0] == "ask" else "--no-pager", stdin=ASK[-1])
        assert (result.code, result.err) == (0, "")
        if kind != "cited-by":
            assert (shown in result.out) == (command[0] in ("show", "list", "ask") or "seed-rules" in command)
        if command[0] in ("show", "policy"):
            assert "Rules of the seed shelf" in result.out


@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_one_kind_that_were_overwritten_change_no_answer(
    store: Path, still_answers: StillAnswers, kind: str
) -> None:
    for value in ("x'5b5d'", "NULL", "'text'", "x''", "zeroblob(100000)"):
        change_rows(store, f"UPDATE entry SET value = {value} WHERE kind = '{kind}'")
        still_answers()


def test_a_sound_store_with_values_of_another_program_is_replaced(store: Path, still_answers: StillAnswers) -> None:
    from deskguide.knowledge.store import StoredSections, write_store

    sections = StoredSections(str(store))
    kinds = {kind: sections.get_all(kind) for kind in KINDS}
    sections.close()
    sound = {(kind, key): value for kind, entries in kinds.items() for key, value in entries.items()}
    for kind, key in (("library", "heads"), ("library", "faults"), ("index", "header"), ("scenario", "seed-swap")):
        for value in (b"[]", b"{}", b'[["x"]]', b"null", b"7", b"not json", b"\xff"):
            assert write_store(str(store), {**sound, (kind, key): value}) == ""
            still_answers()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["folder", "pipe", "circle", "dangling link", "device"])
def test_something_else_in_the_place_of_the_store_still_answers(
    store: Path, still_answers: StillAnswers, kind: str
) -> None:
    store.unlink()
    if kind == "folder":
        (store / "inside").mkdir(parents=True)
    elif kind == "pipe":
        os.mkfifo(store)
    else:
        store.symlink_to({"circle": store.name, "dangling link": "not-there", "device": "/dev/zero"}[kind])
    still_answers()
    if kind == "folder":
        assert (store / "inside").is_dir()
    else:
        assert_is_sound(store)
        assert not store.is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows allows links to administrators only")
def test_a_link_in_the_place_of_the_store_is_replaced_and_what_it_leads_to_is_not_touched(
    store: Path, desk_home: Path, still_answers: StillAnswers
) -> None:
    treasure = desk_home / "treasure.txt"
    treasure.write_bytes(b"mine")
    store.unlink()
    store.symlink_to(treasure)
    still_answers()
    assert treasure.read_bytes() == b"mine"
    assert_is_sound(store)


def test_the_store_of_another_desk_is_not_believed(
    run: Run, store: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, still_answers: StillAnswers
) -> None:
    own = store.read_bytes()
    with monkeypatch.context() as patch:
        patch.setenv("DESKGUIDE_CONFIG_DIR", str(desk_home / "their-config"))
        patch.setenv("DESKGUIDE_CACHE_DIR", str(desk_home / "their-cache"))
        write_values(desk_home / "their-config" / "scenarios" / "goat.yaml", whole_scenario("goat"))
        assert run("list", "--no-builtin").code == 0
    (theirs,) = (desk_home / "their-cache").iterdir()
    shutil.copyfile(theirs, store)
    still_answers()
    assert run("show", "--no-builtin", "goat").code == 1
    assert store.stat().st_size == len(own)


def test_what_killed_processes_left_is_not_believed_and_goes_once_it_is_old(
    run: Run, store: Path, desk: Path, still_answers: StillAnswers
) -> None:
    old = store.with_name(f"{store.name}.1-0-aa.tmp")
    new = store.with_name(f"{store.name}.2-0-bb.tmp")
    for path in (old, new):
        path.write_bytes(store.read_bytes()[:5000])
    os.utime(old, (1_700_000_000, 1_700_000_000))
    write_values(desk / "new-card.yaml", whole_scenario("new-card"))
    still_answers()
    assert sorted(store.parent.iterdir()) == [store, new]


def test_without_sqlite_every_answer_is_the_same(
    store: Path, still_answers: StillAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    still_answers()
    still_answers()
