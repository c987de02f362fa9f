"""What came of test descriptions, as text for an author and as values for a program."""

import os
from collections.abc import Iterator
from typing import Any

from deskguide.author.evaluate import METRICS, Evaluated, Result, Share, confused_pairs
from deskguide.model import Evidence
from deskguide.text import clean, count, shorten

LONGEST_TEXT = 200
LEAST_CONFUSED = 2
"""A pair of cards is named as confused if one took the other's place so often."""
MOST_CONFUSED = 30


def render_evaluation(evaluated: Evaluated, *, is_markdown: bool = False, has_misses: bool = True) -> str:
    """Return the shares, the pairs of cards that are confused, and each miss with what won and why."""
    head, item = ("## ", "- ") if is_markdown else ("", "  ")
    right = evaluated.right
    lines = [f"{right.hits:,} of {count(right.of, 'case')} answered right ({_percent(right)}).", ""]
    width = max(map(len, METRICS))
    for metric, share in evaluated.shares.items():
        if share.of:
            lines.append(
                f"{item}{metric:<{width}}  {_percent(share):>7}  {share.hits:,} of {share.of:,}: {METRICS[metric]}"
            )
    lines.append(f"{item}{'ms':<{width}}  {evaluated.ms:>7.1f}  half of the cases took no longer")
    pairs = [p for p in confused_pairs(evaluated) if p[2] >= LEAST_CONFUSED][:MOST_CONFUSED]
    if pairs:
        lines += ["", f"{head}Cards that are confused", ""]
        lines += [f"{item}{want} was wanted, {got} came: {count(times, 'time')}" for want, got, times in pairs]
    misses = [r for r in evaluated.results if not r.is_right] if has_misses else []
    if misses:
        lines += ["", f"{head}Missed"]
        for miss in misses:
            lines += ["", *_miss(miss, item)]
    return "\n".join(lines) + "\n"


def _percent(share: Share) -> str:
    return f"{100 * share.hits / share.of:.1f} %" if share.of else "none"


def _miss(result: Result, item: str) -> Iterator[str]:
    case, ranking = result.case, result.ranking
    where = f"{case.file}:{case.line}: " if case.line else f"{os.path.basename(case.file)}: "
    yield f"{where}{shorten(clean(case.text), LONGEST_TEXT)!r}"
    yield f"{item}wanted {_wanted(result)}"
    if not ranking.matches:
        yield f"{item}came: no word that any card knows"
        return
    came = ", ".join(f"{m.id} ({m.confidence:.2f})" for m in ranking.matches[:3])
    label = {"none": "nothing fits; nearest ", "ambiguous": "a question; ", "match": ""}[ranking.outcome]
    yield f"{item}came: {label}{came}"
    if ranking.explanation.corrections:
        yield f"{item}read " + ", ".join(f"{a} as {b}" for a, b in ranking.explanation.corrections)
    for evidence in ranking.explanation.evidence[:1]:
        yield f"{item}why {evidence.id}: {_why(evidence)}"


def _wanted(result: Result) -> str:
    case = result.case
    if case.want_any:
        return " and ".join(case.want_any) + ", all named"
    if not case.want:
        return "nothing to fit"
    names = [m.id for m in result.ranking.matches]
    place = f"place {names.index(case.want) + 1}" if case.want in names else f"not among the first {len(names)}"
    return f"{case.want} ({place})"


def _why(evidence: Evidence) -> str:
    parts = [f"cue {c!r}" for c in evidence.cues]
    if evidence.words:
        parts.append("words " + ", ".join(evidence.words))
    if evidence.examples:
        text, value = evidence.examples[0]
        parts.append(f"nearest example {text!r} ({value:.2f})")
    return "; ".join(parts) or "its meaning as a whole"


def evaluation_value(evaluated: Evaluated) -> dict[str, Any]:
    """Return the same for ``--format json``: shares rounded to four places, null where nothing was counted."""
    metrics: dict[str, float | None] = {"right": _rounded(evaluated.right)}
    metrics |= {metric: _rounded(share) for metric, share in evaluated.shares.items()}
    metrics["ms"] = round(evaluated.ms, 3)
    results = []
    for case, ranking, is_right, _ in evaluated.results:
        value: dict[str, Any] = {"text": case.text, "want": case.want or None}
        if case.also:
            value["also"] = list(case.also)
        if case.want_any:
            value["want_any"] = list(case.want_any)
        value |= {"outcome": ranking.outcome, "got": [m._asdict() for m in ranking.matches], "right": is_right}
        results.append(value)
    confused = [{"want": want, "got": got, "times": times} for want, got, times in confused_pairs(evaluated)]
    return {"cases": len(results), "metrics": metrics, "results": results, "confused": confused}


def _rounded(share: Share) -> float | None:
    return None if share.value is None else round(share.value, 4)
