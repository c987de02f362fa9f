import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from deskguide.errors import UnusablePath
from deskguide.knowledge import places
from deskguide.knowledge.places import MAX_DEPTH, Folder, Layer, Places, find_places, list_files, shipped_data
from deskguide.model import Fault

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="needs links, which Windows gives to few accounts")


@pytest.fixture(autouse=True, params=["names", "entries"])
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """List folders as POSIX does, by the names in them, and as Windows does, by entries that tell of the files."""
    if request.param == "entries":
        monkeypatch.setattr(os, "supports_dir_fd", set())
    elif os.stat not in os.supports_dir_fd:
        pytest.skip("this system has no such way")


def place(*layers: Path, profile: str = "") -> Places:
    """Return places with one layer for each folder, as the person would name them."""
    return Places(tuple(Layer(str(p), str(p), (str(p / "policies"),)) for p in layers), "", "", profile)


def names(found: Places) -> list[str]:
    """Return the files found, relative to the first layer's folder, with their kinds."""
    files, faults = list_files(found)
    assert faults == []
    root = found.layers[0].scenarios
    return [f"{f.kind} {os.path.relpath(f.path, root).replace(os.sep, '/')}" for f in files]


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"id: x")


def test_layers_lie_in_the_order_shipped_local_environment_named(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder in folders:
        folder.mkdir()
    environment = {
        "DESKGUIDE_CONFIG_DIR": str(tmp_path / "config"),
        "DESKGUIDE_CACHE_DIR": str(tmp_path / "cache"),
        "DESKGUIDE_SCENARIOS": os.pathsep.join(["", str(folders[0]), str(folders[1]), ""]),
    }
    found = find_places(environment, named=[str(folders[2])])
    assert [layer.name for layer in found.layers] == ["shipped", "local", *map(str, folders)]
    assert found.layers[0].scenarios == str(shipped_data() / "scenarios")
    assert found.layers[0].policies == (str(shipped_data() / "policies"),)
    assert found.layers[1].scenarios == str(tmp_path / "config" / "scenarios")
    assert found.layers[1].policies == (
        str(tmp_path / "config" / "policies"),
        str(tmp_path / "config" / "scenarios" / "policies"),
    )
    assert found.layers[4] == Layer(str(folders[2]), str(folders[2]), (str(folders[2] / "policies"),))
    assert (found.config, found.cache) == (str(tmp_path / "config"), str(tmp_path / "cache"))
    assert found.profile == str(tmp_path / "config" / "profile.yaml")


def test_the_shipped_layer_can_be_left_out(tmp_path: Path) -> None:
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": str(tmp_path)}
    assert [layer.name for layer in find_places(environment, has_builtin=False).layers] == ["local"]


def test_a_relative_folder_is_known_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    environment = {"DESKGUIDE_CONFIG_DIR": "c", "DESKGUIDE_CACHE_DIR": "c"}
    assert find_places(environment, named=["here"]).layers[-1].name == str(tmp_path / "here")


def test_without_variables_the_folders_of_the_system_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *a, **k: "usual-config")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *a, **k: "usual-cache")
    found = find_places({})
    assert (found.config, found.cache) == ("usual-config", "usual-cache")
    found = find_places({"DESKGUIDE_CACHE_DIR": "mine"})
    assert (found.config, found.cache) == ("usual-config", "mine")


def test_without_a_home_the_shipped_layer_alone_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> str:
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr(platformdirs, "user_config_dir", fail)
    found = find_places({})
    assert [layer.name for layer in found.layers] == ["shipped"]
    assert (found.config, found.cache, found.profile) == ("", "", "")


def test_a_named_folder_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path) -> None:
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.touch()
    told = {
        str(missing): f"{missing}: No such file or directory; name a folder that holds scenario files",
        str(file): f"{file}: is not a folder; name the folder that holds the scenario files",
        "a\0b": "a\0b: cannot be used; name a folder that holds scenario files",
    }
    for folder, message in told.items():
        with pytest.raises(UnusablePath) as caught:
            find_places({}, named=[folder])
        assert str(caught.value) == message


