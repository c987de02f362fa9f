"""Unknown words to the words of the index that they were most likely meant as. The only module that knows rapidfuzz."""

from collections.abc import Sequence

SHORTEST_CORRECTED = 4
LONG_WORD = 8
"""One edit is forgiven from SHORTEST_CORRECTED letters, two from LONG_WORD; shorter words have too many neighbors."""


def correct(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the nearest word of ``vocabulary`` by optimal string alignment, or None if none is near enough.

    Among words at the same distance the one with the same first letter and then the same length wins.
    """
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return None
    from rapidfuzz.distance import OSA

    limit = 2 if len(word) >= LONG_WORD else 1
    best: tuple[int, bool, int, str] | None = None
    for candidate in vocabulary:
        if abs(len(candidate) - len(word)) > limit:
            continue
        distance = OSA.distance(word, candidate, score_cutoff=limit)
        if distance <= limit:
            key = (distance, candidate[0] != word[0], abs(len(candidate) - len(word)), candidate)
            if best is None or key < best:
                best = key
    return None if best is None else best[3]
