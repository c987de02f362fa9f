"""Scenarios to the entries that matching reads. Closed form: a scenario added later is found as well as any."""

import json
import sys
from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zlib import compress, crc32

from deskguide.match.header import Header, pack_header, read_header
from deskguide.match.lanes import pack, quantize
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import pairs, stem, terms, tokenize
from deskguide.model import Scenario, Sections

TITLE_WEIGHT = 2
"""A title counts as often as two examples among a scenario's words."""
CUE_WEIGHT = 2
MAX_CUE_WORDS = 6
MANY_TEXTS = 32
"""A scenario of more texts is compared by so many of them, evenly spread: the rest speak through words and centroid."""

FEW_NEW = 8
"""Postings that are put in one by one; of more, all are sorted anew."""

Entries = dict[tuple[str, str], bytes]


def pair_posting(second: str, number: int, times: int) -> int:
    """Return in one number that a scenario holds a pair: 32 bits of the second word's CRC-32, 24 and 8 of the rest."""
    return crc32(second.encode()) << 32 | number << 8 | min(times, 255)


def word_posting(number: int, times: int) -> int:
    """Return in one number how often a scenario holds a word: 24 bits of its number, and 8 of the times."""
    return number << 8 | min(times, 255)


def pack_pairs(postings: Iterable[int]) -> bytes:
    """Return pair postings as bytes, eight each, little endian, sorted by second word and then by scenario."""
    return _packed(array("Q", sorted(postings)))


class Counted(NamedTuple):
    """What one scenario's texts hold: how often which words and pairs, and its texts that have a vector, with it."""

    words: Counter[str]
    pairs: Counter[tuple[str, str]]
    vocabulary: Counter[str]
    texts: list[str]
    vectors: list[list[int]]


def count_scenario(scenario: Scenario, vectors: Vectors) -> Counted:
    """Return what a scenario brings into the index, cues as evidence aside."""
    counted = Counted(Counter(), Counter(), Counter(), [], [])
    for text in (*scenario.examples, scenario.title, scenario.summary):
        count_text(text, vectors, counted)
    for _ in range(TITLE_WEIGHT - 1):
        counted.words.update(terms(tokenize(scenario.title)))
    counted.words.update(terms(scenario.id.split("-")))
    # Among so many texts a pair that stands once beside a filler is chance, and there are many of them.
    if len(scenario.examples) > MANY_TEXTS:
        for pair in [p for p, times in counted.pairs.items() if times == 1 and not FILLERS.isdisjoint(p)]:
            del counted.pairs[pair]
    for cue in scenario.cues:
        words = cue_words(cue)
        counted.words.update(dict.fromkeys(terms(words), CUE_WEIGHT))
        counted.pairs.update(dict.fromkeys(pairs(words), CUE_WEIGHT))
        counted.vocabulary.update(w for w in words if w.isalpha())
    return counted


def count_text(text: str, vectors: Vectors, counted: Counted) -> None:
    """Add one text."""
    words = tokenize(text)
    counted.words.update(terms(words))
    counted.pairs.update(pairs(words))
    counted.vocabulary.update(w for w in words if w.isalpha())
    vector = vectors.sentence(words)
    if vector is not None:
        counted.texts.append(text)
        counted.vectors.append(vector)


FILLERS = frozenset("a an the and or of to in at on for with is are was were be been it its that this by as so".split())
"""Stems that beside another word tell nothing of who does what to whom."""


