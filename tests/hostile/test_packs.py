"""Packs made to do harm, or harmed on the way: each is refused in one line, and nothing is written."""

import errno
import json
import os
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskguide.knowledge import exchange, packs, places
from tests.cli.conftest import find_controls
from tests.conftest import Run, whole_scenario
from tests.packs import (
    FILES,
    GOAT,
    RULES,
    dump,
    entry,
    manifest_of,
    snapshot,
    write_added,
    write_folder,
    zip_entries,
    zip_files,
)

MANIFEST = ("manifest.json", json.dumps(manifest_of(FILES)).encode())
SOUND = zip_files()
END = struct.Struct("<4s4H2LH")
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="needs links, which Windows gives to few accounts")


def _with(name: str | zipfile.ZipInfo, content: bytes = b"id: x") -> bytes:
    """A sound pack with one entry more, which the manifest lists too."""
    place = name if isinstance(name, str) else name.filename
    manifest = json.dumps(manifest_of({**FILES, place: content})).encode()
    return zip_entries([("manifest.json", manifest), *FILES.items(), (name, content)])


def _end(**changes: int) -> bytes:
    """SOUND with other figures in the record at its end."""
    names = ("disk", "start_disk", "here", "total", "size", "offset", "comment")
    signature, *values = END.unpack(SOUND[-22:])
    return SOUND[:-22] + END.pack(signature, *({**dict(zip(names, values, strict=True)), **changes}.values()))


def _flip_directory(name: bytes, offset: int, value: bytes) -> bytes:
    """SOUND with bytes changed in the directory's entry for ``name``, counted from the entry's start."""
    start = SOUND.rindex(name) - 46
    assert SOUND[start : start + 4] == b"PK\x01\x02"
    return SOUND[: start + offset] + value + SOUND[start + offset + len(value) :]


def _lying_bomb() -> bytes:
    """A file of 30 MB whose size is told as 5 bytes, in the directory, before the content, and in the manifest."""
    content = bytes(30_000_000)
    whole = zip_files({GOAT: content})
    true, told = struct.pack("<L", len(content)), struct.pack("<L", 5)
    return whole.replace(true, told)


def _zip64() -> bytes:
    """SOUND with a record of 64-bit sizes before its end."""
    *_, total, size, offset, _ = END.unpack(SOUND[-22:])
    at = len(SOUND) - 22
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return SOUND[:at] + record + locator + SOUND[-22:]


def _zip64_inside() -> bytes:
    """A pack whose directory ends in what Python takes for the sign of 64-bit sizes."""
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    return zip_entries([MANIFEST, *list(FILES.items())[:1], (entry(GOAT, comment=locator), FILES[GOAT])])


def _packed_by_hand(*patterns: str) -> bytes:
    """A folder of cards that was made a zip file by other means; {} stands for the names of its files."""
    names = [
        pattern.format(name) for pattern in patterns for name in ("a.yaml", "b.yaml")[: pattern.count("{}") * 2 or 1]
    ]
    return zip_entries([(name, b"id: x") for name in names])


def _many_entries() -> bytes:
    files = {f"policies/p{n}.yaml": b"x" for n in range(exchange.MAX_FILES + 1)}
    return zip_files(files)


def _manifest(text: str | bytes) -> bytes:
    return zip_files(manifest=text.encode() if isinstance(text, str) else text)


def _changed_manifest(**keys: Any) -> bytes:
    return zip_files(**keys)


OUTSIDE = "leads out of the pack"
NO_PLACE = "has no place in a pack; it holds scenarios/<category>/<id>.yaml and policies/<id>.yaml"
MORE = "there is more in this zip file than a pack; have it packed anew by 'deskguide pack'"
ANEW = "manifest.json: is not what 'deskguide pack' writes; have it packed anew"
NO_PACK = "lacks manifest.json, so it is no pack; unpack it and add the folder if you trust it"
FOLDER = "'scenarios/' is a folder; a pack names files only: have it packed by 'deskguide pack'"
LIST = "manifest.json: its list of files is damaged; have it packed anew"
DAMAGED = "is damaged; get it again from where it came from"
NO_ZIP = "is not a zip file, or its end is missing; get it again from where it came from"
DAMAGED_FILE = "a file in it is damaged; get it again from where it came from"

