"""What can be held of the shipped scenarios by a machine. Whether a card is wise and kind, people decide."""

import json
import re
from collections import defaultdict
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from itertools import combinations
from pathlib import Path

import pyphen
import pytest
import yaml
from rapidfuzz import fuzz

from deskguide.author.wording import find_poor_words
from deskguide.match.words import STOP_WORDS, tokenize
from deskguide.model import Profile, Scenario
from deskguide.show.page import Block, Book, Item, scenario_page
from deskguide.show.panels import render_panels
from deskguide.show.plain import render_plain
from tests.conftest import Run
from tests.data.shipped import guidance, shipped_faults, shipped_policies, shipped_scenarios

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CATALOGUE: dict[str, list[str]] = yaml.safe_load((HERE / "catalogue.yaml").read_text(encoding="utf-8"))
SCENARIOS = shipped_scenarios()
EACH = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda s: s.id)

FEWEST_EXAMPLES = 50
FEWEST_EXAMPLES_IN_ALL = 12_000
FEWEST_SAYINGS = 3
LONGEST_SAYING = 45
HIGHEST_GRADE = 8
SCREEN_LINES = 40
LIKE_ANOTHER = 93
"""rapidfuzz's token_sort_ratio from which two examples are the same in other words."""

LIFE_SAVING = re.compile(
    r"\b(call 911|call out|911|get (everyone|yourself|people|patrons) (out|away|back)|run|shout|step back|back away)\b",
    re.I,
)


def test_the_program_finds_no_fault_in_what_it_ships() -> None:
    assert shipped_faults() == []


def test_the_whole_catalogue_is_shipped_each_card_under_its_category() -> None:
    listed = {name: category for category, names in CATALOGUE.items() for name in names}
    assert {name: s.category for name, s in SCENARIOS.items()} == listed


def test_there_are_examples_enough_in_all() -> None:
    assert sum(len(s.examples) for s in SCENARIOS.values()) >= FEWEST_EXAMPLES_IN_ALL


@EACH
def test_every_part_is_there(scenario: Scenario) -> None:
    assert len(scenario.do) >= 3
    assert len(scenario.say) >= FEWEST_SAYINGS
    assert len(scenario.avoid) >= 3
    assert scenario.offer
    assert scenario.escalate
    assert scenario.policies
    assert scenario.not_this
    assert scenario.follow_up
    assert scenario.sources
    assert 2 <= len(scenario.principles) <= 4
    assert 1 <= len(re.findall(r"[.!?](?:\s|$)", scenario.summary)) <= 4


@EACH
def test_there_are_examples_enough_in_words_other_than_the_title(scenario: Scenario) -> None:
    assert len(scenario.examples) >= FEWEST_EXAMPLES
    title = set(tokenize(scenario.title)) - STOP_WORDS
    apart = [e for e in scenario.examples if not title & set(tokenize(e))]
    assert len(apart) * 2 >= len(scenario.examples)


def test_no_example_stands_twice_or_nearly_so_in_any_scenario() -> None:
    where: dict[tuple[str, ...], str] = {}
    twice = []
    rare: dict[str, list[int]] = defaultdict(list)
    texts: list[tuple[str, str]] = []
    for name, scenario in SCENARIOS.items():
        for example in scenario.examples:
            words = tuple(tokenize(example))
            if words in where:
                twice.append(f"{name} and {where[words]}: {example}")
            where[words] = name
            texts.append((name, " ".join(words)))
    for number, (_, text) in enumerate(texts):
        for word in set(text.split()) - STOP_WORDS:
            rare[word].append(number)
    # Two texts so much alike share their rare words, so only those that share one are compared.
    pairs = {pair for numbers in rare.values() if len(numbers) <= 60 for pair in combinations(numbers, 2)}
    for first, second in pairs:
        (here, a), (there, b) = texts[first], texts[second]
        if min(len(a), len(b)) > 12 and fuzz.token_sort_ratio(a, b, score_cutoff=LIKE_ANOTHER):
            twice.append(f"{here}: {a} / {there}: {b}")
    assert twice == []


@EACH
def test_borders_run_both_ways_between_cards_of_the_catalogue(scenario: Scenario) -> None:
    known = {name for names in CATALOGUE.values() for name in names}
    neighbors = [border.id for border in scenario.not_this]
    assert len(set(neighbors)) == len(neighbors)
    assert set(neighbors) <= known - {scenario.id}
    one_way = [n for n in neighbors if scenario.id not in {b.id for b in SCENARIOS[n].not_this}]
    assert one_way == []


@EACH
def test_every_policy_that_is_cited_is_there(scenario: Scenario) -> None:
    assert {reason.id for reason in scenario.policies} <= shipped_policies().keys()


@EACH
def test_words_that_wound_or_puff_are_not_used(scenario: Scenario) -> None:
    for key, text in guidance(scenario):
        assert list(find_poor_words(text)) == [], key


@EACH
def test_what_to_say_can_be_said_in_one_breath_or_two(scenario: Scenario) -> None:
    assert [s.text for s in scenario.say if len(s.text.split()) > LONGEST_SAYING] == []


