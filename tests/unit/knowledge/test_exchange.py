import contextlib
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from deskguide.errors import UnusablePath, Unwritable
from deskguide.knowledge import exchange, packs
from deskguide.knowledge.exchange import (
    Pack,
    PackedFile,
    RefusedPack,
    build_pack,
    describe,
    pack_folder,
    place_fault,
    read_folder,
    read_pack,
    suggest_name,
    suggest_title,
    title_fault,
)
from deskguide.knowledge.packs import pack_names, put_pack, take_out_pack
from deskguide.knowledge.places import Layer, find_packs, find_places, is_pack_name, list_files
from deskguide.knowledge.read import read_bytes
from deskguide.knowledge.write import hold_lock
from deskguide.model import Fault
from tests.conftest import write_values
from tests.packs import FILES, GOAT, RULES, write_added, write_folder, zip_files
from tests.unit.knowledge.conftest import Desk

PACK = Pack("juniper", "Goats", tuple(sorted(PackedFile(p, f"x:{p}", c) for p, c in FILES.items())), "sum")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Winter Cards", "winter-cards"),
        ("Bücher & mehr!", "bucher-mehr"),
        ("a_b.c", "a-b-c"),
        ("x" * 39 + "-yy", "x" * 39),
        ("世界", ""),
    ],
)
def test_a_name_is_suggested(text: str, name: str) -> None:
    assert suggest_name(text) == name


@pytest.mark.parametrize("name", ["juniper", "a", "7", "a-b-c", "com", "com10", "packs", "a" * 40])
def test_names_that_a_pack_can_have(name: str) -> None:
    assert is_pack_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "-", "a-", "-a", "a--b", "A", "ä", "a b", "a.b", ".", "..", "a/b", "shipped", "local", "con", "lpt9", "a\n"],
)
def test_names_that_a_pack_cannot_have(name: str) -> None:
    assert not is_pack_name(name)


def test_what_a_pack_holds_is_told_in_words() -> None:
    assert describe(PACK) == "1 scenario and 1 policy"
    assert describe(PACK._replace(files=())) == "0 scenarios and 0 policies"
    assert suggest_title("winter-cards") == "Winter cards"
    assert title_fault("x" * 80) == ""
    assert title_fault("x" * 81) == "the title has 81 characters; 80 is the limit"
    assert title_fault(" x") == title_fault("") == "the title must be one line of text without invisible characters"


def test_places_in_a_pack() -> None:
    assert [place_fault(place) for place in FILES] == ["", ""]
    assert place_fault("manifest.json")
    assert place_fault(f"scenarios/{'a' * 60}/{'b' * 60}.yaml") == ""
    assert place_fault(f"scenarios/{'a' * 61}/b.yaml")


def test_a_pack_is_read_as_it_was_built(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(build_pack(PACK))
    pack = read_pack(str(path))
    assert pack.sum == hashlib.sha256(path.read_bytes()).hexdigest()
    assert pack[:2] == PACK[:2]
    assert pack.files == tuple(file._replace(origin=f"{path}:{file.place}") for file in PACK.files)
    assert [file.kind for file in pack.files] == ["policy", "scenario"]


def test_keys_of_a_manifest_that_are_not_known_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_files(licence="CC0"))
    assert read_pack(str(path)).title == "Goats of Juniper"


def test_a_folder_of_categories_is_read(tmp_path: Path) -> None:
    write_folder(tmp_path)
    found = read_folder(str(tmp_path), None)
    assert [(file.kind, os.path.basename(file.path)) for file in found.files] == [
        ("scenario", "goat-outside.yaml"),
        ("policy", "goat-rules.yaml"),
    ]
    assert (found.faults, found.left_out) == ((), ())
    pack = pack_folder("juniper", "Goats", found, {"goat-outside": "operations"})
    assert {file.place: file.content for file in pack.files} == FILES
    assert pack.sum == hashlib.sha256(build_pack(pack)).hexdigest()


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    write_folder(tmp_path)
    path = tmp_path / "operations" / "large.yaml"
    path.write_bytes(bytes(1_000_001))
    (fault,) = read_folder(str(tmp_path), None).faults
    assert fault.file == str(path)


def test_the_local_folder_is_read_with_its_policies(tmp_path: Path) -> None:
    write_added(tmp_path, "x")
    root = tmp_path / "packs" / "x"
    local = Layer("local", str(root / "scenarios"), (str(root / "policies"),))
    assert len(read_folder(str(root / "scenarios"), local).files) == 2
    assert len(read_folder(str(root / "scenarios"), None).files) == 1


@pytest.mark.parametrize(
    ("limit", "number", "message"),
    [("MAX_TOTAL_BYTES", 100, "holds more than 0 MB of files"), ("MAX_FILES", 1, "holds more than 1 files")],
)
def test_a_folder_of_too_much_is_refused_and_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, number: int, message: str
) -> None:
    write_folder(tmp_path)
    write_values(tmp_path / "policies" / "more.yaml", {"id": "more"})
    read: list[str] = []

    def read_one(path: str) -> bytes | Fault:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(exchange, limit, number)
    monkeypatch.setattr(exchange, "read_bytes", read_one)
    with pytest.raises(RefusedPack, match=f"{message}, the limit for a pack"):
        read_folder(str(tmp_path), None)
    assert len(read) == (1 if limit == "MAX_TOTAL_BYTES" else 2)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnusablePath, match="cannot be read: No such file or directory"):
        read_pack(str(tmp_path / "none.zip"))
    with pytest.raises(UnusablePath, match="cannot be read: embedded null byte"):
        read_pack("a\0b")


