"""Many dot products at once without numpy: each component of all vectors packed into one big integer.

Component j of vectors 0..n-1 lies in lanes of 16 bits, so that q_j times that integer multiplies all n at once,
and the sum over j holds the n dot products. On the way there a lane may overflow into the next; the sum is exact all
the same, and without the bias every dot product (at most 127 squared and what rounding adds) fits its lane again.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import mul
from struct import unpack

LEVELS = 127
"""Vectors of length 1 are kept as whole numbers from -127 to 127."""
MANY_PACKED = 256
"""Groups of vectors that are kept spread out."""
LARGEST_PACKED = 200_000
"""Bytes of a group that is kept so, twice as many then."""
_BIAS = 128
_LANE_BYTES = 2
_OFFSET = 1 << 15


def quantize(vector: Sequence[float]) -> list[int] | None:
    """Scale a vector to length 1 and then to whole numbers; None for a vector of length 0."""
    length = sum(map(mul, vector, vector)) ** 0.5
    if length <= 1e-12:
        return None
    factor = LEVELS / length
    return [round(x * factor) for x in vector]


def pack(vectors: Sequence[Sequence[int]]) -> bytes:
    """Return quantized vectors, component by component, a byte each."""
    return b"".join(bytes([x + _BIAS for x in column]) for column in zip(*vectors, strict=True))


def cosines(query: Sequence[int], packed: bytes) -> list[float]:
    """Return the cosine (-1 to 1) of a quantized query with each packed vector."""
    dimensions = len(query)
    count = len(packed) // dimensions if dimensions else 0
    if not count:
        return []
    kept = len(packed) <= LARGEST_PACKED
    columns: Iterable[int] = _kept_columns(packed, count) if kept else _columns(packed, count)
    ones = int.from_bytes((1).to_bytes(_LANE_BYTES, "little") * count, "little")
    total = sum(map(mul, query, columns), (_OFFSET - _BIAS * sum(query)) * ones)
    lanes = unpack(f"<{count}H", total.to_bytes(_LANE_BYTES * count, "little"))
    scale = 1.0 / (LEVELS * LEVELS)
    return [(lane - _OFFSET) * scale for lane in lanes]


@lru_cache(MANY_PACKED)
def _kept_columns(packed: bytes, count: int) -> tuple[int, ...]:
    """Return the lanes of each component. Who asks many descriptions in one process asks the same vectors again."""
    return tuple(_columns(packed, count))


def _columns(packed: bytes, count: int) -> Iterable[int]:
    spread = bytearray(_LANE_BYTES * count)
    for start in range(0, len(packed), count):
        spread[::_LANE_BYTES] = packed[start : start + count]
        yield int.from_bytes(spread, "little")
