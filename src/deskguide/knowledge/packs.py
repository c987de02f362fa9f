"""The packs that a library has added: put in place whole or not at all, and taken out again.

A pack is written under a name with a dot, which nobody reads, and moved into place in one step. While it replaces
another, that one lies aside and still counts (places.find_packs), so a program that is killed at any moment leaves
one of the two. What it leaves besides is swept away by the next that adds or removes.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence

from deskguide.errors import Unwritable
from deskguide.knowledge.exchange import Pack
from deskguide.knowledge.places import ASIDE, PACKS, find_packs, is_pack_name
from deskguide.knowledge.write import hold_lock

ADDED = "added.json"
"""Beside a pack's files: its name, title and sum, and the day on which it was added."""
_NEW = ".new-"
_GONE = ".gone-"


def pack_names(config: str) -> list[str]:
    """Return the names of the packs that were added, sorted. Raises Unwritable if their folder cannot be read."""
    try:
        return list(find_packs(config)) if config else []
    except OSError as error:
        raise _unwritable(os.path.join(config, PACKS), error) from error


def put_pack(config: str, name: str, pack: Pack, day: str, *, may_replace: bool) -> bool:
    """Write a pack that was found sound to ``<config>/packs/<name>``; tell whether it replaced another.

    ``name`` is one that a pack can have, ``day`` the date of today. Raises Unwritable if it cannot be written, or if
    one of this name is there and must not be replaced; what was there before is then as it was.
    """
    folder = _folder(config)
    target = os.path.join(folder, name)
    _require_free(target, name, may_replace)
    is_first = not os.path.lexists(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        with hold_lock(os.path.join(folder, ".packs")) as lock:
            _sweep(folder)
            _require_free(target, name, may_replace)
            temporary = os.path.join(folder, f"{_NEW}{os.urandom(4).hex()}")
            try:
                _write_files(temporary, name, pack, day, lock)
                replaced = _move_in(temporary, target)
            except BaseException:
                _delete(temporary)
                raise
            _sweep(folder)
            return replaced
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    finally:
        if is_first:
            _drop_empty(folder)


def take_out_pack(config: str, name: str) -> bool:
    """Take the pack ``name``, one of ``pack_names``, out; tell whether all of its files could be deleted too.

    What a link leads to is left alone. Raises Unwritable if it cannot be taken out; it is then whole and in its place.
    """
    folder = _folder(config)
    target = os.path.join(folder, name)
    try:
        with hold_lock(os.path.join(folder, ".packs")):
            _sweep(folder)
            gone = os.path.join(folder, f"{_GONE}{os.urandom(4).hex()}")
            os.rename(target, gone)
            is_deleted = _delete(gone)
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    _drop_empty(folder)
    return is_deleted


def _folder(config: str) -> str:
    if not config:
        raise Unwritable("there is no folder for packs; name one with DESKGUIDE_CONFIG_DIR")
    return os.path.join(config, PACKS)


def _unwritable(path: str, error: Exception) -> Unwritable:
    return Unwritable(f"{path}: cannot be changed: {getattr(error, 'strerror', None) or error}")


def _require_free(target: str, name: str, may_replace: bool) -> None:
    if not may_replace and os.path.lexists(target):
        raise Unwritable(
            f"a pack called {name!r} is there already; --replace puts this one in its place, --name keeps both"
        )


def _write_files(root: str, name: str, pack: Pack, day: str, lock: str) -> None:
    """Write a pack's files below ``root``, a new folder. Its places were checked: none leads out."""
    import json

    os.mkdir(root)
    os.mkdir(os.path.join(root, "scenarios"))
    added = {"name": name, "title": pack.title, "sha256": pack.sum, "added": day}
    content = json.dumps(added, indent=1).encode("ascii") + b"\n"
    for path, data in _paths(root, [(ADDED, content), *((file.place, file.content) for file in pack.files)]):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            os.utime(lock)


def _paths(root: str, files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for place, content in files:
        yield os.path.join(root, *place.split("/")), content


def _move_in(temporary: str, target: str) -> bool:
    """Move a whole pack into place; one that is there already goes aside and comes back if that fails."""
    folder, name = os.path.split(target)
    if not os.path.lexists(target):
        os.rename(temporary, target)
        return False
    aside = os.path.join(folder, ASIDE + name)
    os.rename(target, aside)
    try:
        os.rename(temporary, target)
    except BaseException:
        os.rename(aside, target)
        raise
    # Under its name aside, what is half deleted could one day be taken for a pack.
    with contextlib.suppress(OSError):
        os.rename(aside, os.path.join(folder, f"{_GONE}{os.urandom(4).hex()}"))
    return True


def _sweep(folder: str) -> None:
    """Bring back a pack that lies aside for one that never arrived, and delete what else was left behind."""
    with os.scandir(folder) as listing:
        names = [entry.name for entry in listing]
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith(ASIDE) and is_pack_name(name.removeprefix(ASIDE)):
            target = os.path.join(folder, name.removeprefix(ASIDE))
            if not os.path.lexists(target):
                os.rename(path, target)
                continue
        if name.startswith((ASIDE, _NEW, _GONE)):
            _delete(path)


def _delete(path: str) -> bool:
    """Delete a folder with what is in it, or the link itself if it is one; tell whether it is gone."""
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    if os.path.lexists(path):
        # A link, a file, or a junction of Windows, which is removed like a folder that is empty.
        for remove in (os.unlink, os.rmdir):
            with contextlib.suppress(OSError):
                remove(path)
    return not os.path.lexists(path)


def _drop_empty(folder: str) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(folder)