def spread(number: int) -> list[int]:
    """Return which of a scenario's ``number`` texts a description is compared with one by one."""
    return list(range(number)) if number <= MANY_TEXTS else [i * number // MANY_TEXTS for i in range(MANY_TEXTS)]


def cue_words(cue: str) -> list[str]:
    """Return the words of a cue, MAX_CUE_WORDS at most."""
    return tokenize(cue)[:MAX_CUE_WORDS]


def centroid(vectors: Sequence[Sequence[int]], dimensions: int) -> list[int]:
    """Return the quantized sum of sentence vectors; of none it is zero."""
    sums = [sum(column) for column in zip(*vectors, strict=True)]
    return quantize(sums) or [0] * dimensions


Change = tuple[Scenario | None, Scenario | None]
"""A scenario as the index holds it, and as it shall be; None is none."""


def compile_index(scenarios: Sequence[Scenario], table: WordTable) -> Entries:
    """Return all entries for ``scenarios``, numbered in the order given."""
    return update_index(_Nothing(), [(None, scenario) for scenario in scenarios], table)


def update_index(below: Sections, changes: Iterable[Change], table: WordTable) -> Entries:
    """Return the entries of an index that ``changes`` make new; an empty one takes away what stands below.

    Scenarios keep their numbers, new ones get the next; the number of one that is gone stays empty.
    """
    return _Update(below, table).make(changes)


class _Nothing:
    """An index without a scenario."""

    def get(self, _kind: str, _key: str) -> bytes | None:
        return None

    def get_many(self, _kind: str, _keys: Iterable[str]) -> dict[str, bytes]:
        return {}


class _Update:
    """Takes changes up one after the other, then works out the entries that they touch."""

    def __init__(self, below: Sections, table: WordTable) -> None:
        self.below, self.table = below, table
        self.vectors = Vectors(table)
        header = read_header(below, has_categories=True)
        self.ids = list(header.ids)
        self.categories = list(header.categories or ())
        self.lengths = list(header.lengths)
        self.pair_lengths = list(header.pair_lengths)
        self.emergencies = set(header.emergencies)
        self.numbers = {name: number for number, name in enumerate(self.ids) if name}
        self.entries: Entries = {}
        self.gone: set[int] = set()
        self.words: dict[str, _Postings] = {}
        self.pairs: dict[str, _Postings] = {}
        self.cues: dict[str, list[list[object]]] = {}
        self.centroids: dict[int, list[int]] = {}
        self.vocabulary: Counter[str] = Counter()

    def make(self, changes: Iterable[Change]) -> Entries:
        for old, new in changes:
            scenario = new or old
            if scenario is None:
                continue
            number = self.numbers.setdefault(scenario.id, len(self.ids))
            if number == len(self.ids):
                self.ids.append("")
                self.categories.append("")
                self.lengths.append(0)
                self.pair_lengths.append(0)
            if old is not None:
                self._take_away(number, old)
            if new is not None:
                self._add(number, new)
        self._merge_words()
        self._merge_pairs()
        self._merge_cues()
        self._merge_centroids()
        self._merge_vocabulary()
        header = Header(
            self.ids,
            self.categories,
            self.lengths,
            self.pair_lengths,
            frozenset(self.emergencies),
            self.table.dimensions,
        )
        self.entries["index", "header"] = pack_header(header)
        return self.entries

    def _take_away(self, number: int, old: Scenario) -> None:
        counted = count_scenario(old, self.vectors)
        self.gone.add(number)
        for term, times in counted.words.items():
            _touch(self.words, term, "I").lost.append(word_posting(number, times))
        for (first, second), times in counted.pairs.items():
            _touch(self.pairs, first, "Q").lost.append(pair_posting(second, number, times))
        for stems, _ in _cue_stems(old):
            self.cues.setdefault(stems[0], [])
        self.ids[number] = self.categories[number] = ""
        self.lengths[number] = self.pair_lengths[number] = 0
        self.emergencies.discard(number)
        self.centroids[number] = [0] * self.table.dimensions
        for kind in ("index-examples", "index-texts", "index-borders"):
            self.entries[kind, str(number)] = b""

    def _add(self, number: int, new: Scenario) -> None:
        counted = count_scenario(new, self.vectors)
        self.vocabulary.update(counted.vocabulary)
        for term, times in counted.words.items():
            _touch(self.words, term, "I").new.append(word_posting(number, times))
        for (first, second), times in counted.pairs.items():
            _touch(self.pairs, first, "Q").new.append(pair_posting(second, number, times))
        for stems, cue in _cue_stems(new):
            self.cues.setdefault(stems[0], []).append([number, stems, cue])
        self.ids[number], self.categories[number] = new.id, new.category
        self.lengths[number] = sum(counted.words.values())
        self.pair_lengths[number] = sum(counted.pairs.values())
        if new.priority == "emergency":
            self.emergencies.add(number)
        self.centroids[number] = centroid(counted.vectors, self.table.dimensions)
        chosen = spread(len(counted.vectors))
        self.entries["index-examples", str(number)] = pack([counted.vectors[i] for i in chosen])
        self.entries["index-texts", str(number)] = pack_texts([counted.texts[i] for i in chosen])
        self.entries["index-borders", str(number)] = "\n".join(b.id for b in new.not_this).encode()

    def _merge_words(self) -> None:
        held = self.below.get_many("index-term", self.words)
        for term, changes in self.words.items():
            self.entries["index-term", term] = changes.over(held.get(term, b""))

    def _merge_pairs(self) -> None:
        held = self.below.get_many("index-pair", self.pairs)
        for first, changes in self.pairs.items():
            self.entries["index-pair", first] = changes.over(held.get(first, b""))

    def _merge_cues(self) -> None:
        held = self.below.get_many("index-cue", self.cues)
        for first, group in self.cues.items():
            kept = [cue for cue in json.loads(held.get(first) or b"[]") if cue[0] not in self.gone]
            self.entries["index-cue", first] = _dump(kept + group) if kept or group else b""

    def _merge_centroids(self) -> None:
        number, dimensions = len(self.ids), self.table.dimensions
        held = self.below.get("index", "centroids") or b""
        before = len(held) // dimensions if dimensions else 0
        columns = []
        for component in range(dimensions):
            column = bytearray(held[component * before : (component + 1) * before])
            column += bytes(number - before)
            columns.append(column)
        for place, values in self.centroids.items():
            for column, byte in zip(columns, pack([values]), strict=True):
                column[place] = byte
        self.entries["index", "centroids"] = b"".join(columns)

    def _merge_vocabulary(self) -> None:
        held = (self.below.get("index", "vocabulary") or b"").decode()
        known = f"\n{held}\n"
        new = (w for w in self.vocabulary if not held or f"\n{w}\n" not in known)
        more = sorted(new, key=lambda w: (-self.vocabulary[w], w))
        self.entries["index", "vocabulary"] = "\n".join(([held] if held else []) + more).encode()


class _Postings(NamedTuple):
    """The postings of one word that came and went. Both kinds have how often in their last 8 bits."""

    new: "array[int]"
    lost: "array[int]"

    def over(self, content: bytes) -> bytes:
        """Return what stands below with these changes, packed and sorted as it is."""
        held = _unpacked(self.new.typecode, content)
        for posting in self.lost:
            place = bisect_left(held, posting & ~0xFF)
            if place < len(held) and held[place] >> 8 == posting >> 8:
                del held[place]
        if len(self.new) > FEW_NEW:
            return _packed(array(held.typecode, sorted([*held, *self.new])))
        for posting in self.new:
            insort(held, posting)
        return _packed(held)


def _touch(postings: dict[str, _Postings], key: str, kind: str) -> _Postings:
    found = postings.get(key)
    if found is None:
        found = postings[key] = _Postings(array(kind), array(kind))
    return found


def _cue_stems(scenario: Scenario) -> Iterable[tuple[list[str], str]]:
    for cue in scenario.cues:
        stems = [stem(w) for w in cue_words(cue)]
        if stems:
            yield stems, cue


def pack_counts(counts: Iterable[tuple[int, int]]) -> bytes:
    """Return how often which scenario holds a word as bytes: four each, little endian."""
    return _packed(array("I", [word_posting(number, times) for number, times in counts]))


def unpack_counts(content: bytes) -> list[tuple[int, int]]:
    """Return the numbers of scenarios with how often each holds a word."""
    return [(value >> 8, value & 0xFF) for value in _unpacked("I", content)]


def unpack_pairs(content: bytes) -> "array[int]":
    """Return the postings that :func:`pack_pairs` packed."""
    return _unpacked("Q", content)


def _packed(values: "array[int]") -> bytes:
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _unpacked(kind: str, content: bytes) -> "array[int]":
    values: array[int] = array(kind, content)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def pack_texts(texts: Sequence[str]) -> bytes:
    """Return texts as bytes. They are read only to explain a match, so they are kept small rather than quick."""
    return compress(_dump(texts))


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
