"""How answers and the building of the store grow with a library.

    python -m benchmarks.scale [--sizes 200 2000 10000] [--runs 9] [--builds 3] [--markdown]

Libraries are made up: each scenario's texts are words of one shipped scenario, mixed with words of all others, always
the same ones. ``ask`` at each size takes turns with ``ask`` at the smallest, A B A B ..., whole processes with a warm
store; each ratio is the median of the ratios pair by pair. So do ``ask`` after one file has changed, and ``ask`` again.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import Pair, Run, compare, measure, table
from deskguide.knowledge.places import shipped_data
from deskguide.knowledge.read import Entries, Items, Text, parse

SEED = "deskguide"
EXAMPLES = 10
OWN_SHARE = 0.7
"""How much of a text comes from the words of the scenario's own model."""
SETTLE_SECONDS = 3.5
"""Files that changed a moment ago are compared by content; wait for the usual state."""
CODES = (0, 1)
"""An answer may be that nothing fits; it takes as long to find."""
_WORD = re.compile(r"[a-z][a-z']+")


class Model(NamedTuple):
    """A shipped scenario as a source of words."""

    id: str
    category: str
    words: tuple[str, ...]


class Size(NamedTuple):
    """One library on disk, and how to ask it."""

    scenarios: int
    folder: Path
    command: tuple[str, ...]
    environment: dict[str, str]
    build: Run


def read_models() -> list[Model]:
    """Return the words of the examples of every shipped scenario."""
    models = []
    for path in sorted((shipped_data() / "scenarios").glob("*/*.yaml")):
        entries = parse(path.read_bytes(), str(path))
        if isinstance(entries, Entries):
            nodes = {name.value: node for name, node in entries.values}
            examples = nodes["examples"]
            texts = [n.value for n in examples.values if isinstance(n, Text)] if isinstance(examples, Items) else []
            words = tuple(dict.fromkeys(_WORD.findall(" ".join(texts).lower())))
            models.append(Model(path.stem, path.parent.name, words))
    return models


def make_text(source: random.Random, model: Model, every: Sequence[str], least: int, most: int) -> str:
    """Return some words of a model, and some of all."""
    number = source.randint(least, most)
    return " ".join(source.choice(model.words if source.random() < OWN_SHARE else every) for _ in range(number))


def write_library(folder: Path, models: Sequence[Model], scenarios: int, examples: int) -> None:
    """Write a library; that of a larger size starts with the same scenarios."""
    every = sorted({word for model in models for word in model.words})
    for number in range(scenarios):
        model = models[number % len(models)]
        source = random.Random(f"{SEED} {number}")
        name = f"{model.id[:48].rstrip('-')}-{number}"

        def text(least: int, most: int, source: random.Random = source, model: Model = model) -> str:
            return make_text(source, model, every, least, most)

        values = {
            "id": name,
            "title": text(4, 7)[:80].strip(),
            "category": model.category,
            "priority": "routine",
            "summary": text(15, 25),
            "examples": list(dict.fromkeys(text(5, 14) for _ in range(examples))),
            "do": [text(6, 14) for _ in range(4)],
            "say": [{"when": text(2, 3), "text": text(8, 20)} for _ in range(3)],
            "avoid": [text(6, 14) for _ in range(3)],
            "policies": [],
            "principles": {"respect": text(5, 9)},
            "reviewed": "2026-01-31",
        }
        path = folder / model.category / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())
        path.write_text(content, encoding="utf-8")


def set_up(home: Path, models: Sequence[Model], scenarios: int, examples: int, builds: int) -> Size:
    """Write a library, build its store ``builds`` times, and leave it warm."""
    folder, cache = home / "scenarios", home / "cache"
    write_library(folder, models, scenarios, examples)
    environment = {**os.environ, "DESKGUIDE_CONFIG_DIR": str(home / "config"), "DESKGUIDE_CACHE_DIR": str(cache)}
    question = make_text(random.Random(SEED), models[0], models[0].words, 8, 8)
    options = ("--no-builtin", "--scenarios", str(folder), "--format", "plain")
    command = (sys.executable, "-m", "deskguide", "ask", *options, question)
    time.sleep(SETTLE_SECONDS)
    runs = []
    for _ in range(builds):
        for path in cache.glob("*"):
            path.unlink()
        runs.append(measure(command, environment, CODES))
    measure(command, environment, CODES)
    build = Run(statistics.median(r.seconds for r in runs), max(r.peak_mb for r in runs))
    return Size(scenarios, folder, command, environment, build)


def in_turn(first: Size, second: Size, runs: int) -> Pair:
    """Ask two libraries in turn."""
    turns = [
        (measure(first.command, first.environment, CODES), measure(second.command, second.environment, CODES))
        for _ in range(runs + 1)
    ][1:]
    return compare([a for a, _ in turns], [b for _, b in turns])


def after_a_change(size: Size, runs: int) -> Pair:
    """Ask after one file has changed, and ask again, in turn."""
    path = sorted(size.folder.rglob("*.yaml"))[size.scenarios // 2]
    content = path.read_text(encoding="utf-8")
    changed, warm = [], []
    for number in range(runs + 1):
        path.write_text(content.replace('summary: "', f'summary: "edition {number} '), encoding="utf-8")
        changed.append(measure(size.command, size.environment, CODES))
        warm.append(measure(size.command, size.environment, CODES))
    return compare(changed[1:], warm[1:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=[200, 2000, 10_000], help="scenarios of each library")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="examples of each scenario")
    parser.add_argument("--runs", type=int, default=9, help="turns that count; one more goes before them")
    parser.add_argument("--builds", type=int, default=3, help="how often each store is built")
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    options = parser.parse_args()
    models = read_models()
    with tempfile.TemporaryDirectory() as folder:
        sizes = [
            set_up(Path(folder, str(n)), models, n, options.examples, options.builds) for n in sorted(options.sizes)
        ]
        base = sizes[0]
        rows = []
        # All turns come first: a change leaves a second store behind, which costs every later ask a little.
        pairs = [in_turn(size, base, options.runs) for size in sizes]
        for size, pair in zip(sizes, pairs, strict=True):
            changed = after_a_change(size, options.runs)
            each = size.build.seconds / size.scenarios * 1000
            rows.append(
                [
                    f"{size.scenarios:,}",
                    f"{size.scenarios * options.examples:,}",
                    f"{pair.first.seconds * 1000:.1f}",
                    f"{pair.ratio:.2f}",
                    f"{pair.first.peak_mb:.1f}",
                    f"{pair.memory_ratio:.2f}",
                    f"{size.build.seconds:.2f}",
                    f"{each:.2f}",
                    f"{each / (base.build.seconds / base.scenarios * 1000):.2f}",
                    f"{size.build.peak_mb:.1f}",
                    f"{changed.first.seconds * 1000:.1f}",
                    f"{changed.ratio:.2f}",
                ]
            )
    heads = ["scenarios", "examples", "ask ms", f"to {base.scenarios}", "ask MB", f"to {base.scenarios}", "build s"]
    heads += ["ms each", f"to {base.scenarios}", "build MB", "changed ms", "to warm"]
    print(table(heads, rows, is_markdown=options.markdown))


if __name__ == "__main__":
    main()