def test_a_named_folder_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> list[str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(UnusablePath, match=r": Permission denied; name a folder that holds scenario files$"):
        find_places({}, named=[str(tmp_path)])


def test_a_profile_is_chosen_by_name(tmp_path: Path) -> None:
    touch(tmp_path / "profiles" / "branch.yaml")
    found = find_places({"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"}, profile="branch")
    assert found.profile == str(tmp_path / "profiles" / "branch.yaml")


@pytest.mark.parametrize("name", ["other", "../profile", "..", "/etc/passwd", "a\0b"])
@pytest.mark.parametrize(
    ("known", "tip"),
    [
        ([], "there are no profiles there yet"),
        (["north"], "the profiles there are north"),
        (["west", "north", "east"], "the profiles there are east, north and west"),
    ],
)
def test_a_profile_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, name: str, known: list[str], tip: str
) -> None:
    touch(tmp_path / "profile.yaml", *(tmp_path / "profiles" / f"{k}.yaml" for k in known))
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path), "DESKGUIDE_CACHE_DIR": "c"}
    with pytest.raises(UnusablePath) as caught:
        find_places(environment, profile=name)
    assert caught.value.reason == f"no such profile; {tip}"


def test_the_shipped_data_lie_in_the_package_or_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "deskguide"
    monkeypatch.setattr(places, "__file__", str(package / "knowledge" / "places.py"))
    assert shipped_data() == tmp_path / "data"
    (package / "data").mkdir(parents=True)
    assert shipped_data() == package / "data"


