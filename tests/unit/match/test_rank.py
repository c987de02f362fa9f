import pytest

from deskguide.knowledge.store import MemorySections
from deskguide.match.confidence import SUREST, judge, logistic
from deskguide.match.rank import PINNED_CONFIDENCE, rank
from deskguide.match.search import search
from deskguide.match.table import WordTable
from tests.unit.match.conftest import Compile

TWINS = {
    "one": {"title": "swap seeds", "summary": "swap seeds", "examples": ["swap seeds"]},
    "two": {"title": "swap seeds", "summary": "swap seeds", "examples": ["swap seeds"]},
    "far": {"title": "rain", "summary": "rain", "examples": ["umbrella in the rain"]},
}


def test_one_clear_scenario_is_a_match(compile_cards: Compile, table: WordTable) -> None:
    ranking = rank("wants to swap tomato seeds", compile_cards(), table)
    assert (ranking.outcome, ranking.close, ranking.matches[0].id) == ("match", 1, "seed-swap")
    assert ranking.query == "wants to swap tomato seeds"
    assert ranking.matches[0].confidence > 0.8


def test_two_that_fit_alike_are_ambiguous_and_both_counted_close(compile_cards: Compile, table: WordTable) -> None:
    ranking = rank("swap seeds", compile_cards(**TWINS), table)
    assert (ranking.outcome, ranking.close) == ("ambiguous", 2)
    assert {m.id for m in ranking.matches[:2]} == {"one", "two"}
    assert ranking.matches[0].confidence == ranking.matches[1].confidence <= 0.5


@pytest.mark.parametrize("description", ["zebra crossing", "the of and", "qqqq"])
def test_where_nothing_fits_it_says_so(compile_cards: Compile, table: WordTable, description: str) -> None:
    ranking = rank(description, compile_cards(), table)
    assert (ranking.outcome, ranking.close) == ("none", 0)


def test_an_emergency_with_a_cue_goes_before_a_better_score(compile_cards: Compile, table: WordTable) -> None:
    ranking = rank("wants to swap tomato seeds, bag of seeds, and there is smoke", compile_cards(), table)
    assert [m.id for m in ranking.matches[:2]] == ["kitchen-smoke", "seed-swap"]
    assert ranking.outcome == "match"
    assert ranking.matches[0].confidence >= PINNED_CONFIDENCE
    assert ranking.matches[1].confidence <= 1 - PINNED_CONFIDENCE + 0.001


def test_a_cue_of_an_ordinary_scenario_pins_nothing(compile_cards: Compile, table: WordTable) -> None:
    ranking = rank("swap tomato seeds, trade seeds, bag of seeds, found umbrella", compile_cards(), table)
    assert ranking.matches[0].id == "seed-swap"


def test_a_cue_of_several_words_needs_all_of_them_side_by_side(compile_cards: Compile, table: WordTable) -> None:
    sections = compile_cards()
    assert rank("the book cart is on fire", sections, table).matches[0].id == "kitchen-smoke"
    fire_of_them = rank("seeds on a fire truck", sections, table).matches
    assert fire_of_them[0].id == "seed-swap"


def test_an_explanation_names_words_examples_cues_and_corrections(compile_cards: Compile, table: WordTable) -> None:
    explanation = rank("found umbrela qqqq", compile_cards(), table, is_explained=True).explanation
    assert explanation.corrections == (("umbrela", "umbrella"),)
    assert explanation.unknown == ("qqqq",)
    first = explanation.evidence[0]
    assert (first.id, first.cues) == ("umbrella-found", ("found umbrella",))
    assert set(first.words) == {"found", "umbrella"}
    assert len(first.examples) == 3


def test_without_asking_nothing_is_explained(compile_cards: Compile, table: WordTable) -> None:
    assert rank("found umbrella", compile_cards(), table).explanation.evidence == ()


def test_an_empty_library_has_no_matches(table: WordTable) -> None:
    ranking = rank("swap seeds", MemorySections({}), table)
    assert (ranking.outcome, ranking.matches) == ("none", ())


def test_a_description_is_kept_without_control_characters(compile_cards: Compile, table: WordTable) -> None:
    assert rank("swap\x1b[2J seeds", compile_cards(), table).query == "swap[2J seeds"


def test_confidences_share_the_chance_that_anything_fits(compile_cards: Compile, table: WordTable) -> None:
    found = search("swap seeds", compile_cards(**TWINS), table)
    judged = judge(found, found.ranked)
    assert 0 < judged.fits < 1
    assert sum(judged.confidences) == pytest.approx(judged.fits)
    assert max(judged.confidences) <= SUREST


def test_the_logistic_curve_does_not_overflow() -> None:
    assert (logistic(-1e4), logistic(0), logistic(1e4)) == (0, 0.5, 1)
