from typing import Any

import pytest

from deskguide.knowledge.store import MemorySections
from deskguide.match.search import BORDER_WEIGHT, nearest_examples, search
from deskguide.match.table import WordTable
from tests.unit.match.conftest import CARDS, Compile


@pytest.mark.parametrize(
    ("description", "first"),
    [
        ("wants to swap seeds", "seed-swap"),
        ("trade", "seed-swap"),  # by meaning and by word
        ("rain", "umbrella-found"),
        ("toaster", "kitchen-smoke"),  # a word that the table does not know
    ],
)
def test_the_scenario_that_is_meant_comes_first(
    compile_cards: Compile, table: WordTable, description: str, first: str
) -> None:
    found = search(description, compile_cards(), table)
    assert found.ids[found.ranked[0].number] == first
    scores = [s.score for s in found.ranked]
    assert scores == sorted(scores, reverse=True)


def test_a_score_is_the_sum_of_its_weighed_parts(compile_cards: Compile, table: WordTable) -> None:
    best = search("found umbrella in the rain", compile_cards(), table).ranked[0]
    assert best.cues == ("found umbrella",)
    assert best.pairs > 0
    assert best.score == pytest.approx(best.similarity + 0.028 * best.bm25 + 0.016 * best.pairs + 0.1)


def test_neighboring_words_tell_apart_what_the_same_words_do_not(compile_cards: Compile, table: WordTable) -> None:
    sections = compile_cards(
        one={"title": "x", "summary": "x", "examples": ["dog bites man"]},
        two={"title": "x", "summary": "x", "examples": ["man bites dog"]},
    )
    assert search("the man bites a dog", sections, table).ranked[0].number == 1
    assert search("the dog bites a man", sections, table).ranked[0].number == 0


def test_only_the_wanted_categories_are_ranked(compile_cards: Compile, table: WordTable) -> None:
    found = search("wants to swap seeds", compile_cards(), table, ["safety", "operations"])
    assert {found.ids[s.number] for s in found.ranked} == {"umbrella-found", "kitchen-smoke"}


def test_a_misspelt_word_is_read_as_the_one_that_was_meant(compile_cards: Compile, table: WordTable) -> None:
    found = search("umbrela in the toastr zzzzzz", compile_cards(), table)
    assert found.corrections == (("umbrela", "umbrella"), ("toastr", "toaster"))
    assert found.unknown == ("zzzzzz",)


def test_coverage_is_the_share_of_what_was_said_that_the_best_one_holds(
    compile_cards: Compile, table: WordTable
) -> None:
    sections = compile_cards()
    assert search("swap seeds", sections, table).coverage == 1
    assert 0.3 < search("seeds smoke", sections, table).coverage < 0.7
    assert search("zzzzzz", sections, table).coverage == 0
    assert search("the and of", sections, table).coverage == 0


def test_a_scenario_of_another_word_table_is_ranked_by_words_alone(compile_cards: Compile, table: WordTable) -> None:
    sections = compile_cards()
    found = search("swap seeds", sections, WordTable("nowhere"))
    assert found.query_vector is None
    assert found.ids[found.ranked[0].number] == "seed-swap"
    assert found.ranked[0].similarity == 0
    assert nearest_examples(found, 0, sections, 3) == ()


def test_nothing_can_be_found_in_an_empty_index(table: WordTable) -> None:
    found = search("swap seeds", MemorySections({}), table)
    assert (found.ids, found.ranked, found.coverage) == ([], (), 0)


def test_the_nearest_examples_come_with_their_cosines(compile_cards: Compile, table: WordTable) -> None:
    sections = compile_cards()
    found = search("swap seeds", sections, table)
    texts = nearest_examples(found, 0, sections, 2)
    assert texts[0][0] in (*CARDS["seed-swap"]["examples"], CARDS["seed-swap"]["title"])
    assert texts[0][1] == pytest.approx(1, abs=0.02)
    assert texts[0][1] >= texts[1][1]


def test_evidence_for_an_emergency_counts_a_little_more(compile_cards: Compile, table: WordTable) -> None:
    same = {"title": "x", "summary": "x", "examples": ["toaster burns in the back"]}
    sections = compile_cards(an_everyday={**same}, the_emergency={**same, "priority": "emergency"})
    found = search("toaster burns", sections, table)
    assert found.ids[found.ranked[0].number] == "the-emergency"
    assert found.ranked[0].score == pytest.approx(found.ranked[1].score + 0.08)
    quiet = search("seeds", sections, table)
    assert [s.score for s in quiet.ranked] == [0.0, 0.0]


def test_who_borders_on_the_first_moves_up_but_never_past_it(compile_cards: Compile, table: WordTable) -> None:
    cards: dict[str, dict[str, Any]] = {
        "first": {"title": "x", "summary": "x", "examples": ["swap tomato seeds", "swap seeds"]},
        "other": {"title": "x", "summary": "x", "examples": ["swap umbrella"]},
        "border": {"title": "x", "summary": "x", "examples": ["umbrella in the rain"]},
    }
    plain = search("swap tomato seeds", compile_cards(**cards), table)
    assert [plain.ids[s.number] for s in plain.ranked] == ["first", "other", "border"]
    cards["first"]["not_this"] = [{"id": "border", "when": "it rains"}, {"id": "gone", "when": "nobody knows"}]
    near = search("swap tomato seeds", compile_cards(**cards), table)
    gained = {near.ids[s.number]: s.score for s in near.ranked}
    before = {plain.ids[s.number]: s.score for s in plain.ranked}
    assert gained["border"] == pytest.approx(before["border"] + BORDER_WEIGHT)
    assert gained["first"] == before["first"] >= max(gained.values())
