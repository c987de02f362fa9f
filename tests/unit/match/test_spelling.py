import pytest

from deskguide.match.spelling import correct

VOCABULARY = ["book", "library", "removed", "account", "removes", "look", "of", "cab"]


@pytest.mark.parametrize(
    ("word", "better"),
    [
        ("boook", "book"),
        ("bok", "book"),
        ("libary", "library"),
        ("acount", "account"),
        ("remvoed", "removed"),
        ("acccuont", "account"),
        ("book", "book"),
    ],
)
def test_a_slip_of_the_finger_is_mended(word: str, better: str) -> None:
    assert correct(word, VOCABULARY) == better


@pytest.mark.parametrize("word", ["zebra", "xy", "o", "", "b2ok", "liby", "cob", "xxcount"])
def test_what_is_too_far_from_everything_stays(word: str) -> None:
    assert correct(word, VOCABULARY) is None


def test_the_same_first_letter_wins_and_then_the_more_frequent_word() -> None:
    assert correct("boek", ["beek", "book", "boel"]) == "beek"
    assert correct("nook", ["book", "noon"]) == "noon"


def test_an_empty_vocabulary_corrects_nothing() -> None:
    assert correct("book", []) is None
