from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from hypothesis import assume, example, given
from hypothesis import strategies as st

from deskguide.cli.desk import table_path
from deskguide.knowledge.store import MemorySections
from deskguide.knowledge.values import build_scenario
from deskguide.match.index import compile_index
from deskguide.match.rank import rank
from deskguide.match.table import WordTable
from deskguide.match.words import MAX_WORDS, pairs, stem, terms, tokenize
from deskguide.model import Ranking, Scenario
from tests.property.strategies import any_text, brief, ids, moderate, phrases, stored_scenario, words

PRIORITY = st.sampled_from(["routine", "routine", "emergency"])


class Card(NamedTuple):
    """What matching learns of a card."""

    name: str
    examples: tuple[str, ...]
    cues: tuple[str, ...] = ()
    priority: str = "routine"

    def build(self) -> Scenario:
        """Return it as a whole scenario, whose title and summary add one word that no other holds."""
        mark = f"{self.name}x"
        values = stored_scenario(self.name, title=mark, summary=mark, examples=self.examples, cues=self.cues)
        return build_scenario({**values, "priority": self.priority})


@cache
def table() -> WordTable:
    return WordTable(table_path())


def ask(cards: Sequence[Card], description: str, *, is_explained: bool = False) -> Ranking:
    sections = MemorySections(compile_index([card.build() for card in cards], table()))
    return rank(description, sections, table(), is_explained=is_explained)


examples = st.lists(phrases, min_size=1, max_size=4).map(tuple)
cues = st.lists(phrases | words, max_size=2).map(tuple)
decks = st.lists(
    st.builds(Card, ids, examples, cues, PRIORITY), min_size=1, max_size=6, unique_by=lambda card: card.name
)
descriptions = any_text | phrases | st.lists(words | st.text(max_size=5), max_size=12).map(" ".join)


SAME = ("bag bag",)


@example([Card("a", SAME), Card("b", SAME, ("bag",), "emergency"), Card("c", SAME, ("bag",), "emergency")], "bag bag")
@example([Card("a", SAME), Card("b", SAME), Card("c", SAME, ("bag",), "emergency")], "bag bag")
@moderate
@given(decks, descriptions)
def test_any_words_give_an_answer_that_names_cards_from_likely_to_unlikely(deck: list[Card], description: str) -> None:
    ranking = ask(deck, description, is_explained=True)
    confidences = [m.confidence for m in ranking.matches]
    assert all(0 <= c <= 1 for c in confidences)
    assert sum(confidences) <= 1.01
    assert confidences == sorted(confidences, reverse=True)
    names = [m.id for m in ranking.matches]
    assert len(names) == len(set(names))
    assert set(names) <= {card.name for card in deck}
    least, most = {"match": (1, 1), "ambiguous": (2, 4), "none": (0, 0)}[ranking.outcome]
    assert least <= ranking.close <= min(most, len(names))
    assert [e.id for e in ranking.explanation.evidence] == names[:3]


@brief
@given(decks, st.data())
def test_an_example_asked_word_for_word_finds_its_card(deck: list[Card], data: st.DataObject) -> None:
    card = data.draw(st.sampled_from(deck))
    example = data.draw(st.sampled_from(card.examples))
    others = {
        word for other in deck if other is not card for text in (*other.examples, *other.cues) for word in text.split()
    }
    assume(not others & set(example.split()))
    ranking = ask(deck, example)
    assert ranking.matches[0].id == card.name


@brief
@given(decks, descriptions, st.randoms(use_true_random=False))
def test_the_order_of_cards_does_not_matter(deck: list[Card], description: str, chance: "object") -> None:
    shuffled = list(deck)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ask(shuffled, description) == ask(deck, description)


@brief
@given(decks, st.data())
def test_with_a_card_about_something_else_a_match_is_still_put_forward(deck: list[Card], data: st.DataObject) -> None:
    card = data.draw(st.sampled_from(deck))
    description = data.draw(st.sampled_from(card.examples))
    before = ask(deck, description)
    assume(before.outcome == "match")
    other = Card("zz-another", ("quarterly tax forms are overdue", "the tax office mailed forms"))
    after = ask([*deck, other], description)
    assert before.matches[0].id in [m.id for m in after.matches[: after.close]]


@brief
@given(decks, phrases, st.data())
def test_a_cue_of_an_emergency_puts_its_card_first_whatever_else_is_said(
    deck: list[Card], around: str, data: st.DataObject
) -> None:
    calm = [card._replace(priority="routine") for card in deck]
    urgent = Card("zz-emergency", ("nobody may stay inside",), ("purple lantern",), "emergency")
    place = data.draw(st.integers(0, len(around.split())))
    said = around.split()
    description = " ".join([*said[:place], "purple", "lantern", *said[place:]])
    ranking = ask([*calm, urgent], description)
    assert (ranking.outcome, ranking.matches[0].id) == ("match", "zz-emergency")
    assert ranking.matches[0].confidence >= 0.9


@brief
@given(decks, phrases)
def test_capitals_and_punctuation_do_not_matter(deck: list[Card], description: str) -> None:
    louder = f"  {description.upper().replace(' ', ', ')}?! "
    plain, loud = ask(deck, description), ask(deck, louder)
    assert loud._replace(query="") == plain._replace(query="")


@moderate
@given(any_text)
def test_words_of_a_text_are_folded_few_enough_and_found_again(text: str) -> None:
    found = tokenize(text * 50)
    assert len(found) <= MAX_WORDS
    assert all(word.isascii() and word == word.lower() and " " not in word for word in found)
    assert len(pairs(found)) <= max(len(found) - 1, 0)
    assert len(terms(found)) <= len(found)


@moderate
@given(st.from_regex(r"[a-z]{1,12}('[a-z]{1,3})?", fullmatch=True))
def test_a_stem_is_never_empty_and_never_longer_than_its_word(word: str) -> None:
    assert 0 < len(stem(word)) <= len(word)
