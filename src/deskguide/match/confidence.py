"""How sure an answer is: the share of such answers that are right, and whether to give one at all.

Two logistic curves, fitted by ``benchmarks/calibrate.py`` to held-out examples of cards and to descriptions
whose card was left out, over libraries of 10 to 200 scenarios: whether anything fits, and whether the first is
the one that does. Their product is the confidence.
"""

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from deskguide.match.search import Found, Scored

FITS = {"bias": -6.4, "similarity": 6.0, "bm25": 0.25, "margin": 6.0, "coverage": 3.0, "known": 1.5, "cue": 1.5}
"""Whether any scenario fits: weights of the best one's evidence."""
SHARPNESS = 16.0
"""How fast the share of a scenario falls with its distance in score from the best one."""

FITS_AT_LEAST = 0.5
"""Below this chance that anything fits, the answer is that nothing does."""
CLOSE_SHARE = 0.5
"""A scenario is close if its share is at least this part of the first one's."""
LARGEST_CLOSE = 4
SUREST = 0.99


class Judged(NamedTuple):
    """``fits``: chance that anything fits. ``confidences``: one for each ranked scenario. ``close``: how many lead together."""

    fits: float
    confidences: tuple[float, ...]
    close: int


def judge(found: Found, ranked: Sequence[Scored]) -> Judged:
    """Return how sure the ranking is."""
    if not ranked:
        return Judged(0.0, (), 0)
    fits = logistic(sum(FITS[name] * value for name, value in features(found, ranked).items()))
    best = ranked[0].score
    shares = [exp(SHARPNESS * (s.score - best)) for s in ranked]
    total = sum(shares)
    confidences = tuple(min(fits * share / total, SUREST) for share in shares)
    close = sum(1 for share in shares[:LARGEST_CLOSE] if share >= CLOSE_SHARE * shares[0])
    return Judged(fits, confidences, close)


def features(found: Found, ranked: Sequence[Scored]) -> dict[str, float]:
    """Return what the curve of :data:`FITS` is over, by name."""
    first = ranked[0]
    second = ranked[1].score if len(ranked) > 1 else 0.0
    return {
        "bias": 1.0,
        "similarity": first.similarity,
        "bm25": min(first.bm25, 15.0),
        "margin": min(first.score - second, 0.4),
        "coverage": found.coverage,
        "known": found.known,
        "cue": 1.0 if first.cues else 0.0,
    }


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x) without overflow."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
