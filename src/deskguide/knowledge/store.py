"""The compiled form of a library on disk: byte strings by kind and key in one SQLite file. Data only.

A store is written under another name and then moved into place, so there is a whole one or none. Every
entry carries a checksum of itself; a store that is damaged anywhere it is read is treated as if it were not there.
SQLite (standard library) rather than a format of our own: see docs/decisions/store.md.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol
from zlib import crc32

FORMAT = 3
"""Number of the store's layout; a store of another layout is never opened, for its name differs."""
STALE_SECONDS = 3600
"""Age at which a half-written store of a process that was killed is swept away."""

FORGOTTEN_SECONDS = 180 * 24 * 3600
"""Age at which any other store is swept away when one is written: one of an older version is never opened again, and
one that is still wanted is written anew."""

Entries = Mapping[tuple[str, str], bytes]

TURN_SECONDS = 30
"""A builder that has shown no sign of life for so long is taken for dead."""
RENEWED_STEPS = 100
"""After so many files read, or scenarios compiled, which takes less than a second, it shows one."""

_CREATE = """
CREATE TABLE entry (kind TEXT, key TEXT, value BLOB, checksum INTEGER, PRIMARY KEY (kind, key)) WITHOUT ROWID
"""
_MAX_VARIABLES = 500
_TRIES = 8


class StoreDamaged(Exception):
    """A store holds something else than what was written into it."""


def _checksum(kind: str, key: str, value: bytes) -> int:
    return crc32(value, crc32(f"{kind}\0{key}\0{len(value)}".encode("utf-8", "surrogatepass")))


