"""What was learned beforehand from the shipped scenarios: which words and parts of words speak for which of them.

A linear model (one against all others) over stems, pairs of neighboring stems and runs of three to five letters, cut to
its telling weights. It knows only the scenarios that it was made from; any other gets what its closed form lets expect,
so a scenario that a library adds competes on equal terms. Without the file nothing is lost but some accuracy.

Layout, little endian: ``SLW1``; uint32 features F, scenarios C, weights E, bytes of names N; float32 scale of weights;
N bytes of ids, joined by newlines; C float32 offsets; F uint32 CRC-32 of the UTF-8 features, ascending; F + 1 uint32
starts among the weights; F uint8 rarities, 20 to the unit; E uint8 scenario numbers; E int8 weights.
"""

import itertools
import mmap
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from math import log, sqrt
from struct import Struct, error
from sys import byteorder
from zlib import crc32

from deskguide.match.words import STOP_WORDS, stem

_HEADER = Struct("<4sIIIIf")
_MAGIC = b"SLW1"
NOTHING = "-"
"""Stands among the ids for texts that fit no scenario: evidence for it is evidence against all."""
RARITY_STEPS = 20
SHORTEST_RUN, LONGEST_RUN = 3, 5
"""Letters in a run, counting the marks of a word's begin and end."""


def features(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the features of a text: stems with pairs of neighboring ones, and runs of letters. Each may come twice."""
    stems = [stem(word) for word in words]
    whole = [f"w{s}" for s in stems] + [f"p{a} {b}" for a, b in itertools.pairwise(stems)]
    runs = []
    for word in words:
        if word not in STOP_WORDS and len(word) >= SHORTEST_RUN:
            marked = f"<{word}>"
            for size in range(SHORTEST_RUN, LONGEST_RUN + 1):
                runs += [f"c{marked[i : i + size]}" for i in range(len(marked) - size + 1)]
    return whole, runs


class Learned:
    """The learned weights, read where they lie. An empty one knows no scenario."""

    def __init__(self, path: str = "") -> None:
        """Open a file of weights. One that is missing or damaged is empty."""
        self.ids: tuple[str, ...] = ()
        self._content: mmap.mmap | bytes = b""
        try:
            with open(path, "rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            magic, number, scenarios, weights, names, scale = _HEADER.unpack_from(content)
            size = _HEADER.size + names + 4 * scenarios + 4 * number + 4 * (number + 1) + number + 2 * weights
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
        self._numbers = self._rarities + number
        self._weights = self._numbers + weights
        self._scale = scale
        self._content = content
        self.ids = ids

    def evidence(self, words: Sequence[str]) -> list[float]:
        """Return how much the words of a description speak for each of :attr:`ids`: 0 is nothing, over 1 is clear.

        Rarity-weighted counts of each kind of feature, scaled to length 1 (Joachims 1998, on text classification with
        support vectors), times the weights; a scenario's evidence is what that leaves above the margin of -1.
        """
        if not self.ids:
            return []
        totals = list(self._offsets)
        try:
            for group in features(words):
                self._add(Counter(group), totals)
        except (IndexError, error):  # damaged inside
            return [0.0] * len(self.ids)
        return [max(0.0, total + 1.0) for total in totals]

    def _add(self, counts: Counter[str], totals: list[float]) -> None:
        content = self._content
        found = []
        for feature, times in counts.items():
            place = self._find(crc32(feature.encode()))
            if place >= 0:
                found.append((place, (1 + log(times)) * content[self._rarities + place] / RARITY_STEPS))
        length = sqrt(sum(value * value for _, value in found))
        for place, value in found:
            at = self._starts + 4 * place
            first, last = _PAIR.unpack_from(content, at)
            factor = value / length * self._scale
            numbers = content[self._numbers + first : self._numbers + last]
            weights = array("b", content[self._weights + first : self._weights + last])
            for number, weight in zip(numbers, weights, strict=False):
                totals[number] += factor * weight

    def _find(self, wanted: int) -> int:
        place = bisect_left(self._features, wanted)
        return place if place < len(self._features) and self._features[place] == wanted else -1


_PAIR = Struct("<II")


def _array(kind: str, content: bytes) -> "array[int] | array[float]":
    values: array[int] | array[float] = array(kind, content)
    if byteorder == "big":
        values.byteswap()
    return values
