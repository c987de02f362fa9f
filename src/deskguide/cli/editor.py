"""A file opened in the person's own editor. No shell is used, so nothing in a file's name can be run."""

import os
import shlex
import shutil
import subprocess

from deskguide.cli.streams import Streams

VARIABLES = ("VISUAL", "EDITOR")
USUAL = ("nano", "vi")


def open_in_editor(path: str, streams: Streams) -> bool:
    """Open a file and wait until the editor has closed; return whether one was started, and say why if not."""
    words, origin = _find_editor(streams)
    if not words:
        streams.message(f"deskguide: {origin or 'no editor was found; set EDITOR'}. Open the file yourself: {path}")
        return False
    try:
        done = subprocess.run([*words, path], check=False)  # noqa: S603 - the person's own editor
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        streams.message(f"deskguide: {words[0]!r} cannot be started ({reason}). Open the file yourself: {path}")
        return False
    if done.returncode:
        streams.message(f"deskguide: {words[0]!r} ended with {done.returncode}; look whether your changes are there")
    return True


def _find_editor(streams: Streams) -> tuple[list[str], str]:
    """Return the words that start the editor. Without any, the second text may tell why."""
    for name in VARIABLES:
        value = os.environ.get(name, "").strip()
        if not value:
            continue
        try:
            return _split(value), ""
        except ValueError:
            return [], f"{name} cannot be read: a quote in it is never closed"
    if os.name == "nt":
        notepad = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "notepad.exe")
        return ([notepad] if os.path.isfile(notepad) else []), ""
    found = next(filter(None, map(shutil.which, USUAL)), None) if streams.can_ask() else None
    return ([found] if found else []), ""


def _split(value: str) -> list[str]:
    """Return the words of a command as its system writes them: on Windows a backslash is part of a path."""
    words = shlex.split(value, posix=os.name != "nt")
    if os.name == "nt":
        words = [w[1:-1] if len(w) > 1 and w[0] == w[-1] and w[0] in "\"'" else w for w in words]
        words[0] = shutil.which(words[0]) or words[0]  # code is code.cmd there
    return words
