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
    from rapidfuzz.process import extract

    limit = 2 if len(word) >= LONG_WORD else 1
    near = extract(word, vocabulary, scorer=OSA.distance, processor=None, score_cutoff=limit, limit=None)
    keys = [
        (distance, candidate[0] != word[0], place, candidate)
        for candidate, distance, place in near
        if candidate and (len(word) >= SHORT_WORD or len(candidate) == len(word) + 1)
    ]
    return min(keys)[-1] if keys else None
