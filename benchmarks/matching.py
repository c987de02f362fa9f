"""How often the right card comes, for files of test descriptions, beside other ways to find it on the same cases.

    python -m benchmarks.matching CASES.yaml... [--peers] [--misses]
    python -m benchmarks.matching --public benchmarks/public [--peers]

A case is ``{text, want: id}`` (with ``also: [ids]`` for others that are right), ``want: null`` where nothing should
match, or ``want_any: [ids]`` where the description is ambiguous. A public benchmark is a JSON file with ``train``
(intent to ten texts) and ``test`` (pairs of text and intent; an intent that is not in ``train`` is out of scope).
Accuracy repeats exactly; times depend on the machine.
"""

import argparse
import json
import os
import random
import re
import statistics
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from benchmarks.peers import Peer, all_peers
from deskguide.author.cases import Case, read_cases
from deskguide.author.evaluate import FIRST, THREE, Result, evaluate_cases, sum_up
from deskguide.author.report import render_evaluation
from deskguide.cli.desk import compile_entries, index_stamp, learned_path, table_path
from deskguide.knowledge.library import Library, open_library
from deskguide.knowledge.places import find_places
from deskguide.match.learned import Learned
from deskguide.match.rank import rank
from deskguide.match.table import WordTable
from deskguide.model import Ranking

BINS = 10
SURE = 0.8
TYPO_LETTERS = 4
SEED = 20261126


def open_at(folder: str, *, scenarios: Sequence[str] = (), has_builtin: bool = True) -> Library:
    """Open the shipped library, or folders of scenarios, with its store in ``folder``."""
    environment = {"DESKGUIDE_CONFIG_DIR": folder, "DESKGUIDE_CACHE_DIR": folder}
    places = find_places(environment, named=scenarios, has_builtin=has_builtin)
    return open_library(places, compile_entries, index_stamp=index_stamp())


def percent(part: float, whole: float) -> str:
    """Return ``part/whole`` as a percentage."""
    return f"{100 * part / whole:5.1f} %" if whole else "   none"


