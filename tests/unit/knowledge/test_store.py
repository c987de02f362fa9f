import contextlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskguide.knowledge import store
from deskguide.knowledge.store import (
    FORGOTTEN_SECONDS,
    STALE_SECONDS,
    MemorySections,
    StoreDamaged,
    StoredSections,
    write_store,
)

ENTRIES = {
    ("scenario", "card"): b'{"id":"card"}',
    ("scenario", 'it\'s "quoted"; DROP TABLE entry'): b"q",
    ("scenario", "größe 世界"): "größe".encode(),
    ("index", "card"): bytes(range(256)) * 40,
    ("index", ""): b"",
    **{("term", f"t{n}"): str(n).encode() for n in range(1200)},
}

Sections = MemorySections | StoredSections


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store of ENTRIES lies."""
    path = tmp_path / "cache" / "library-1.store"
    assert write_store(str(path), ENTRIES) == ""
    return path


@contextlib.contextmanager
def opened(path: Path) -> Iterator[StoredSections]:
    sections = StoredSections(str(path))
    try:
        yield sections
    finally:
        sections.close()


@pytest.fixture(params=["memory", "file"])
def sections(request: pytest.FixtureRequest, path: Path) -> Iterator[Sections]:
    """Return ENTRIES from memory, then from a file: both must answer alike."""
    found = MemorySections(ENTRIES) if request.param == "memory" else StoredSections(str(path))
    yield found
    found.close()


def test_each_entry_is_found_by_kind_and_key(sections: Sections) -> None:
    for (kind, key), value in list(ENTRIES.items())[:10]:
        assert sections.get(kind, key) == value


def test_what_was_never_written_is_none(sections: Sections) -> None:
    assert sections.get("scenario", "no") is None
    assert sections.get("no", "card") is None
    assert sections.get("scenario", "t1") is None
    assert sections.get_many("scenario", ["no"]) == {}
    assert sections.get_many("scenario", []) == {}
    assert sections.get_all("no") == {}


def test_many_entries_are_found_at_once_whatever_their_number(sections: Sections) -> None:
    keys = [f"t{n}" for n in range(2400)]
    assert sections.get_many("term", iter(keys)) == {f"t{n}": str(n).encode() for n in range(1200)}


def test_all_entries_of_a_kind_are_those_of_no_other(sections: Sections) -> None:
    assert sections.get_all("index") == {"card": bytes(range(256)) * 40, "": b""}


def test_a_store_replaces_the_one_before_whole(path: Path) -> None:
    assert write_store(str(path), {("a", "b"): b"c"}) == ""
    with opened(path) as sections:
        assert sections.get("a", "b") == b"c"
        assert sections.get("scenario", "card") is None
    assert os.listdir(path.parent) == [path.name]


def test_a_reader_keeps_the_store_that_it_opened(path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows keeps an open file from being replaced")
    with opened(path) as sections:
        assert sections.get("scenario", "card") == b'{"id":"card"}'
        assert write_store(str(path), {}) == ""
        assert sections.get_all("index") == {"card": bytes(range(256)) * 40, "": b""}


@pytest.mark.parametrize("folder", ["a b", "a?b=c&d#e", "a%20b", "größe", "a'b;c"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows refuses such names")
def test_a_store_is_found_in_a_folder_of_any_name(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "library-1.store"
    assert write_store(str(path), {("a", "b"): b"c"}) == ""
    with opened(path) as sections:
        assert sections.get("a", "b") == b"c"


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no text")
def test_a_store_is_found_in_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff") / "library-1.store"
    assert write_store(str(path), {("a", "b"): b"c"}) == ""
    with opened(path) as sections:
        assert sections.get("a", "b") == b"c"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_store_is_as_open_as_any_file_of_its_writer(tmp_path: Path, mask: int, mode: int) -> None:
    path = tmp_path / "library-1.store"
    before = os.umask(mask)
    try:
        assert write_store(str(path), {("a", "b"): b"c"}) == ""
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == mode


def test_a_store_that_is_not_there_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("missing", "folder", "a\0b"):
        with pytest.raises(FileNotFoundError):
            StoredSections(str(tmp_path / name))


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00", b"hello " * 5000, bytes(20_000)])
def test_a_file_that_is_no_store_is_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with opened(path) as sections:
        for read in (lambda: sections.get("a", "b"), lambda: sections.get_all("a")):
            with pytest.raises(StoreDamaged):
                read()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other (x)",
        "CREATE TABLE entry (x)",
        "CREATE TABLE entry (kind TEXT, key TEXT, value BLOB)",
        "CREATE VIEW entry AS SELECT 'scenario' AS kind, 'card' AS key, x'00' AS value, 0 AS checksum",
    ],
)
def test_a_database_with_another_table_is_damaged(path: Path, statement: str) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    with opened(path) as sections, pytest.raises(StoreDamaged):
        sections.get("scenario", "card")


@pytest.mark.parametrize(
    "change",
    [
        "value = x'7b7d'",
        "value = value || x'00'",
        "value = CAST(value AS TEXT)",
        "value = 7",
        "value = NULL",
        "checksum = checksum + 1",
        "checksum = NULL",
        "checksum = 'x'",
        "key = 'other'",
        "kind = 'other'",
    ],
)
def test_an_entry_that_is_not_what_was_written_is_damaged(path: Path, change: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE entry SET {change} WHERE kind = 'scenario' AND key = 'card'")
        connection.commit()
    with opened(path) as sections:
        for kind in ("scenario", "other"):
            for key in ("card", "other"):
                with contextlib.suppress(StoreDamaged):
                    assert sections.get(kind, key) is None
        with pytest.raises(StoreDamaged):
            sections.get_all("other" if change.startswith("kind") else "scenario")
        assert sections.get("term", "t7") == b"7"


def test_the_checksum_binds_a_value_to_its_key(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value, checksum FROM entry WHERE key = 't1'").fetchone()
        connection.execute("UPDATE entry SET value = ?, checksum = ? WHERE key = 't2'", row)
        connection.commit()
    with opened(path) as sections, pytest.raises(StoreDamaged, match=r"^term 't2' is not what was written$"):
        sections.get("term", "t2")


def test_a_key_that_is_no_text_is_damaged(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE entry SET key = CAST(x'ff' AS TEXT) WHERE key = 't2'")
        connection.commit()
    with opened(path) as sections, pytest.raises(StoreDamaged):
        sections.get_all("term")


def assert_nothing_false(path: Path) -> bool:
    """Assert that every entry is what was written, or not there, or damaged. Tell whether damage was met."""
    is_met = False
    with opened(path) as sections:
        for kind in ("scenario", "index", "term"):
            with contextlib.suppress(StoreDamaged):
                for key, value in sections.get_all(kind).items():
                    assert ENTRIES[kind, key] == value
                continue
            is_met = True
        for kind, key in list(ENTRIES)[:12]:
            try:
                assert sections.get(kind, key) in (ENTRIES[kind, key], None)
            except StoreDamaged:
                is_met = True
    return is_met


def test_a_store_cut_off_anywhere_gives_nothing_false(path: Path) -> None:
    whole = path.read_bytes()
    lengths = sorted({*range(0, 120, 7), *range(0, len(whole), 997), len(whole) - 1})
    for length in lengths:
        path.write_bytes(whole[:length])
        assert assert_nothing_false(path), length


def test_a_store_with_changed_bytes_gives_nothing_false(path: Path) -> None:
    whole = path.read_bytes()
    chance = random.Random(2026)
    met = 0
    for _ in range(150):
        changed = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 30))):
            changed[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        met += assert_nothing_false(path)
    assert met > 75  # the law is about damage that is met, not only about bytes that nobody reads


def test_a_store_overwritten_in_blocks_gives_nothing_false(path: Path) -> None:
    whole = path.read_bytes()
    chance = random.Random(7)
    starts = range(0, len(whole), 2048)
    met = 0
    for start in starts:
        for block in (chance.randbytes(2048), b""):
            path.write_bytes(whole[:start] + block + whole[start + 2048 :])
            met += assert_nothing_false(path)
    assert met > len(starts)  # a part of the file is unused


def test_without_sqlite_nothing_is_kept_and_nothing_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    assert write_store(str(path.with_name("other")), ENTRIES) == "this Python was built without SQLite"
    assert os.listdir(path.parent) == [path.name]
    with pytest.raises(StoreDamaged):
        StoredSections(str(path))


def test_a_cache_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = write_store(str(tmp_path / "file" / "library-1.store"), ENTRIES)
    assert told in ("File exists", "Not a directory", "Cannot create a file when that file already exists")
    assert write_store("a\0b/library-1.store", ENTRIES) == "embedded null byte"


def test_a_folder_in_the_place_of_the_store_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library-1.store"
    path.mkdir()
    assert write_store(str(path), ENTRIES) != ""
    assert os.listdir(tmp_path) == [path.name]
    assert path.is_dir()


def test_a_read_only_folder_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    assert write_store(str(path), {}) == "Read-only file system"
    monkeypatch.undo()
    assert not assert_nothing_false(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this account may write everywhere")
def test_a_store_in_a_read_only_folder_is_read_though_none_can_be_written(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        assert write_store(str(path), {}) == "Permission denied"
        assert not assert_nothing_false(path)
    finally:
        path.parent.chmod(0o700)


def test_a_failure_of_sqlite_is_told_and_leaves_the_old_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(sqlite3, "connect", fail)
    assert write_store(str(path), {}) == "database or disk is full"
    monkeypatch.undo()
    assert os.listdir(path.parent) == [path.name]
    assert not assert_nothing_false(path)


def test_an_interrupted_writing_leaves_the_old_store_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_store(str(path), {})
    assert os.listdir(path.parent) == [path.name]
    assert not assert_nothing_false(path)


def test_a_key_that_sqlite_cannot_hold_is_told(path: Path) -> None:
    assert write_store(str(path), {("a", "\udcff"): b""}) != ""
    assert os.listdir(path.parent) == [path.name]
    assert not assert_nothing_false(path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    script = """
