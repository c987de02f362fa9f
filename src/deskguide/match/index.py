"""Scenarios to the entries that matching reads. Closed form: a scenario added later is found as well as any."""

import json
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from struct import pack as pack_numbers
from zlib import crc32

from deskguide.match.lanes import pack, quantize
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import pairs, stem, terms, tokenize
from deskguide.model import Scenario

TITLE_WEIGHT = 2
"""A title counts as often as two examples among a scenario's words."""
CUE_WEIGHT = 2
MAX_CUE_WORDS = 6

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
        texts = [*scenario.examples, scenario.title, scenario.summary]
        tokens = [tokenize(t) for t in texts]
        counted: Counter[str] = Counter()
        neighbors: Counter[tuple[str, str]] = Counter()
        for words in tokens:
            counted.update(terms(words))
            neighbors.update(pairs(words))
        for _ in range(TITLE_WEIGHT - 1):
            counted.update(terms(tokenize(scenario.title)))
        counted.update(terms(scenario.id.split("-")))
        for cue in scenario.cues:
            words = tokenize(cue)[:MAX_CUE_WORDS]
            counted.update(dict.fromkeys(terms(words), CUE_WEIGHT))
            neighbors.update(dict.fromkeys(pairs(words), CUE_WEIGHT))
            tokens.append(words)
            stems = [stem(w) for w in words]
            if stems:
                cues.setdefault(stems[0], []).append([number, stems, cue])
        vocabulary.update(w for words in tokens for w in words if w.isalpha())
        for term, times in counted.items():
            postings.setdefault(term, []).append((number, times))
        for (first, second), times in neighbors.items():
            followers.setdefault(first, array("Q")).append(pair_posting(second, number, times))
        lengths.append(sum(counted.values()))
        pair_lengths.append(sum(neighbors.values()))
        sentences = [v for v in map(vectors.sentence, tokens[: len(texts)]) if v is not None]
        entries["index-examples", str(number)] = pack(sentences) if sentences else b""
        sums = [sum(column) for column in zip(*sentences, strict=True)] if sentences else []
        centroids.append(quantize(sums) or [0] * table.dimensions)
        kept = [t for t, v in zip(texts, map(vectors.sentence, tokens), strict=False) if v is not None]
        entries["index-texts", str(number)] = _dump(kept)
    for term, counts in postings.items():
        entries["index-term", term] = pack_numbers(f"<{2 * len(counts)}I", *(x for count in counts for x in count))
    for first, postings_of_first in followers.items():
        entries["index-pair", first] = pack_pairs(postings_of_first)
    for first, group in cues.items():
        entries["index-cue", first] = _dump(group)
    header = {
        "ids": [s.id for s in scenarios],
        "categories": [s.category for s in scenarios],
        "emergencies": [i for i, s in enumerate(scenarios) if s.priority == "emergency"],
        "lengths": lengths,
        "pair_lengths": pair_lengths,
        "dimensions": table.dimensions,
    }
    entries["index", "header"] = _dump(header)
    entries["index", "centroids"] = pack(centroids) if centroids else b""
    entries["index", "vocabulary"] = "\n".join(sorted(vocabulary, key=lambda w: (-vocabulary[w], w))).encode()
    return entries


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
