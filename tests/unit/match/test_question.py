from deskguide.knowledge.values import build_scenario
from deskguide.match.question import ask_apart
from deskguide.model import Option, Scenario
from tests.conftest import whole_scenario


def _scenario(name: str, **keys: object) -> Scenario:
    values = {**whole_scenario(name, **keys), "say": [{"when": "", "text": "x"}], "source": "shipped", "files": []}
    return build_scenario(values)


def test_each_option_says_what_the_other_card_says_of_it() -> None:
    one = _scenario("one", not_this=[{"id": "two", "when": "it is two"}, {"id": "three", "when": "it is three"}])
    two = _scenario("two", not_this=[{"id": "one", "when": "it is one"}])
    question = ask_apart([one, two])
    assert question.text == "Which of these two is it?"
    assert question.options == (Option("one", "it is one"), Option("two", "it is two"))


def test_a_card_that_no_other_points_to_is_put_by_its_title() -> None:
    one = _scenario("one", not_this=[{"id": "two", "when": "it is two"}])
    two = _scenario("two", title="The second card")
    three = _scenario("three", title="The third card")
    question = ask_apart([one, two, three])
    assert question.text == "Which of these is it?"
    assert [o.text for o in question.options] == [one.title, "it is two", "The third card"]


def test_what_cannot_wait_is_asked_first() -> None:
    cards = [_scenario("one"), _scenario("two", priority="emergency", cues=["two"]), _scenario("three")]
    assert [o.id for o in ask_apart(cards).options] == ["two", "one", "three"]
