import pytest

from deskguide.match.lanes import cosines, pack, quantize


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


def test_many_dimensions_do_not_overflow_a_lane() -> None:
    ones = [127] * 512
    minus = [-127] * 512
    assert cosines(ones, pack([ones, minus])) == pytest.approx([512, -512])


@pytest.mark.parametrize(("query", "packed"), [([], b""), ([127, 0], b""), ([], b"abc")])
def test_nothing_has_no_cosines(query: list[int], packed: bytes) -> None:
    assert cosines(query, packed) == []
