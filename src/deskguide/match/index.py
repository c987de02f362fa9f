"""Scenarios to the entries that matching reads. Closed form: a scenario added later is found as well as any."""

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from struct import pack as pack_numbers
from struct import unpack as unpack_numbers
from typing import NamedTuple
from zlib import compress, crc32

from deskguide.match.lanes import pack, quantize
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import pairs, stem, terms, tokenize
from deskguide.model import Scenario

TITLE_WEIGHT = 2
"""A title counts as often as two examples among a scenario's words."""
CUE_WEIGHT = 2
MAX_CUE_WORDS = 6
MANY_TEXTS = 32
"""A scenario of more texts is compared by so many of them, evenly spread: the rest speak through words and centroid."""

Entries = dict[tuple[str, str], bytes]


def pair_posting(second: str, number: int, times: int) -> int:
    """Return in one number that a scenario holds a pair: 32 bits of the second word's CRC-32, 24 and 8 of the rest."""
    return crc32(second.encode()) << 32 | number << 8 | min(times, 255)


def pack_pairs(postings: Iterable[int]) -> bytes:
    """Return pair postings as bytes, eight each, little endian, sorted by second word and then by scenario."""
    packed = array("Q", sorted(postings))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


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


def compile_index(scenarios: Sequence[Scenario], table: WordTable) -> Entries:
    """Return all entries for ``scenarios``, numbered in the order given."""
    vectors = Vectors(table)
    entries: Entries = {}
    postings: dict[str, list[tuple[int, int]]] = {}
    followers: dict[str, array[int]] = {}
    lengths, pair_lengths = [], []
    centroids = []
    cues: dict[str, list[list[object]]] = {}
    vocabulary: Counter[str] = Counter()
    for number, scenario in enumerate(scenarios):
        counted = count_scenario(scenario, vectors)
        vocabulary.update(counted.vocabulary)
        for term, times in counted.words.items():
            postings.setdefault(term, []).append((number, times))
        for (first, second), times in counted.pairs.items():
            followers.setdefault(first, array("Q")).append(pair_posting(second, number, times))
        lengths.append(sum(counted.words.values()))
        pair_lengths.append(sum(counted.pairs.values()))
        for cue in scenario.cues:
            stems = [stem(w) for w in cue_words(cue)]
            if stems:
                cues.setdefault(stems[0], []).append([number, stems, cue])
        chosen = spread(len(counted.vectors))
        entries["index-examples", str(number)] = pack([counted.vectors[i] for i in chosen])
        entries["index-texts", str(number)] = pack_texts([counted.texts[i] for i in chosen])
        centroids.append(centroid(counted.vectors, table.dimensions))
    for term, counts in postings.items():
        entries["index-term", term] = pack_counts(counts)
    for first, postings_of_first in followers.items():
        entries["index-pair", first] = pack_pairs(postings_of_first)
    for first, group in cues.items():
        entries["index-cue", first] = _dump(group)
    numbers = {s.id: number for number, s in enumerate(scenarios)}
    header = {
        "ids": list(numbers),
        "borders": [[numbers[b.id] for b in s.not_this if b.id in numbers] for s in scenarios],
        "categories": [s.category for s in scenarios],
        "emergencies": [i for i, s in enumerate(scenarios) if s.priority == "emergency"],
        "lengths": lengths,
        "pair_lengths": pair_lengths,
        "dimensions": table.dimensions,
    }
    entries["index", "header"] = _dump(header)
    entries["index", "centroids"] = pack(centroids)
    entries["index", "vocabulary"] = "\n".join(sorted(vocabulary, key=lambda w: (-vocabulary[w], w))).encode()
    return entries


def pack_counts(counts: Iterable[tuple[int, int]]) -> bytes:
    """Return how often which scenario holds a word as bytes: four each, 24 bits of its number and 8 of the times."""
    numbers = [number << 8 | min(times, 255) for number, times in counts]
    return pack_numbers(f"<{len(numbers)}I", *numbers)


def unpack_counts(content: bytes) -> list[tuple[int, int]]:
    """Return the numbers of scenarios with how often each holds a word."""
    return [(value >> 8, value & 0xFF) for value in unpack_numbers(f"<{len(content) // 4}I", content)]


def unpack_pairs(content: bytes) -> "array[int]":
    """Return the postings that :func:`pack_pairs` packed."""
    postings = array("Q", content)
    if sys.byteorder == "big":
        postings.byteswap()
    return postings


def pack_texts(texts: Sequence[str]) -> bytes:
    """Return texts as bytes. They are read only to explain a match, so they are kept small rather than quick."""
    return compress(_dump(texts))


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