class AllSections(Protocol):
    """Compiled entries, wherever they lie."""

    def close(self) -> None:
        """Let go of the file, if there is one."""

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None."""

    def get_many(self, kind: str, keys: Any) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""

    def get_all(self, kind: str) -> dict[str, bytes]:
        """Return every entry of one kind."""


class MemorySections:
    """Entries that were compiled in this process."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def close(self) -> None:
        """Do nothing; there is no file to let go of."""

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None if there is none."""
        return self._entries.get((kind, key))

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        return {key: self._entries[kind, key] for key in keys if (kind, key) in self._entries}

    def get_all(self, kind: str) -> dict[str, bytes]:
        """Return every entry of one kind."""
        return {key: value for (k, key), value in self._entries.items() if k == kind}


class Overlay:
    """Sections over others, the uppermost first. An empty entry hides what stands below it."""

    def __init__(self, *levels: AllSections) -> None:
        self.levels = levels

    def close(self) -> None:
        """Let go of every file."""
        for level in self.levels:
            level.close()

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None if there is none."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        found: dict[str, bytes] = {}
        wanted = list(keys)
        for level in self.levels:
            found |= level.get_many(kind, wanted)
            wanted = [key for key in wanted if key not in found]
            if not wanted:
                break
        return {key: value for key, value in found.items() if value}

    def get_all(self, kind: str) -> dict[str, bytes]:
        """Return every entry of one kind."""
        found: dict[str, bytes] = {}
        for level in reversed(self.levels):
            found |= level.get_all(kind)
        return {key: value for key, value in found.items() if value}


class StoredSections:
    """Entries in a store file, opened for reading only. Every method raises StoreDamaged where it meets damage."""

    def __init__(self, path: str) -> None:
        """Open a store. Raises FileNotFoundError if there is none, StoreDamaged if it cannot be opened."""
        if not os.path.isfile(path):
            raise FileNotFoundError(path)
        try:
            import sqlite3
        except ImportError as error:
            raise StoreDamaged(str(error)) from error
        try:
            # immutable: the file is never changed in place, only replaced, so no lock is needed and a
            # folder that cannot be written to (where SQLite could not lock) will do.
            address = f"{_as_uri(path)}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None)
        except (sqlite3.Error, ValueError) as error:
            raise StoreDamaged(str(error)) from error
        self._error = sqlite3.Error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None if there is none."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        wanted = list(keys)
        found: dict[str, bytes] = {}
        for start in range(0, len(wanted), _MAX_VARIABLES):
            part = wanted[start : start + _MAX_VARIABLES]
            marks = ",".join("?" * len(part))
            # Only question marks are put into the statement; the keys go in as values.
            found |= self._select(kind, f" AND key IN ({marks})", part)
        return found

    def get_all(self, kind: str) -> dict[str, bytes]:
        """Return every entry of one kind."""
        return self._select(kind, "", [])

    def _select(self, kind: str, condition: str, values: list[str]) -> dict[str, bytes]:
        query = f"SELECT key, value, checksum FROM entry WHERE kind = ?{condition}"  # noqa: S608
        try:
            rows = self._connection.execute(query, [kind, *values]).fetchall()
        except (self._error, UnicodeError, OverflowError) as error:
            raise StoreDamaged(str(error)) from error
        found = {}
        for key, value, checksum in rows:
            if not isinstance(value, bytes) or _checksum(kind, str(key), value) != checksum:
                raise StoreDamaged(f"{kind} {key!r} is not what was written")
            found[key] = value
        return found


def _as_uri(path: str) -> str:
    """Return a path as SQLite takes it: a network folder of Windows with four slashes, unlike in pathlib."""
    whole = os.path.abspath(path).replace(os.sep, "/")
    start = "//" if whole.startswith("/") else "///"
    safe = b"/:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    return "file:" + start + "".join(chr(b) if b in safe else f"%{b:02X}" for b in os.fsencode(whole))


def write_store(path: str, entries: Entries) -> str:
    """Write a whole store to ``path``, or nothing. Returns an empty text, or why it was not kept."""

    def fill(connection: Any) -> str:
        connection.execute("BEGIN")
        connection.execute(_CREATE)
        rows = ((k, n, v, _checksum(k, n, v)) for (k, n), v in sorted(entries.items()))
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")
        return ""

    return _put(path, fill)


def replace_entry(path: str, kind: str, key: str, was: bytes, value: bytes) -> str:
    """Put a whole store in the place of another that differs in one entry. Returns an empty text, or why it did not.

    Nothing is done if the entry is not what it ``was``: another process has then written a store of its own. The old
    one must not be open in this process, or Windows will not let go of it.
    """

    def fill(connection: Any) -> str:
        values = (value, _checksum(kind, key, value), kind, key, was)
        change = "UPDATE entry SET value = ?, checksum = ? WHERE kind = ? AND key = ? AND value = ?"
        return "" if connection.execute(change, values).rowcount == 1 else "another process has written it"

    return _put(path, fill, is_copy=True)


def _put(path: str, fill: Callable[[Any], str], *, is_copy: bool = False) -> str:
    """Put a store into place that ``fill`` has written, given a connection to a new one or a copy of what is there.

    Returns an empty text, or why it was not put there, such as what ``fill`` returned.
    """
    try:
        import sqlite3
    except ImportError:
        return "this Python was built without SQLite"
    temporary = ""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        _sweep(path)
        temporary = _reserve(path)
        if is_copy:
            import shutil

            shutil.copyfile(path, temporary)
        connection = sqlite3.connect(temporary, isolation_level=None)
        try:
            # No journal and no waiting for the disk: until the file is moved into place it is nobody's.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            problem = fill(connection)
        finally:
            connection.close()
        if problem:
            _delete(temporary)
        else:
            os.replace(temporary, path)
        return problem
    except (OSError, sqlite3.Error, ValueError) as error:
        _delete(temporary)
        return getattr(error, "strerror", None) or str(error)
    except BaseException:
        _delete(temporary)
        raise


class Turn(NamedTuple):
    """Leave to build a store, if there is no ``problem``; ``lock`` is the file that keeps others from it."""

    problem: str = ""
    lock: str = ""

    def renewing(self, on_progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
        """Return what tells of progress and shows now and then that the builder is alive."""

        def tell(done: int, total: int) -> None:
            if self.lock and done % RENEWED_STEPS == 0:
                with contextlib.suppress(OSError):
                    os.utime(self.lock)
            on_progress(done, total)

        return tell


@contextlib.contextmanager
def hold_turn(path: str) -> Iterator[Turn]:
    """Let one process at a time build the store at ``path``; the others are told of a problem and need not wait.

    With an empty path there is nothing to share. A lock that was not renewed for TURN_SECONDS was left behind.
    """
    if not path:
        yield Turn()
        return
    lock = f"{path}.turn"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            if _age_seconds(lock) > TURN_SECONDS:
                os.unlink(lock)
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        yield Turn("the guidance has changed and is just being read anew; until then this is how it was before")
        return
    except OSError as error:
        reason = error.strerror or str(error)
        yield Turn(
            f"the guidance has changed, but {os.path.dirname(path)} cannot be written: {reason}; "
            "this is how it was before"
        )
        return
    try:
        yield Turn(lock=lock)
    finally:
        _delete(lock)


def _age_seconds(path: str) -> float:
    from time import time

    return time() - os.stat(path).st_mtime


def _reserve(path: str) -> str:
    """Create an empty file that no other process uses, beside ``path``."""
    for attempt in range(_TRIES):
        name = f"{path}.{os.getpid()}-{attempt}-{os.urandom(4).hex()}.tmp"
        try:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            continue
        return name
    raise OSError("no free name for a temporary file")


def _sweep(path: str) -> None:
    """Delete what killed processes left half written, and stores of long ago, but none that ``path`` may lie over."""
    from time import time

    with contextlib.suppress(OSError), os.scandir(os.path.dirname(path)) as listing:
        for entry in listing:
            if entry.name.startswith("library-") and not path.startswith(entry.path):
                kept_seconds = STALE_SECONDS if ".tmp" in entry.name else FORGOTTEN_SECONDS
                with contextlib.suppress(OSError):
                    if time() - entry.stat().st_mtime > kept_seconds:
                        os.unlink(entry.path)


def _delete(path: str) -> None:
    if path:
        with contextlib.suppress(OSError):
            os.unlink(path)
