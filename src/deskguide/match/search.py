"""A description against the index: evidence, scores, and what they are made of."""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from math import log
from operator import add
from struct import unpack
from typing import Any, NamedTuple
from zlib import crc32, decompress

from deskguide.match.header import Header, read_header
from deskguide.match.lanes import cosines
from deskguide.match.learned import NOTHING, Learned
from deskguide.match.spelling import SHORTEST_CORRECTED, correct
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors, vectors_of
from deskguide.match.words import STOP_WORDS, is_number, pairs, stem, terms, tokenize
from deskguide.model import Sections

# BM25 (Robertson and Zaragoza 2009, Foundations and Trends in IR 3(4)). A scenario is one long document of
# many examples, so length matters less than usual (b) and a word's second use says little (k1).
BM25_K1 = 1.2
BM25_B = 0.4
EXAMPLE_WEIGHT = 0.35
CENTROID_WEIGHT = 0.65
BM25_WEIGHT = 0.028
PAIR_WEIGHT = 0.016
CUE_WEIGHT = 0.1
LEARNED_WEIGHT = 0.5
"""What the best example's cosine, the centroid's, a point of BM25 over words and over pairs of words, a cue, and
learned evidence are worth in a score. By cross-validation: docs/decisions/matching.md."""

EMERGENCY_WEIGHT = 0.08
"""What an emergency's score gains wherever there is evidence for it: its card may come in vain, but not too late."""
BORDER_WEIGHT = 0.2
"""What the neighbors of the first scenario gain, up to its own score: who borders on it is what else may be meant."""

EXPECTED_SLOPE, EXPECTED_OFFSET = 1.2, -0.2
"""The learned evidence to be expected of a closed-form score: what a scenario gets that nothing was learned of, so that
it neither loses to the shipped ones nor takes what is theirs. Measured in docs/decisions/matching.md."""

MANY_SCENARIOS = 10
"""With more scenarios than this, examples are looked at only for so many of the best by centroid and words."""


MANY_RANKED = 400
"""With more scenarios than this, the best by words and vectors are ranked, and those with a cue."""


class Scored(NamedTuple):
    """One scenario's evidence: ``similarity`` of meaning (cosines), ``bm25`` and ``pairs`` of words in common.

    ``learned`` is what was learned beforehand of words that speak for it, or what its score lets expect.
    """

    number: int
    score: float
    similarity: float
    bm25: float
    pairs: float
    learned: float
    cues: tuple[str, ...]


class Found(NamedTuple):
    """What a description touched, and every scenario's score, best first.

    ``coverage`` is the share (0 to 1) of the description's informative words that the best one holds;
    ``hits`` maps each term to the points that it gives, by scenario number. ``is_learned`` tells whether anything
    was learned of any of these scenarios, and ``nothing`` how much then speaks for a description that fits none.
    """

    ids: Sequence[str]
    ranked: tuple[Scored, ...]
    words: tuple[str, ...]
    stems: tuple[str, ...]
    coverage: float
    emergencies: frozenset[int]
    corrections: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    query_vector: Sequence[int] | None
    is_learned: bool
    nothing: float
    hits: dict[str, dict[int, float]]


def search(
    description: str,
    sections: Sections,
    table: WordTable,
    categories: Collection[str] = (),
    learned: Learned | None = None,
) -> Found:
    """Score every scenario (of ``categories``, if any are given) for a description, best first."""
    header = read_header(sections, has_categories=bool(categories))
    ids = header.ids
    words = tokenize(description)
    vectors = vectors_of(table)
    words, corrections, unknown = _repair(words, sections, vectors)
    stems = [stem(w) for w in words]
    hits = _weigh_words(terms(words), sections, header.lengths)
    bm25 = _sum_up(hits, len(ids))
    pair_points = _sum_up(_weigh_pairs(pairs(words), sections, header.pair_lengths), len(ids))
    cues = _find_cues(stems, sections)
    spoken = [BM25_WEIGHT * points + PAIR_WEIGHT * more for points, more in zip(bm25, pair_points, strict=True)]
    for number in cues:
        spoken[number] += CUE_WEIGHT
    query = vectors.sentence(words) if header.dimensions == table.dimensions else None
    similarity = _centroid_similarities(query, sections, len(ids))
    rough = list(map(add, similarity, spoken))
    hopeful = _choose(rough, _allowed(header, categories), cues)
    _add_examples(similarity, query, sections, hopeful[:MANY_SCENARIOS])
    closed = {n: similarity[n] + spoken[n] for n in hopeful}
    evidence, nothing = _learned_evidence(words, [ids[n] for n in closed], closed, learned)
    ranked = []
    for number, score in closed.items():
        gained = evidence.get(number, 0.0)
        score += LEARNED_WEIGHT * gained
        if number in header.emergencies and spoken[number] > 0:
            score += EMERGENCY_WEIGHT
        found = tuple(cues.get(number, ()))
        ranked.append(Scored(number, score, similarity[number], bm25[number], pair_points[number], gained, found))
    ranked.sort(key=lambda s: (-s.score, ids[s.number]))
    _lift_neighbors(ranked, sections, ids)
    coverage = _coverage(words, hits, ranked[0].number if ranked else -1, vectors)
    return Found(
        ids=ids,
        ranked=tuple(ranked),
        words=tuple(words),
        stems=tuple(stems),
        coverage=coverage,
        emergencies=header.emergencies,
        corrections=corrections,
        unknown=unknown,
        query_vector=query,
        is_learned=bool(evidence),
        nothing=nothing,
        hits=hits,
    )


