"""Unknown words to the words of the index that they were most likely meant as. The only module that knows rapidfuzz."""

from collections.abc import Sequence

SHORTEST_CORRECTED = 3
SHORT_WORD = 4
LONG_WORD = 8
"""One edit is forgiven from SHORT_WORD letters, two from LONG_WORD. Shorter words have too many neighbors, but
one of SHORTEST_CORRECTED letters may have lost a letter (``bok``)."""


def correct(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the nearest word of ``vocabulary`` by optimal string alignment, or None if none is near enough.

    ``vocabulary`` is sorted by falling frequency. Among words at the same distance one with the same first
    letter wins, then the more frequent one.
    """
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return None
    from rapidfuzz.distance import OSA

    limit = 2 if len(word) >= LONG_WORD else 1
    best: tuple[int, bool, int] | None = None
    for place, candidate in enumerate(vocabulary):
        longer = len(candidate) - len(word)
        if abs(longer) > limit or (len(word) < SHORT_WORD and longer != 1):
            continue
        distance = OSA.distance(word, candidate, score_cutoff=limit)
        if distance <= limit:
            key = (distance, candidate[0] != word[0], place)
            if best is None or key < best:
                best = key
    return None if best is None else vocabulary[best[2]]
