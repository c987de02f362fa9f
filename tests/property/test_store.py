import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from deskguide.knowledge.store import MemorySections, StoreDamaged, StoredSections, write_store
from tests.property.strategies import brief

keys = st.text(max_size=12)
entries = st.dictionaries(st.tuples(st.sampled_from(("scenario", "term", "größe")), keys), st.binary(max_size=400))
Entries = dict[tuple[str, str], bytes]


@contextlib.contextmanager
def stored(content: Entries) -> Iterator[Path]:
    """Write a store in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library-1.store"
        assert write_store(str(path), content) == ""
        assert os.listdir(folder) == [path.name]
        yield path


@contextlib.contextmanager
def opened(path: Path) -> Iterator[StoredSections]:
    sections = StoredSections(str(path))
    try:
        yield sections
    finally:
        sections.close()


@brief
@given(entries, st.lists(keys, max_size=5))
def test_what_is_written_is_read_back_as_from_memory(content: Entries, others: list[str]) -> None:
    memory = MemorySections(content)
    with stored(content) as path, opened(path) as sections:
        for (kind, key), value in content.items():
            assert sections.get(kind, key) == value
        for kind in ("scenario", "term", "größe", "no"):
            assert sections.get_all(kind) == memory.get_all(kind)
            wanted = [*others, *(key for _, key in content)]
            assert sections.get_many(kind, wanted) == memory.get_many(kind, wanted)


@brief
@given(entries, entries)
def test_a_store_written_later_replaces_the_one_before_whole(before: Entries, after: Entries) -> None:
    with stored(before) as path:
        assert write_store(str(path), after) == ""
        with opened(path) as sections:
            for kind in ("scenario", "term", "größe"):
                assert sections.get_all(kind) == MemorySections(after).get_all(kind)


def assert_nothing_false(path: Path, content: Entries) -> None:
    """Assert that whatever a store still gives is what was written."""
    with opened(path) as sections:
        for kind in ("scenario", "term", "größe"):
            with contextlib.suppress(StoreDamaged):
                for key, value in sections.get_all(kind).items():
                    assert content[kind, key] == value
        for kind, key in content:
            with contextlib.suppress(StoreDamaged):
                assert sections.get(kind, key) in (content[kind, key], None)


@brief
@given(entries.filter(bool), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=10))
def test_a_flipped_bit_anywhere_gives_what_was_written_or_damage(
    content: Entries, flips: list[tuple[float, int]]
) -> None:
    with stored(content) as path:
        whole = path.read_bytes()
        for share, bit in flips[:10]:
            changed = bytearray(whole)
            changed[int(share * len(whole))] ^= 1 << bit
            path.write_bytes(changed)
            assert_nothing_false(path, content)


@brief
@given(entries.filter(bool), st.lists(st.floats(0, 1, exclude_max=True), min_size=5))
def test_a_store_cut_off_anywhere_gives_what_was_written_or_damage(content: Entries, cuts: list[float]) -> None:
    with stored(content) as path:
        whole = path.read_bytes()
        for share in cuts[:5]:
            path.write_bytes(whole[: int(share * len(whole))])
            assert_nothing_false(path, content)