def _lift_neighbors(ranked: list[Scored], sections: Sections, ids: Sequence[str]) -> None:
    """Move the scenarios that border on the first one up, in place."""
    if not ranked:
        return
    first = ranked[0]
    near = set((sections.get("index-borders", str(first.number)) or b"").decode().split("\n"))
    for place, scored in enumerate(ranked[1:], 1):
        if ids[scored.number] in near:
            ranked[place] = scored._replace(score=min(first.score, scored.score + BORDER_WEIGHT))
    ranked[1:] = sorted(ranked[1:], key=lambda s: (-s.score, ids[s.number]))


def _learned_evidence(
    words: Sequence[str], names: Sequence[str], closed: Mapping[int, float], learned: Learned | None
) -> tuple[dict[int, float], float]:
    """Return the learned evidence by scenario number, none if nothing was learned of any, and that for NOTHING.

    ``names`` are the ids of the numbers in ``closed``, in the same order.
    """
    if learned is None or not set(learned.ids) & set(names):
        return {}, 0.0
    known = dict(zip(learned.ids, learned.evidence(words), strict=True))
    evidence = {
        number: max(0.0, known[name]) if name in known else max(0.0, EXPECTED_SLOPE * score + EXPECTED_OFFSET)
        for name, (number, score) in zip(names, closed.items(), strict=True)
    }
    return evidence, known.get(NOTHING, 0.0)


