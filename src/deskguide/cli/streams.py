"""The three streams and the terminal: what they can show, and how a page gets there without a traceback."""

import errno
import io
import os
import sys
from typing import TextIO

from deskguide.errors import Unwritable
from deskguide.text import clean, fit_encoding

DEFAULT_COLUMNS = 80
DEFAULT_LINES = 24
MAX_INPUT_BYTES = 64_000
"""A description from standard input is read up to here; more is a file that went astray."""

_ANY_BYTES = "surrogateescape"


class Streams:
    """Standard input, output and error, any of which may be missing, closed or in a narrow encoding."""

    def __init__(self) -> None:
        self.out: TextIO | None = sys.stdout
        self.err: TextIO | None = sys.stderr

    def result(self, text: str) -> None:
        """Write a result to standard output. Raises Unwritable if it cannot be, unless its reader has gone away."""
        self._write(self.out, text)

    def message(self, text: str) -> None:
        """Write one line to standard error, without control characters."""
        if self.err is None:
            return
        try:
            self.err.write(fit_encoding(clean(text), encoding_of(self.err)) + "\n")
            self.err.flush()
        except (OSError, ValueError):
            self.err = None

    def _write(self, stream: TextIO | None, text: str) -> None:
        if stream is None:
            return
        try:
            stream.write(fit_encoding(text, encoding_of(stream)))
            stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Stop writing results. A reader that has gone away is no failure; a full disk is."""
        self.out = None
        # The interpreter flushes standard output once more when it ends and would complain there.
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        except (OSError, ValueError, AttributeError):
            sys.stdout = None
        if isinstance(error, OSError) and error.errno not in (errno.EPIPE, errno.EINVAL):
            raise Unwritable(f"the result could not be written: {error.strerror or error}") from error

    def is_terminal(self) -> bool:
        """Tell whether results go to a terminal."""
        return _is_terminal(self.out)

    def has_terminal_for_messages(self) -> bool:
        """Tell whether somebody sees messages as they come."""
        return _is_terminal(self.err)

    def can_ask(self) -> bool:
        """Tell whether somebody is there to answer a question."""
        return _is_terminal(sys.stdin) and _is_terminal(self.out)

    def ask(self, prompt: str) -> str:
        """Ask one question on the terminal; no answer is an empty text."""
        try:
            if self.err is not None:
                self.err.write(fit_encoding(prompt, encoding_of(self.err)))
                self.err.flush()
            return clean(_read_line(sys.stdin))
        except (OSError, ValueError):
            return ""

    def read_input(self) -> str:
        """Return what stands on standard input, up to MAX_INPUT_BYTES."""
        stream = sys.stdin
        if stream is None:
            return ""
        try:
            content = stream.buffer.read(MAX_INPUT_BYTES)
        except AttributeError:
            return stream.read(MAX_INPUT_BYTES)
        except (OSError, ValueError):
            return ""
        return content.decode("utf-8", "replace")

    def has_color(self) -> bool:
        """Tell whether results may have color, by NO_COLOR, FORCE_COLOR, TERM and the terminal."""
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.is_terminal() and os.environ.get("TERM") != "dumb" and _shows_escapes()

    def has_boxes(self) -> bool:
        """Tell whether the output's encoding has the characters that boxes are drawn with."""
        return can_encode("╭─│╯", encoding_of(self.out))

    def fit(self, text: str) -> str:
        """Return a text that the output can show, before it is laid out."""
        return fit_encoding(text, encoding_of(self.out))

    def columns(self) -> int:
        """Return the width of the output: COLUMNS, the terminal's, or 80."""
        return _size("COLUMNS", 0, DEFAULT_COLUMNS, self.out)

    def lines(self) -> int:
        """Return the height of the output: LINES, the terminal's, or 24."""
        return _size("LINES", 1, DEFAULT_LINES, self.out)


def _read_line(stream: TextIO) -> str:
    """Return the next line. What the stream's own encoding lacks is read as UTF-8, which terminals mostly send."""
    # Only before the first line: after it a stream cannot be told.
    if isinstance(stream, io.TextIOWrapper) and stream.errors != _ANY_BYTES:
        stream.reconfigure(errors=_ANY_BYTES)
    line = stream.readline(MAX_INPUT_BYTES)
    if not any("\udc80" <= character <= "\udcff" for character in line):
        return line
    return line.encode(encoding_of(stream), _ANY_BYTES).decode("utf-8", "replace")


def encoding_of(stream: TextIO | None) -> str:
    """Return a stream's encoding; one without any can take every character."""
    return getattr(stream, "encoding", None) or "utf-8"


def can_encode(text: str, encoding: str) -> bool:
    """Tell whether every character of ``text`` exists in ``encoding``."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def _size(variable: str, index: int, default: int, stream: TextIO | None) -> int:
    value = os.environ.get(variable, "")
    if value.isascii() and value.isdigit() and int(value[:6]) > 0:
        return int(value[:6])
    if stream is not None:
        try:
            size = os.get_terminal_size(stream.fileno())[index]
        except (OSError, ValueError, AttributeError):
            size = 0
        if size > 0:
            return size
    return default


def _shows_escapes() -> bool:
    """Tell whether the console obeys escape sequences; older ones on Windows print them."""
    if os.name != "nt":
        return True
    from deskguide.show.panels import is_legacy_console

    return not is_legacy_console()
