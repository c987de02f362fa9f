"""The folders as they are now, against what a store was made of."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from time import time
from typing import NamedTuple
from zlib import crc32

from deskguide.knowledge.places import Folder, Places, list_folders
from deskguide.knowledge.store import StoredSections
from deskguide.knowledge.values import DAMAGE, dump, load
from deskguide.model import Fault

UNSURE_SECONDS = 3
"""A file changed this shortly before the store was built may change again without its time moving on: times are
compared in whole seconds, and the coarsest clock of a file system in use (FAT) ticks every two. Such files are compared
by content."""


class Seen(NamedTuple):
    """The folders as they were found: how many files they hold, what is wrong with them, their fingerprints by key.

    ``make`` and ``setting`` are what else a store depends on: the program, and the layers. ``changed`` are the folders
    that are not as a store found them.
    """

    make: bytes
    setting: bytes
    files: int
    faults: list[Fault]
    fingerprints: dict[str, str]
    changed: list[Folder]

    @property
    def signature(self) -> bytes:
        """Return what a store must have been made by and of to be current, in three lines."""
        return b"\n".join([self.make, self.setting, dump(self.fingerprints)])

    def pack(self) -> bytes:
        """Return it as bytes, make and setting aside."""
        return dump([self.files, self.faults, self.fingerprints, self.changed])

    @classmethod
    def unpack(cls, make: bytes, setting: bytes, content: bytes) -> "Seen":
        """Return what :meth:`pack` packed, with these."""
        files, faults, fingerprints, changed = load(content)
        folders = [
            Folder(path, layer, kind, names, [tuple(stamp) for stamp in stamps], [Fault(*f) for f in wrong])
            for path, layer, kind, names, stamps, wrong in changed
        ]
        return cls(make, setting, files, [Fault(*fault) for fault in faults], fingerprints, folders)


def setting_of(places: Places, faults: Sequence[Fault]) -> bytes:
    """Return the layers, and what is wrong with their folders, as part of a signature."""
    return dump([places.layers, faults])


def look_around(places: Places, before: Mapping[str, str], make: bytes, *, has_shipped: bool) -> Seen:
    """List all folders. Those whose fingerprint is not as ``before`` count as changed."""
    seen = Seen(make, b"", 0, [], {}, [])
    files = 0
    for folder in list_folders(places, has_shipped=has_shipped):
        # Nothing is made of an empty one. It may be the cache itself, if that lies beside the cards.
        if not folder.names and not folder.faults:
            continue
        files += len(folder.names)
        seen.faults.extend(folder.faults)
        fingerprint = seen.fingerprints[folder.key] = folder.fingerprint()
        if before.get(folder.key) != fingerprint:
            seen.changed.append(folder)
    return seen._replace(setting=setting_of(places, seen.faults), files=files)


def fingerprints_of(old: StoredSections | None) -> dict[str, str]:
    """Return the fingerprints of the folders that a store was made of; none if there is no sound one."""
    found: dict[str, str] = {}
    if old:
        with contextlib.suppress(*DAMAGE):
            found = load(signature_parts(old)[2])
    return found


def signature_parts(store: StoredSections) -> list[bytes]:
    """Return what a store was made by, for which layers, and of what: see Seen.signature. Raises ValueError."""
    make, setting, fingerprints = (store.get("library", "signature") or b"").split(b"\n")
    return [make, setting, fingerprints]


def changed_in_secret(unsure: Mapping[str, Sequence[int]]) -> set[str]:
    """Return those of the files to compare by content that hold something else by now."""
    return {path for path, (checksum, _) in unsure.items() if content_checksum(path) != checksum}


def unsure_since() -> float:
    """Return the time, in seconds since 1970, from which on a file is compared by content."""
    return time() - UNSURE_SECONDS


def find_unsure(folders: Iterable[Folder]) -> dict[str, list[int]]:
    """Return the files that changed a moment ago, each with the checksum of its content and when it changed."""
    files = (file for folder in folders for file in folder.files() if file.changed_at() > unsure_since())
    return {file.path: [content_checksum(file.path), file.changed_at()] for file in files}


def content_checksum(path: str) -> int:
    """Return the CRC-32 of a file's content, or -1 if it cannot be read."""
    from deskguide.knowledge.read import read_bytes

    content = read_bytes(path)
    return -1 if isinstance(content, Fault) else crc32(content)
