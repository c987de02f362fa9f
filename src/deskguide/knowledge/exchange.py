"""Packs: scenario and policy files of one library in one zip file, for another library to add.

A pack comes from a stranger. Nothing of it is believed: it is read in memory, within limits, and refused as a whole
if anything about it is not as ``build_pack`` makes it. What it holds besides is checked as every scenario file is.
"""

import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from deskguide import __version__
from deskguide.errors import DeskguideError, UnusablePath
from deskguide.knowledge.places import (
    MAX_PACK_NAME,
    FoundFile,
    Kind,
    Layer,
    Places,
    is_below,
    is_device,
    is_pack_name,
    list_files,
    require_folder,
)
from deskguide.knowledge.read import MAX_BYTES, read_bytes
from deskguide.knowledge.shape import MAX_ID, MAX_TITLE
from deskguide.model import Fault
from deskguide.text import clean, count, fold, shorten

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

FORMAT = 1
"""Number of the pack's layout, in its manifest."""
MANIFEST = "manifest.json"
MAX_FILES = 2_000
"""Files in a pack: ten times the shipped catalogue."""
MAX_TOTAL_BYTES = 50_000_000
"""Bytes of all files together, unpacked."""
MAX_PACK_BYTES = 60_000_000
"""Bytes of the zip file itself."""

_PART = "[a-z0-9]+(?:-[a-z0-9]+)*"
_PLACE = re.compile(rf"(?:scenarios/({_PART})|policies)/({_PART})\.yaml")
_ENTRY_BYTES = 400
"""What the directory of a zip file has for one entry at most: 46 and its name."""
_END_BYTES = 22
_MAX_DIGITS = 15
_MAX_NAME_SHOWN = 80


class RefusedPack(DeskguideError):
    """A pack, or a folder that was to become one, holds something that no pack may hold."""

    def __init__(self, pack: str, reason: str) -> None:
        super().__init__(f"{pack}: {reason}")
        self.pack = pack
        self.reason = reason


class PackedFile(NamedTuple):
    """One file of a pack. ``place`` is its name in the pack, ``origin`` what faults call it."""

    place: str
    origin: str
    content: bytes

    @property
    def kind(self) -> Kind:
        """Tell whether it is a scenario or a policy."""
        return "policy" if self.place.startswith("policies/") else "scenario"


class Pack(NamedTuple):
    """A pack that is whole; its files, sorted by place, are not checked for what they say."""

    name: str
    title: str
    files: tuple[PackedFile, ...]
    sum: str

    def count_kind(self, kind: Kind) -> int:
        """Return how many files are of one kind."""
        return sum(file.kind == kind for file in self.files)


def describe(pack: Pack) -> str:
    """Return what a pack holds, in words: ``3 scenarios and 1 policy``."""
    scenarios, policies = pack.count_kind("scenario"), pack.count_kind("policy")
    return f"{count(scenarios, 'scenario')} and {count(policies, 'policy', 'policies')}"


def suggest_name(text: str) -> str:
    """Return the kebab-case name nearest to ``text``; it may be none that a pack can have."""
    return re.sub("[^a-z0-9]+", "-", fold(clean(text))).strip("-")[:MAX_PACK_NAME].strip("-")


def suggest_title(name: str) -> str:
    """Return a title for a pack that has none of its own."""
    return name.replace("-", " ").capitalize()


def title_fault(title: str) -> str:
    """Return what is wrong with a pack's title, or an empty text."""
    if not title or clean(title) != title:
        return "the title must be one line of text without invisible characters"
    if len(title) > MAX_TITLE:
        return f"the title has {len(title)} characters; {MAX_TITLE} is the limit"
    return ""


def place_fault(place: str) -> str:
    """Return why a file of this name cannot be in a pack, or an empty text. A pack's names are few and plain."""
    shown = repr(shorten(clean(place), _MAX_NAME_SHOWN))
    if place.endswith("/"):
        return f"{shown} is a folder; a pack names files only: have it packed by 'deskguide pack'"
    if place.startswith("/") or ".." in place.split("/") or "\\" in place or ":" in place:
        return f"the name {shown} leads out of the pack"
    found = _PLACE.fullmatch(place)
    if found is None:
        return (
            f"the name {shown} has no place in a pack; it holds scenarios/<category>/<id>.yaml and policies/<id>.yaml"
        )
    names = [name for name in found.groups() if name]
    for name in names:
        if is_device(name):
            return f"{shown} cannot be kept on Windows, where {name!r} is a device; it needs another name"
        if len(name) > MAX_ID:
            return f"the name {shown} is too long; {MAX_ID} characters is the limit for an id"
    return ""


