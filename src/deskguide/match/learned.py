"""What was learned beforehand from the shipped scenarios: which words and parts of words speak for which of them.

A linear model over stems, pairs of neighboring stems, runs of three and four letters, and groups of words of like
meaning with their pairs, cut to its telling weights. It knows only the scenarios that it was made from; any other gets
what its closed form lets expect, so a scenario that a library adds competes on equal terms. Without the file nothing is
lost but some accuracy.

Layout, little endian: ``SLW2``; uint32 features F, scenarios C, bytes of rows E, bytes of names N, words of the table
W; float32 scale of weights; N bytes of ids, joined by newlines; C float32 offsets; F uint32 CRC-32 of the UTF-8
features, ascending; F + 1 uint32 starts of rows; F uint8 rarities, 20 to the unit; W uint8 groups, one for each word of
the word table in its order; E bytes of rows. A row of C bytes holds a weight for each scenario, plus 128; a shorter one
holds n uint8 scenario numbers, then n int8 weights.
"""

import itertools
import mmap
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import log, sqrt
from struct import Struct, error, unpack
from sys import byteorder
from zlib import crc32

from deskguide.match.table import WordTable
from deskguide.match.words import STOP_WORDS, stem

_HEADER = Struct("<4sIIIIIf")
_MAGIC = b"SLW2"
NOTHING = "-"
"""Stands among the ids for texts that fit no scenario: evidence for it is evidence against all."""
RARITY_STEPS = 20
SHORTEST_RUN, LONGEST_RUN = 3, 4
"""Letters in a run, counting the marks of a word's begin and end."""
NO_GROUP = 255
"""The group of words that the table does not know."""


def features(words: Sequence[str], find_group: Callable[[str], int]) -> tuple[list[str], list[str], list[str]]:
    """Return the features of a text: stems with pairs of neighboring ones, runs of letters, groups. Each may recur.

    ``find_group`` returns the number of a word's group, or NO_GROUP.
    """
    stems = [stem(word) for word in words]
    whole = [f"w{s}" for s in stems] + [f"p{a} {b}" for a, b in itertools.pairwise(stems)]
    runs = []
    for word in words:
        if word not in STOP_WORDS and len(word) >= SHORTEST_RUN:
            marked = f"<{word}>"
            for size in range(SHORTEST_RUN, LONGEST_RUN + 1):
                runs += [f"c{marked[i : i + size]}" for i in range(len(marked) - size + 1)]
    numbers = [find_group(word) for word in words]
    groups = [f"k{number}" for number in numbers]
    for (a, b), (c, d) in zip(itertools.pairwise(stems), itertools.pairwise(numbers), strict=True):
        groups += (f"k{c} {d}", f"m{a} {d}", f"n{c} {b}")
    return whole, runs, groups


class Learned:
    """The learned weights, read where they lie. An empty one knows no scenario."""

    def __init__(self, path: str, table: WordTable) -> None:
        """Open a file of weights. One that is missing or damaged is empty; groups need the table it was made with."""
        self.ids: tuple[str, ...] = ()
        self._table = table
        self._content: mmap.mmap | bytes = b""
        try:
            with open(path, "rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, number, scenarios, rows, names, groups, scale = _HEADER.unpack_from(content)
            fixed = _HEADER.size + names + 4 * scenarios + 4 * number + 4 * (number + 1)
            size = fixed + number + groups + rows
            ids = tuple(content[_HEADER.size : _HEADER.size + names].decode().split("\n"))
        except (OSError, ValueError, error):
            return
        if magic != _MAGIC or len(content) != size or len(ids) != scenarios:
            return
        start = _HEADER.size + names
        self._offsets = _array("f", content[start : start + 4 * scenarios])
        start += 4 * scenarios
        self._features = _array("I", content[start : start + 4 * number])
        self._starts = start + 4 * number
        self._rarities = self._starts + 4 * (number + 1)
        self._groups = self._rarities + number
        self._has_groups = groups == table.words
        self._rows = self._groups + groups
        self._scale = scale
        self._content = content
        self.ids = ids
        # Who asks many descriptions in one process meets the same features again.
        self._row = lru_cache(MANY_ROWS)(self._read_row)

    def evidence(self, words: Sequence[str]) -> list[float]:
        """Return how much the words of a description speak for each of :attr:`ids`: 0 or less is nothing, over 1 clear.

        Rarity-weighted counts of each kind of feature, scaled to length 1 (Joachims 1998, on text classification with
        support vectors), times the weights; a scenario's evidence is what that leaves above the margin of -1.
        """
        if not self.ids:
            return []
        totals = list(self._offsets)
        try:
            for group in features(words, self.group):
                self._add(Counter(group), totals)
        except (IndexError, ValueError, OverflowError, error):  # damaged inside
            return [0.0] * len(self.ids)
        return [total + 1.0 for total in totals]

    def group(self, word: str) -> int:
        """Return the number of the group of like words that a word belongs to."""
        place = self._table.place(word) if self._has_groups else -1
        return self._content[self._groups + place] if place >= 0 else NO_GROUP

    def _add(self, counts: Counter[str], totals: list[float]) -> None:
        content = self._content
        found = []
        for feature, times in counts.items():
            place = self._find(crc32(feature.encode()))
            if place >= 0:
                found.append((place, (1 + log(times)) * content[self._rarities + place] / RARITY_STEPS))
        length = sqrt(sum(value * value for _, value in found))
        total = steps = 0
        for place, value in found:
            factor = round(value / length * _STEPS)
            total += factor * self._row(place)
            steps += factor
        if steps:
            unit, shift = self._scale / _STEPS, _BIAS * steps
            lanes = unpack(f"<{len(totals)}I", total.to_bytes(_LANE_BYTES * len(totals), "little"))
            totals[:] = [old + (lane - shift) * unit for old, lane in zip(totals, lanes, strict=True)]

    def _read_row(self, place: int) -> int:
        """Return the weights of a feature side by side in one big whole number, so that one addition adds them all."""
        content, many = self._content, len(self.ids)
        first, last = _PAIR.unpack_from(content, self._starts + 4 * place)
        row = content[self._rows + first : self._rows + last]
        if len(row) != many:
            weights = bytearray([_BIAS]) * many
            held = len(row) // 2
            for number, weight in zip(row[:held], array("b", row[held:]), strict=True):
                weights[number] = weight + _BIAS
            row = bytes(weights)
        lanes = bytearray(_LANE_BYTES * many)
        lanes[::_LANE_BYTES] = row
        return int.from_bytes(lanes, "little")

    def _find(self, wanted: int) -> int:
        place = bisect_left(self._features, wanted)
        return place if place < len(self._features) and self._features[place] == wanted else -1


_PAIR = Struct("<II")
MANY_ROWS = 4096
"""Rows that are kept spread out, 1 kB each."""
_LANE_BYTES = 4
_BIAS = 128
_STEPS = 1 << 14
"""Factors are counted in so many steps to the unit: 255 times all of them stay below 32 bits for 260,000 features."""


def _array(kind: str, content: bytes) -> "array[int] | array[float]":
    values: array[int] | array[float] = array(kind, content)
    if byteorder == "big":
        values.byteswap()
    return values
