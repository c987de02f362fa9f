import pytest

from deskguide.match.words import MAX_WORDS, is_number, pairs, stem, terms, tokenize


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Patron wants a BOOK removed!", ["patron", "wants", "a", "book", "removed"]),
        ("pt w/o card, w/ 2 bks", ["patron", "without", "card", "with", "2", "books"]),
        ("can’t find Wi-Fi", ["can't", "find", "wifi"]),
        ("dont know mgr's rm", ["don't", "know", "mgr's", "room"]),
        ("Café naïve", ["cafe", "naive"]),
        ("self-check", ["self", "check"]),
        ("", []),
        ("?!… 漢字", []),
    ],
)
def test_words_are_folded_and_abbreviations_written_out(text: str, words: list[str]) -> None:
    assert tokenize(text) == words


def test_a_description_is_read_up_to_its_limit() -> None:
    assert len(tokenize("word " * 10_000)) == MAX_WORDS


@pytest.mark.parametrize(
    ("word", "is_one"), [("12", True), ("3rd", True), ("5yo", True), ("10pm", True), ("b2", False)]
)
def test_numbers_and_ages_are_numbers(word: str, is_one: bool) -> None:
    assert is_number(word) is is_one


@pytest.mark.parametrize(
    "forms",
    [
        ("fine", "fines", "fined", "fining"),
        ("block", "blocks", "blocked", "blocking"),
        ("library", "libraries"),
        ("stop", "stopped", "stopping"),
        ("ride", "rides", "riding"),
        ("dress", "dresses"),
        ("box", "boxes"),
        ("carry", "carries", "carried"),
        ("mother", "mother's", "mothers"),
    ],
)
def test_inflections_meet_in_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("bus", "bu"), ("sing", "s"), ("bed", "b"), ("is", "i"), ("unblock", "block")]
)
def test_different_words_keep_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_terms_leave_out_what_says_nothing() -> None:
    assert terms(tokenize("the patron wants 3 books for her 5yo")) == ["book"]


def test_pairs_keep_order_and_need_one_telling_word() -> None:
    assert pairs(tokenize("he is not breathing")) == [("is", "not"), ("not", "breath")]
    assert pairs(tokenize("find my books")) == [("find", "my"), ("my", "book")]
    assert pairs(tokenize("books")) == []