def _repair(
    words: list[str], sections: Sections, vectors: Vectors
) -> tuple[list[str], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Replace words that neither index nor table know by the nearest one that the index knows."""
    strange = [w for w in words if _is_telling(w) and not vectors.knows(w)]
    if strange:
        indexed = sections.get_many("index-term", {stem(w) for w in strange})
        strange = [w for w in strange if stem(w) not in indexed]
    if not strange:
        return words, (), ()
    repaired: dict[str, str] = {}
    if any(len(w) >= SHORTEST_CORRECTED for w in strange):
        vocabulary = (sections.get("index", "vocabulary") or b"").decode().split("\n")
        for word in dict.fromkeys(strange):
            better = correct(word, vocabulary)
            if better:
                repaired[word] = better
    unknown = tuple(dict.fromkeys(w for w in strange if w not in repaired))
    return [repaired.get(w, w) for w in words], tuple(repaired.items()), unknown


def _weigh_words(query_terms: Sequence[str], sections: Sections, lengths: Sequence[int]) -> dict[str, dict[int, float]]:
    """Return, for each term of the query that the index knows, the points that it gives each scenario."""
    average = _average(lengths)
    points = {}
    for term, content in sorted(sections.get_many("index-term", set(query_terms)).items()):
        postings = unpack(f"<{len(content) // 4}I", content)
        points[term] = _bm25(postings, lengths, average)
    return points


def _weigh_pairs(
    query_pairs: Sequence[tuple[str, str]], sections: Sections, lengths: Sequence[int]
) -> dict[tuple[str, str], dict[int, float]]:
    """Return, for each pair of neighboring words that the index knows, the points that it gives each scenario."""
    average = _average(lengths)
    points = {}
    packed = sections.get_many("index-pair", {first for first, _ in query_pairs})
    for first, second in sorted(set(query_pairs)):
        postings = array("Q", packed.get(first, b""))
        if sys.byteorder == "big":
            postings.byteswap()
        hashed = crc32(second.encode())
        start, end = bisect_left(postings, hashed << 32), bisect_left(postings, (hashed + 1) << 32)
        if start < end:
            points[first, second] = _bm25(postings[start:end], lengths, average)
    return points


def _average(lengths: Sequence[int]) -> float:
    return sum(lengths) / len(lengths) if any(lengths) else 1.0


def _bm25(postings: Sequence[int], lengths: Sequence[int], average: float) -> dict[int, float]:
    """Return the points of one term by scenario number. A posting holds 24 bits of the number and 8 of the times."""
    total, documents = len(lengths), len(postings)
    weight = log(1 + (total - documents + 0.5) / (documents + 0.5)) * (BM25_K1 + 1)
    start, slope = BM25_K1 * (1 - BM25_B), BM25_K1 * BM25_B / average
    return {
        (number := posting >> 8 & 0xFFFFFF): weight
        * (times := posting & 0xFF)
        / (times + start + slope * lengths[number])
        for posting in postings
    }


def _sum_up(hits: Mapping[Any, dict[int, float]], scenarios: int) -> list[float]:
    """Return the points in all of every scenario, by number."""
    points = [0.0] * scenarios
    for by_number in hits.values():
        for number, gained in by_number.items():
            points[number] += gained
    return points


def _allowed(header: Header, categories: Collection[str]) -> Sequence[int]:
    """Return the numbers of the scenarios (of ``categories``, if any are given) that are not gone."""
    if header.categories is not None and categories:
        return [n for n, c in enumerate(header.categories) if c in categories and header.ids[n]]
    return range(len(header.ids)) if "" not in header.ids else [n for n, name in enumerate(header.ids) if name]


def _choose(rough: Sequence[float], allowed: Sequence[int], cues: Collection[int]) -> list[int]:
    """Return the numbers to rank, best first: all, or of many the best and then those with a cue."""
    if len(allowed) > MANY_RANKED:
        least = sorted(map(rough.__getitem__, allowed))[-MANY_RANKED]
        allowed = [n for n in allowed if rough[n] >= least or n in cues]
    ordered = sorted(allowed, key=rough.__getitem__, reverse=True)
    return [*ordered[:MANY_RANKED], *(n for n in ordered[MANY_RANKED:] if n in cues)]


def _coverage(words: Sequence[str], hits: dict[str, dict[int, float]], number: int, vectors: Vectors) -> float:
    """Return which share of the description's informative words a scenario holds, each by how much it tells.

    A word that the table does not know counts as much as the most telling one that it does.
    """
    telling = {stem(w): vectors.weight(w) for w in words if _is_telling(w)}
    most = max((weight for weight in telling.values() if weight), default=1.0)
    weights = {term: most if weight is None else weight for term, weight in telling.items()}
    total = sum(weights.values())
    have = sum(weight for term, weight in weights.items() if number in hits.get(term, ()))
    return have / total if total else 0.0


def _is_telling(word: str) -> bool:
    return word not in STOP_WORDS and not is_number(word)


def _find_cues(stems: Sequence[str], sections: Sections) -> dict[int, list[str]]:
    """Return the cues that stand word for word in the description, by scenario number."""
    found: dict[int, list[str]] = {}
    groups = sections.get_many("index-cue", set(stems))
    for start, first in enumerate(stems):
        if first not in groups:
            continue
        for number, cue_stems, cue in json.loads(groups[first]):
            if list(stems[start : start + len(cue_stems)]) == cue_stems and cue not in found.get(number, ()):
                found.setdefault(number, []).append(cue)
    return found


def _centroid_similarities(query: Sequence[int] | None, sections: Sections, scenarios: int) -> list[float]:
    """Return the weighed cosine of every scenario's centroid, by number; without a query 0."""
    if query is None:
        return [0.0] * scenarios
    return [CENTROID_WEIGHT * value for value in cosines(query, sections.get("index", "centroids") or b"")]


def _add_examples(
    similarity: list[float], query: Sequence[int] | None, sections: Sections, near: Sequence[int]
) -> None:
    """Add the weighed cosine of the best example, for the scenarios in ``near``."""
    if query is None:
        return
    packed = sections.get_many("index-examples", map(str, near))
    for number in near:
        similarity[number] += EXAMPLE_WEIGHT * max(cosines(query, packed.get(str(number), b"")), default=0.0)


def nearest_examples(found: Found, number: int, sections: Sections, limit: int) -> tuple[tuple[str, float], ...]:
    """Return a scenario's texts most like the description, with their cosines, best first."""
    if found.query_vector is None:
        return ()
    packed = sections.get("index-texts", str(number))
    texts = json.loads(decompress(packed)) if packed else []
    values = cosines(found.query_vector, sections.get("index-examples", str(number)) or b"")
    pairs = sorted(zip(texts, values, strict=False), key=lambda p: -p[1])
    return tuple((text, value) for text, value in pairs[:limit])
