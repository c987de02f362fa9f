"""Build `data/matching/learned.bin`: linear weights learned from the shipped scenarios' texts.

    python tools/build_learned.py

One linear support vector machine a scenario, against all others (LinearSVC of scikit-learn, after Fan and others,
"LIBLINEAR" (2008)), over the features of :mod:`deskguide.match.learned`, cut to its telling weights. See README.md
beside this file.
"""

from __future__ import annotations

import argparse
import math
import struct
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import yaml
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.svm import LinearSVC

from deskguide.cli.desk import table_path
from deskguide.knowledge.library import open_library
from deskguide.knowledge.places import Places, find_places
from deskguide.match.learned import NO_GROUP, NOTHING, RARITY_STEPS, features
from deskguide.match.table import WordTable
from deskguide.match.words import tokenize

Groups = tuple[list[str], ...]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

MORE_TEXTS = Path(__file__).parent / "told.yaml"
NOTHING_TEXTS = Path(__file__).parent / "nothing.yaml"
LEAST = {"w": 1, "p": 2, "c": 3, "k": 1, "m": 2, "n": 2}
"""A feature that stands in fewer texts than this, by its first letter, is left out."""


SOFTNESS = 0.3
"""C of the machine: smaller is smoother."""
WEIGHTS = 900_000
"""Weights that are kept: those with the largest worth."""
SPREAD = 0.4
"""A weight's worth grows with the number of texts that its feature stands in, to this power."""
FULL_ROW_BIAS = 128


class Rows(NamedTuple):
    """Texts by features, sparse: the features of text i, and their values, lie from starts[i] to starts[i + 1]."""

    starts: Numbers
    places: Numbers
    values: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("data/matching/learned.bin"))
    parser.add_argument("--weights", type=int, default=WEIGHTS)
    parser.add_argument("--spread", type=float, default=SPREAD)
    options = parser.parse_args()
    ids, texts, owners = read_texts()
    table = WordTable(table_path())
    groups_of_words = group_words(Path(table_path()))

    def find_group(word: str) -> int:
        place = table.place(word)
        return groups_of_words[place] if place >= 0 else NO_GROUP

    held = [features(tokenize(text), find_group) for text in texts]
    seen = Counter(feature for groups in held for feature in {f for group in groups for f in group})
    known = choose(seen)
    print(f"{len(ids)} scenarios, {len(texts):,} texts, {len(known):,} features")
    counts = np.array([seen[feature] for feature in known], np.float32)
    rarities = weigh_rarity(counts, len(texts))
    rows = to_rows(held, known, rarities)
    machine = LinearSVC(C=SOFTNESS, random_state=0)
    machine.fit(csr_matrix((rows.values, rows.places, rows.starts), shape=(len(texts), len(known))), owners)
    weights = machine.coef_.T.astype(np.float32)
    worth = np.abs(weights) * (counts**options.spread)[:, None]
    weights[worth < np.partition(worth.ravel(), -options.weights)[-options.weights]] = 0
    content = pack(ids, list(known), rarities, weights, machine.intercept_, groups_of_words)
    options.output.write_bytes(content)
    print(f"{len(content):,} bytes in {options.output}")


def read_texts() -> tuple[list[str], list[str], list[int]]:
    """Every shipped id, and NOTHING; every text that one is known by, and its number."""
    shipped = find_places({"DESKGUIDE_CONFIG_DIR": "nowhere", "DESKGUIDE_CACHE_DIR": "nowhere"}).layers[:1]
    library = open_library(Places(shipped, "", "", ""), lambda _below, _changes: {})
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


def group_words(path: Path) -> list[int]:
    """The group of each word of the table, in its order: k-means over the directions of their vectors."""
    content = path.read_bytes()
    words, dimensions = struct.unpack_from("<II", content, 4)
    rows = np.frombuffer(content, np.int8, words * dimensions, 12 + 8 * words).reshape(words, dimensions)
    directions = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    means = MiniBatchKMeans(NO_GROUP, random_state=0, n_init=3, batch_size=4096)
    return [int(group) for group in means.fit_predict(directions.astype(np.float32))]


def choose(seen: Counter[str]) -> dict[str, int]:
    """The features that are kept, with their places, ordered by CRC-32; of two with the same one the first."""
    by_crc: dict[int, str] = {}
    for feature in sorted(seen):
        if seen[feature] >= LEAST[feature[0]]:
            by_crc.setdefault(crc32(feature.encode()), feature)
    return {by_crc[crc]: place for place, crc in enumerate(sorted(by_crc))}


def weigh_rarity(counts: Floats, texts: int) -> Floats:
    """Inverse document frequency, log((1 + N) / (1 + n)) + 1, in steps as the file holds it."""
    rarity = np.log((1 + texts) / (1 + counts)) + 1
    return np.asarray(np.minimum(np.round(rarity * RARITY_STEPS), 255) / RARITY_STEPS, np.float32)


def to_rows(held: Sequence[Groups], known: dict[str, int], rarities: Floats) -> Rows:
    """Log-counts times rarity, each kind of feature scaled to length 1."""
    starts, places, values = [0], [], []
    for text in held:
        for group in text:
            counts = Counter(feature for feature in group if feature in known)
            row = [(known[f], (1 + math.log(n)) * float(rarities[known[f]])) for f, n in counts.items()]
            length = math.sqrt(sum(v * v for _, v in row)) or 1.0
            places += [p for p, _ in row]
            values += [v / length for _, v in row]
        starts.append(len(places))
    return Rows(np.array(starts), np.array(places), np.array(values, np.float32))


def pack(
    ids: Sequence[str], known: Sequence[str], rarities: Floats, weights: Floats, offsets: Floats, groups: Sequence[int]
) -> bytes:
    """The file, as :mod:`deskguide.match.learned` reads it. Features without a weight are left out."""
    scale = float(np.abs(weights).max()) / 127
    kept, starts, rows = [], [0], bytearray()
    for place, row in enumerate(np.round(weights / scale).astype(int)):
        (held,) = np.nonzero(row)
        if not len(held):
            continue
        kept.append(place)
        if 2 * len(held) < len(ids):
            rows += bytes(held.tolist()) + row[held].astype(np.int8).tobytes()
        else:
            rows += (row + FULL_ROW_BIAS).astype(np.uint8).tobytes()
        starts.append(len(rows))
    names = "\n".join(ids).encode()
    return b"".join(
        (
            struct.pack("<4sIIIIIf", b"SLW2", len(kept), len(ids), len(rows), len(names), len(groups), scale),
            names,
            struct.pack(f"<{len(ids)}f", *offsets),
            struct.pack(f"<{len(kept)}I", *(crc32(known[place].encode()) for place in kept)),
            struct.pack(f"<{len(starts)}I", *starts),
            bytes(round(float(rarities[place]) * RARITY_STEPS) for place in kept),
            bytes(groups),
            bytes(rows),
        )
    )


if __name__ == "__main__":
    main()