def test_a_pack_is_put_in_and_taken_out(tmp_path: Path) -> None:
    config = str(tmp_path / "config")
    assert pack_names(config) == []
    assert put_pack(config, "juniper", PACK, "2026-02-14", may_replace=False) == (False, [])
    assert put_pack(config, "juniper", PACK, "2026-02-14", may_replace=True) == (True, [])
    assert pack_names(config) == ["juniper"]
    with pytest.raises(Unwritable, match="is there already"):
        put_pack(config, "juniper", PACK, "2026-02-14", may_replace=False)
    assert take_out_pack(config, "juniper") == (True, [])
    assert os.listdir(config) == []


@pytest.mark.parametrize(("times", "is_put"), [(1, True), (4, True), (5, False)])
def test_a_folder_that_goes_away_while_one_waits_for_it_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, is_put: bool
) -> None:
    config = str(tmp_path / "config")
    left = [times]

    def wait(path: str) -> contextlib.AbstractContextManager[str]:
        left[0] -= 1
        if left[0] >= 0:
            os.rmdir(os.path.dirname(path))  # as another does that takes the last pack out
        return hold_lock(path)

    monkeypatch.setattr(packs, "hold_lock", wait)
    if is_put:
        assert put_pack(config, "juniper", PACK, "2026-02-14", may_replace=False) == (False, [])
    else:
        with pytest.raises(Unwritable, match="cannot be changed: No such file or directory"):
            put_pack(config, "juniper", PACK, "2026-02-14", may_replace=False)
    assert pack_names(config) == (["juniper"] if is_put else [])


def test_a_pack_that_lies_aside_counts_until_its_successor_is_there(tmp_path: Path) -> None:
    write_added(tmp_path, ".old.juniper")
    write_added(tmp_path, ".old.local")
    write_added(tmp_path, ".new-1")
    assert find_packs(str(tmp_path)) == {"juniper": str(tmp_path / "packs" / ".old.juniper")}
    write_added(tmp_path, "juniper")
    assert find_packs(str(tmp_path)) == {"juniper": str(tmp_path / "packs" / "juniper")}


def test_a_pack_that_lies_aside_is_moved_back_by_the_next(tmp_path: Path) -> None:
    write_added(tmp_path, ".old.juniper")
    with pytest.raises(Unwritable, match="is there already"):
        put_pack(str(tmp_path), "juniper", PACK, "2026-02-14", may_replace=False)
    assert os.listdir(tmp_path / "packs") == ["juniper"]


def test_packs_lie_between_shipped_and_local_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden", "Not kebab", "local"):
        write_added(tmp_path, name)
    (tmp_path / "packs" / "file").touch()
    found = find_places({"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"})
    folder = tmp_path / "packs"
    assert [layer.name for layer in found.layers] == [
        "shipped",
        str(folder / "Not kebab"),
        "a",
        "b",
        str(folder / "local"),
        "local",
    ]
    assert found.layers[2] == Layer("a", str(folder / "a" / "scenarios"), (str(folder / "a" / "policies"),))


def test_looking_for_packs_costs_one_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    scandir = os.scandir

    def count(path: str) -> Any:
        listed.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", count)
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"}
    find_places(environment)
    write_added(tmp_path, "juniper")
    find_places(environment)
    assert listed == [str(tmp_path / "packs")] * 2


def test_a_pack_of_policies_alone_needs_no_folder_of_scenarios(tmp_path: Path) -> None:
    folder = write_added(tmp_path, "juniper")
    (folder / GOAT).unlink()
    (folder / GOAT).parent.rmdir()
    (folder / "scenarios").rmdir()
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"}
    files, faults = list_files(find_places(environment, has_builtin=False))
    assert [file.path for file in files] == [str(folder / RULES)]
    assert faults == []


def test_a_folder_of_packs_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "packs").touch()
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"}
    _, faults = list_files(find_places(environment, has_builtin=False))
    assert [fault.file for fault in faults] == [str(tmp_path / "packs")]
    with pytest.raises(Unwritable, match="cannot be changed: Not a directory"):
        pack_names(str(tmp_path))


def test_the_store_follows_packs_and_there_is_only_one(desk: Desk) -> None:
    assert desk.open().heads() == []
    folder = write_added(desk.config, "juniper")
    assert [(h.id, h.source) for h in desk.open().heads()] == [("goat-outside", "juniper")]
    compiled = len(desk.compiled)
    desk.open()
    assert len(desk.compiled) == compiled
    folder.rename(folder.parent / "north")
    assert [h.source for h in desk.open().heads()] == ["north"]
    (folder.parent / "north").rename(folder.parent / ".gone-1")
    assert desk.open().heads() == []
    assert desk.store().exists()
