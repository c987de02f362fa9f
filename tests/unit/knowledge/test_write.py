import os
import re
import stat
import threading
from pathlib import Path

import pytest

from deskguide.errors import Unwritable
from deskguide.knowledge import write
from deskguide.knowledge.write import ChangedMeanwhile, hold_lock, write_whole

BEFORE, AFTER = b"state: ID\n", b"state: NY\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "profile.yaml"
    file.write_bytes(BEFORE)
    return file


def names(path: Path) -> list[str]:
    return sorted(p.name for p in path.parent.iterdir())


def test_a_copy_of_what_was_there_is_kept_each_time(path: Path) -> None:
    assert write_whole(str(path), AFTER, seen=BEFORE) == f"{path}.old"
    assert write_whole(str(path), b"x", seen=AFTER) == f"{path}.old2"
    assert names(path) == ["profile.yaml", "profile.yaml.old", "profile.yaml.old2"]
    assert [p.read_bytes() for p in sorted(path.parent.iterdir())] == [b"x", BEFORE, AFTER]


def test_what_is_there_already_is_not_written_again(path: Path) -> None:
    before = path.stat()
    assert write_whole(str(path), BEFORE, seen=BEFORE) == ""
    assert path.stat() == before
    assert names(path) == ["profile.yaml"]


@pytest.mark.parametrize("seen", [None, AFTER])
def test_what_was_not_seen_is_not_written_over(path: Path, seen: bytes | None) -> None:
    with pytest.raises(ChangedMeanwhile):
        write_whole(str(path), AFTER, seen=seen)
    assert path.read_bytes() == BEFORE
    assert names(path) == ["profile.yaml"]


def test_what_an_editor_saves_at_the_last_moment_is_not_written_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def sync_slowly(descriptor: int) -> None:
        path.write_bytes(b"theirs")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_slowly)
    with pytest.raises(ChangedMeanwhile):
        write_whole(str(path), AFTER, seen=BEFORE)
    assert path.read_bytes() == b"theirs"
    assert names(path) == ["profile.yaml"]


@pytest.mark.parametrize("below", ["", "profiles"])
def test_a_file_where_the_folder_belongs_is_left(path: Path, below: str) -> None:
    wanted = path / below / "north.yaml"
    told = f"{wanted}: cannot be written: a file stands where its folder belongs; move it away or name another"
    with pytest.raises(Unwritable, match=f"^{re.escape(told)}$"):
        write_whole(str(wanted), AFTER, seen=None)
    assert path.read_bytes() == BEFORE


@pytest.mark.skipif(os.name == "nt", reason="a file of Windows has no such modes")
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_the_permissions_of_a_file_are_those_of_the_new_one_and_of_the_copy(path: Path, mode: int) -> None:
    path.chmod(mode)
    kept = write_whole(str(path), AFTER, seen=BEFORE)
    assert [stat.S_IMODE(os.stat(file).st_mode) for file in (path, kept)] == [mode, mode]


def test_a_file_that_is_closed_for_writing_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda file, wanted: (file, wanted) != (str(path), os.W_OK))
    told = f"{path}: cannot be written: the file may not be changed; open it for writing, or change it by hand"
    with pytest.raises(Unwritable, match=f"^{re.escape(told)}$"):
        write_whole(str(path), AFTER, seen=BEFORE)
    assert path.read_bytes() == BEFORE
    assert names(path) == ["profile.yaml"]


def test_a_copy_of_what_stays_is_not_left_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = os.replace

    def fail_at_last(source: str, target: str) -> None:
        if target == str(path):
            raise PermissionError(13, "The file is open in another program")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_last)
    with pytest.raises(Unwritable, match=r"cannot be written: The file is open in another program$"):
        write_whole(str(path), AFTER, seen=BEFORE)
    assert path.read_bytes() == BEFORE
    assert names(path) == ["profile.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows says so of a file that is just being deleted too")
def test_a_folder_that_is_closed_is_told_at_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    def wait(_: float) -> None:
        raise AssertionError("nothing to wait for")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(write, "sleep", wait)
    with pytest.raises(Unwritable, match=r"cannot be written: Permission denied$"):
        write_whole(str(path), AFTER, seen=BEFORE)


def test_of_two_who_save_at_once_one_is_told_and_nothing_is_lost(path: Path) -> None:
    start = threading.Barrier(8)
    told: list[str] = []

    def save(content: bytes) -> None:
        start.wait()
        try:
            write_whole(str(path), content, seen=BEFORE)
        except ChangedMeanwhile:
            told.append("changed")

    threads = [threading.Thread(target=save, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == ["changed"] * 7
    assert path.read_bytes() in [b"%d" % n for n in range(8)]
    assert names(path) == ["profile.yaml", "profile.yaml.old"]
    assert Path(f"{path}.old").read_bytes() == BEFORE


def test_a_lock_that_was_left_behind_is_taken_over_and_a_fresh_one_is_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = Path(f"{path}.lock")
    lock.touch()
    monkeypatch.setattr(write, "LOCK_WAIT_SECONDS", 0.0)
    with pytest.raises(Unwritable, match="somebody else is writing it; run it again, or delete "):
        write_whole(str(path), AFTER, seen=BEFORE)
    assert path.read_bytes() == BEFORE
    os.utime(lock, (1, 1))
    assert write_whole(str(path), AFTER, seen=BEFORE) == f"{path}.old"
    assert not lock.exists()


def test_the_lock_is_given_back_after_a_failure(path: Path) -> None:
    def fail_within() -> None:
        with hold_lock(str(path)) as lock:
            assert Path(lock).exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert names(path) == ["profile.yaml"]
