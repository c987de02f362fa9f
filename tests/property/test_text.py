import re

from hypothesis import given
from hypothesis import strategies as st

from deskguide.text import (
    clean,
    count,
    display_columns,
    find_control,
    fit_encoding,
    fold,
    join_words,
    nearest,
    shorten,
    wrap,
)
from tests.cli.conftest import find_controls
from tests.property.strategies import any_text, ids, moderate

widths = st.integers(-3, 40)


@moderate
@given(any_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@moderate
@given(any_text)
def test_clean_text_holds_no_control_and_can_be_written(text: str) -> None:
    assert find_controls(clean(text)) == []
    assert "\n" not in clean(text)
    assert find_control(clean(text)) is None
    clean(text).encode()


@moderate
@given(any_text)
def test_cleaning_keeps_every_letter_in_order(text: str) -> None:
    assert [c for c in clean(text) if c.isalnum()] == [c for c in text if c.isalnum()]


@moderate
@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@moderate
@given(any_text, any_text)
def test_folding_a_whole_is_folding_its_parts(text: str, more: str) -> None:
    assert fold(f"{text} {more}") == f"{fold(text)} {fold(more)}"


@moderate
@given(any_text, widths, st.integers(0, 40))
def test_wrapping_loses_no_letter_and_keeps_their_order(text: str, width: int, indent: int) -> None:
    assert "".join(wrap(text, width, indent)).replace(" ", "") == "".join(text.split())


@moderate
@given(any_text, st.integers(2, 40), st.integers(0, 40))
def test_no_line_is_wider_than_allowed_unless_it_holds_an_address(text: str, width: int, indent: int) -> None:
    lines = wrap(text, width, indent)
    assert lines
    for line in lines:
        assert display_columns(line) <= width or "://" in line


@moderate
@given(any_text, st.integers(1, 40))
def test_a_word_that_fits_on_a_line_is_never_broken(text: str, width: int) -> None:
    whole = [w for w in text.split() if display_columns(w) <= width or "://" in w]
    wrapped = " ".join(wrap(text, width)).split()
    for word in whole:
        assert word in wrapped


@moderate
@given(any_text, st.integers(1, 40))
def test_wrapping_lines_again_changes_nothing(text: str, width: int) -> None:
    for line in wrap(text, width):
        assert wrap(line, width) == [line]


@moderate
@given(any_text.map(clean), st.integers(3, 40))
def test_shortened_text_fits_and_starts_as_the_whole_does(text: str, width: int) -> None:
    short = shorten(text, width)
    assert display_columns(short) <= width or "://" in short
    assert short == text or text.startswith(short.removesuffix("…"))


@moderate
@given(any_text.map(clean), st.sampled_from(["ascii", "cp1252", "cp437", "latin-1", "utf-8", "no-such-encoding"]))
def test_fitted_text_can_be_written_and_keeps_what_could_be(text: str, encoding: str) -> None:
    target = "ascii" if encoding.startswith("no-") else encoding
    fitted = fit_encoding(text, encoding)
    fitted.encode(target)
    kept = re.sub(r"[^ -~]", "", text)
    remaining = iter(fitted)
    assert all(character in remaining for character in kept)
    assert fit_encoding(fitted, encoding) == fitted


@moderate
@given(any_text, st.lists(ids, max_size=8, unique=True), st.integers(1, 4))
def test_the_nearest_names_are_names_that_exist_without_repetition(name: str, names: list[str], limit: int) -> None:
    found = nearest(name, names, limit)
    assert set(found) <= set(names)
    assert len(found) == len(set(found)) <= limit


@moderate
@given(st.lists(ids, min_size=1, max_size=8, unique=True), st.data())
def test_a_name_that_exists_is_nearest_to_itself(names: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(names))
    assert nearest(name.upper(), names)[0] == name


@moderate
@given(st.lists(ids, max_size=6))
def test_joined_words_hold_every_word_once_in_order(words: list[str]) -> None:
    assert re.findall(r"[a-z0-9-]+", join_words(words, "/")) == words


@moderate
@given(st.integers(0, 10**7))
def test_a_count_starts_with_its_number(number: int) -> None:
    digits, noun = count(number, "card").split(" ")
    assert int(digits.replace(",", "")) == number
    assert noun == ("card" if number == 1 else "cards")
