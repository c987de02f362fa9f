"""The whole way from a description to a :class:`Ranking`."""

from collections.abc import Collection, Sequence

from deskguide.match.confidence import SUREST, judge
from deskguide.match.learned import Learned
from deskguide.match.search import Found, Scored, nearest_examples, search
from deskguide.match.table import WordTable
from deskguide.model import Evidence, Explanation, Match, Outcome, Ranking, Sections
from deskguide.text import clean

MATCHES = 10
"""How many scenarios a ranking names, whatever the outcome."""
EXPLAINED = 3
"""How many of them are explained, and how many examples of each are shown."""
EXPLAINED_WORDS = 8
PINNED_CONFIDENCE = 0.9
"""Confidence of an emergency that is pinned by a cue: it goes first even where words speak for something else."""


def rank(
    description: str,
    sections: Sections,
    table: WordTable,
    *,
    learned: Learned | None = None,
    categories: Collection[str] = (),
    is_explained: bool = False,
) -> Ranking:
    """Rank the scenarios of an index for a description, with what was ``learned`` of some of them beforehand.

    An emergency with a cue in the description goes first whatever the scores say. With ``categories``
    only their scenarios are ranked. ``is_explained`` adds evidence, which costs a little time.
    """
    found = search(description, sections, table, categories, learned)
    ranked = [s for s in _pin_emergencies(found) if s.score > 0 or s.cues]
    judged = judge(found, ranked)
    confidences = list(judged.confidences)
    is_pinned = bool(ranked) and _is_pinned(found, ranked[0])
    outcome: Outcome = "match"
    if is_pinned:
        confidences[0] = max(confidences[0], PINNED_CONFIDENCE)
        # The rest share what is left, the larger shares first: another pinned emergency may have scored low.
        left = 1 - confidences[0]
        share = left / max(left, sum(confidences[1:]))
        confidences[1:] = sorted((c * share for c in confidences[1:]), reverse=True)
    elif not judged.is_fit:
        outcome = "none"
    elif judged.close > 1:
        outcome = "ambiguous"
    matches = tuple(
        Match(found.ids[s.number], round(min(c, SUREST), 3)) for s, c in zip(ranked, confidences, strict=True)
    )[:MATCHES]
    close = judged.close if outcome == "ambiguous" else int(outcome == "match")
    explanation = _explain(found, ranked[:EXPLAINED] if is_explained else (), sections)
    return Ranking(clean(description), outcome, matches, close, explanation)


def _is_pinned(found: Found, scored: Scored) -> bool:
    return bool(scored.cues) and scored.number in found.emergencies


def _pin_emergencies(found: Found) -> list[Scored]:
    return sorted(found.ranked, key=lambda s: not _is_pinned(found, s))


def _explain(found: Found, ranked: Sequence[Scored], sections: Sections) -> Explanation:
    evidence = []
    for scored in ranked:
        points = {term: by[scored.number] for term, by in found.hits.items() if scored.number in by}
        strongest = sorted(points, key=lambda t: (-points[t], t))[:EXPLAINED_WORDS]
        spelled = {stem: word for word, stem in zip(found.words, found.stems, strict=True)}
        evidence.append(
            Evidence(
                id=found.ids[scored.number],
                words=tuple(spelled.get(t, t) for t in strongest),
                examples=nearest_examples(found, scored.number, sections, EXPLAINED),
                cues=scored.cues,
            )
        )
    return Explanation(found.corrections, found.unknown, tuple(evidence))
