"""A large library whose store is not current: who builds it, who answers from the last one, and what is left of it."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskguide.knowledge import build as build_module
from deskguide.knowledge import library as library_module
from deskguide.knowledge import places as places_module
from deskguide.knowledge import read as read_module
from deskguide.knowledge import seen as seen_module
from deskguide.knowledge import store as store_module
from deskguide.knowledge.library import CHANGES, Library
from deskguide.knowledge.seen import UNSURE_SECONDS
from deskguide.knowledge.store import TURN_SECONDS, StoredSections, replace_entry, write_store
from tests.conftest import whole_scenario, write_values
from tests.unit.knowledge.conftest import Desk, everything, write_text

MANY = 8
BUSY = "the guidance has changed and is just being read anew; until then this is how it was before"
OLD, NEW = "The old title", "The new title"


def write(desk: Desk, name: str, folder: str = "collection", **keys: Any) -> Path:
    return write_values(desk.local / folder / f"{name}.yaml", whole_scenario(name, **keys))


def title(library: Library) -> str:
    return library.find_heads(["card-0"])["card-0"].title


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def lock_of(store: Path) -> Path:
    return store.with_name(f"{store.name}.turn")


@pytest.fixture
def few(desk: Desk) -> Path:
    """Fill the local folder; the constants are as they are. Return the category's folder."""
    for number in range(MANY):
        write(desk, f"card-{number}", title=OLD, policies=[{"id": "rules", "why": "They hold."}])
    return desk.local / "collection"


