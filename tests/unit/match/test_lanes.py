import pytest

from deskguide.match import lanes
from deskguide.match.lanes import LEVELS, cosines, pack, quantize


def test_quantized_vectors_have_length_127_and_keep_their_direction() -> None:
    assert quantize([3.0, 4.0]) == [76, 102]
    assert quantize([-0.001, 0.0]) == [-127, 0]


@pytest.mark.parametrize("nothing", [[], [0.0, 0.0]])
def test_a_vector_without_length_has_no_direction(nothing: list[float]) -> None:
    assert quantize(nothing) is None


def test_cosines_of_packed_vectors_are_those_of_the_vectors() -> None:
    vectors = [[127, 0, 0], [0, 127, 0], [-127, 0, 0], [90, -90, 0]]
    assert cosines([127, 0, 0], pack(vectors)) == pytest.approx([1, 0, -1, 90 / 127])
    assert cosines([-90, 90, 0], pack(vectors)) == pytest.approx([-90 / 127, 90 / 127, 90 / 127, -1.0044], abs=1e-4)


@pytest.mark.parametrize("dimensions", [1, 2, 128, 512, 7168])
def test_the_largest_cosines_do_not_overflow_a_lane(dimensions: int) -> None:
    ones, minus = quantize([1.0] * dimensions) or [], quantize([-1.0] * dimensions) or []
    longest = sum(x * x for x in ones) / LEVELS**2
    assert longest >= 0.95
    assert cosines(ones, pack([ones, minus, ones])) == pytest.approx([longest, -longest, longest])


def test_a_group_too_large_to_be_kept_spread_out_has_the_same_cosines(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack([[127, 0, 0], [0, -127, 0], [90, -90, 0]])
    usual = cosines([60, -112, 0], packed)
    monkeypatch.setattr(lanes, "LARGEST_PACKED", len(packed) - 1)
    assert cosines([60, -112, 0], packed) == usual


@pytest.mark.parametrize(("query", "packed"), [([], b""), ([127, 0], b""), ([], b"abc")])
def test_nothing_has_no_cosines(query: list[int], packed: bytes) -> None:
    assert cosines(query, packed) == []
