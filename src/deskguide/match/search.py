"""A description against the index: evidence, scores, and what they are made of."""

import json
from collections.abc import Collection, Sequence
from math import log
from struct import unpack
from typing import NamedTuple

from deskguide.match.lanes import cosines
from deskguide.match.spelling import SHORTEST_CORRECTED, correct
from deskguide.match.table import WordTable
from deskguide.match.vectors import Vectors
from deskguide.match.words import STOP_WORDS, is_number, stem, terms, tokenize
from deskguide.model import Sections

# BM25 (Robertson and Zaragoza 2009, Foundations and Trends in IR 3(4)). A scenario is one long document of
# many examples, so length matters less than usual (b) and a word's second use says little (k1).
BM25_K1 = 1.2
BM25_B = 0.4
BM25_WEIGHT = 0.02
"""What one point of BM25 is worth beside a cosine; from leaving examples out, see docs/decisions/matching.md."""
CUE_WEIGHT = 0.12
"""What a cue adds to a scenario's score; more than the usual lead of the first over the second."""

MANY_SCENARIOS = 48
"""With more scenarios than this, examples are looked at only for so many of the best by centroid and words."""


class Scored(NamedTuple):
    """One scenario's evidence. ``similarity`` is half the best example's cosine plus half the centroid's."""

    number: int
    score: float
    similarity: float
    bm25: float
    cues: tuple[str, ...]


class Found(NamedTuple):
    """What a description touched, and every scenario's score, best first.

    ``coverage`` is the share (0 to 1) of the description's informative words that the best one holds;
    ``hits`` maps each term to the points that it gives, by scenario number.
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
    hits: dict[str, dict[int, float]]


def search(description: str, sections: Sections, table: WordTable, categories: Collection[str] = ()) -> Found:
    """Score every scenario (of ``categories``, if any are given) for a description, best first."""
    header = json.loads(sections.get("index", "header") or b"{}")
    ids: list[str] = header.get("ids", [])
    wanted = set(categories)
    allowed = [i for i, c in enumerate(header.get("categories", [])) if not wanted or c in wanted]
    words = tokenize(description)
    vectors = Vectors(table)
    words, corrections, unknown = _repair(words, sections, vectors)
    stems = [stem(w) for w in words]
    hits = _bm25(terms(words), sections, header.get("lengths", []))
    bm25 = dict.fromkeys(allowed, 0.0)
    for by_number in hits.values():
        for number, points in by_number.items():
            if number in bm25:
                bm25[number] += points
    cues = _find_cues(stems, sections)
    query = vectors.sentence(words) if header.get("dimensions") == table.dimensions else None
    similarity = _similarities(query, sections, bm25)
    ranked = []
    for number in allowed:
        found = tuple(cues.get(number, ()))
        score = similarity[number] + BM25_WEIGHT * bm25[number] + (CUE_WEIGHT if found else 0.0)
        ranked.append(Scored(number, score, similarity[number], bm25[number], found))
    ranked.sort(key=lambda s: (-s.score, ids[s.number]))
    coverage = _coverage(words, hits, ranked[0].number if ranked else -1, vectors)
    return Found(
        ids=ids,
        ranked=tuple(ranked),
        words=tuple(words),
        stems=tuple(stems),
        coverage=coverage,
        emergencies=frozenset(header.get("emergencies", [])),
        corrections=corrections,
        unknown=unknown,
        query_vector=query,
        hits=hits,
    )


def _repair(
    words: list[str], sections: Sections, vectors: Vectors
) -> tuple[list[str], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Replace words that neither index nor table know by the nearest one that the index knows."""
    strange = [w for w in words if _is_telling(w) and vectors.row(w) is None]
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


def _bm25(query_terms: Sequence[str], sections: Sections, lengths: Sequence[int]) -> dict[str, dict[int, float]]:
    """Return, for each term of the query that the index knows, the points that it gives each scenario."""
    total = len(lengths)
    average = sum(lengths) / total if total else 1.0
    found = sections.get_many("index-term", set(query_terms))
    points: dict[str, dict[int, float]] = {}
    for term, content in sorted(found.items()):
        numbers = unpack(f"<{len(content) // 4}I", content)
        documents = len(numbers) // 2
        weight = log(1 + (total - documents + 0.5) / (documents + 0.5))
        points[term] = {
            number: weight
            * times
            * (BM25_K1 + 1)
            / (times + BM25_K1 * (1 - BM25_B + BM25_B * lengths[number] / average))
            for number, times in zip(numbers[::2], numbers[1::2], strict=True)
        }
    return points


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


def _similarities(query: Sequence[int] | None, sections: Sections, bm25: dict[int, float]) -> dict[int, float]:
    """Return half the best example's cosine plus half the centroid's, for each scenario in ``bm25``."""
    if query is None:
        return dict.fromkeys(bm25, 0.0)
    centroids = cosines(query, sections.get("index", "centroids") or b"")
    similarity = {n: centroids[n] for n in bm25}
    near = sorted(bm25, key=lambda n: -(0.5 * centroids[n] + BM25_WEIGHT * bm25[n]))[:MANY_SCENARIOS]
    packed = sections.get_many("index-examples", map(str, near))
    for number in near:
        best = max(cosines(query, packed.get(str(number), b"")), default=0.0)
        similarity[number] = 0.5 * centroids[number] + 0.5 * best
    for number in set(bm25) - set(near):
        similarity[number] = 0.5 * centroids[number]
    return similarity


def nearest_examples(found: Found, number: int, sections: Sections, limit: int) -> tuple[tuple[str, float], ...]:
    """Return a scenario's texts most like the description, with their cosines, best first."""
    if found.query_vector is None:
        return ()
    texts = json.loads(sections.get("index-texts", str(number)) or b"[]")
    values = cosines(found.query_vector, sections.get("index-examples", str(number)) or b"")
    pairs = sorted(zip(texts, values, strict=False), key=lambda p: -p[1])
    return tuple((text, value) for text, value in pairs[:limit])