def test_files_are_listed_by_layer_then_scenarios_before_policies_then_by_name(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (second, first):
        touch(folder / "b" / "a.yaml", folder / "policies" / "p.yaml", folder / "a" / "z.yml", folder / "a" / "B.YAML")
    assert names(place(first, second)) == [
        "scenario a/B.YAML",
        "scenario a/z.yml",
        "scenario b/a.yaml",
        "policy policies/p.yaml",
        "scenario ../2/a/B.YAML",
        "scenario ../2/a/z.yml",
        "scenario ../2/b/a.yaml",
        "policy ../2/policies/p.yaml",
    ]
    assert [f.layer for f in list_files(place(first, second))[0]] == [0, 0, 0, 0, 1, 1, 1, 1]


def test_hidden_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("a/.hidden.yaml", ".git/x.yaml", "a/readme.md", "a/b.yaml~", "a/yaml", "a/c.yaml.swp", "a/d.yaml"):
        touch(tmp_path / name)
    assert names(place(tmp_path)) == ["scenario a/d.yaml"]


def test_a_folder_is_no_file_whatever_its_name(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "x.yaml" / "y.yaml")
    assert names(place(tmp_path)) == ["scenario a/x.yaml/y.yaml"]


def test_folders_are_looked_into_as_deep_as_the_limit(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(MAX_DEPTH + 2):
        touch(folder / "x.yaml")
        folder = folder / "d"
    assert names(place(tmp_path)) == [f"scenario {'d/' * n}x.yaml" for n in range(MAX_DEPTH)]


def test_a_folder_that_is_not_there_holds_nothing_if_it_is_the_local_one(tmp_path: Path) -> None:
    local = Places((Layer("local", str(tmp_path / "no"), (str(tmp_path / "nor"),)),), "", "", "")
    assert list_files(local) == ([], [])


@pytest.mark.parametrize("is_file", [False, True])
def test_a_folder_from_the_environment_that_is_not_there_is_told_and_left_out(tmp_path: Path, is_file: bool) -> None:
    gone, there = tmp_path / "gone", tmp_path / "there"
    touch(there / "a.yaml")
    if is_file:
        touch(gone)
    files, faults = list_files(place(gone, there))
    assert faults == [Fault(str(gone), 0, 0, "is not a folder that can be read; it was left out")]
    assert [f.path for f in files] == [str(there / "a.yaml")]


def test_a_layer_of_too_many_files_is_cut_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MAX_FILES", 2)
    first, second = tmp_path / "1", tmp_path / "2"
    touch(*(first / "a" / f"{n}.yaml" for n in range(5)), *(second / f"{n}.yaml" for n in range(2)))
    files, faults = list_files(place(first, second))
    assert faults == [Fault(str(first), 0, 0, "holds more than 2 scenario files; the rest was left out")]
    assert [Path(f.path).name for f in files] == ["0.yaml", "1.yaml", "0.yaml", "1.yaml"]


def test_a_folder_that_may_not_be_read_is_told_and_the_rest_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "a" / "x.yaml", tmp_path / "b" / "y.yaml")

    def refusing(usual: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(path: str, *options: int) -> Any:
            if path == str(tmp_path / "a"):
                raise PermissionError(13, "Permission denied", path)
            return usual(path, *options)

        return refuse

    for name in ("scandir", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    files, faults = list_files(place(tmp_path))
    assert faults == [Fault(str(tmp_path / "a"), 0, 0, "this folder cannot be read: Permission denied")]
    assert [f.path for f in files] == [str(tmp_path / "b" / "y.yaml")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this account may read everything")
def test_a_folder_closed_to_this_account_is_told(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "x.yaml")
    (tmp_path / "a").chmod(0)
    try:
        files, faults = list_files(place(tmp_path))
    finally:
        (tmp_path / "a").chmod(0o700)
    assert files == []
    assert faults == [Fault(str(tmp_path / "a"), 0, 0, "this folder cannot be read: Permission denied")]


@needs_links
def test_loops_of_links_between_folders_end(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "x.yaml")
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "self").symlink_to("self")
    assert names(place(tmp_path)) == ["scenario a/x.yaml"]


@needs_links
def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere" / "x.yaml")
    (tmp_path / "layer").mkdir()
    (tmp_path / "layer" / "y.yaml").symlink_to(tmp_path / "elsewhere" / "x.yaml")
    assert names(place(tmp_path / "layer")) == ["scenario y.yaml"]


@needs_links
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: os.mkfifo(path), "is not an ordinary file; it was left out"),
        (lambda path: path.symlink_to("nowhere"), "cannot be read: No such file or directory"),
        (lambda path: path.symlink_to(path.name), "cannot be read: Too many levels of symbolic links"),
        (lambda path: path.symlink_to("/dev/zero"), "is not an ordinary file; it was left out"),
    ],
)
def test_what_is_no_file_but_named_like_one_is_told_and_left_out(
    tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    touch(tmp_path / "a" / "good.yaml")
    make(tmp_path / "a" / "odd.yaml")
    files, faults = list_files(place(tmp_path))
    assert [f.path for f in files] == [str(tmp_path / "a" / "good.yaml")]
    assert [(f.file, f.line, f.column) for f in faults] == [(str(tmp_path / "a" / "odd.yaml"), 0, 0)]
    assert faults[0].message == message


def test_the_profile_is_listed_last_and_only_if_it_is_there(tmp_path: Path) -> None:
    touch(tmp_path / "layer" / "a.yaml")
    profile = tmp_path / "profile.yaml"
    found = place(tmp_path / "layer", profile=str(profile))
    assert names(found) == ["scenario a.yaml"]
    touch(profile)
    assert names(found) == ["scenario a.yaml", "profile ../profile.yaml"]
    profile.unlink()
    profile.mkdir()
    files, faults = list_files(found)
    assert [f.kind for f in files] == ["scenario"]
    assert faults == [Fault(str(profile), 0, 0, "is not an ordinary file; it was left out")]


def test_the_stamp_of_a_file_changes_with_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    touch(path)
    (before,), _ = list_files(place(tmp_path))
    assert before.stamp[1] == len(b"id: x")
    path.write_bytes(b"id: xy")
    (after,), _ = list_files(place(tmp_path))
    assert after.stamp[1] == len(b"id: xy")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of change")
def test_a_copy_of_the_same_length_and_time_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    touch(path)
    (before,), _ = list_files(place(tmp_path))
    other = tmp_path / "other"
    other.write_bytes(b"id: y")
    shutil.copystat(path, other)
    os.replace(other, path)
    (after,), _ = list_files(place(tmp_path))
    assert after.stamp[:3] == before.stamp[:3]
    assert after.stamp != before.stamp


@pytest.mark.parametrize(("inode", "told"), [(2**60 + 1, "95968623"), (2**64 - 1, "ca1d2c56"), (2**100, "e7ccb2a1")])
def test_a_fingerprint_is_the_same_for_every_python(inode: int, told: str) -> None:
    stamps = [(33188, 5, 1_700_000_000, 1_700_000_001, inode), (33188, 0, -1, 0, 0)]
    folder = Folder("a", 1, "scenario", ["x.yaml", "\u00fc.yaml"], stamps, [])
    assert folder.fingerprint() == f"1 d29b2df9 {told}"
    for other in (
        folder._replace(names=["x.yaml", "y.yaml"]),
        folder._replace(stamps=stamps[::-1]),
        folder._replace(layer=2),
        folder._replace(faults=[Fault("f", 0, 0, "cannot be read")]),
    ):
        assert other.fingerprint() != folder.fingerprint()
