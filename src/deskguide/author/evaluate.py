"""Asks test descriptions and counts how many are answered right. Pure but for the clock."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from statistics import median
from time import perf_counter_ns
from typing import NamedTuple, Protocol

from deskguide.author.cases import Case
from deskguide.match.leave_out import LeftOut
from deskguide.model import Ranking, Scenario, Sections

FIRST = 4
"""All meanings of an ambiguous description should be among so many."""
THREE = 3

METRICS = {
    "top1": "the right card first",
    "top3": "the right card among the first three",
    "none_recall": "nothing fits, and that was said",
    "none_false": "a card fits, but it was said that none does",
    "ambiguous_named": "all meanings among the first four",
    "emergency_first": "an emergency, and an emergency card first",
    "emergency_top3": "an emergency, and its card among the first three",
}
"""The shares that are counted, and what each means."""

Ask = Callable[[str], Ranking]


class AskSections(Protocol):
    """Ranks the scenarios of an index for a description."""

    def __call__(self, text: str, *, sections: Sections) -> Ranking:
        """Return the ranking."""
        ...


class Result(NamedTuple):
    """One case and what came of it."""

    case: Case
    ranking: Ranking
    is_right: bool
    ms: float


class Share(NamedTuple):
    """How many of how many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Return the share, 0 to 1, or None where there was nothing to count."""
        return self.hits / self.of if self.of else None


class Evaluated(NamedTuple):
    """All results, the shares of :data:`METRICS`, how many cases came out right, and the median time of one."""

    results: tuple[Result, ...]
    shares: dict[str, Share]
    right: Share
    ms: float


def evaluate_cases(cases: Iterable[Case], ask: Ask) -> Iterator[Result]:
    """Ask every case. A case with an id is right if that card (or one in ``also``) comes first and is put forward.

    One where nothing fits is right if that is said, an ambiguous one if all meanings are among the first four.
    """
    for case in cases:
        yield _ask(case, ask)


def evaluate_examples(scenarios: Iterable[Scenario], left_out: LeftOut, ask: AskSections) -> Iterator[Result]:
    """Ask every example of every scenario, as if that example had not been written."""
    for scenario in scenarios:
        for example in scenario.examples:
            without = left_out.without(scenario, example)
            yield _ask(Case(example, scenario.id, (), (), scenario.files[-1], 0), partial(ask, sections=without))


def _ask(case: Case, ask: Ask) -> Result:
    start = perf_counter_ns()
    ranking = ask(case.text)
    return Result(case, ranking, _is_right(case, ranking), (perf_counter_ns() - start) / 1e6)


def _right_ids(case: Case) -> set[str]:
    return {case.want, *case.also} if case.want else set()


def _is_right(case: Case, ranking: Ranking) -> bool:
    names = [m.id for m in ranking.matches]
    if case.want_any:
        return set(case.want_any) <= set(names[:FIRST])
    if not case.want:
        return ranking.outcome == "none"
    return ranking.outcome != "none" and bool(names) and names[0] in _right_ids(case)


def sum_up(results: Sequence[Result], emergencies: Collection[str]) -> Evaluated:
    """Count what came out right. ``emergencies`` are the ids of the cards of that priority."""
    hits, of = Counter[str](), Counter[str]()

    def tally(metric: str, is_hit: bool) -> None:
        of[metric] += 1
        hits[metric] += is_hit

    for case, ranking, _, _ in results:
        names = [m.id for m in ranking.matches]
        is_none = ranking.outcome == "none"
        if case.want_any:
            tally("ambiguous_named", set(case.want_any) <= set(names[:FIRST]))
        elif not case.want:
            tally("none_recall", is_none)
        else:
            right = _right_ids(case)
            tally("top1", bool(right & set(names[:1])))
            tally("top3", bool(right & set(names[:THREE])))
            tally("none_false", is_none)
            if case.want in emergencies:
                tally("emergency_first", bool(names) and names[0] in emergencies)
                tally("emergency_top3", bool(right & set(names[:THREE])))
    shares = {metric: Share(hits[metric], of[metric]) for metric in METRICS}
    right_ones = Share(sum(r.is_right for r in results), len(results))
    return Evaluated(tuple(results), shares, right_ones, median(r.ms for r in results) if results else 0.0)


def confused_pairs(evaluated: Evaluated) -> list[tuple[str, str, int]]:
    """Return which card came first in place of which, and how often, the most frequent first."""
    pairs = Counter(
        (r.case.want, r.ranking.matches[0].id)
        for r in evaluated.results
        if r.case.want and r.ranking.matches and r.ranking.matches[0].id not in _right_ids(r.case)
    )
    return [(want, got, times) for (want, got), times in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))]
