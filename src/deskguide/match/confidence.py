"""How sure an answer is: the share of such answers that are right, and whether to give one at all.

Two curves, fitted to descriptions asked of libraries of 10 to 200 scenarios drawn at random, so that the
descriptions of all others count as unknown: whether anything fits (logistic), and how the chance falls from
the best scenario to the next (softmax). Their product is the confidence. See docs/decisions/matching.md.
"""

from collections.abc import Sequence
from math import exp, log1p
from typing import NamedTuple

from deskguide.match.search import Found, Scored


class Curves(NamedTuple):
    """``fits``: weights of the best one's evidence, for whether any scenario fits. ``sharpness``: how fast a scenario's
    share falls with its distance in score from the best one. ``least``: below this chance that anything fits, the
    answer is that nothing does.
    """

    fits: dict[str, float]
    sharpness: float
    least: float


CLOSED = Curves(
    {"bias": -7.51, "similarity": 7.97, "words": 1.67, "coverage": 2.5, "margin": 3.64, "cue": 0.34}, 26.0, 0.65
)
"""Where nothing was learned of any scenario."""
LEARNED = Curves(
    {
        "bias": -8.39,
        "similarity": 1.65,
        "coverage": 4.33,
        "cue": 1.67,
        "learned": 3.82,
        "nothing": -2.98,
        "length": 1.53,
    },
    10.0,
    0.54,
)
"""Where learned evidence tells too, also of what fits no scenario."""

CLOSE_SHARE = 0.5
"""A scenario is close if its share is at least this part of the first one's."""
LARGEST_CLOSE = 4
"""At most so many scenarios are put into one question."""
LARGEST_PAIRS = 40.0
"""More points for pairs of words than this say nothing more; they are counted in tens."""
LARGEST_MARGIN = 0.4
"""A lead over the second beyond this says nothing more; a library of one scenario always leads."""
SUREST = 0.99


class Judged(NamedTuple):
    """``fits``: chance that anything does, ``is_fit`` if it is large enough. ``confidences``: one a scenario.

    ``close``: how many lead together.
    """

    fits: float
    is_fit: bool
    confidences: tuple[float, ...]
    close: int


def judge(found: Found, ranked: Sequence[Scored]) -> Judged:
    """Return how sure the ranking is."""
    if not ranked:
        return Judged(0.0, False, (), 0)
    curves = LEARNED if found.is_learned else CLOSED
    seen = features(found, ranked)
    fits = logistic(sum(weight * seen[name] for name, weight in curves.fits.items()))
    best = ranked[0].score
    shares = [exp(min(0.0, curves.sharpness * (s.score - best))) for s in ranked]
    total = sum(shares)
    confidences = tuple(min(fits * share / total, SUREST) for share in shares)
    close = sum(1 for share in shares[:LARGEST_CLOSE] if share >= CLOSE_SHARE * shares[0])
    return Judged(fits, fits >= curves.least, confidences, close)


def features(found: Found, ranked: Sequence[Scored]) -> dict[str, float]:
    """Return what the curves are over, by name."""
    first = ranked[0]
    second = ranked[1].score if len(ranked) > 1 else 0.0
    return {
        "bias": 1.0,
        "similarity": first.similarity,
        "words": log1p(max(first.bm25, 0.0)),
        "coverage": found.coverage,
        "margin": min(first.score - second, LARGEST_MARGIN),
        "cue": 1.0 if first.cues else 0.0,
        "learned": first.learned,
        "pairs": min(first.pairs, LARGEST_PAIRS) / 10,
        "nothing": found.nothing,
        "length": log1p(len(found.words)),
    }


def logistic(x: float) -> float:
    """Return 1 / (1 + e^-x) without overflow."""
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
