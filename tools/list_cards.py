"""Write the list of all shipped cards by category: what each is about, how pressing it is, what it rests on.

    python tools/list_cards.py docs/cards.md

A test compares the file with what this makes, so run it after a card has been added or its title has changed.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from deskguide.knowledge.library import open_library
from deskguide.knowledge.places import Places, find_places
from deskguide.model import CATEGORIES, Policy, Scenario

HEAD = """# All cards

Made from `data/scenarios` by `tools/list_cards.py`. `deskguide show ID` shows a card whole, `deskguide list` this list.
"""


def main() -> None:
    """Write the list to the file that is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("list", type=Path)
    parser.parse_args().list.write_text(list_shipped(), encoding="utf-8", newline="\n")


def list_shipped() -> str:
    """Return the list of the cards that this checkout ships, as Markdown."""
    shipped = find_places({"DESKGUIDE_CONFIG_DIR": "nowhere", "DESKGUIDE_CACHE_DIR": "nowhere"}).layers[:1]
    library = open_library(Places(shipped, "", "", ""), lambda _below, _changes: {})
    scenarios = [s for head in library.heads() if (s := library.scenario(head.id))]
    return "\n".join(_lines(scenarios, {p.id: p for p in library.policies()}))


def _lines(scenarios: Iterable[Scenario], policies: Mapping[str, Policy]) -> Iterator[str]:
    ordered = sorted(scenarios, key=lambda s: (CATEGORIES.index(s.category), s.title.lower()))
    yield HEAD
    yield (
        f"{len(ordered)} cards, {sum(len(s.examples) for s in ordered):,} examples, {len(policies)} policies and laws "
        "behind them.\n"
    )
    for category, group in groupby(ordered, key=lambda s: s.category):
        cards = list(group)
        yield f"## {category} ({len(cards)})\n"
        yield "| card | what it is about | priority | rests on |"
        yield "| --- | --- | --- | --- |"
        for card in cards:
            link = f"[{card.id}](../data/scenarios/{card.category}/{card.id}.yaml)"
            rests = ", ".join(f"[{r.id}](../data/policies/{r.id}.yaml)" for r in card.policies)
            yield f"| {link} | {card.title} | {card.priority} | {rests} |"
        yield ""


if __name__ == "__main__":
    main()
