"""The header of an index: what goes in comes out, and damage is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskguide.knowledge.store import MemorySections
from deskguide.match.header import NO_HEADER, Header, pack_header, read_header

names = st.text(st.characters(exclude_characters="\n\0", exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(0, 2**32 - 1)


@st.composite
def headers(draw: st.DrawFn) -> Header:
    rows = draw(st.lists(st.tuples(names, names, numbers, numbers), min_size=1, max_size=6))
    ids, categories, lengths, pair_lengths = (list(column) for column in zip(*rows, strict=True))
    emergencies = draw(st.frozensets(st.integers(0, len(ids) - 1)))
    return Header(ids, categories, lengths, pair_lengths, emergencies, draw(st.integers(0, 512)))


def sections_with(content: bytes) -> MemorySections:
    return MemorySections({("index", "header"): content})


@given(headers())
def test_a_header_is_read_as_it_was_packed(header: Header) -> None:
    sections = sections_with(pack_header(header))
    read = read_header(sections, has_categories=True)
    assert read._replace(lengths=list(read.lengths), pair_lengths=list(read.pair_lengths)) == header
    assert read_header(sections).categories is None


def test_no_header_is_that_of_an_empty_index() -> None:
    assert read_header(MemorySections({})) == read_header(sections_with(b"")) == NO_HEADER
    empty = read_header(sections_with(pack_header(NO_HEADER)), has_categories=True)
    assert (empty.ids, empty.categories, list(empty.lengths)) == ([], [], [])


def test_a_header_that_is_cut_off_is_noticed() -> None:
    content = pack_header(Header(["a", "b"], ["c", "d"], [1, 2], [3, 4], frozenset([1]), 128))
    for end in range(1, len(content) - len("d\nc") + 1):
        with pytest.raises(ValueError, match=r"header|bytes"):
            read_header(sections_with(content[:end]), has_categories=True)