@EACH
def test_the_reading_level_is_grade_8_or_below(scenario: Scenario) -> None:
    assert reading_grade([text for key, text in guidance(scenario) if key != "say: when"]) <= HIGHEST_GRADE


def reading_grade(texts: list[str]) -> float:
    """Return the Flesch-Kincaid grade of some texts, each of whole sentences.

    0.39 words a sentence + 11.8 syllables a word - 15.59: Kincaid, Fishburne, Rogers and Chissom, "Derivation of
    New Readability Formulas for Navy Enlisted Personnel" (1975). Syllables are counted by Pyphen's hyphenation.
    """
    hyphenation = pyphen.Pyphen(lang="en_US")
    sentences = sum(max(1, len(re.findall(r"[.!?]+(?:\s|$)", text))) for text in texts)
    words = [w for text in texts for w in re.findall(r"[A-Za-z0-9']+", re.sub(r"\{\w+\}", "manager", text))]
    syllables = sum(len(hyphenation.positions(word)) + 1 for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_grade_of_easy_and_hard_sentences_differs() -> None:
    assert reading_grade(["The cat sat on the mat. It was warm."]) < 2
    hard = "Notwithstanding institutional considerations, administrative authorization necessitates documentation."
    assert reading_grade([hard]) > 15


@EACH
def test_an_emergency_starts_with_the_act_that_saves_a_life_and_has_cues(scenario: Scenario) -> None:
    if scenario.priority == "emergency":
        assert LIFE_SAVING.search(scenario.do[0]), scenario.do[0]
        assert "911" in " ".join([*scenario.do[:2], *(e.to for e in scenario.escalate)])
        assert len(scenario.cues) >= 5


@EACH
def test_dates_and_addresses_can_be_relied_on(scenario: Scenario) -> None:
    assert date.fromisoformat(scenario.reviewed) <= date.today() + timedelta(days=1)  # a day for the time zones
    assert [s.url for s in scenario.sources if s.url and not s.url.startswith("https://")] == []


@pytest.mark.parametrize("format_", ["plain", "rich"])
def test_an_answer_fits_one_screen(format_: str) -> None:
    rows = tuple(Item("the title of another card, cut to one line " * 3, name) for name in list(SCENARIOS)[:3])
    book = Book(shipped_policies(), {}, Profile({}, "", 12, {}, ""), date.today())
    tall = {}
    for name, scenario in SCENARIOS.items():
        page = scenario_page(scenario, book, is_answer=True)._replace(below=(Block("Or is it", rows, "rows", 3),))
        if format_ == "plain":
            text = render_plain(page, 80, is_fitted=True)
        else:
            text = render_panels(page, 80, has_color=False, has_boxes=True, is_fitted=True)
        if text.count("\n") > SCREEN_LINES:
            tall[name] = text.count("\n")
    assert tall == {}


def test_every_card_on_privacy_rests_on_the_state_s_law_and_the_library_s_own_rules() -> None:
    for name in CATALOGUE["privacy"]:
        cited = {reason.id for reason in SCENARIOS[name].policies}
        assert "state-library-records" in cited, name
        assert any(reason.startswith("local-") for reason in cited), name


def test_the_list_of_all_cards_is_up_to_date() -> None:
    tool = spec_from_file_location("list_cards", ROOT / "tools" / "list_cards.py")
    assert tool is not None
    assert tool.loader is not None
    list_cards = module_from_spec(tool)
    tool.loader.exec_module(list_cards)
    kept = (ROOT / "docs" / "cards.md").read_text(encoding="utf-8")
    assert kept == list_cards.list_shipped(), "run: python tools/list_cards.py docs/cards.md"


def test_no_test_description_stands_among_the_examples() -> None:
    """Figures measured on what was learned by heart would mean nothing."""
    known = {" ".join(tokenize(e)) for s in SCENARIOS.values() for e in s.examples}
    known |= {" ".join(tokenize(t)) for t in yaml.safe_load((ROOT / "tools" / "nothing.yaml").read_text("utf-8"))}
    files = sorted((ROOT / "benchmarks" / "cases").glob("*.yaml"))
    assert files
    told = [c["text"] for f in files for c in yaml.safe_load(f.read_text(encoding="utf-8"))]
    assert [text for text in told if tokenize(text) and " ".join(tokenize(text)) in known] == []


def test_a_card_is_found_by_its_own_title(run: Run) -> None:
    lost = {}
    for name, scenario in SCENARIOS.items():
        answer = json.loads(run("ask", "--format", "json", scenario.title).out)
        if (answer["outcome"], answer["matches"][0]["id"]) != ("match", name):
            lost[name] = answer["outcome"], answer["matches"][:2]
    assert lost == {}


def test_the_first_question_of_all_has_its_answer(run: Run) -> None:
    answer = json.loads(run("ask", "--format", "json", "patron wants a book removed").out)
    assert (answer["outcome"], answer["scenario"]["id"]) == ("match", "book-removal-request")
