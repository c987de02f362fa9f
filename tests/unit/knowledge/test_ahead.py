"""A large library in haste: its last store answers while its folders are looked at, and is confirmed then."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from deskguide.knowledge import ahead
from deskguide.knowledge import library as library_module
from deskguide.knowledge import seen as seen_module
from deskguide.knowledge.library import CHANGES, Library, open_library
from deskguide.knowledge.seen import Seen
from tests.conftest import whole_scenario, write_values
from tests.unit.knowledge.conftest import Desk, everything

MANY = 6
OLD, NEW = "The old title", "The newer title"  # of unlike length: the tests let no time pass in which times would tell

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot copy a process")


@pytest.fixture(params=["copy", "no copy"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Work ahead as systems do that can copy a process, and as those that cannot."""
    if request.param == "no copy":
        monkeypatch.delattr(os, "fork", raising=False)
    elif not hasattr(os, "fork"):
        pytest.skip("this system cannot copy a process")
    return str(request.param)


def lowest_free() -> int:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    return descriptor


@pytest.mark.parametrize("size", [0, 1, 1_000_000])
def test_what_was_begun_is_there_when_it_is_waited_for(way: str, size: int) -> None:
    before = lowest_free()
    parent = os.getpid()

    def work() -> bytes:
        return (b"copy" if os.getpid() != parent else b"no copy") + b"x" * size

    assert ahead.begin(work)() == way.encode() + b"x" * size
    assert lowest_free() == before


def test_an_error_is_raised_on_waiting(way: str) -> None:
    def work() -> bytes:
        raise OSError("the disk is gone")

    wait = ahead.begin(work)
    with pytest.raises(OSError, match="the disk is gone"):
        wait()


@needs_fork
def test_the_work_of_a_copy_that_was_killed_is_done_here() -> None:
    parent = os.getpid()

    def work() -> bytes:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done here"

    assert ahead.begin(work)() == b"done here"


@needs_fork
@pytest.mark.parametrize("name", ["pipe", "fork"])
def test_without_leave_to_copy_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def refuse() -> None:
        raise OSError("no more")

    before = lowest_free()
    monkeypatch.setattr(os, name, refuse)
    assert ahead.begin(lambda: b"done")() == b"done"
    assert lowest_free() == before


def write(desk: Desk, name: str, title: str) -> Path:
    return write_values(desk.local / "collection" / f"{name}.yaml", whole_scenario(name, title=title))


@pytest.fixture
def large(desk: Desk, monkeypatch: pytest.MonkeyPatch, way: str) -> Desk:
    """Compile a library that counts as large, of which only what changed is read again, and let its files age."""
    for number in range(MANY):
        write(desk, f"card-{number}", OLD)
    monkeypatch.setattr(library_module, "LONG_FILES", 5)
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    monkeypatch.setattr(seen_module, "UNSURE_SECONDS", -60)
    desk.open()
    return desk


@pytest.fixture
def hurry(large: Desk) -> Callable[..., Library]:
    def open_in_haste(seen: Seen | None = None, index_stamp: str = "") -> Library:
        library = open_library(
            large.places(), large._compile, is_hasty=seen is None, seen=seen, index_stamp=index_stamp
        )
        large._opened.append(library)
        return library

    return open_in_haste


def title(library: Library) -> str:
    return library.find_heads(["card-0"])["card-0"].title


Hurry = Callable[..., Library]


def test_nothing_has_changed(large: Desk, hurry: Hurry) -> None:
    library = hurry()
    assert (title(library), library.confirm()) == (OLD, None)
    assert everything(library) == everything(large.open())
    assert len(large.compiled) == 1


@pytest.mark.parametrize("change", ["changed", "added", "removed", "moved", "broken", "profile", "folder gone"])
def test_what_has_changed_is_told_before_an_answer_is_given(large: Desk, hurry: Hurry, change: str) -> None:
    folder = large.local / "collection"
    if change == "changed":
        write(large, "card-0", NEW)
    elif change == "added":
        write(large, "card-x", NEW)
    elif change == "removed":
        (folder / "card-0.yaml").unlink()
    elif change == "moved":
        (folder / "card-0.yaml").rename(large.local / "card-0.yaml")
    elif change == "broken":
        (folder / "card-0.yaml").write_text("id: [", encoding="utf-8")
    elif change == "profile":
        write_values(large.config / "profile.yaml", {"library": "Juniper"})
    else:
        folder.rename(large.config / "away")
    hasty = hurry()
    assert title(hasty) == OLD
    seen = hasty.confirm()
    assert seen is not None
    again = hurry(seen)
    assert again.confirm() is None
    found = everything(again)
    assert found == everything(large.open(may_read_store=False))
    if change == "changed":
        assert title(again) == NEW
        assert large.compiled[1] == ["card-0"]


def test_the_store_of_changes_counts(large: Desk, hurry: Hurry) -> None:
    write(large, "card-0", NEW)
    assert title(large.open()) == NEW
    assert Path(f"{large.store()}{CHANGES}").exists()
    library = hurry()
    assert (title(library), library.confirm()) == (NEW, None)
    write(large, "card-0", "The third title of all")
    library = hurry()
    seen = library.confirm()
    assert (title(library), seen is None) == (NEW, False)
    assert title(hurry(seen)) == "The third title of all"


def test_a_small_library_has_no_need_for_haste(large: Desk, hurry: Hurry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "LONG_FILES", MANY + 1)
    write(large, "card-0", NEW)
    library = hurry()
    assert (title(library), library.confirm()) == (NEW, None)


def test_a_store_of_another_make_is_not_used_in_haste(large: Desk, hurry: Hurry) -> None:
    write(large, "card-0", NEW)
    library = hurry(index_stamp="another")
    assert (title(library), library.confirm()) == (NEW, None)


def test_a_file_that_changed_without_a_sign_is_noticed_in_haste(
    desk: Desk, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "LONG_FILES", 5)
    paths = [write(desk, f"card-{number}", OLD) for number in range(MANY)]
    desk.open()
    info = paths[0].stat()
    paths[0].write_bytes(paths[0].read_bytes().replace(OLD.encode(), b"Xhe old title"))
    os.utime(paths[0], ns=(info.st_atime_ns, info.st_mtime_ns))
    library = open_library(desk.places(), desk._compile, is_hasty=True)
    desk._opened.append(library)
    assert (title(library), library.confirm()) == ("Xhe old title", None)


def test_what_was_seen_is_the_same_on_the_other_side() -> None:
    from deskguide.knowledge.places import Folder
    from deskguide.model import Fault

    folder = Folder("a\udcff", 1, "policy", ["x.yaml"], [(1, 2, 3, 4, 5)], [Fault("f", 1, 2, "m")])
    seen = Seen(b"make", b"setting", 3, [Fault("f", 1, 2, "m")], {folder.key: folder.fingerprint()}, [folder])
    assert Seen.unpack(b"make", b"setting", seen.pack()) == seen
