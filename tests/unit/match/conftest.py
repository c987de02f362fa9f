"""A word table of four dimensions, and small libraries compiled with it."""

import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from deskguide.knowledge.store import MemorySections
from deskguide.knowledge.values import build_scenario
from deskguide.match.index import compile_index
from deskguide.match.table import WordTable
from tests.conftest import whole_scenario

ROWS = {
    "seeds": (100, 0, 0, 0),
    "swap": (90, 40, 0, 0),
    "trade": (90, 35, 10, 0),
    "umbrella": (0, 0, 100, 0),
    "rain": (0, 10, 95, 0),
    "smoke": (0, 0, 0, 100),
    "lost": (0, 80, 60, 0),
}
"""Directions: plants, exchange, weather, fire."""


def write_table(path: Path, rows: Mapping[str, tuple[int, ...]], scale: float = 0.01) -> Path:
    """Write a table in the layout that match/table.py describes."""
    words = sorted(rows, key=lambda w: crc32(w.encode()))
    dimensions = len(next(iter(rows.values())))
    path.write_bytes(
        struct.pack("<4sII", b"SWV1", len(words), dimensions)
        + b"".join(struct.pack("<I", crc32(w.encode())) for w in words)
        + b"".join(struct.pack("<f", scale) for _ in words)
        + b"".join(struct.pack(f"<{dimensions}b", *rows[w]) for w in words)
    )
    return path


@pytest.fixture
def table(tmp_path: Path) -> WordTable:
    return WordTable(str(write_table(tmp_path / "words.bin", ROWS)))


Compile = Callable[..., MemorySections]

CARDS: dict[str, dict[str, Any]] = {
    "seed-swap": {
        "title": "Patron wants to swap seeds",
        "summary": "Seeds are swapped.",
        "examples": ["wants to swap tomato seeds", "can we trade seeds here", "brings a bag of seeds"],
    },
    "umbrella-found": {
        "title": "An umbrella is handed in",
        "summary": "It rains.",
        "category": "operations",
        "examples": ["hands in an umbrella", "umbrella left in the rain"],
        "cues": ["found umbrella"],
    },
    "kitchen-smoke": {
        "title": "Smoke in the kitchen",
        "summary": "It burns.",
        "category": "safety",
        "priority": "emergency",
        "examples": ["smoke comes out of the oven", "toaster burns"],
        "cues": ["smoke", "on fire"],
    },
}


@pytest.fixture
def compile_cards(table: WordTable) -> Compile:
    """Return a function that compiles cards (those above, if none are given) in the order given."""

    def compile_them(**cards: Mapping[str, Any]) -> MemorySections:
        chosen = cards or {name.replace("-", "_"): keys for name, keys in CARDS.items()}
        scenarios = []
        for key, keys in chosen.items():
            values = {**whole_scenario(key.replace("_", "-"), **keys), "source": "shipped", "files": ["x"]}
            values["say"] = [{"when": "", "text": "Yes."}]
            scenarios.append(build_scenario(values))
        return MemorySections(compile_index(scenarios, table))

    return compile_them
