"""Scenarios to the entries that matching reads. Closed form: a scenario added later is found as well as any."""

import json
from collections import Counter
from collections.abc import Sequence
from struct import pack as pack_numbers

from deskguide.match.lanes import pack, quantize
from deskguide.match.table import WordTable
from deskguide.match.words import STOP_WORDS, is_number, stem, tokenize
from deskguide.model import Scenario

TITLE_WEIGHT = 2
"""A title counts as often as two examples among a scenario's words."""
CUE_WEIGHT = 2
MAX_CUE_WORDS = 6

Entries = dict[tuple[str, str], bytes]


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


def terms(words: Sequence[str]) -> list[str]:
    """Return the stems that count as evidence: no stop words, no bare numbers."""
    return [stem(w) for w in words if w not in STOP_WORDS and not is_number(w)]


def compile_index(scenarios: Sequence[Scenario], table: WordTable) -> Entries:
    """Return all entries for ``scenarios``, numbered in the order given."""
    vectors = Vectors(table)
    entries: Entries = {}
    postings: dict[str, list[tuple[int, int]]] = {}
    lengths = []
    centroids = []
    cues: dict[str, list[list[object]]] = {}
    vocabulary: Counter[str] = Counter()
    for number, scenario in enumerate(scenarios):
        texts = [*scenario.examples, scenario.title, scenario.summary]
        tokens = [tokenize(t) for t in texts]
        counted: Counter[str] = Counter()
        for words in tokens:
            counted.update(terms(words))
        for _ in range(TITLE_WEIGHT - 1):
            counted.update(terms(tokenize(scenario.title)))
        counted.update(terms(scenario.id.split("-")))
        for cue in scenario.cues:
            words = tokenize(cue)[:MAX_CUE_WORDS]
            counted.update(dict.fromkeys(terms(words), CUE_WEIGHT))
            tokens.append(words)
            stems = [stem(w) for w in words]
            if stems:
                cues.setdefault(stems[0], []).append([number, stems, cue])
        vocabulary.update(w for words in tokens for w in words if w.isalpha())
        for term, times in counted.items():
            postings.setdefault(term, []).append((number, times))
        lengths.append(sum(counted.values()))
        sentences = [v for v in map(vectors.sentence, tokens[: len(texts)]) if v is not None]
        entries["index-examples", str(number)] = pack(sentences) if sentences else b""
        sums = [sum(column) for column in zip(*sentences, strict=True)] if sentences else []
        centroids.append(quantize(sums) or [0] * table.dimensions)
        kept = [t for t, v in zip(texts, map(vectors.sentence, tokens), strict=False) if v is not None]
        entries["index-texts", str(number)] = _dump(kept)
    for term, pairs in postings.items():
        entries["index-term", term] = pack_numbers(f"<{2 * len(pairs)}I", *(x for pair in pairs for x in pair))
    for first, group in cues.items():
        entries["index-cue", first] = _dump(group)
    header = {
        "ids": [s.id for s in scenarios],
        "categories": [s.category for s in scenarios],
        "emergencies": [i for i, s in enumerate(scenarios) if s.priority == "emergency"],
        "lengths": lengths,
        "dimensions": table.dimensions,
    }
    entries["index", "header"] = _dump(header)
    entries["index", "centroids"] = pack(centroids) if centroids else b""
    entries["index", "vocabulary"] = "\n".join(sorted(vocabulary, key=lambda w: (-vocabulary[w], w))).encode()
    return entries


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
