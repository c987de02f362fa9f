"""The table of word vectors, read where it lies: a bisect and one read a word, nothing is parsed.

Layout, little endian: ``SWV1``, uint32 words V, uint32 dimensions d; V uint32 CRC-32 of the UTF-8 word,
ascending; V float32 scales; V x d int8. A word's vector, its weight included, is scale x row.
"""

import mmap
import os
from array import array
from bisect import bisect_left
from struct import Struct, error
from sys import byteorder
from zlib import crc32

_HEADER = Struct("<4sII")
_FLOAT = Struct("<f")


class WordTable:
    """Word vectors of ``dimensions`` numbers. An empty table knows no word, and matching goes on without vectors."""

    def __init__(self, path: str) -> None:
        """Open a table. One that is missing or damaged is empty."""
        self.dimensions = 0
        self._crcs = array("I")
        self._content: mmap.mmap | bytes = b""
        try:
            with open(path, "rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, words, dimensions = _HEADER.unpack_from(content)
            if magic == b"SWV1" and len(content) == _HEADER.size + words * (8 + dimensions):
                self._content, self.dimensions = content, dimensions
                self._crcs.frombytes(content[_HEADER.size : _HEADER.size + 4 * words])
                if byteorder == "big":
                    self._crcs.byteswap()
        except (OSError, ValueError, error):
            return

    @property
    def words(self) -> int:
        """How many words the table holds."""
        return len(self._crcs)

    def place(self, word: str) -> int:
        """Return where a word stands in the table, from 0, or -1 if it is not known."""
        wanted = crc32(word.encode("utf-8"))
        place = bisect_left(self._crcs, wanted)
        return place if place < len(self._crcs) and self._crcs[place] == wanted else -1

    def find(self, word: str) -> tuple[float, bytes] | None:
        """Return a word's scale and its row of ``dimensions`` signed bytes, or None if it is not known."""
        place = self.place(word)
        if place < 0:
            return None
        scale = _FLOAT.unpack_from(self._content, _HEADER.size + 4 * (self.words + place))[0]
        row = _HEADER.size + 8 * self.words + place * self.dimensions
        return scale, bytes(self._content[row : row + self.dimensions])


def table_stamp(path: str) -> str:
    """Return what changes when the table does: its size and time."""
    try:
        info = os.stat(path)
    except OSError:
        return ""
    return f"{info.st_size}-{info.st_mtime_ns}"
