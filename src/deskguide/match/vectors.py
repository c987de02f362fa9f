"""Sentences to vectors: the sum of their words' rows in the word table."""

from collections.abc import Sequence
from struct import Struct

from deskguide.match.lanes import quantize
from deskguide.match.table import WordTable

_BIAS = 128
_STEPS = 1 << 24
"""Scales are counted in so many steps to the unit, so that whole numbers hold weighted rows exactly enough."""
_LANE_BYTES = 8


class Vectors:
    """Sentence vectors from a word table; each word's row is read and scaled once."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._rows: dict[str, tuple[float, ...] | None] = {}
        self._lanes: dict[str, tuple[int, int] | None] = {}
        self._unpack = Struct(f"<{table.dimensions}Q").unpack
        self._size = _LANE_BYTES * table.dimensions

    def row(self, word: str) -> tuple[float, ...] | None:
        """Return a word's weighted vector, or None. ``don't`` falls back to what stands before the apostrophe."""
        if word not in self._rows:
            found = self._find(word)
            if found is None:
                self._rows[word] = None
            else:
                scale, row = found
                self._rows[word] = tuple(scale * x for x in memoryview(row).cast("b"))
        return self._rows[word]

    def weight(self, word: str) -> float | None:
        """Return the length of a word's vector, which grows with how much the word tells, or None."""
        row = self.row(word)
        return None if row is None else sum(x * x for x in row) ** 0.5

    def sentence(self, words: Sequence[str]) -> list[int] | None:
        """Return the quantized sum of the words' vectors, or None if no word is known.

        All components of a row lie side by side in one big whole number, so that one addition adds a whole row.
        """
        total = steps = 0
        for word in words:
            if word not in self._lanes:
                self._lanes[word] = self._pack(word)
            packed = self._lanes[word]
            if packed is not None:
                total += packed[0]
                steps += packed[1]
        if not steps:
            return None
        shift = _BIAS * steps
        return quantize([value - shift for value in self._unpack(total.to_bytes(self._size, "little"))])

    def _find(self, word: str) -> tuple[float, bytes] | None:
        found = self._table.find(word)
        if found is None and "'" in word:
            found = self._table.find(word.partition("'")[0])
        return found

    def _pack(self, word: str) -> tuple[int, int] | None:
        """Return a word's row, made positive and weighted, in lanes of 64 bits, with its weight in steps."""
        found = self._find(word)
        if found is None:
            return None
        scale, row = found
        steps = round(scale * _STEPS)
        lanes = bytearray(self._size)
        lanes[::_LANE_BYTES] = bytes(x + _BIAS for x in memoryview(row).cast("b"))
        return steps * int.from_bytes(lanes, "little"), steps
