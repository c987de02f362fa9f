"""Files written whole or not at all, and never over what somebody else wrote meanwhile.

The content goes to a file beside, onto the disk, and into place in one step. A lock file beside keeps two programs
from doing so at once; one that a killed program left behind is taken over once it is old. What was there before is
kept as a copy.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from time import monotonic, sleep, time

from deskguide.errors import Unwritable

LOCK_WAIT_SECONDS = 5.0
LOCK_STALE_SECONDS = 30.0
"""A lock older than this was left behind: writing a file takes milliseconds."""
_PAUSE_SECONDS = 0.02
_MAX_COPIES = 1000
_CLOSED = "the file may not be changed; open it for writing, or change it by hand"


class ChangedMeanwhile(Unwritable):
    """Somebody else changed the file since it was read; nothing was written."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path}: was changed meanwhile by somebody else; nothing was written, run it again")


def write_whole(path: str, content: bytes, *, seen: bytes | None) -> str:
    """Put ``content`` at ``path`` and return where what stood there before was copied to, or an empty text.

    ``seen`` is what the caller read there, None if there was no file. Raises ChangedMeanwhile if something else is
    there now, and Unwritable if it cannot be written; the old file is then whole and in its place.
    """
    try:
        _make_folder(os.path.dirname(path) or ".")
        with hold_lock(path):
            if read_whole(path) != seen:
                raise ChangedMeanwhile(path)
            if seen == content:
                return ""
            return _put(path, content, seen)
    except (OSError, ValueError) as error:
        raise Unwritable(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError, FileNotFoundError) as error:  # systems differ in which
        raise OSError(errno.ENOTDIR, "a file stands where its folder belongs; move it away or name another") from error


def _put(path: str, content: bytes, seen: bytes | None) -> str:
    """Put ``content`` in place of ``seen``, with its permissions, and return where the copy of ``seen`` lies."""
    mode = None
    if seen is not None:
        # The system lets a closed file be replaced in an open folder.
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, _CLOSED)
        mode = stat.S_IMODE(os.stat(path).st_mode)
    kept = ""
    temporary = _write_beside(path, content, mode)
    try:
        kept = _keep_copy(path, seen, mode) if seen else ""
        # Not everybody asks for the lock: an editor may have saved while the disk was busy.
        if read_whole(path) != seen:
            raise ChangedMeanwhile(path)
        os.replace(temporary, path)
    except BaseException:
        _delete(temporary)
        if kept:
            _delete(kept)
        raise
    _settle_folder(path)
    return kept


def read_whole(path: str) -> bytes | None:
    """Return a file's content, or None if there is no file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _write_beside(path: str, content: bytes, mode: int | None) -> str:
    """Write ``content``, onto the disk, to a new file beside ``path``. Its name is none that is read as guidance.

    ``mode`` are its permissions; None leaves them to the system.
    """
    temporary = f"{path}.{os.getpid()}-{os.urandom(4).hex()}.tmp"
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None and mode != stat.S_IMODE(os.stat(temporary).st_mode):
            os.chmod(temporary, mode)
    except BaseException:
        _delete(temporary)
        raise
    return temporary


def _keep_copy(path: str, content: bytes, mode: int | None) -> str:
    """Write what stood at ``path`` to the first free ``<path>.old``, ``<path>.old2`` and so on."""
    for number in range(1, _MAX_COPIES):
        copy = f"{path}.old{number if number > 1 else ''}"
        if not os.path.lexists(copy):
            temporary = _write_beside(copy, content, mode)
            try:
                os.replace(temporary, copy)
            except BaseException:
                _delete(temporary)
                raise
            return copy
    raise OSError(f"there are {_MAX_COPIES} copies of it already; delete the old ones")


@contextlib.contextmanager
def hold_lock(path: str) -> Iterator[str]:
    """Keep other programs from writing at ``path`` meanwhile; yields the lock file. Raises Unwritable if one does.

    Whoever holds it for more than a few seconds renews its time, or it is taken for left behind.
    """
    lock = f"{path}.lock"
    deadline = monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time() - os.stat(lock).st_mtime > LOCK_STALE_SECONDS:
                    os.unlink(lock)
                    continue
        except PermissionError:  # on Windows also while another program is just deleting it
            if os.name != "nt" or monotonic() > deadline:
                raise
        if monotonic() > deadline:
            raise Unwritable(f"{path}: somebody else is writing it; run it again, or delete {lock}")
        sleep(_PAUSE_SECONDS)
    try:
        yield lock
    finally:
        _delete(lock)


def _settle_folder(path: str) -> None:
    """Have the folder's own entry on the disk too, where the system can."""
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(os.path.dirname(path) or ".", os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _delete(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
