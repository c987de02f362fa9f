"""Fit the curve of confidence that stands in `deskguide.match.confidence` as LEARNED, and print its constants.

    python tools/fit_confidence.py benchmarks/cases/written.yaml benchmarks/cases/real.yaml ...

Whether anything fits: logistic regression over the features of :mod:`deskguide.match.confidence`, judged by
cross-validation. Which card: the sharpness of the softmax over scores that makes the right ones likeliest.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from benchmarks.matching import open_at
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from deskguide.author.cases import Case, read_cases
from deskguide.cli.desk import learned_path, table_path
from deskguide.match.confidence import LEARNED, features
from deskguide.match.learned import Learned
from deskguide.match.search import Found, search
from deskguide.match.table import WordTable

FIT_SHARE = 0.8
"""Of ten descriptions typed at a desk eight are taken to have a card."""
TURNED_AWAY = 0.03
"""Share of the first file's descriptions with a card that may be turned away."""
FOLDS = 10
SHARPNESSES = range(4, 41)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="+", type=Path)
    paths = parser.parse_args().cases
    with tempfile.TemporaryDirectory() as folder:
        library, table = open_at(folder), WordTable(table_path())
        learned = Learned(learned_path(), table)
        names = {h.id for h in library.heads()}
        asked: list[tuple[int, Case, Found]] = []
        for number, path in enumerate(paths):
            for case in read_cases(str(path), names).cases:
                asked.append((number, case, search(case.text, library.sections, table, learned=learned)))
        library.sections.close()
    keys = list(LEARNED.fits)
    points = np.array([[features(found, found.ranked)[key] for key in keys] for _, _, found in asked])
    fits = np.array([bool(case.want or case.want_any) for _, case, _ in asked])
    weights = np.where(fits, FIT_SHARE / fits.mean(), (1 - FIT_SHARE) / (1 - fits.mean()))
    curve = LogisticRegression(C=10.0, fit_intercept=False, max_iter=5000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chances = cross_val_predict(
        curve, points, fits, cv=folds, method="predict_proba", params={"sample_weight": weights}
    )[:, 1]
    curve.fit(points, fits, sample_weight=weights)
    print(f"area under ROC, cross-validated: {roc_auc_score(fits, chances):.3f}")
    first = np.array([number == 0 for number, _, _ in asked])
    least = float(np.quantile(chances[first & fits], TURNED_AWAY))
    print(
        f"least {least:.2f} turns away {TURNED_AWAY:.0%} of those of {paths[0].name} that have a card, and tells apart"
    )
    for number, path in enumerate(paths):
        own = np.array([n == number for n, _, _ in asked])
        if (own & ~fits).any():
            print(f"  {path.name}: {np.mean(chances[own & ~fits] < least):.1%} of those without one", end="")
            print(f", {np.mean(chances[own & fits] < least):.1%} of those with one" if (own & fits).any() else "")
    print(f"sharpness {best_sharpness([(case, found) for _, case, found in asked if case.want])}")
    for key, weight in zip(keys, curve.coef_[0], strict=True):
        print(f'        "{key}": {weight:.2f},')


def best_sharpness(asked: list[tuple[Case, Found]]) -> int:
    """The sharpness under which the right cards are likeliest."""

    def loss(sharpness: int) -> float:
        total = 0.0
        for case, found in asked:
            scores = np.array([s.score for s in found.ranked]) * sharpness
            shares = np.exp(scores - scores.max())
            right = [found.ids[s.number] in {case.want, *case.also} for s in found.ranked]
            total -= float(np.log(max(shares[right].sum() / shares.sum(), 1e-9)))
        return total

    return min(SHARPNESSES, key=loss)


if __name__ == "__main__":
    main()
