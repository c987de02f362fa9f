"""What an index says of its scenarios, by their numbers from 0.

Layout, little endian: uint32 scenarios N, emergencies M, numbers in a vector; N uint32 words of each scenario, N
uint32 pairs of words of each, M uint32 emergencies; then UTF-8 text: N ids, one a line, and after a NUL as many
categories. The id of a scenario that is gone is empty.
"""

import itertools
import sys
from array import array
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import NamedTuple

from deskguide.model import Sections

_COUNTS = Struct("<III")
_NUMBER_BYTES = 4


class Header(NamedTuple):
    """The scenarios of an index. ``lengths`` and ``pair_lengths`` count each one's words and pairs of words.

    ``categories`` is None where it was not asked for. ``dimensions`` are the numbers in a vector.
    """

    ids: list[str]
    categories: list[str] | None
    lengths: Sequence[int]
    pair_lengths: Sequence[int]
    emergencies: frozenset[int]
    dimensions: int


NO_HEADER = Header([], [], (), (), frozenset(), 0)


def read_header(sections: Sections, *, has_categories: bool = False) -> Header:
    """Return the header of an index, that of an empty one if there is none. Raises ValueError for a damaged one.

    Categories are read only if asked for: few descriptions name one, and a large library has many scenarios.
    """
    content = sections.get("index", "header")
    if not content:
        return NO_HEADER
    if len(content) < _COUNTS.size:
        raise ValueError("the header of the index is cut off")
    scenarios, emergencies, dimensions = _COUNTS.unpack_from(content)
    ends = [_COUNTS.size]
    for count in (scenarios, scenarios, emergencies):
        ends.append(ends[-1] + _NUMBER_BYTES * count)
    lengths, pair_lengths, urgent = (_unpack(content[a:b]) for a, b in itertools.pairwise(ends))
    names, _, categories = content[ends[-1] :].partition(b"\0")
    ids = _lines(names, scenarios)
    return Header(
        ids,
        _lines(categories, scenarios) if has_categories else None,
        lengths,
        pair_lengths,
        frozenset(urgent),
        dimensions,
    )


def pack_header(header: Header) -> bytes:
    """Return a header, with its categories, as bytes."""
    counts = _COUNTS.pack(len(header.ids), len(header.emergencies), header.dimensions)
    numbers = (header.lengths, header.pair_lengths, sorted(header.emergencies))
    names = "\n".join(header.ids) + "\0" + "\n".join(header.categories or ())
    return counts + b"".join(map(_pack, numbers)) + names.encode()


def _lines(content: bytes, number: int) -> list[str]:
    lines = content.decode().split("\n") if number else []
    if len(lines) != number:
        raise ValueError("the header of the index is damaged")
    return lines


def _pack(numbers: Iterable[int]) -> bytes:
    values = array("I", numbers)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def _unpack(content: bytes) -> "array[int]":
    values = array("I", content)
    if sys.byteorder == "big":
        values.byteswap()
    return values
