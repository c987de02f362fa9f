"""The table of word vectors, read where it lies: a bisect and one read a word, nothing is parsed.

Layout, little endian: ``SWV1``, uint32 words V, uint32 dimensions d; V uint32 CRC-32 of the UTF-8 word,
ascending; V float32 scales; V x d int8. A word's vector, its weight included, is scale x row.
"""

import mmap
import os
from struct import Struct, error
from zlib import crc32

_HEADER = Struct("<4sII")
_UINT = Struct("<I")
_FLOAT = Struct("<f")


class WordTable:
    """Word vectors of ``dimensions`` numbers. An empty table knows no word, and matching goes on without vectors."""

    def __init__(self, path: str) -> None:
        """Open a table. One that is missing or damaged is empty."""
        self.dimensions = 0
        self._words = 0
        self._content: mmap.mmap | bytes = b""
        try:
            with open(path, "rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, words, dimensions = _HEADER.unpack_from(content)
            if magic == b"SWV1" and len(content) == _HEADER.size + words * (8 + dimensions):
                self._content, self._words, self.dimensions = content, words, dimensions
        except (OSError, ValueError, error):
            return

    def find(self, word: str) -> tuple[float, bytes] | None:
        """Return a word's scale and its row of ``dimensions`` signed bytes, or None if it is not known."""
        wanted = crc32(word.encode("utf-8"))
        low, high = 0, self._words
        content, start = self._content, _HEADER.size
        while low < high:
            middle = (low + high) // 2
            if _UINT.unpack_from(content, start + 4 * middle)[0] < wanted:
                low = middle + 1
            else:
                high = middle
        if low == self._words or _UINT.unpack_from(content, start + 4 * low)[0] != wanted:
            return None
        scale = _FLOAT.unpack_from(content, start + 4 * (self._words + low))[0]
        row = start + 8 * self._words + low * self.dimensions
        return scale, bytes(content[row : row + self.dimensions])


def table_stamp(path: str) -> str:
    """Return what changes when the table does: its size and time."""
    try:
        info = os.stat(path)
    except OSError:
        return ""
    return f"{info.st_size}-{info.st_mtime_ns}"
