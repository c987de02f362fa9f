"""The packs that a library has added: put in place whole or not at all, and taken out again.

A pack is written under a name with a dot, which nobody reads, and moved into place in one step. While it replaces
another, that one lies aside and still counts (places.find_packs), so a program that is killed at any moment leaves
one of the two. What it leaves besides is swept away by the next that adds or removes.

A pack that somebody has changed since is never deleted: it goes whole to a folder beside, which nobody reads.
"""

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from deskguide.errors import Unwritable
from deskguide.knowledge.exchange import Pack, load_json, title_fault
from deskguide.knowledge.places import ASIDE, PACKS, find_packs, is_pack_name
from deskguide.knowledge.read import read_bytes
from deskguide.knowledge.write import hold_lock
from deskguide.model import Fault

ADDED = "added.json"
"""Beside a pack's files: its name, title and sums, and the day on which it was added."""
KEPT = f"{PACKS}.old"
"""The folder below the configuration for packs that were taken out or replaced and were not as they had been added."""
_NEW = ".new-"
_GONE = ".gone-"
_TRIES = 5
"""Times that the folder of packs is made anew if it goes away before its lock is held."""


def pack_names(config: str) -> list[str]:
    """Return the names of the packs that were added, sorted. Raises Unwritable if their folder cannot be read."""
    try:
        return list(find_packs(config)) if config else []
    except OSError as error:
        raise _unwritable(os.path.join(config, PACKS), error) from error


def put_pack(config: str, name: str, pack: Pack, day: str, *, may_replace: bool) -> tuple[bool, list[str]]:
    """Write a pack that was found sound to ``<config>/packs/<name>``.

    Returns whether it replaced another, and where packs are kept now that somebody had changed. ``name`` is one that a
    pack can have, ``day`` the date of today. Raises Unwritable if it cannot be written, or if one of this name is
    there and must not be replaced; what was there before is then as it was.
    """
    folder = _folder(config)
    target = os.path.join(folder, name)
    _require_free(target, name, may_replace)
    is_first = not os.path.lexists(folder)
    try:
        with contextlib.ExitStack() as stack:
            lock = _lock_made(folder, stack)
            kept = _sweep(folder)
            _require_free(target, name, may_replace)
            temporary = os.path.join(folder, f"{_NEW}{os.urandom(4).hex()}")
            try:
                _write_files(temporary, name, pack, day, lock)
                replaced = _move_in(temporary, target)
            except BaseException:
                _delete(temporary)
                raise
            return replaced, kept + _sweep(folder)
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    finally:
        if is_first:
            _drop_empty(folder)


def take_out_pack(config: str, name: str) -> tuple[bool, list[str]]:
    """Take the pack ``name``, one of ``pack_names``, out.

    Returns whether all of its files are gone from there, and where packs are kept now that somebody had changed. What a
    link leads to is left alone. Raises Unwritable if it cannot be taken out; it is then whole and in its place.
    """
    folder = _folder(config)
    target = os.path.join(folder, name)
    try:
        with hold_lock(os.path.join(folder, ".packs")):
            kept = _sweep(folder)
            is_gone, copy = _put_away(target, name)
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from error
    _drop_empty(folder)
    return is_gone, [*kept, *copy]


def _lock_made(folder: str, stack: contextlib.ExitStack) -> str:
    """Make the folder of packs and hold its lock. While this waits, the folder may go away with the last pack in it."""
    for _ in range(_TRIES):
        os.makedirs(folder, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            return stack.enter_context(hold_lock(os.path.join(folder, ".packs")))
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


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
    files = [(file.place, file.content) for file in pack.files]
    added = {"name": name, "title": pack.title, "sha256": pack.sum, "files": _sum(files), "added": day}
    content = json.dumps(added, indent=1).encode("ascii") + b"\n"
    for path, data in _paths(root, [(ADDED, content), *files]):
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
        # If it cannot come back, or its successor did arrive, it lies aside for the next to see to.
        with contextlib.suppress(OSError):
            os.rename(aside, target)
        raise
    return True


def _sweep(folder: str) -> list[str]:
    """Bring back a pack that lies aside for one that never arrived, and put away what else was left behind.

    Returns where packs are kept now that somebody had changed.
    """
    with os.scandir(folder) as listing:
        names = [entry.name for entry in listing]
    kept: list[str] = []
    for name in names:
        path = os.path.join(folder, name)
        if name.startswith(ASIDE) and is_pack_name(name.removeprefix(ASIDE)):
            target = os.path.join(folder, name.removeprefix(ASIDE))
            if not os.path.lexists(target):
                os.rename(path, target)
                continue
            try:
                kept += _put_away(path, name.removeprefix(ASIDE))[1]
            except OSError:  # Its successor is there; it is put away by the next.
                kept += [] if _is_as_added(path) else [path]
        elif name.startswith((ASIDE, _NEW, _GONE)):
            _delete(path)
    return kept


def _put_away(path: str, name: str) -> tuple[bool, list[str]]:
    """Delete a pack, or keep it if it is not as it was added; tell whether it is gone, and where it is kept."""
    folder = os.path.dirname(path)
    if os.path.islink(path) or _is_as_added(path):
        # Under another name, what is half deleted could one day be taken for a pack.
        gone = os.path.join(folder, f"{_GONE}{os.urandom(4).hex()}")
        os.rename(path, gone)
        return _delete(gone), []
    kept = os.path.join(os.path.dirname(folder), KEPT)
    os.makedirs(kept, exist_ok=True)
    copies = (os.path.join(kept, f"{name}.{number}" if number > 1 else name) for number in count(1))
    copy = next(path for path in copies if not os.path.lexists(path))
    os.rename(path, copy)
    return True, [copy]


def _is_as_added(root: str) -> bool:
    """Tell whether a pack's folder holds what it was added with, and nothing else. Hidden files do not count."""
    files: list[tuple[str, bytes]] = []
    for folder, folders, names in os.walk(root):
        if any(os.path.islink(os.path.join(folder, name)) for name in folders):
            return False
        for name in names:
            path = os.path.join(folder, name)
            place = os.path.relpath(path, root).replace(os.sep, "/")
            if name.startswith(".") or place == ADDED:
                continue
            content = read_bytes(path)
            if isinstance(content, Fault):
                return False
            files.append((place, content))
    return _read_added(root).get("files") == _sum(files)


def _read_added(root: str) -> Mapping[str, Any]:
    """Return what ``add`` wrote beside a pack's files, empty if it is not there or was written by somebody else."""
    content = read_bytes(os.path.join(root, ADDED))
    value = None if isinstance(content, Fault) else load_json(content)
    return value if isinstance(value, dict) else {}


def pack_title(root: str) -> str:
    """Return the title that a pack was added with, or an empty text if its folder tells none."""
    title = _read_added(root).get("title")
    return title if isinstance(title, str) and not title_fault(title) else ""


def _sum(files: Iterable[tuple[str, bytes]]) -> str:
    """Return one sum of files: of their places and of what they hold."""
    import hashlib

    lines = sorted(f"{hashlib.sha256(content).hexdigest()} {place}" for place, content in files)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


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
