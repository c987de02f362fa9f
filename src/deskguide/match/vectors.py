"""Sentences to vectors: the sum of their words' rows in the word table."""

from collections.abc import Sequence

from deskguide.match.lanes import quantize
from deskguide.match.table import WordTable


class Vectors:
    """Sentence vectors from a word table; each word's row is read and scaled once."""

    def __init__(self, table: WordTable) -> None:
        self._table = table
        self._rows: dict[str, tuple[float, ...] | None] = {}

    def row(self, word: str) -> tuple[float, ...] | None:
        """Return a word's weighted vector, or None. ``don't`` falls back to what stands before the apostrophe."""
        if word not in self._rows:
            found = self._table.find(word)
            if found is None and "'" in word:
                found = self._table.find(word.partition("'")[0])
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
        """Return the quantized sum of the words' vectors, or None if no word is known."""
        rows = [r for r in map(self.row, words) if r is not None]
        if not rows:
            return None
        return quantize([sum(column) for column in zip(*rows, strict=True)])
