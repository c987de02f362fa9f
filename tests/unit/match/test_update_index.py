"""An index that is brought up to date answers as one that was compiled anew."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deskguide.knowledge.store import MemorySections, Overlay
from deskguide.knowledge.values import build_scenario
from deskguide.match.index import Change, compile_index, update_index
from deskguide.match.search import search
from deskguide.match.table import WordTable
from deskguide.model import Scenario
from tests.conftest import whole_scenario

WORDS = ["seeds", "swap", "trade", "umbrella", "rain", "smoke", "lost", "found"]
NAMES = ["one", "two", "three", "four"]


def card(name: str, texts: Sequence[str], **keys: Any) -> Scenario:
    values = {**whole_scenario(name, title="card", summary="card", examples=list(texts), **keys), "say": []}
    return build_scenario({**values, "source": "shipped", "files": ["x"]})


TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
CARD = st.builds(
    lambda texts, cues, priority: {"examples": texts, "cues": cues, "priority": priority},
    st.lists(TEXT, min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(["smoke", "found umbrella"]), max_size=2, unique=True),
    st.sampled_from(["routine", "emergency"]),
)
SHELF = st.dictionaries(st.sampled_from(NAMES), CARD, max_size=4)


def scenarios(shelf: dict[str, dict[str, Any]]) -> dict[str, Scenario]:
    return {n: card(n, k["examples"], cues=k["cues"], priority=k["priority"]) for n, k in sorted(shelf.items())}


def scores(sections: Any, table: WordTable, text: str) -> dict[str, tuple[float, tuple[str, ...]]]:
    found = search(text, sections, table)
    return {found.ids[s.number]: (round(s.similarity, 9), s.cues) for s in found.ranked}


@given(SHELF, SHELF, TEXT)
def test_changes_lead_to_the_index_of_what_is_there_now(
    before: dict[str, Any], after: dict[str, Any], text: str
) -> None:
    table = WordTable("")
    old, new = scenarios(before), scenarios(after)
    base = MemorySections(compile_index(list(old.values()), table))
    names = sorted({*old, *new})
    changes: list[Change] = [(old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n)]
    updated = Overlay(MemorySections(update_index(base, changes, table)), base)
    fresh = MemorySections(compile_index(list(new.values()), table))
    assert scores(updated, table, text) == scores(fresh, table, text)
    for term in WORDS:
        theirs, ours = search(term, updated, table), search(term, fresh, table)
        assert {theirs.ids[n] for n in theirs.hits.get(term, ())} == {ours.ids[n] for n in ours.hits.get(term, ())}
        assert {theirs.ids[n] for n in theirs.emergencies} == {ours.ids[n] for n in ours.emergencies}


def test_a_new_card_comes_beside_those_below(table: WordTable) -> None:
    base = MemorySections(compile_index([card("plants", ["swap seeds", "trade seeds"])], table))
    more = update_index(base, [(None, card("weather", ["umbrella in the rain", "lost umbrella"]))], table)
    found = search("umbrella lost in the rain", Overlay(MemorySections(more), base), table)
    assert [found.ids[s.number] for s in found.ranked] == ["weather", "plants"]
    assert found.ranked[0].similarity > 0.9
    assert search("swap seeds", Overlay(MemorySections(more), base), table).ranked[0].similarity > 0.9


def test_a_card_that_is_gone_is_found_no_more(table: WordTable) -> None:
    gone = card("weather", ["umbrella in the rain"], cues=["umbrella"])
    base = MemorySections(compile_index([card("plants", ["swap seeds"]), gone], table))
    found = search("umbrella", Overlay(MemorySections(update_index(base, [(gone, None)], table)), base), table)
    assert [(found.ids[s.number], s.cues) for s in found.ranked] == [("plants", ())]