# --- Folders -----------------------------------------------------------------------------------------------------


class Folder(NamedTuple):
    """The scenario and policy files of a folder. ``left_out`` are those behind links that lead out of it."""

    layer: Layer
    files: tuple[FoundFile, ...]
    contents: Mapping[str, bytes]
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]


def read_folder(folder: str, local: Layer | None) -> Folder:
    """Return what a folder holds: categories with scenario files, or ``scenarios`` and ``policies`` beside each other.

    ``local`` is the library's own layer, whose policies lie outside its folder. Profiles and hidden files are passed
    over. Raises UnusablePath if it cannot be read, and if there is nothing to exchange, RefusedPack as soon as there is
    more than a pack may hold.
    """
    require_folder(folder)
    root = os.path.abspath(folder)
    layer = _layer_of(root, local)
    roots = [os.path.realpath(p) for p in (root, layer.scenarios, *layer.policies) if not os.path.islink(p)]
    roots.append(os.path.realpath(root))
    found, faults = list_files(Places((layer,), "", "", ""))
    files: list[FoundFile] = []
    contents: dict[str, bytes] = {}
    left_out = [fault.file for fault in faults if not _is_inside(fault.file, roots)]
    kept = [fault for fault in faults if _is_inside(fault.file, roots)]
    total = 0
    for file in found:
        if _is_profile(file.path, layer.scenarios):
            continue
        if not _is_inside(file.path, roots):
            left_out.append(file.path)
            continue
        content = read_bytes(file.path)
        files.append(file)
        if isinstance(content, Fault):
            kept.append(content)
        else:
            contents[file.path] = content
            total += len(content)
        # A folder may by mistake be a whole disk.
        if len(files) > MAX_FILES:
            raise RefusedPack(folder, f"holds more than {MAX_FILES:,} files, the limit for a pack")
        if total > MAX_TOTAL_BYTES:
            raise RefusedPack(folder, _too_much())
    if not files and not kept:
        raise UnusablePath(folder, "holds no scenario or policy file; their names end in .yaml")
    return Folder(layer, tuple(files), contents, tuple(kept), tuple(left_out))


def _layer_of(root: str, local: Layer | None) -> Layer:
    beside = os.path.join(root, "scenarios")
    if local is not None and os.path.normcase(root) == os.path.normcase(os.path.abspath(local.scenarios)):
        return local
    if os.path.isdir(beside):
        return Layer(root, beside, (os.path.join(root, "policies"), os.path.join(beside, "policies")))
    return Layer(root, root, (os.path.join(root, "policies"),))


