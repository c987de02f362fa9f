import pytest

from deskguide.author.wording import BETTER_WORDS, find_poor_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask the customer.", [("customer", "patron")]),
        ("A homeless person sleeps.", [("homeless person", "person without a home")]),
        ("In order to utilize it", [("In order to", "to"), ("utilize", "use")]),
        ("Bring customs forms and the deafening bell.", []),
        ("a wheelchair-bound patron", [("wheelchair-bound", "uses a wheelchair")]),
        ("people with little money", []),
    ],
)
def test_poor_words_are_found_whole_and_in_any_case(text: str, found: list[tuple[str, str]]) -> None:
    assert list(find_poor_words(text)) == found


def test_no_better_word_is_itself_a_poor_one() -> None:
    assert [better for better in BETTER_WORDS.values() if list(find_poor_words(better))] == []
