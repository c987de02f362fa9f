import json
from struct import unpack
from zlib import decompress

from deskguide.knowledge.store import MemorySections
from deskguide.match.header import read_header
from deskguide.match.index import MANY_TEXTS, compile_index, pack_pairs, pair_posting, spread, unpack_counts
from deskguide.match.table import WordTable
from tests.unit.match.conftest import Compile


def test_the_header_tells_of_every_scenario_in_order(compile_cards: Compile) -> None:
    header = read_header(compile_cards(), has_categories=True)
    assert header.ids == ["seed-swap", "umbrella-found", "kitchen-smoke"]
    assert header.categories == ["collection", "operations", "safety"]
    assert header.emergencies == {2}
    assert header.dimensions == 4


def test_postings_count_stems_over_all_texts(compile_cards: Compile) -> None:
    sections = compile_cards()
    content = sections.get("index-term", "seed") or b""
    # three examples, a title that counts twice, a summary, and the id
    assert unpack_counts(content) == [(0, 7)]
    assert sections.get("index-term", "the") is None


def test_a_cue_lies_under_its_first_stem(compile_cards: Compile) -> None:
    group = json.loads(compile_cards().get("index-cue", "found") or b"")
    assert group == [[1, ["found", "umbrella"], "found umbrella"]]


def test_the_vocabulary_starts_with_the_most_frequent_word(compile_cards: Compile) -> None:
    words = (compile_cards().get("index", "vocabulary") or b"").decode().split("\n")
    assert len(words) == len(set(words))
    assert words.index("seeds") < words.index("toaster")


def test_pairs_of_one_first_word_are_sorted_and_eight_bytes_each() -> None:
    postings = [pair_posting("b", 2, 1), pair_posting("a", 70_000, 300), pair_posting("a", 1, 3)]
    packed = pack_pairs(postings)
    numbers = unpack("<3Q", packed)
    assert list(numbers) == sorted(numbers)
    assert {(n >> 8 & 0xFFFFFF, n & 0xFF) for n in numbers} == {(2, 1), (70_000, 255), (1, 3)}


def test_no_scenarios_make_an_index_that_can_be_asked(table: WordTable) -> None:
    sections = MemorySections(compile_index([], table))
    assert read_header(sections).ids == []
    assert sections.get("index", "centroids") == b""


def test_a_scenario_of_unknown_words_has_no_vectors(compile_cards: Compile) -> None:
    sections = compile_cards(zebra={"title": "Zebra", "summary": "Zebra.", "examples": ["zebra"]})
    assert sections.get("index-examples", "0") == b""
    assert json.loads(decompress(sections.get("index-texts", "0") or b"")) == []


def test_of_many_texts_a_spread_is_compared_one_by_one() -> None:
    assert spread(3) == [0, 1, 2]
    chosen = spread(1_000)
    assert len(chosen) == len(set(chosen)) == MANY_TEXTS
    assert (chosen[0], chosen[-1] > 900) == (0, True)


def test_of_many_texts_a_pair_with_a_filler_that_stands_once_is_left_out(compile_cards: Compile) -> None:
    words = "abcdefghijklmnopqrstuvwxyz"
    few = [f"zebra{a} the yak{a}" for a in words[:3]]
    many = [f"zebra{a}{b} the yak{a}{b}" for a in words[:8] for b in words[:8]] + ["zebraaa my yakaa"] * 1
    small = compile_cards(one={"title": "x", "summary": "x", "examples": few})
    assert small.get("index-pair", "zebraa") is not None
    large = compile_cards(one={"title": "x", "summary": "x", "examples": many})
    assert large.get("index-pair", "zebraaa") is not None  # "my" tells whose
    assert large.get("index-pair", "zebrabb") is None


def test_the_index_holds_who_borders_on_whom(compile_cards: Compile) -> None:
    sections = compile_cards(
        one={"title": "x", "summary": "x", "examples": ["a"], "not_this": [{"id": "two", "when": "b"}]},
        two={"title": "x", "summary": "x", "examples": ["b"], "not_this": [{"id": "gone", "when": "c"}]},
    )
    assert [sections.get("index-borders", number) for number in "01"] == [b"two", b"gone"]