def _is_inside(path: str, roots: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    return any(is_below(real, root) for root in roots)


def _is_profile(path: str, root: str) -> bool:
    first = os.path.relpath(path, root).split(os.sep)[0].lower()
    return first in ("profile.yaml", "profile.yml", "profiles")


def pack_folder(name: str, title: str, folder: Folder, categories: Mapping[str, str]) -> Pack:
    """Return the pack of a folder that was found sound.

    ``categories`` maps the ids of scenarios to their category: a file that changes a shipped one need not name it.
    Raises RefusedPack for names that cannot be carried everywhere.
    """
    files = []
    for file in folder.files:
        stem = os.path.splitext(os.path.basename(file.path))[0]
        place = f"policies/{stem}.yaml" if file.kind == "policy" else f"scenarios/{categories[stem]}/{stem}.yaml"
        if place_fault(place):
            raise RefusedPack(file.path, place_fault(place))
        files.append(PackedFile(place, file.path, folder.contents[file.path]))
    pack = Pack(name, title, tuple(sorted(files)), "")
    return pack._replace(sum=_sum(build_pack(pack)))


def _too_much() -> str:
    return f"holds more than {MAX_TOTAL_BYTES // 1_000_000} MB of files, the limit for a pack"


# --- Writing a zip file ------------------------------------------------------------------------------------------


def build_pack(pack: Pack) -> bytes:
    """Return the zip file of a pack. The same pack gives the same bytes: nothing in it tells when or where."""
    import io
    import json
    import zipfile

    listed = [{"name": f.place, "sha256": _sum(f.content), "size": len(f.content)} for f in pack.files]
    manifest = {
        "format": FORMAT,
        "name": pack.name,
        "title": pack.title,
        "scenarios": pack.count_kind("scenario"),
        "policies": pack.count_kind("policy"),
        "deskguide": __version__,
        "files": listed,
    }
    content = json.dumps(manifest, indent=1).encode("ascii") + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for place, data in [(MANIFEST, content), *((f.place, f.content) for f in pack.files)]:
            info = zipfile.ZipInfo(place, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data, compresslevel=9)
    return buffer.getvalue()


def _sum(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


# --- Reading a zip file ------------------------------------------------------------------------------------------


def read_pack(path: str) -> Pack:
    """Return the pack in a zip file, whole and as its manifest says.

    Raises UnusablePath for a file that cannot be read or is no zip file, RefusedPack for one that is no sound pack.
    """
    content = _read_zip_bytes(path)
    _require_plain_zip(content, path)
    import io
    import struct
    import zipfile
    import zlib

    damage = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, LookupError, ValueError)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (*damage, OSError, NotImplementedError, RuntimeError) as error:
        raise UnusablePath(path, "is damaged; get it again from where it came from") from error
    with archive:
        entries = archive.infolist()
        if all(entry.orig_filename != MANIFEST for entry in entries):
            # Before its entries are judged: any folder packed by other means has names that no pack has.
            raise RefusedPack(path, f"lacks {MANIFEST}, so it is no pack; unpack it and add the folder if you trust it")
        for entry in entries:
            fault = _entry_fault(entry)
            if fault:
                raise RefusedPack(path, fault)
        _require_distinct(path, [entry.orig_filename for entry in entries])
        try:
            manifest, files = _unpack(archive, entries, path)
        except (*damage, OSError, NotImplementedError, RuntimeError) as error:
            raise RefusedPack(path, "a file in it is damaged; get it again from where it came from") from error
    name, title, listed = _read_manifest(manifest, path)
    _compare(listed, files, path)
    return Pack(name, title, tuple(sorted(files)), _sum(content))


def _read_zip_bytes(path: str) -> bytes:
    try:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnusablePath(path, "is not an ordinary file; name a pack, a file that ends in .zip")
            content = file.read(MAX_PACK_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UnusablePath(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MAX_PACK_BYTES:
        raise UnusablePath(path, f"is larger than {MAX_PACK_BYTES // 1_000_000} MB; a pack is a few pages of text")
    return content


def _require_plain_zip(content: bytes, path: str) -> None:
    """Refuse, before anything reads its directory, a zip file with more around it or in it than a pack needs.

    A file that has one directory, right before its end, means the same to every program that opens it.
    """
    import struct

    end = content[-_END_BYTES:]
    more = "there is more in this zip file than a pack; have it packed anew by 'deskguide pack'"
    if not end.startswith(b"PK\x05\x06") or len(end) != _END_BYTES:
        if b"PK\x05\x06" in content[-_END_BYTES - 65_536 :]:
            raise RefusedPack(path, more)
        reason = "is not a zip file, or its end is missing; get it again from where it came from"
        raise UnusablePath(path, reason)
    disk, start_disk, here, total, size, offset, comment = struct.unpack("<4H2LH", end[4:])
    is_plain = (disk, start_disk, comment) == (0, 0, 0) and here == total
    # Sizes of 64 bits would stand right before the end and tell of another directory.
    is_plain = is_plain and not content[-_END_BYTES - 20 :].startswith(b"PK\x06\x07")
    if not is_plain or offset + size != len(content) - _END_BYTES or size > (total + 1) * _ENTRY_BYTES:
        raise RefusedPack(path, more)
    if total > MAX_FILES + 1:
        raise RefusedPack(path, f"holds {total - 1:,} files; {MAX_FILES:,} is the limit for a pack")


def _entry_fault(entry: "ZipInfo") -> str:
    """Return why an entry cannot be taken, or an empty text."""
    import zipfile

    place = entry.orig_filename
    shown = repr(shorten(clean(place), _MAX_NAME_SHOWN))
    if place.endswith("/"):
        return place_fault(place)
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return f"{shown} is a link; a pack holds files only"
    if mode not in (0, stat.S_IFREG) or entry.external_attr & 0x10:
        return f"{shown} is not an ordinary file"
    if entry.flag_bits & 0x2041:
        return f"{shown} is locked with a password; ask for a pack without one"
    fault = "" if place == MANIFEST else place_fault(place)
    if fault:
        return fault
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.extra or entry.comment:
        return f"{shown} was not put in by 'deskguide pack'; have it packed anew"
    if entry.file_size > MAX_BYTES:
        return _too_large(place)
    return ""


def _too_large(place: str) -> str:
    return f"{place!r} is larger than {MAX_BYTES // 1000:,} kB; a scenario file is a few pages of text"


def _require_distinct(path: str, places: Iterable[str]) -> None:
    seen: set[str] = set()
    for place in places:
        if place.casefold() in seen:
            raise RefusedPack(path, f"{place!r} stands twice in it")
        seen.add(place.casefold())


def _unpack(archive: "ZipFile", entries: Sequence["ZipInfo"], path: str) -> tuple[bytes, list[PackedFile]]:
    """Read every entry, no further than the limits, whatever sizes the zip file itself tells."""
    manifest = b""
    files: list[PackedFile] = []
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise RefusedPack(path, _too_large(entry.filename))
        total += len(content)
        if total > MAX_TOTAL_BYTES:
            raise RefusedPack(path, _too_much())
        if entry.orig_filename == MANIFEST:
            manifest = content
        else:
            files.append(PackedFile(entry.orig_filename, f"{path}:{entry.orig_filename}", content))
    return manifest, files


class _Listed(NamedTuple):
    sum: str
    size: int


def _read_manifest(content: bytes, path: str) -> tuple[str, str, dict[str, _Listed]]:
    """Return a pack's name, its title, and what it says of its files. Keys that are not known are passed over."""

    def refuse(reason: str) -> RefusedPack:
        return RefusedPack(path, f"{MANIFEST}: {reason}")

    value = load_json(content)
    if not isinstance(value, dict):
        raise refuse("is not what 'deskguide pack' writes; have it packed anew")
    number, listed = _number(value.get("format")), value.get("files")
    if number > FORMAT:
        raise refuse("was made by a newer deskguide; bring yours up to date")
    if number != FORMAT or not isinstance(listed, list):
        raise refuse("is not what 'deskguide pack' writes; have it packed anew")
    name, title = value.get("name"), value.get("title")
    if not isinstance(name, str) or not is_pack_name(name):
        raise refuse("the pack has no name that can be used; have it packed anew with --name")
    if not isinstance(title, str) or title_fault(title):
        raise refuse("the pack has no title that can be used; have it packed anew with --title")
    files: dict[str, _Listed] = {}
    for entry in listed:
        if not isinstance(entry, dict):
            raise refuse("its list of files is damaged; have it packed anew")
        place, checksum = entry.get("name"), entry.get("sha256")
        if not isinstance(place, str) or not isinstance(checksum, str) or place_fault(place) or place in files:
            raise refuse("its list of files is damaged; have it packed anew")
        files[place] = _Listed(checksum, _number(entry.get("size")))
    policies = sum(place.startswith("policies/") for place in files)
    if (_number(value.get("scenarios")), _number(value.get("policies"))) != (len(files) - policies, policies):
        raise refuse("its number of files is wrong; have it packed anew")
    if not files:
        raise refuse("the pack is empty")
    return name, title, files


def _number(value: Any) -> int:
    """Return a whole number, -1 for anything else: true and 1.0 are none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def load_json(content: bytes) -> Any:
    """Return what a JSON text holds, or None. It must not say the same key twice, or hold endless numbers."""
    import json

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(found)
        if len(values) != len(found):
            raise ValueError("a key stands twice")
        return values

    def number(digits: str) -> int:
        if len(digits) > _MAX_DIGITS:
            raise ValueError("a number is too long")
        return int(digits)

    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=pairs, parse_int=number)
    except (ValueError, RecursionError):
        return None


def _compare(listed: Mapping[str, _Listed], files: Sequence[PackedFile], path: str) -> None:
    """Refuse a pack whose files are not exactly those that its manifest lists."""
    for file in files:
        told = listed.get(file.place)
        if told is None:
            raise RefusedPack(path, f"{file.place!r} is not in the list of its manifest; it was put in later")
        if (told.sum, told.size) != (_sum(file.content), len(file.content)):
            raise RefusedPack(path, f"{file.place!r} is not what its manifest says; it was changed after it was packed")
    missing = sorted(set(listed) - {file.place for file in files})
    if missing:
        raise RefusedPack(path, f"{missing[0]!r} is missing; its manifest names it")