import resource, signal, sys
from deskguide.knowledge.store import write_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
sys.stdout.write(write_store(sys.argv[1], {("a", str(n)): bytes(1000) for n in range(100)}))
"""
    path = tmp_path / "library-1.store"
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout in ("database or disk is full", "disk I/O error")
    assert os.listdir(tmp_path) == []


def test_a_taken_temporary_name_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library-1.store"
    names = [b"\0\0\0\0", b"\0\0\0\1"]
    monkeypatch.setattr(os, "urandom", lambda size: names.pop(0))
    taken = tmp_path / f"library-1.store.{os.getpid()}-0-00000000.tmp"
    taken.write_bytes(b"mine")
    assert write_store(str(path), {}) == ""
    assert taken.read_bytes() == b"mine"


def test_without_a_free_temporary_name_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise FileExistsError

    monkeypatch.setattr(os, "open", refuse)
    assert write_store(str(tmp_path / "library-1.store"), {}) == "no free name for a temporary file"


def test_what_killed_processes_left_is_swept_once_it_is_stale(path: Path) -> None:
    now = path.stat().st_mtime
    ages = {
        "library-1.store.1-0-aa.tmp": STALE_SECONDS + 60,
        "library-2.store.1-0-aa.tmp-journal": STALE_SECONDS + 60,
        "library-1.store.2-0-bb.tmp": 0,
        "library-9.store": FORGOTTEN_SECONDS - 60,
        "library-8.store": FORGOTTEN_SECONDS + 60,
        "library-8.store.changes": FORGOTTEN_SECONDS + 60,
        "library-7.store.turn": FORGOTTEN_SECONDS + 60,
        "notes.store": 2 * FORGOTTEN_SECONDS,
        "notes.tmp": 10 * STALE_SECONDS,
    }
    for name, age in ages.items():
        (path.parent / name).touch()
        os.utime(path.parent / name, (now - age, now - age))
    assert write_store(str(path), {}) == ""
    assert sorted(os.listdir(path.parent)) == [
        "library-1.store",
        "library-1.store.2-0-bb.tmp",
        "library-9.store",
        "notes.store",
        "notes.tmp",
    ]


def test_a_store_is_not_swept_while_its_changes_are_written(path: Path) -> None:
    os.utime(path, (1, 1))
    assert write_store(f"{path}.changes", {}) == ""
    assert path.exists()


def test_what_cannot_be_swept_does_not_keep_a_store_from_being_written(path: Path) -> None:
    stuck = path.parent / "library-1.store.1-0-aa.tmp"
    stuck.mkdir()
    os.utime(stuck, (1, 1))
    assert write_store(str(path), {("a", "b"): b"c"}) == ""
    assert stuck.is_dir()


def test_the_checksum_of_a_format_never_changes_unseen() -> None:
    # A store written by one release is read by the next one of the same format.
    assert (store.FORMAT, store._checksum("scenario", "card", b"{}")) == (3, 1421579778)