HOSTILE: dict[str, tuple[Callable[[], bytes], int, str]] = {
    # names
    "zip slip": (lambda: _with("../../evil.yaml"), 1, f"the name '../../evil.yaml' {OUTSIDE}"),
    "slip within": (lambda: _with("scenarios/../../e.yaml"), 1, f"the name 'scenarios/../../e.yaml' {OUTSIDE}"),
    "absolute": (lambda: _with("/etc/evil.yaml"), 1, f"the name '/etc/evil.yaml' {OUTSIDE}"),
    "drive": (lambda: _with("C:/evil.yaml"), 1, f"the name 'C:/evil.yaml' {OUTSIDE}"),
    "backslash": (lambda: _with("..\\evil.yaml"), 1, f"the name '..\\\\evil.yaml' {OUTSIDE}"),
    "stream": (lambda: _with("policies/a.yaml:b"), 1, f"the name 'policies/a.yaml:b' {OUTSIDE}"),
    "control": (lambda: _with("policies/a\x1b[2J.yaml"), 1, f"the name 'policies/a[2J.yaml' {NO_PLACE}"),
    "line end": (lambda: _with("policies/a.yaml\n"), 1, f"the name 'policies/a.yaml' {NO_PLACE}"),
    "zero": (lambda: _with("policies/a.yaml\x00.exe"), 1, f"the name 'policies/a.yaml.exe' {NO_PLACE}"),
    "device": (
        lambda: _with("policies/nul.yaml"),
        1,
        "'policies/nul.yaml' cannot be kept on Windows, where 'nul' is a device; it needs another name",
    ),
    "device folder": (
        lambda: _with("scenarios/com1/x.yaml"),
        1,
        "'scenarios/com1/x.yaml' cannot be kept on Windows, where 'com1' is a device; it needs another name",
    ),
    "trailing dot": (lambda: _with("policies/a.yaml."), 1, f"the name 'policies/a.yaml.' {NO_PLACE}"),
    "trailing space": (lambda: _with("policies/a .yaml"), 1, f"the name 'policies/a .yaml' {NO_PLACE}"),
    "current folder": (lambda: _with("policies/./a.yaml"), 1, f"the name 'policies/./a.yaml' {NO_PLACE}"),
    "empty part": (lambda: _with("policies//a.yaml"), 1, f"the name 'policies//a.yaml' {NO_PLACE}"),
    "empty name": (lambda: _with(""), 1, f"the name '' {NO_PLACE}"),
    "hidden": (lambda: _with("policies/.a.yaml"), 1, f"the name 'policies/.a.yaml' {NO_PLACE}"),
    "other letters": (lambda: _with("policies/größe.yaml"), 1, f"the name 'policies/größe.yaml' {NO_PLACE}"),
    "large letters": (lambda: _with(GOAT.upper()), 1, f"the name {GOAT.upper()!r} {NO_PLACE}"),
    "nested": (lambda: _with("scenarios/a/b/c.yaml"), 1, f"the name 'scenarios/a/b/c.yaml' {NO_PLACE}"),
    "program": (lambda: _with("scenarios/a/run.py"), 1, f"the name 'scenarios/a/run.py' {NO_PLACE}"),
    "profile": (lambda: _with("profile.yaml"), 1, f"the name 'profile.yaml' {NO_PLACE}"),
    "added": (lambda: _with("added.json"), 1, f"the name 'added.json' {NO_PLACE}"),
    "long": (
        lambda: _with(f"policies/{'a' * 61}.yaml"),
        1,
        f"the name 'policies/{'a' * 61}.yaml' is too long; 60 characters is the limit for an id",
    ),
    "not utf-8": (
        lambda: _with("policies/größe.yaml").replace("größe".encode(), b"gr\xff\xfe\xffe\xff"),
        3,
        DAMAGED,
    ),
    "twice": (
        lambda: zip_entries([MANIFEST, *FILES.items(), (GOAT, b"id: other")]),
        1,
        f"{GOAT!r} stands twice in it",
    ),
    "two manifests": (
        lambda: zip_entries([MANIFEST, *FILES.items(), MANIFEST]),
        1,
        "'manifest.json' stands twice in it",
    ),
    # kinds of entries
    "folder entry": (lambda: _with("scenarios/"), 1, FOLDER),
    "folder that says so": (lambda: _with(entry("scenarios/", stat.S_IFDIR | 0o755, external_attr=0x10)), 1, FOLDER),
    "folder by mark": (
        lambda: _with(entry("policies/a.yaml", external_attr=0x10)),
        1,
        "'policies/a.yaml' is not an ordinary file",
    ),
    "link": (
        lambda: _with(entry("policies/a.yaml", stat.S_IFLNK | 0o777), b"/etc/passwd"),
        1,
        "'policies/a.yaml' is a link; a pack holds files only",
    ),
    "pipe": (lambda: _with(entry("policies/a.yaml", stat.S_IFIFO)), 1, "'policies/a.yaml' is not an ordinary file"),
    "password": (
        lambda: _flip_directory(GOAT.encode(), 8, b"\x01\x00"),
        1,
        f"{GOAT!r} is locked with a password; ask for a pack without one",
    ),
    "other packing": (
        lambda: zip_entries(
            [MANIFEST, (RULES, FILES[RULES]), (entry(GOAT, compress_type=zipfile.ZIP_BZIP2), FILES[GOAT])]
        ),
        1,
        f"{GOAT!r} was not put in by 'deskguide pack'; have it packed anew",
    ),
    "extra field": (
        lambda: zip_entries([MANIFEST, (RULES, FILES[RULES]), (entry(GOAT, extra=b"ux\x01\x00x"), FILES[GOAT])]),
        1,
        f"{GOAT!r} was not put in by 'deskguide pack'; have it packed anew",
    ),
    "comment of an entry": (
        lambda: zip_entries([MANIFEST, (RULES, FILES[RULES]), (entry(GOAT, comment=b"hello"), FILES[GOAT])]),
        1,
        f"{GOAT!r} was not put in by 'deskguide pack'; have it packed anew",
    ),
    # sizes
    "bomb": (
        lambda: zip_files({GOAT: bytes(30_000_000)}),
        1,
        f"{GOAT!r} is larger than 1,000 kB; a scenario file is a few pages of text",
    ),
    "bomb that lies": (_lying_bomb, 1, DAMAGED_FILE),
    "bomb of many": (
        lambda: zip_files({f"policies/p{n}.yaml": bytes(999_999) for n in range(51)}),
        1,
        "holds more than 50 MB of files, the limit for a pack",
    ),
    "too many": (_many_entries, 1, "holds 2,001 files; 2,000 is the limit for a pack"),
    # the file itself
    "empty file": (lambda: b"", 3, NO_ZIP),
    "text": (lambda: b"id: goat\n" * 100, 3, NO_ZIP),
    "cut off": (lambda: SOUND[:-30], 3, NO_ZIP),
    "half": (lambda: SOUND[: len(SOUND) // 2], 3, NO_ZIP),
    "only an end": (lambda: b"PK\x05\x06" + bytes(18), 1, NO_PACK),
    "comment": (lambda: zip_entries([MANIFEST, *FILES.items()], comment=b"hello"), 1, MORE),
    "something after": (lambda: SOUND + b"#!/bin/sh\n", 1, MORE),
    "something before": (lambda: b"#!/bin/sh\n" + SOUND, 1, MORE),
    "second disk": (lambda: _end(disk=1), 1, MORE),
    "more entries told": (lambda: _end(here=9), 1, MORE),
    "largest figures": (lambda: _end(here=0xFFFF, total=0xFFFF, size=0xFFFFFFFF, offset=0xFFFFFFFF), 1, MORE),
    "zip64": (_zip64, 1, MORE),
    "zip64 in a comment": (_zip64_inside, 1, MORE),
    "directory elsewhere": (lambda: _end(offset=0), 1, MORE),
    "entry elsewhere": (lambda: _flip_directory(GOAT.encode(), 42, b"\xff\xff\xff\x7f"), 1, DAMAGED_FILE),
    "entry of another": (lambda: _flip_directory(GOAT.encode(), 42, bytes(4)), 1, DAMAGED_FILE),
    "newer zip": (lambda: _flip_directory(GOAT.encode(), 6, b"\xff\x00"), 3, DAMAGED),
    "wrong checksum": (lambda: _flip_directory(GOAT.encode(), 16, b"\x01\x02\x03\x04"), 1, DAMAGED_FILE),
    # the manifest
    "no manifest": (lambda: zip_entries(list(FILES.items())), 1, NO_PACK),
    "packed by Windows": (lambda: _packed_by_hand("goats\\{}"), 1, NO_PACK),
    "packed by a Mac": (
        lambda: _packed_by_hand("goats/", "goats/.DS_Store", "__MACOSX/goats/._{}", "goats/{}"),
        1,
        NO_PACK,
    ),
    "packed with other letters": (lambda: _packed_by_hand("größe/{}"), 1, NO_PACK),
    "pack in a zip file": (lambda: zip_entries([("juniper.zip", SOUND)]), 1, NO_PACK),
    "packed anew by hand": (
        lambda: zip_entries([("scenarios/", b""), MANIFEST, *FILES.items(), ("__MACOSX/._manifest.json", b"")]),
        1,
        FOLDER,
    ),
    "no json": (lambda: _manifest("hello"), 1, ANEW),
    "not utf-8 manifest": (lambda: _manifest(b'{"name": "\xff"}'), 1, ANEW),
    "a list": (lambda: _manifest("[]"), 1, ANEW),
    "huge manifest": (
        lambda: _manifest('{"name": "' + "x" * 1_000_001 + '"}'),
        1,
        "'manifest.json' is larger than 1,000 kB; a scenario file is a few pages of text",
    ),
    "deep manifest": (lambda: _manifest("[" * 400_000), 1, ANEW),
    "deep object": (lambda: _manifest('{"a":' * 150_000), 1, ANEW),
    "endless number": (lambda: _manifest('{"format": ' + "9" * 900_000 + "}"), 1, ANEW),
    "a key twice": (lambda: _manifest('{"format": 1, ' + MANIFEST[1].decode()[1:]), 1, ANEW),
    "not a number": (lambda: _changed_manifest(format=float("nan")), 1, ANEW),
    "true for one": (lambda: _changed_manifest(format=True), 1, ANEW),
    "newer": (
        lambda: _changed_manifest(format=2),
        1,
        "manifest.json: was made by a newer deskguide; bring yours up to date",
    ),
    **{
        f"name {name!r}": (
            lambda name=name: _changed_manifest(name=name),  # type: ignore[misc]
            1,
            "manifest.json: the pack has no name that can be used; have it packed anew with --name",
        )
        for name in ("", "..", "../x", "/x", ".hidden", "Juniper", "local", "shipped", "aux", "a" * 41, "a b", None, 3)
    },
    **{
        f"title {number}": (
            lambda title=title: _changed_manifest(title=title),  # type: ignore[misc]
            1,
            "manifest.json: the pack has no title that can be used; have it packed anew with --title",
        )
        for number, title in enumerate(("", "a\nb", "\x1b[2J", "\ud800", "x" * 81, ["x"], "\u202eabc"))
    },
    "files is no list": (lambda: _changed_manifest(files={}), 1, ANEW),
    "file is no mapping": (lambda: _changed_manifest(files=["x"]), 1, LIST),
    "file without name": (lambda: _changed_manifest(files=[{"sha256": "x", "size": 1}]), 1, LIST),
    "file that leads out": (
        lambda: _changed_manifest(files=[{"name": "../x.yaml", "sha256": "x", "size": 1}]),
        1,
        LIST,
    ),
    "file listed twice": (lambda: _changed_manifest(files=manifest_of(FILES)["files"] * 2), 1, LIST),
    "wrong numbers": (
        lambda: _changed_manifest(scenarios=2),
        1,
        "manifest.json: its number of files is wrong; have it packed anew",
    ),
    "empty pack": (lambda: zip_files({}), 1, "manifest.json: the pack is empty"),
    "wrong sum": (
        lambda: zip_entries([MANIFEST, (RULES, FILES[RULES]), (GOAT, FILES[GOAT].replace(b"Listen", b"Shout!"))]),
        1,
        f"{GOAT!r} is not what its manifest says; it was changed after it was packed",
    ),
    "wrong size": (
        lambda: zip_files(**_sizes(1)),
        1,
        f"{RULES!r} is not what its manifest says; it was changed after it was packed",
    ),
    "size is no number": (
        lambda: zip_files(**_sizes("x")),
        1,
        f"{RULES!r} is not what its manifest says; it was changed after it was packed",
    ),
    "not listed": (
        lambda: zip_entries([MANIFEST, *FILES.items(), ("policies/extra.yaml", b"id: extra")]),
        1,
        "'policies/extra.yaml' is not in the list of its manifest; it was put in later",
    ),
    "missing": (
        lambda: zip_entries([MANIFEST, (RULES, FILES[RULES])]),
        1,
        f"{GOAT!r} is missing; its manifest names it",
    ),
}


def _sizes(size: object) -> dict[str, Any]:
    return {"files": [{**file, "size": size} for file in manifest_of(FILES)["files"]]}


@pytest.fixture
def config(desk_home: Path) -> Path:
    """A configuration with a card, a profile and a pack that was added before."""
    config = desk_home / "config"
    write_folder(config / "scenarios")
    (config / "profile.yaml").write_text("library: Juniper Public Library\n", encoding="utf-8")
    write_added(config, "older")
    return config


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_is_refused_in_one_line_and_changes_nothing(
    run: Run, config: Path, tmp_path: Path, kind: str
) -> None:
    make, code, message = HOSTILE[kind]
    path = tmp_path / "pack.zip"
    path.write_bytes(make())
    before = snapshot(tmp_path)
    result = run("add", str(path))
    assert (result.code, result.out) == (code, "")
    assert result.err == f"deskguide: {path}: {message}\n"
    assert find_controls(result.err) == []
    assert snapshot(tmp_path) == before


def test_the_pack_that_the_hostile_ones_are_made_from_is_sound(run: Run, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    assert run("add", str(path)).code == 0


def test_a_pack_that_is_too_large_is_not_read_to_its_end(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "MAX_PACK_BYTES", 0)
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    message = f"deskguide: {path}: is larger than 0 MB; a pack is a few pages of text\n"
    assert run("add", str(path)) == (3, "", message)


def test_a_bomb_is_unpacked_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read: list[int] = []
    usual = zipfile.ZipExtFile.read

    def count(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        content = usual(self, n)
        read.append(len(content))
        return content

    monkeypatch.setattr(zipfile.ZipExtFile, "read", count)
    monkeypatch.setattr(exchange, "_entry_fault", lambda entry: "")
    path = tmp_path / "pack.zip"
    path.write_bytes(zip_files({GOAT: bytes(30_000_000)}))
    with pytest.raises(exchange.RefusedPack, match="is larger than 1,000 kB"):
        exchange.read_pack(str(path))
    assert max(read) == 1_000_001


FAULTY: dict[str, tuple[bytes, str]] = {
    "yaml": (b"id: [", "2:1: did not find expected node content; check the indentation"),
    "tag": (b"!!python/object/apply:os.system ['true']", "1:1: a tag (!...) is not read here; delete it"),
    "anchors": (b"id: &a x", "1:5: an anchor (&name) is not read here; delete it"),
    "another id": (dump(whole_scenario("other")), "1:5: the id 'other' and the file's name 'goat-outside' must be"),
    "utf-16": ("id: x".encode("utf-16"), "1:1: is saved as UTF-16"),
    "half a card": (b"id: goat-outside\ntitle: Goat\n", "1:1: the key 'category' is missing"),
    "no policy": (
        dump(whole_scenario("goat-outside", policies=[{"id": "goat-rulez", "why": "x"}])),
        "19:7: no policy is called 'goat-rulez'; did you mean 'goat-rules'?",
    ),
    "tomorrow": (dump(whole_scenario("goat-outside", reviewed="2999-01-01")), "2999-01-01 lies in the future"),
}


@pytest.mark.parametrize("kind", FAULTY)
def test_a_faulty_file_in_a_pack_is_told_with_its_place_and_changes_nothing(
    run: Run, config: Path, tmp_path: Path, kind: str
) -> None:
    content, message = FAULTY[kind]
    path = tmp_path / "pack.zip"
    path.write_bytes(zip_files({**FILES, GOAT: content}))
    before = snapshot(tmp_path)
    result = run("add", str(path))
    assert result.code == 1
    assert any(line.startswith(f"{path}:{GOAT}:") and message in line for line in result.out.splitlines()), result.out
    assert result.err == f"deskguide: {path}: was not added, because of its faults; ask its author to mend them\n"
    assert snapshot(tmp_path) == before


def _fail(number: int) -> Callable[..., None]:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("function", ["fsync", "mkdir", "write"])
def test_a_full_disk_leaves_everything_as_it_was(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, older: bool
) -> None:
    if not older:
        shutil.rmtree(config / "packs")
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    before = snapshot(config)
    with monkeypatch.context() as patch:
        if function == "write":
            patch.setattr(packs, "_write_files", _fail(errno.ENOSPC))
        else:
            patch.setattr(os, function, _fail(errno.ENOSPC))
        result = run("add", str(path), "--name", "older", "--replace")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("deskguide: ")
    assert result.err.endswith("No space left on device\n")
    assert snapshot(config) == before


class _Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_rename_that_fails_or_never_returns_leaves_the_old_or_the_new(
    run: Run, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, is_killed: bool
) -> None:
    """A killed process moves nothing back and deletes nothing."""
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    before = snapshot(config)
    calls: list[str] = []
    rename = os.rename

    def stop(source: str, target: str) -> None:
        calls.append(os.path.basename(source))
        if len(calls) == at + 1 or (is_killed and len(calls) > at):
            raise _Killed if is_killed else OSError(errno.EIO, "Input/output error")
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", stop)
        if is_killed:
            patch.setattr(packs, "_delete", lambda path: True)
        try:
            code = run("add", str(path), "--name", "older", "--replace").code
        except _Killed:
            code = -1
    assert calls
    is_new = "title" in _added(config, "older")
    shown = run("show", "--no-builtin", "goat-outside")
    assert (shown.code, shown.err) == (0, "")
    if code == 3:
        assert snapshot(config) == before
    elif code == 0:
        assert is_new
    other = tmp_path / "next.zip"
    other.write_bytes(SOUND)
    assert run("add", str(other), "--name", "next").code == 0
    assert ("title" in _added(config, "older")) == is_new
    assert sorted(os.listdir(config / "packs")) == ["next", "older"]


KILL = """
import os, sys
from deskguide.cli import run
rename, calls = os.rename, []

def stop(source, target):
    calls.append(source)
    if len(calls) > int(sys.argv[1]):
        os._exit(9)
    rename(source, target)

os.rename = stop
run(["add", sys.argv[2], "--name", "older", "--replace"])
"""


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_process_that_is_killed_leaves_the_old_or_the_new(run: Run, config: Path, tmp_path: Path, at: int) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    done = subprocess.run([sys.executable, "-c", KILL, str(at), str(path)], env={**os.environ}, check=False, timeout=60)
    assert done.returncode == 9
    assert ("title" in _added(config, "older")) == (at == 2)
    assert run("show", "--no-builtin", "goat-outside").err == ""
    os.utime(config / "packs" / ".packs.lock", (1_700_000_000, 1_700_000_000))
    assert run("remove", "older").code == 0
    assert not (config / "packs").exists()


def _added(config: Path, name: str) -> dict[str, object]:
    folder = places.find_packs(str(config))[name]
    path = Path(folder) / "added.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def test_leftovers_are_read_by_nobody_and_swept_by_the_next(run: Run, config: Path, tmp_path: Path) -> None:
    for name in (".new-1234", ".gone-1234", ".old.older"):
        write_added(config, name, title="Nobody reads this")
    (config / "packs" / ".new-file").write_bytes(b"")
    layers = json.loads(run("info", "--no-builtin", "--format", "json").out)["layers"]
    assert [layer["name"] for layer in layers] == ["older", "local"]
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    assert run("add", str(path)).code == 0
    assert sorted(os.listdir(config / "packs")) == ["juniper", "older"]


def test_a_folder_that_is_not_of_a_pack_is_never_swept(run: Run, config: Path, tmp_path: Path) -> None:
    (config / "packs" / ".git").mkdir()
    (config / "packs" / "notes.txt").write_text("mine", encoding="utf-8")
    assert run("remove", "older").code == 0
    assert sorted(os.listdir(config / "packs")) == [".git", "notes.txt"]


@needs_links
def test_removing_follows_no_link(run: Run, config: Path, tmp_path: Path) -> None:
    outside = write_folder(tmp_path / "outside")
    before = snapshot(outside)
    (config / "packs" / "older" / "scenarios" / "more").symlink_to(outside)
    (config / "packs" / "linked").symlink_to(outside)
    assert run("remove", "older").code == 0
    assert run("remove", "linked").code == 0
    assert not (config / "packs").exists()
    assert snapshot(outside) == before


@needs_links
def test_replacing_follows_no_link(run: Run, config: Path, tmp_path: Path) -> None:
    outside = write_folder(tmp_path / "outside")
    before = snapshot(outside)
    (config / "packs" / "juniper").symlink_to(outside)
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    assert run("add", str(path)).code == 3
    assert run("add", str(path), "--replace").code == 0
    assert snapshot(outside) == before
    assert not (config / "packs" / "juniper").is_symlink()
    assert sorted(os.listdir(config / "packs")) == ["juniper", "older"]


@needs_links
def test_what_links_lead_to_outside_a_folder_is_neither_packed_nor_added(
    run: Run, config: Path, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "goats")
    secret = write_folder(tmp_path / "secret")
    (folder / "operations" / "stolen.yaml").symlink_to(secret / "operations" / "goat-outside.yaml")
    (folder / "more").symlink_to(secret)
    (folder / "operations" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    output = tmp_path / "goats.zip"
    result = run("pack", str(folder), "--output", str(output))
    assert result.code == 0
    assert zipfile.ZipFile(output).namelist() == ["manifest.json", RULES, GOAT]
    left_out = {line.partition(": lies behind a link")[0] for line in result.err.splitlines()}
    assert str(folder / "operations" / "stolen.yaml") in left_out
    assert str(folder / "operations" / "gone.yaml") in left_out
    assert run("add", str(folder)).code == 0
    added = [path.name for path in (config / "packs" / "goats").rglob("*.yaml")]
    assert sorted(added) == ["goat-outside.yaml", "goat-rules.yaml"]


@needs_links
@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: os.symlink(path, path), lambda path: os.symlink("/dev/zero", path)]
)
def test_what_is_no_file_is_not_waited_for(run: Run, config: Path, tmp_path: Path, make: Callable[[str], None]) -> None:
    path = str(tmp_path / "pack.zip")
    make(path)
    before = snapshot(config)
    result = run("add", path)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"deskguide: {path}: ")
    assert snapshot(config) == before


def test_names_on_the_command_line_lead_nowhere(run: Run, config: Path, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(SOUND)
    before = snapshot(tmp_path)
    for name in ("..", "../x", "/x", "C:x", ".hidden", "a\\b", "local", "nul", "a\x00b"):
        assert run("add", str(path), "--name", name).code == 2
        assert run("remove", name).code == 1
        assert run("pack", str(path.parent), "--name", name).code == 2
    assert snapshot(tmp_path) == before


def test_the_checksum_of_a_zip_entry_alone_convinces_nobody(run: Run, config: Path, tmp_path: Path) -> None:
    """Both checksums of the zip format fit the changed file; only the manifest tells."""
    changed = FILES[GOAT].replace(b"Listen", b"Shout!")
    content = zip_entries([MANIFEST, (RULES, FILES[RULES]), (GOAT, changed)])
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    assert zipfile.ZipFile(path).testzip() is None
    assert struct.pack("<L", zlib.crc32(changed)) in content
    assert "it was changed after it was packed" in run("add", str(path)).err
