"""Sentences to vectors: the sum of their words' rows in the word table."""

from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from struct import Struct
from typing import NamedTuple

from deskguide.match.lanes import quantize
from deskguide.match.table import WordTable

_BIAS = 128
_STEPS = 1 << 24
"""Scales are counted in so many steps to the unit, so that whole numbers hold weighted rows exactly enough."""
_LANE_BYTES = 8


MANY_WORDS = 4096
"""Words that are kept with their vectors, 3 kB each."""


_MADE_POSITIVE = bytes((byte + _BIAS) % 256 for byte in range(256))
"""Signed bytes to those from 0 to 255 that are larger by _BIAS."""


class _Word(NamedTuple):
    """A word's row, made positive and weighted, in lanes of 64 bits; its weight in steps; its vector's length."""

    lanes: int
    steps: int
    weight: float


@lru_cache(2)
def vectors_of(table: WordTable) -> "Vectors":
    """Return the vectors of a table. Who asks many descriptions in one process meets the same words again."""
    return Vectors(table)


class Vectors:
    """Sentence vectors from a word table; each word's row is read and scaled once."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._unpack = Struct(f"<{table.dimensions}Q").unpack
        self._size = _LANE_BYTES * table.dimensions
        self._word = lru_cache(MANY_WORDS)(self._read_word)

    def knows(self, word: str) -> bool:
        """Tell whether a word has a vector."""
        return self._word(word) is not None

    def weight(self, word: str) -> float | None:
        """Return the length of a word's vector, which grows with how much the word tells, or None."""
        found = self._word(word)
        return None if found is None else found.weight

    def sentence(self, words: Sequence[str]) -> list[int] | None:
        """Return the quantized sum of the words' vectors, or None if no word is known.

        All components of a row lie side by side in one big whole number, so that one addition adds a whole row.
        """
        found = [known for known in map(self._word, words) if known is not None]
        shift = _BIAS * sum(known.steps for known in found)
        if not shift:
            return None
        total = sum(known.lanes for known in found)
        return quantize([value - shift for value in self._unpack(total.to_bytes(self._size, "little"))])

    def _read_word(self, word: str) -> _Word | None:
        """Return a word's row, or None. ``don't`` falls back to what stands before the apostrophe."""
        found = self._table.find(word)
        if found is None and "'" in word:
            found = self._table.find(word.partition("'")[0])
        if found is None:
            return None
        scale, row = found
        steps = round(scale * _STEPS)
        lanes = bytearray(self._size)
        lanes[::_LANE_BYTES] = row.translate(_MADE_POSITIVE)
        numbers = memoryview(row).cast("b")
        weight = scale * sum(map(mul, numbers, numbers)) ** 0.5
        return _Word(steps * int.from_bytes(lanes, "little"), steps, weight)