def main() -> None:
    """Ask every case and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", type=Path)
    parser.add_argument("--peers", action="store_true", help="ask the other matchers too")
    parser.add_argument("--misses", action="store_true", help="print each case that came out wrong, and why")
    parser.add_argument("--public", type=Path, help="folder with clinc150.json, banking77.json and hwu64.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.cases:
            measure_cases(folder, options.cases, has_peers=options.peers, has_misses=options.misses)
        if options.public:
            for path in sorted(options.public.glob("*.json")):
                measure_public(path, has_peers=options.peers)


def measure_cases(folder: str, paths: Sequence[Path], *, has_peers: bool, has_misses: bool) -> None:
    """Print the figures of the shipped library for each file of cases."""
    open_at(folder).sections.close()  # builds the store
    start = time.perf_counter()
    library, table = open_at(folder), WordTable(table_path())
    learned = Learned(learned_path(), table)
    heads = library.heads()
    loading = time.perf_counter() - start
    emergencies = {h.id for h in heads if h.priority == "emergency"}
    stores = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
    print(f"{len(heads)} scenarios; opening store and table {1000 * loading:.1f} ms")
    print(f"word table {os.path.getsize(table_path()) / 1e6:.2f} MB, learned weights", end=" ")
    print(f"{os.path.getsize(learned_path()) / 1e6:.2f} MB, store with all guidance {stores / 1e6:.2f} MB")
    texts = {}
    for head in heads:
        scenario = library.scenario(head.id)
        assert scenario is not None
        texts[head.id] = [scenario.title, *scenario.examples, *scenario.cues]
    print(f"{sum(map(len, texts.values())):,} titles, examples and cues")

    def ask(text: str) -> Ranking:
        return rank(text, library.sections, table, learned=learned)

    for path in paths:
        cases = read_cases(str(path), set(texts)).cases
        results = list(evaluate_cases(cases, ask))
        evaluated = sum_up(results, emergencies)
        print(f"\n{path.name}: " + render_evaluation(evaluated, has_misses=has_misses), end="")
        print_confidence(results)
        print_typos(cases, results, ask)
        times = sorted(r.ms for r in results)
        print(f"  95th percentile {times[int(len(times) * 0.95)]:.1f} ms")
        if has_peers:
            print_peers(cases, texts)


def print_confidence(results: Sequence[Result]) -> None:
    """Print how far confidence is from the share that is right, over the answers that were put forward."""
    given = [
        (r.ranking.matches[0].confidence, r.ranking.matches[0].id in {r.case.want, *r.case.also})
        for r in results
        if r.ranking.outcome == "match" and not r.case.want_any
    ]
    if not given:
        return
    error = 0.0
    for number in range(BINS):
        held = [g for g in given if min(int(g[0] * BINS), BINS - 1) == number]
        error += abs(sum(c for c, _ in held) - sum(right for _, right in held))
    sure = [right for confidence, right in given if confidence >= SURE]
    print(f"  expected calibration error {error / len(given):.3f} over {len(given)} answers")
    print(f"  right of the answers with {SURE} or more {percent(sum(sure), len(sure))} of {len(sure)}")


def print_typos(cases: Sequence[Case], results: Sequence[Result], ask: Callable[[str], Ranking]) -> None:
    """Print how many come first with a slip of the finger in every second longer word."""
    chance = random.Random(SEED)
    right = slipped = counted = 0
    for case, result in zip(cases, results, strict=True):
        if case.want:
            wanted = {case.want, *case.also}
            counted += 1
            right += bool(wanted & {m.id for m in result.ranking.matches[:1]})
            slipped += bool(wanted & {m.id for m in ask(with_typos(case.text, chance)).matches[:1]})
    if counted:
        print(f"  first with typos {percent(slipped, counted)}, without {percent(right, counted)}")


def with_typos(text: str, chance: random.Random) -> str:
    """Return ``text`` with one typo in every second word of four letters or more."""
    number = 0

    def slip(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        word = match.group()
        if number % 2:
            return word
        at = chance.randrange(1, len(word) - 1)
        kind = chance.randrange(4)
        if kind == 0:  # two letters change places
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind == 1:  # a letter is left out
            return word[:at] + word[at + 1 :]
        if kind == 2:  # a letter comes twice
            return word[:at] + word[at] + word[at:]
        return word[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]

    return re.sub(rf"[A-Za-z]{{{TYPO_LETTERS},}}", slip, text)


def print_peers(cases: Sequence[Case], texts: Mapping[str, Sequence[str]]) -> None:
    """Print first, first three and milliseconds of each peer on the same cases."""
    print("  other matchers, first / first three / ms (median)")
    for name, fit in all_peers().items():
        peer = fit(texts)
        first = three = counted = 0
        times = []
        for case in cases:
            if case.want:
                start = time.perf_counter()
                ranked = [i for i, _ in peer.rank(case.text)]
                times.append(time.perf_counter() - start)
                wanted = {case.want, *case.also}
                counted += 1
                first += bool(wanted & set(ranked[:1]))
                three += bool(wanted & set(ranked[:THREE]))
        if counted:
            ms = 1000 * statistics.median(times)
            print(f"    {name:26} {percent(first, counted)} {percent(three, counted)} {ms:8.2f}")


def measure_public(path: Path, *, has_peers: bool) -> None:
    """Print first right, and how well out-of-scope texts are told apart, for one public benchmark."""
    content = json.loads(path.read_text(encoding="utf-8"))
    names = {intent: re.sub(r"[^a-z0-9]+", "-", intent.lower()).strip("-") for intent in content["train"]}
    texts = {names[intent]: examples for intent, examples in content["train"].items()}
    test = [(text, names.get(intent, "")) for text, intent in content["test"]]
    print(f"\n{path.stem}: {len(names)} intents, {len(test)} texts; first right, area under ROC, ms (median)")
    with tempfile.TemporaryDirectory() as folder:
        for name, examples in texts.items():
            write_intent(Path(folder) / "intents" / f"{name}.yaml", name, examples)
        library = open_at(folder, scenarios=[folder], has_builtin=False)
        table = WordTable(table_path())
        print_public("deskguide", test, lambda text: _ranked(rank(text, library.sections, table)))
        library.sections.close()
    if has_peers:
        for name, fit in all_peers().items():
            peer: Peer = fit({name: [name.replace("-", " "), *own] for name, own in texts.items()})
            print_public(name, test, peer.rank)


def _ranked(ranking: Ranking) -> list[tuple[str, float]]:
    return [(m.id, m.confidence) for m in ranking.matches[:FIRST]]


def print_public(name: str, test: Sequence[tuple[str, str]], ask: Callable[[str], list[tuple[str, float]]]) -> None:
    """Print one matcher's line for a public benchmark."""
    first = 0
    times = []
    known: list[float] = []
    unknown: list[float] = []
    for text, want in test:
        start = time.perf_counter()
        ranked = ask(text)
        times.append(time.perf_counter() - start)
        score = ranked[0][1] if ranked else 0.0
        (known if want else unknown).append(score)
        first += bool(want and ranked and ranked[0][0] == want)
    told = f"{area(known, unknown):.3f}" if unknown else "     "
    print(f"  {name:26} {percent(first, len(known))}  {told} {1000 * statistics.median(times):8.2f}")


def area(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return the chance that a score of ``higher`` exceeds one of ``lower``: the area under the ROC curve."""
    ordered = sorted(lower)
    below = sum(bisect_left(ordered, s) + bisect_right(ordered, s) for s in higher)
    return below / 2 / len(higher) / len(lower)


def write_intent(path: Path, name: str, examples: Sequence[str]) -> None:
    """Write an intent as a scenario file, with the keys that matching does not look at as short as can be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = dict(_intent(name, examples))
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _intent(name: str, examples: Sequence[str]) -> Iterator[tuple[str, object]]:
    yield "id", name
    yield "title", name.replace("-", " ")
    yield "category", "intents"
    yield "priority", "routine"
    yield "summary", name.replace("-", " ")
    yield "examples", list(dict.fromkeys(examples))
    yield from (("do", ["-"]), ("say", ["-"]), ("avoid", ["-"]), ("policies", []), ("principles", {"decency": "-"}))
    yield "reviewed", "2026-01-01"


if __name__ == "__main__":
    main()
