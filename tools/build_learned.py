"""Build `data/matching/learned.bin`: linear weights learned from the shipped scenarios' texts.

    python tools/build_learned.py

One linear support vector machine a scenario, against all others (LinearSVC of scikit-learn, after Fan and others,
"LIBLINEAR" (2008)), over the features of :mod:`deskguide.match.learned`. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import math
import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from deskguide.knowledge.library import open_library
from deskguide.knowledge.places import Places, find_places
from deskguide.match.learned import NOTHING, RARITY_STEPS, features
from deskguide.match.words import tokenize

Groups = tuple[list[str], list[str]]
Floats = npt.NDArray[np.float32]

MORE_TEXTS = Path(__file__).parent / "told.yaml"
NOTHING_TEXTS = Path(__file__).parent / "nothing.yaml"
LEAST_PAIR = 2
LEAST_RUN = 3
"""A pair of words or a run of letters that stands in fewer texts than this is left out."""
SOFTNESS = 0.3
"""C of the machine: smaller is smoother."""
TELLING = 0.115
"""Weights below this are cut."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("data/matching/learned.bin"))
    parser.add_argument("--telling", type=float, default=TELLING)
    options = parser.parse_args()
    ids, texts, owners = read_texts()
    groups = [features(tokenize(text)) for text in texts]
    known = choose(groups)
    print(f"{len(ids)} scenarios, {len(texts):,} texts, {len(known):,} features")
    rarities = weigh_rarity(groups, known)
    machine = LinearSVC(C=SOFTNESS, random_state=0).fit(matrix(groups, known, rarities), owners)
    weights = machine.coef_.astype(np.float32)
    weights[np.abs(weights) < options.telling] = 0
    content = pack(ids, list(known), rarities, weights, machine.intercept_)
    options.output.write_bytes(content)
    print(f"{np.count_nonzero(weights):,} weights, {len(content):,} bytes in {options.output}")


def read_texts() -> tuple[list[str], list[str], list[int]]:
    """Every shipped id, and NOTHING; every text that one is known by, and its number."""
    shipped = find_places({"DESKGUIDE_CONFIG_DIR": "nowhere", "DESKGUIDE_CACHE_DIR": "nowhere"}).layers[:1]
    library = open_library(Places(shipped, "", "", ""), lambda _: {})
    ids, texts, owners = [], [], []
    for number, head in enumerate(sorted(library.heads(), key=lambda h: h.id)):
        scenario = library.scenario(head.id)
        assert scenario is not None
        ids.append(scenario.id)
        own = [*scenario.examples, scenario.title, scenario.summary, *scenario.cues]
        texts += own
        owners += [number] * len(own)
    for name, own in yaml.safe_load(MORE_TEXTS.read_text(encoding="utf-8")).items():
        texts += own
        owners += [ids.index(name)] * len(own)
    unfit = yaml.safe_load(NOTHING_TEXTS.read_text(encoding="utf-8"))
    return [*ids, NOTHING], [*texts, *unfit], [*owners, *[len(ids)] * len(unfit)]


def choose(groups: Sequence[Groups]) -> dict[str, int]:
    """The features that are kept, with their places, ordered by CRC-32; of two with the same one the first."""
    seen: Counter[str] = Counter()
    for whole, runs in groups:
        seen.update(set(whole) | set(runs))
    least = {"w": 1, "p": LEAST_PAIR, "c": LEAST_RUN}
    by_crc: dict[int, str] = {}
    for feature in sorted(seen):
        if seen[feature] >= least[feature[0]]:
            by_crc.setdefault(crc32(feature.encode()), feature)
    return {by_crc[crc]: place for place, crc in enumerate(sorted(by_crc))}


def weigh_rarity(groups: Sequence[Groups], known: dict[str, int]) -> Floats:
    """Inverse document frequency of each feature, log((1 + N) / (1 + n)) + 1, in steps as the file holds it."""
    seen = np.zeros(len(known))
    for whole, runs in groups:
        for feature in set(whole) | set(runs):
            if feature in known:
                seen[known[feature]] += 1
    rarity = np.log((1 + len(groups)) / (1 + seen)) + 1
    return np.asarray(np.minimum(np.round(rarity * RARITY_STEPS), 255) / RARITY_STEPS, dtype=np.float32)


def matrix(groups: Sequence[Groups], known: dict[str, int], rarities: Floats) -> csr_matrix:
    """Texts by features: log-counts times rarity, each kind of feature scaled to length 1."""
    starts, places, values = [0], [], []
    for text in groups:
        for group in text:
            counts = Counter(feature for feature in group if feature in known)
            row = [(known[f], (1 + math.log(n)) * float(rarities[known[f]])) for f, n in counts.items()]
            length = math.sqrt(sum(v * v for _, v in row)) or 1.0
            places += [p for p, _ in row]
            values += [v / length for _, v in row]
        starts.append(len(places))
    return csr_matrix((values, places, starts), shape=(len(groups), len(known)), dtype=np.float32)


def pack(ids: Sequence[str], known: Sequence[str], rarities: Floats, weights: Floats, offsets: Floats) -> bytes:
    """The file, as :mod:`deskguide.match.learned` reads it. Features without a telling weight are left out."""
    kept = [p for p in range(len(known)) if weights[:, p].any()]
    scale = float(np.abs(weights).max()) / 127
    starts, numbers, values = [0], bytearray(), bytearray()
    for place in kept:
        column = np.round(weights[:, place] / scale).astype(int)
        (held,) = np.nonzero(column)
        numbers += bytes(held.tolist())
        values += column[held].astype(np.int8).tobytes()
        starts.append(len(numbers))
    names = "\n".join(ids).encode()
    header = struct.pack("<4sIIIIf", b"SLW1", len(kept), len(ids), len(numbers), len(names), scale)
    crcs = [crc32(known[p].encode()) for p in kept]
    steps = bytes(round(float(rarities[p]) * RARITY_STEPS) for p in kept)
    return b"".join(
        (
            header,
            names,
            struct.pack(f"<{len(ids)}f", *offsets),
            struct.pack(f"<{len(kept)}I", *crcs),
            struct.pack(f"<{len(starts)}I", *starts),
            steps,
            bytes(numbers),
            bytes(values),
        )
    )


if __name__ == "__main__":
    main()
