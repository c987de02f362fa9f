"""The index as it would be without one example: what an author asks to see whether the rest would find it."""

from collections import Counter
from collections.abc import Iterable
from zlib import crc32

from deskguide.match.header import pack_header, read_header
from deskguide.match.index import (
    Counted,
    centroid,
    count_scenario,
    count_text,
    pack_counts,
    pack_pairs,
    pack_texts,
    pair_posting,
    spread,
    unpack_counts,
    unpack_pairs,
)
from deskguide.match.lanes import pack
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import stem, terms
from deskguide.model import Scenario, Sections

_BIAS = 128


class LeftOut:
    """An index from which one example at a time can be left out. Entries that were read once are kept."""

    def __init__(self, sections: Sections, table: WordTable) -> None:
        """Read the header of ``sections``, which were compiled with ``table``."""
        self.base = sections
        self.vectors = Vectors(table)
        self.dimensions = table.dimensions
        self.header = read_header(sections, has_categories=True)
        self.centroids = sections.get("index", "centroids") or b""
        self.numbers = {name: number for number, name in enumerate(self.header.ids)}
        self._read: dict[tuple[str, str], bytes | None] = {}
        self._counted: tuple[str, Counted] | None = None

    def without(self, scenario: Scenario, example: str) -> Sections:
        """Return the index as it would be if ``scenario`` did not hold ``example``."""
        if self._counted is None or self._counted[0] != scenario.id:
            self._counted = scenario.id, count_scenario(scenario, self.vectors)
        return _Without(self, self.numbers[scenario.id], self._counted[1], example)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        keys = list(keys)
        missing = [key for key in keys if (kind, key) not in self._read]
        if missing:
            found = self.base.get_many(kind, missing)
            self._read |= {(kind, key): found.get(key) for key in missing}
        values = {key: self._read[kind, key] for key in keys}
        return {key: value for key, value in values.items() if value is not None}


class _Without:
    """Sections without one example; only what it touches is worked out anew."""

    def __init__(self, whole: LeftOut, number: int, counted: Counted, example: str) -> None:
        self._whole, self._number, self._counted = whole, number, counted
        gone = Counted(Counter(), Counter(), Counter(), [], [])
        count_text(example, whole.vectors, gone)
        for pair in [p for p in gone.pairs if p not in counted.pairs]:  # left out of the index by itself as chance
            del gone.pairs[pair]
        self._gone = gone
        place = counted.texts.index(example) if gone.vectors else -1
        self._vectors = [v for i, v in enumerate(counted.vectors) if i != place]
        self._texts = [t for i, t in enumerate(counted.texts) if i != place]

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None if there is none."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        found = self._whole.get_many(kind, keys)
        change = {
            "index-term": self._change_word,
            "index-pair": self._change_pairs,
            "index-examples": self._change_vectors,
            "index-texts": self._change_texts,
            "index": self._change_index,
        }.get(kind)
        if change is None:
            return found
        changed = {key: change(key, content) for key, content in found.items()}
        return {key: content for key, content in changed.items() if content}

    def _change_word(self, term: str, content: bytes) -> bytes:
        if term not in self._gone.words:
            return content
        left = self._counted.words[term] - self._gone.words[term]
        counts = ((n, left if n == self._number else times) for n, times in unpack_counts(content))
        return pack_counts((n, times) for n, times in counts if times)

    def _change_pairs(self, first: str, content: bytes) -> bytes:
        gone = {second: times for (a, second), times in self._gone.pairs.items() if a == first}
        if not gone:
            return content
        hashes = {crc32(second.encode()) for second in gone}
        kept = [p for p in unpack_pairs(content) if p >> 32 not in hashes or p >> 8 & 0xFFFFFF != self._number]
        for second, times in gone.items():
            left = self._counted.pairs[first, second] - times
            if left:
                kept.append(pair_posting(second, self._number, left))
        return pack_pairs(kept)

    def _change_vectors(self, key: str, content: bytes) -> bytes:
        if key != str(self._number):
            return content
        return pack([self._vectors[i] for i in spread(len(self._vectors))])

    def _change_texts(self, key: str, content: bytes) -> bytes:
        if key != str(self._number):
            return content
        return pack_texts([self._texts[i] for i in spread(len(self._texts))])

    def _change_index(self, key: str, content: bytes) -> bytes:
        if key == "header":
            lengths, pair_lengths = list(self._whole.header.lengths), list(self._whole.header.pair_lengths)
            lengths[self._number] -= sum(self._gone.words.values())
            pair_lengths[self._number] -= sum(self._gone.pairs.values())
            return pack_header(self._whole.header._replace(lengths=lengths, pair_lengths=pair_lengths))
        if key == "centroids" and content:
            columns = bytearray(content)
            scenarios = len(content) // self._whole.dimensions
            columns[self._number :: scenarios] = bytes(
                x + _BIAS for x in centroid(self._vectors, self._whole.dimensions)
            )
            return bytes(columns)
        if key == "vocabulary":
            mine = self._gone.vocabulary
            alone = {w for w in mine if mine[w] == self._counted.vocabulary[w] and terms([w])}
            return content if not alone else self._without_words(content, alone)
        return content

    def _without_words(self, content: bytes, alone: set[str]) -> bytes:
        """Drop the words that no other example of this scenario, and no other scenario, holds."""
        known = self.get_many("index-term", {stem(w) for w in alone})
        lost = {w for w in alone if stem(w) not in known}
        return "\n".join(w for w in content.decode().split("\n") if w not in lost).encode() if lost else content
