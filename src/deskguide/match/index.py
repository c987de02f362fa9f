"""Scenarios to the entries that matching reads. Closed form: a scenario added later is found as well as any."""

import json
from collections import Counter
from collections.abc import Sequence
from struct import pack as pack_numbers

from deskguide.match.lanes import pack, quantize
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import stem, terms, tokenize
from deskguide.model import Scenario

TITLE_WEIGHT = 2
"""A title counts as often as two examples among a scenario's words."""
CUE_WEIGHT = 2
MAX_CUE_WORDS = 6

Entries = dict[tuple[str, str], bytes]


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