@pytest.fixture
def large(desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Compile a library that counts as large, and is read whole when a file changes. Return its store."""
    monkeypatch.setattr(library_module, "LONG_FILES", 5)
    desk.open()
    return desk.store()


@pytest.fixture
def many(desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Compile a library of which only what changed is read again. Return the category's folder."""
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    desk.open()
    return few


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files whose content is read from now on."""
    names: list[str] = []
    usual = read_module.read_bytes

    def read_bytes(path: str) -> Any:
        names.append(os.path.basename(path))
        return usual(path)

    monkeypatch.setattr(read_module, "read_bytes", read_bytes)
    monkeypatch.setattr(build_module, "read_bytes", read_bytes)
    return names


def let_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let it be later than it is when ages of files are told."""
    monkeypatch.setattr(seen_module, "time", lambda: time.time() + seconds)


def hide_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all files have changed in this same second and keep their inodes: only their sizes tell them apart."""
    now = int(time.time())
    monkeypatch.setattr(places_module, "_pick", lambda s: (s.st_mode, s.st_size, now, now, 0))


def refuse_writing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let ``folder`` be on a disk that takes nothing."""
    usual = os.open

    def refuse(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & os.O_CREAT and str(path).startswith(str(folder)):
            raise OSError(30, "Read-only file system")
        return usual(path, flags, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)


# Turns


def test_while_another_builds_the_last_guidance_answers_and_nothing_is_written(desk: Desk, large: Path) -> None:
    lock_of(large).touch()
    before = snapshot(desk.cache)
    write(desk, "card-0", title=NEW)
    library = desk.open()
    assert (title(library), library.behind, library.unkept) == (OLD, BUSY, "")
    assert snapshot(desk.cache) == before
    assert len(desk.compiled) == 1
    lock_of(large).unlink()
    library = desk.open()
    assert (title(library), library.behind) == (NEW, "")
    assert os.listdir(desk.cache) == [large.name]


def test_the_last_guidance_is_the_store_with_its_changes(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(library_module, "FEW_FILES", 2)
        write(desk, "card-0", title=NEW)
        assert title(desk.open()) == NEW
    assert Path(f"{large}{CHANGES}").exists()
    lock_of(large).touch()
    write(desk, "card-1", title=NEW)
    library = desk.open()
    assert (title(library), library.behind) == (NEW, BUSY)
    assert library.find_heads(["card-1"])["card-1"].title == OLD


def test_changes_over_another_store_are_no_part_of_the_last_guidance(desk: Desk, large: Path) -> None:
    entries = {("library", "over"): b"another", ("head", "card-0"): b'["card-0","x","x","x","x","x","x"]'}
    assert write_store(f"{large}{CHANGES}", entries) == ""
    lock_of(large).touch()
    write(desk, "card-1", title=NEW)
    library = desk.open()
    assert (title(library), library.behind) == (OLD, BUSY)


def test_a_lock_that_was_left_behind_is_taken_over(desk: Desk, large: Path) -> None:
    lock = lock_of(large)
    write(desk, "card-0", title=NEW)
    for age, expected in ((TURN_SECONDS - 20, (OLD, BUSY)), (TURN_SECONDS + 60, (NEW, ""))):
        lock.touch()
        os.utime(lock, (time.time() - age,) * 2)
        library = desk.open()
        assert (title(library), library.behind) == expected
    assert not lock.exists()


@pytest.mark.parametrize("content", [None, b"", b"not a store"])
def test_without_a_last_store_it_is_built_all_the_same(desk: Desk, large: Path, content: bytes | None) -> None:
    lock_of(large).touch()
    write(desk, "card-0", title=NEW)
    if content is None:
        large.unlink()
    else:
        large.write_bytes(content)
    library = desk.open()
    assert (title(library), library.behind, library.unkept) == (NEW, "", "")
    assert lock_of(large).exists()
    assert title(desk.open()) == NEW
    assert len(desk.compiled) == 2


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_store_for_another_index_is_never_the_last_good_one(desk: Desk, large: Path, is_changed: bool) -> None:
    lock_of(large).touch()
    if is_changed:
        write(desk, "card-0", title=NEW)
    library = desk.open(index_stamp="2")
    assert (title(library), library.behind) == (NEW if is_changed else OLD, "")
    assert len(desk.compiled) == 2


def test_a_small_library_takes_no_turns(desk: Desk, few: Path) -> None:
    desk.open()
    lock_of(desk.store()).touch()
    write(desk, "card-0", title=NEW)
    library = desk.open()
    assert (title(library), library.behind) == (NEW, "")


def test_a_cache_that_cannot_be_written_gives_the_last_guidance_with_the_reason(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writing(monkeypatch, desk.cache)
    before = snapshot(desk.cache)
    assert desk.open().behind == ""
    write(desk, "card-0", title=NEW)
    library = desk.open()
    assert library.behind == (
        f"the guidance has changed, but {desk.cache} cannot be written: Read-only file system;"
        " this is how it was before"
    )
    assert title(library) == OLD
    assert snapshot(desk.cache) == before
    assert len(desk.compiled) == 1


def test_a_cache_that_cannot_be_written_and_holds_no_store_is_told_and_the_files_are_read(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large.unlink()
    refuse_writing(monkeypatch, desk.cache)
    library = desk.open()
    assert (title(library), library.behind, library.unkept) == (OLD, "", "Read-only file system")
    assert os.listdir(desk.cache) == []


def test_a_lock_that_cannot_be_deleted_does_not_spoil_the_answer(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied")

    write(desk, "card-0", title=NEW)
    monkeypatch.setattr(os, "unlink", refuse)
    library = desk.open()
    assert (title(library), library.behind, library.unkept) == (NEW, "", "")
    assert lock_of(large).exists()


# On the way


@pytest.mark.parametrize("step", [1, MANY, MANY + 1, 2 * MANY])
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_an_interrupted_building_leaves_the_old_store_and_nothing_else(
    desk: Desk, large: Path, step: int, error: type[BaseException]
) -> None:
    def interrupt(done: int, _total: int) -> None:
        assert lock_of(large).exists()
        if done == step:
            raise error

    before = snapshot(desk.cache)
    write(desk, "card-0", title=NEW)
    with pytest.raises(error):
        desk.open(on_progress=interrupt)
    assert snapshot(desk.cache) == before
    assert title(desk.open()) == NEW


def test_every_step_is_told_once_from_the_first_to_the_last(desk: Desk, large: Path) -> None:
    steps: list[tuple[int, int]] = []
    write(desk, "card-0", title=NEW)
    desk.open(on_progress=lambda done, total: steps.append((done, total)))
    assert steps == [(done, 2 * MANY) for done in range(1, 2 * MANY + 1)]
    desk.open(on_progress=lambda done, total: steps.append((done, total)))
    assert len(steps) == 2 * MANY


@pytest.mark.parametrize("change", ["one changed", "all removed", "one removed"])
def test_no_more_steps_are_done_than_there_are(desk: Desk, many: Path, change: str) -> None:
    if change == "one changed":
        write(desk, "card-0", title=NEW)
    else:
        for number in range(MANY - 2 if change == "all removed" else 1):
            (many / f"card-{number}.yaml").unlink()
    steps: list[tuple[int, int]] = []
    desk.open(on_progress=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1))
    assert all(done <= total for done, total in steps)
    assert len({total for _, total in steps}) == 1


def test_the_lock_is_renewed_on_the_way(desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "RENEWED_STEPS", 3)
    ages: list[bool] = []

    def tell(_done: int, _total: int) -> None:
        ages.append(lock_of(large).stat().st_mtime > 1000)
        os.utime(lock_of(large), (1, 1))

    write(desk, "card-0", title=NEW)
    desk.open(on_progress=tell)
    assert ages[1:] == [done % 3 == 0 for done in range(2, 2 * MANY + 1)]


def test_a_lock_that_is_gone_on_the_way_does_not_stop_the_building(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "RENEWED_STEPS", 1)
    write(desk, "card-0", title=NEW)
    library = desk.open(on_progress=lambda _done, _total: lock_of(large).unlink(missing_ok=True))
    assert (title(library), library.unkept) == (NEW, "")


def test_a_file_that_changes_while_it_is_read_is_read_again(desk: Desk, large: Path) -> None:
    def change(done: int, _total: int) -> None:
        if done == MANY + 1:
            write(desk, "card-0", title="The third title")

    write(desk, "card-0", title=NEW)
    assert title(desk.open(on_progress=change)) == NEW
    assert title(desk.open()) == "The third title"


# Files that changed a moment ago


def test_files_are_compared_until_they_have_aged_and_then_no_more(
    desk: Desk, large: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = sorted(f"card-{number}.yaml" for number in range(MANY))
    let_pass(monkeypatch, -1)
    before = snapshot(desk.cache)
    desk.open()
    assert sorted(reads) == names
    assert snapshot(desk.cache) == before
    let_pass(monkeypatch, UNSURE_SECONDS + 2)
    reads.clear()
    assert title(desk.open()) == OLD
    assert sorted(reads) == names
    assert snapshot(desk.cache) != before
    reads.clear()
    assert title(desk.open()) == OLD
    assert reads == []
    assert os.listdir(desk.cache) == [large.name]
    assert len(desk.compiled) == 1


def test_a_store_of_changes_settles_too(
    desk: Desk, many: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk, "card-0", title=NEW)
    assert title(desk.open()) == NEW
    let_pass(monkeypatch, UNSURE_SECONDS + 2)
    assert title(desk.open()) == NEW
    reads.clear()
    assert title(desk.open()) == NEW
    assert reads == []
    assert len(desk.compiled) == 2


def test_what_cannot_be_written_down_is_compared_again(
    desk: Desk, large: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    let_pass(monkeypatch, UNSURE_SECONDS + 2)
    monkeypatch.setattr(shutil, "copyfile", fail)
    before = snapshot(desk.cache)
    for _ in range(2):
        reads.clear()
        library = desk.open()
        assert (title(library), library.behind, library.unkept) == (OLD, "", "")
        assert len(reads) == MANY
    assert snapshot(desk.cache) == before


def test_a_store_that_another_process_writes_meanwhile_is_not_settled(
    desk: Desk, large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = StoredSections(str(large))
    kinds = ("library", "scenario", "head", "files", "index")
    entries = {(kind, key): value for kind in kinds for key, value in sound.get_all(kind).items()}
    sound.close()
    entries["library", "unsure"] = b'{"another":[1,1]}'
    usual = store_module.replace_entry

    def replace_late(path: str, *arguments: Any) -> str:
        assert write_store(path, entries) == ""
        return usual(path, *arguments)

    monkeypatch.setattr(library_module, "replace_entry", replace_late)
    let_pass(monkeypatch, UNSURE_SECONDS + 2)
    desk.open()
    written = StoredSections(str(large))
    assert written.get("library", "unsure") == entries["library", "unsure"]
    written.close()
    assert os.listdir(desk.cache) == [large.name]


@pytest.mark.parametrize("few_files", [2, 100])
@pytest.mark.parametrize("is_gone", [False, True])
def test_what_another_process_puts_in_the_place_of_a_store_is_not_taken_unseen(
    desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch, is_gone: bool, few_files: int
) -> None:
    monkeypatch.setattr(library_module, "FEW_FILES", few_files)
    desk.open()
    write(desk, "card-0", title=NEW)
    desk.open()
    met: list[str] = []

    def replace_whole(path: str, *arguments: Any) -> str:
        met.append(path)
        if is_gone:
            os.unlink(path)
            return ""
        return write_store(path, {("library", "signature"): b"another", ("library", "unsure"): b"{}"})

    monkeypatch.setattr(library_module, "replace_entry", replace_whole)
    let_pass(monkeypatch, UNSURE_SECONDS + 2)
    assert title(desk.open()) == NEW
    assert met == [f"{desk.store()}{CHANGES if few_files == 2 else ''}"]
    assert title(desk.open()) == NEW
    assert len(desk.compiled) == 3


@pytest.mark.parametrize("moment", ["copyfile", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_entry_that_cannot_be_replaced_leaves_the_old_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, error: BaseException
) -> None:
    path = tmp_path / "library-1.store"
    assert write_store(str(path), {("a", "b"): b"old", ("a", "c"): b"c"}) == ""
    before = snapshot(tmp_path)

    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(shutil if moment == "copyfile" else os, moment, fail)
    if isinstance(error, OSError):
        assert replace_entry(str(path), "a", "b", b"old", b"new") == "No space left on device"
    else:
        with pytest.raises(KeyboardInterrupt):
            replace_entry(str(path), "a", "b", b"old", b"new")
    assert snapshot(tmp_path) == before


def test_one_entry_is_replaced_if_it_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "library-1.store"
    assert write_store(str(path), {("a", "b"): b"old", ("a", "c"): b"c"}) == ""
    before = snapshot(tmp_path)
    assert replace_entry(str(path), "a", "b", b"other", b"new") == "another process has written it"
    assert replace_entry(str(path), "a", "d", b"other", b"new") == "another process has written it"
    assert snapshot(tmp_path) == before
    assert replace_entry(str(path), "a", "b", b"old", b"new") == ""
    sections = StoredSections(str(path))
    assert sections.get_all("a") == {"b": b"new", "c": b"c"}
    sections.close()
    assert os.listdir(tmp_path) == [path.name]


def test_an_edit_without_a_sign_is_noticed_in_a_library_that_is_read_whole(
    desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_times(monkeypatch)
    desk.open()
    write(desk, "card-0", title=NEW, policies=[{"id": "rules", "why": "They hold."}])
    assert title(desk.open()) == NEW
    assert title(desk.open()) == NEW
    assert len(desk.compiled) == 2


def test_edits_without_a_sign_are_noticed_one_by_one_among_many(
    desk: Desk, few: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_times(monkeypatch)
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    first = everything(desk.open())
    cites = [{"id": "rules", "why": "They hold."}]
    for name in ("card-0", "card-1"):
        write(desk, name, title=NEW, policies=cites)
        updated = everything(desk.open())
        assert everything(desk.open()) == updated
        assert everything(desk.open(may_read_store=False)) == updated
        assert desk.compiled.pop() == [f"card-{number}" for number in range(MANY)]
    assert desk.compiled[1:] == [["card-0"], ["card-1"]]
    assert title(desk.open()) == NEW
    # And back, so that the store below is current again.
    for name in ("card-0", "card-1"):
        write(desk, name, title=OLD, policies=cites)
    assert everything(desk.open()) == first


def test_an_edit_without_a_sign_and_a_new_empty_folder_are_no_reason_to_read_everything(
    desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_times(monkeypatch)
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    desk.open()
    write(desk, "card-0", title=NEW, policies=[{"id": "rules", "why": "They hold."}])
    (desk.local / "empty").mkdir()
    assert title(desk.open()) == NEW
    assert desk.compiled[1:] == [["card-0"]]


# Among many files


@pytest.mark.parametrize("few_files", [2, 100])
def test_an_empty_folder_is_no_change(desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch, few_files: int) -> None:
    monkeypatch.setattr(library_module, "FEW_FILES", few_files)
    (desk.local / "empty").mkdir()
    first = everything(desk.open())
    (desk.local / "empty").rmdir()
    (desk.local / "other").mkdir()
    (desk.local / "other" / "notes.txt").write_text("No card.", encoding="utf-8")
    assert everything(desk.open()) == first
    assert len(desk.compiled) == 1


@pytest.mark.parametrize("few_files", [2, 100])
def test_a_folder_that_was_emptied_is_a_change(
    desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch, few_files: int
) -> None:
    monkeypatch.setattr(library_module, "FEW_FILES", few_files)
    path = write(desk, "card-x", folder="other")
    assert len(desk.open().heads()) == MANY + 1
    path.unlink()
    assert len(desk.open().heads()) == MANY
    assert len(desk.compiled) == 2


def test_a_store_that_lies_beside_the_cards_stays_current(desk: Desk) -> None:
    write(desk, "card-0")
    environment = {"DESKGUIDE_CACHE_DIR": str(desk.local / "cache")}
    desk.open(environment=environment)
    desk.open(environment=environment)
    assert desk.compiled == [["card-0"]]


def test_a_profile_that_changes_is_all_that_is_read(desk: Desk, many: Path, reads: list[str]) -> None:
    path = desk.config / "profile.yaml"
    contents: tuple[str | None, ...] = ("state: NY\n", "state: ID\nreview_months: 7\n", "state: [", "state: NY\n", None)
    for content in contents:
        reads.clear()
        if content is None:
            path.unlink()
        else:
            write_text(path, content)
        updated = everything(desk.open())
        assert [name for name in reads if not name.startswith("card-")] == ["profile.yaml"] * (
            reads.count("profile.yaml")
        )
        assert desk.compiled[1:] == [[]]
        assert everything(desk.open()) == updated
        assert updated["profile"].state == ("" if content in (None, "state: [") else content[7:9])
        assert everything(desk.open(may_read_store=False)) == updated
        del desk.compiled[1:]


def add_folder(desk: Desk) -> list[str]:
    write(desk, "card-x", folder="other")
    return ["card-x"]


def add_deep_folder(desk: Desk) -> list[str]:
    write(desk, "card-x", folder="other/deeper")
    return ["card-x"]


def remove_folder(desk: Desk) -> list[str]:
    shutil.rmtree(desk.local / "access")
    return []


def rename_folder(desk: Desk) -> list[str]:
    (desk.local / "access").rename(desk.local / "zoo")
    return ["card-a", "card-b"]


def rename_category(desk: Desk) -> list[str]:
    (desk.local / "collection").rename(desk.local / "anew")
    return [f"card-{number}" for number in range(MANY)]


def exchange_folders(desk: Desk) -> list[str]:
    (desk.local / "access").rename(desk.local / "aside")
    (desk.local / "collection").rename(desk.local / "access")
    (desk.local / "aside").rename(desk.local / "collection")
    return [f"card-{number}" for number in range(MANY)] + ["card-a", "card-b"]


def hide_folder(desk: Desk) -> list[str]:
    (desk.local / "access").rename(desk.local / ".access")
    return []


@pytest.mark.parametrize(
    "change",
    [add_folder, add_deep_folder, remove_folder, rename_folder, rename_category, exchange_folders, hide_folder],
)
def test_a_folder_that_comes_goes_or_moves_is_all_that_is_compiled(
    desk: Desk, few: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Desk], list[str]]
) -> None:
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    for name in ("card-a", "card-b"):
        write(desk, name, folder="access")
    desk.open()
    expected = change(desk)
    updated = everything(desk.open())
    assert [sorted(ids) for ids in desk.compiled[1:]] == [sorted(expected)]
    assert everything(desk.open()) == updated
    assert everything(desk.open(may_read_store=False)) == updated


@pytest.mark.parametrize("change", ["changed", "removed", "broken", "emptied"])
def test_a_lower_card_that_changes_shows_through_the_one_above(
    desk: Desk, many: Path, tmp_path: Path, change: str
) -> None:
    upper = tmp_path / "upper"
    write_values(upper / "card-0.yaml", {"id": "card-0", "summary": "From above."})
    write_values(upper / "card-1.yaml", whole_scenario("card-1", title="From above"))
    desk.open(upper)
    del desk.compiled[:]
    for name in ("card-0", "card-1"):
        path = many / f"{name}.yaml"
        if change == "changed":
            write(desk, name, title=NEW)
        elif change == "removed":
            path.unlink()
        elif change == "broken":
            write_text(path, "id: [")
        else:
            write_text(path, "")
    library = desk.open(upper)
    updated = everything(library)
    assert desk.compiled == [["card-0", "card-1"] if change == "changed" else ["card-1"]]
    if change == "changed":
        found = library.find_heads(["card-0"])["card-0"]
        assert (found.title, found.summary) == (NEW, "From above.")
    else:
        assert str(upper / "card-0.yaml") in {fault.file for fault in updated["faults"]}
    assert everything(desk.open(upper)) == updated
    assert everything(desk.open(upper, may_read_store=False)) == updated


def test_a_folder_that_is_named_twice_is_two_layers(
    desk: Desk, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "FEW_FILES", 2)
    folder = tmp_path / "named"
    for number in range(MANY):
        write_values(folder / f"named-{number}.yaml", whole_scenario(f"named-{number}"))
    write_text(folder / "broken.yaml", "id: [")
    desk.open(folder, folder)
    del desk.compiled[:]
    write_values(folder / "named-3.yaml", whole_scenario("named-3", title=NEW))
    (folder / "named-4.yaml").unlink()
    write_values(folder / "broken.yaml", whole_scenario("broken"))
    library = desk.open(folder, folder)
    updated = everything(library)
    assert desk.compiled == [["broken", "named-3"]]
    found = library.scenario("named-3")
    assert found is not None
    assert (found.title, found.source.count(" + "), len(found.files)) == (NEW, 1, 2)
    assert everything(desk.open(folder, folder)) == updated
    assert everything(desk.open(folder, folder, may_read_store=False)) == updated


@pytest.mark.parametrize("count", [1, 0])
def test_a_fault_shared_by_two_layers_is_told_as_often_as_when_all_is_read(
    desk: Desk, many: Path, tmp_path: Path, count: int
) -> None:
    folder = tmp_path / "named"
    for number in range(2):
        write_values(folder / f"named-{number}.yaml", whole_scenario(f"named-{number}"))
    desk.open(folder, folder)
    write_text(folder / "named-0.yaml", "id: [" if count else "id: named-0\n")
    updated = everything(desk.open(folder, folder))
    assert updated["faults"]
    assert everything(desk.open(folder, folder)) == updated
    assert everything(desk.open(folder, folder, may_read_store=False)) == updated
