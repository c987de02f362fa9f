"""How often the right card comes: files of test descriptions asked of the shipped scenarios.

    python benchmarks/matching.py CASES.yaml... [--misses]

A case is ``{text, want: id}`` (with ``also: [ids]`` for others that are right), ``want: null`` where nothing should
match, or ``want_any: [ids]`` where the description is ambiguous. Cases whose card is not among the loaded scenarios
are counted on their own: for them, too, the right answer is that nothing fits.
"""

import argparse
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from deskguide.cli.desk import index_stamp, table_path
from deskguide.knowledge.library import open_library
from deskguide.knowledge.places import find_places
from deskguide.match.index import compile_index
from deskguide.match.rank import rank
from deskguide.match.table import WordTable


def share(part: int, whole: int) -> str:
    """Return ``part/whole`` with the percentage."""
    return f"{part:4} of {whole:4}  {100 * part / whole:5.1f} %" if whole else "none"


def main() -> None:
    """Ask every case and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--misses", action="store_true", help="print each case that came out wrong")
    options = parser.parse_args()
    cases: list[dict[str, Any]] = []
    for path in options.cases:
        cases += yaml.safe_load(path.read_text(encoding="utf-8"))
    table = WordTable(table_path())
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DESKGUIDE_CONFIG_DIR": folder, "DESKGUIDE_CACHE_DIR": folder}
        library = open_library(find_places(environment), lambda s: compile_index(s, table), index_stamp=index_stamp())
    ids = {head.id for head in library.heads()}
    tally: Counter[str] = Counter()
    times = []
    for case in cases:
        start = time.perf_counter()
        ranking = rank(case["text"], library.sections, table)
        times.append(time.perf_counter() - start)
        got = [match.id for match in ranking.matches]
        want = case.get("want")
        right = {want, *case.get("also", [])} - {None}
        is_missed = False
        if "want_any" in case:
            if set(case["want_any"]) <= ids:
                tally["ambiguous"] += 1
                tally["all named"] += set(case["want_any"]) <= set(got[:4])
        elif want is None:
            tally["null"] += 1
            tally["null none"] += ranking.outcome == "none"
            is_missed = ranking.outcome != "none"
        elif want in ids:
            tally["card"] += 1
            tally["first"] += got[0] in right
            tally["third"] += bool(right & set(got[:3]))
            tally["turned away"] += ranking.outcome == "none"
            is_missed = got[0] not in right
        elif not right & ids:
            tally["absent"] += 1
            tally["absent none"] += ranking.outcome == "none"
        if options.misses and is_missed:
            print(f"  {case['text']}\n    wanted {want}, came {ranking.outcome}: {ranking.matches[:2]}")
    print(f"{len(ids)} scenarios, {len(cases)} descriptions, median {statistics.median(times) * 1000:.2f} ms")
    print("right at first place         ", share(tally["first"], tally["card"]))
    print("right among the first three  ", share(tally["third"], tally["card"]))
    print("turned away though it has one", share(tally["turned away"], tally["card"]))
    print("nothing fits, recognized     ", share(tally["null none"], tally["null"]))
    print("its card is not loaded: none ", share(tally["absent none"], tally["absent"]))
    print("ambiguous, all named         ", share(tally["all named"], tally["ambiguous"]))


if __name__ == "__main__":
    main()
