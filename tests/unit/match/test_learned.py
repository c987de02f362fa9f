import struct
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import pytest

from deskguide.match.learned import NO_GROUP, Learned, features
from deskguide.match.search import LEARNED_WEIGHT, search
from deskguide.match.table import WordTable
from tests.unit.match.conftest import Compile

WEIGHTS = {
    "wseed": {"seed-swap": 100, "kitchen-smoke": -50},
    "wrain": {"umbrella-found": 127},
    "csmo": {"kitchen-smoke": 60},
    "k7": {"umbrella-found": 40, "seed-swap": 40, "kitchen-smoke": 40, "storm": 80},
}
IDS = ["kitchen-smoke", "seed-swap", "storm", "umbrella-found"]
GROUP = 7
"""The group of every word of the small table."""


def write_learned(path: Path, weights: Mapping[str, Mapping[str, int]], ids: list[str], words: int = 0) -> Path:
    """Write weights in the layout that match/learned.py describes, all features equally rare, 0.05 to the step."""
    ordered = sorted(weights, key=lambda f: crc32(f.encode()))
    starts, rows = [0], b""
    for feature in ordered:
        held = weights[feature]
        if 2 * len(held) < len(ids):
            rows += bytes(ids.index(name) for name in held) + struct.pack(f"<{len(held)}b", *held.values())
        else:
            rows += bytes(held.get(name, 0) + 128 for name in ids)
        starts.append(len(rows))
    names = "\n".join(ids).encode()
    path.write_bytes(
        struct.pack("<4sIIIIIf", b"SLW2", len(ordered), len(ids), len(rows), len(names), words, 0.05)
        + names
        + struct.pack(f"<{len(ids)}f", *[0.0] * len(ids))
        + struct.pack(f"<{len(ordered)}I", *(crc32(f.encode()) for f in ordered))
        + struct.pack(f"<{len(starts)}I", *starts)
        + bytes([40] * len(ordered))
        + bytes([GROUP] * words)
        + rows
    )
    return path


def margins(logits: Mapping[str, float]) -> list[float]:
    """Return the evidence that sums of weights stand for: what is above a margin of -1."""
    return [1.0 + logits.get(name, 0.0) for name in IDS]


@pytest.fixture
def learned_file(tmp_path: Path) -> Path:
    return write_learned(tmp_path / "learned.bin", WEIGHTS, IDS)


@pytest.fixture
def no_table() -> WordTable:
    return WordTable("")


def test_features_are_stems_runs_of_letters_and_groups_with_pairs() -> None:
    whole, runs, groups = features(["the", "cats", "sat"], {"the": NO_GROUP, "cats": 3, "sat": 9}.__getitem__)
    assert whole == ["wthe", "wcat", "wsat", "pthe cat", "pcat sat"]
    assert "c<ca" in runs
    assert "cts>" in runs
    assert "c<the" not in runs  # a stop word has no runs
    assert groups == ["k255", "k3", "k9", "k255 3", "mthe 3", "n255 cat", "k3 9", "mcat 9", "n3 sat"]


def test_a_word_speaks_for_whom_it_was_learned_of(learned_file: Path, no_table: WordTable) -> None:
    learned = Learned(str(learned_file), no_table)
    assert learned.ids == tuple(IDS)
    assert learned.evidence(["seeds"]) == pytest.approx(margins({"seed-swap": 5.0, "kitchen-smoke": -2.5}), abs=1e-3)


def test_several_known_words_share_a_length_of_one(learned_file: Path, no_table: WordTable) -> None:
    evidence = Learned(str(learned_file), no_table).evidence(["seeds", "rain"])
    half = 0.5**0.5
    logits = {"seed-swap": 5.0 * half, "kitchen-smoke": -2.5 * half, "umbrella-found": 6.35 * half}
    assert evidence == pytest.approx(margins(logits), abs=1e-3)


def test_parts_of_a_word_speak_where_the_word_is_unknown(learned_file: Path, no_table: WordTable) -> None:
    evidence = Learned(str(learned_file), no_table).evidence(["smoky"])
    assert evidence == pytest.approx(margins({"kitchen-smoke": 3.0}), abs=1e-3)


def test_words_of_like_meaning_speak_for_the_same(tmp_path: Path, table: WordTable) -> None:
    learned = Learned(str(write_learned(tmp_path / "l.bin", WEIGHTS, IDS, table.words)), table)
    assert learned.group("seeds") == GROUP
    assert learned.group("zebra") == NO_GROUP
    logits = {"umbrella-found": 2.0, "seed-swap": 2.0, "kitchen-smoke": 2.0, "storm": 4.0}
    assert learned.evidence(["trade"]) == pytest.approx(margins(logits), abs=1e-3)


def test_groups_made_with_another_table_are_not_used(tmp_path: Path, table: WordTable) -> None:
    learned = Learned(str(write_learned(tmp_path / "l.bin", WEIGHTS, IDS, table.words + 1)), table)
    assert learned.group("seeds") == NO_GROUP


def test_words_that_nothing_was_learned_of_speak_for_all_alike(learned_file: Path, no_table: WordTable) -> None:
    assert Learned(str(learned_file), no_table).evidence(["zebra"]) == pytest.approx(margins({}))


@pytest.mark.parametrize("size", [0, 3, 40, -1])
def test_a_damaged_or_missing_file_knows_nobody(learned_file: Path, no_table: WordTable, size: int) -> None:
    learned_file.write_bytes(learned_file.read_bytes()[:size])
    assert Learned(str(learned_file), no_table).ids == ()
    assert Learned(str(learned_file), no_table).evidence(["seeds"]) == []
    assert Learned("nowhere", no_table).ids == ()


def test_damage_inside_is_no_evidence(learned_file: Path, no_table: WordTable) -> None:
    content = bytearray(learned_file.read_bytes())
    rows = sum(1 if len(held) == 1 else 2 for held in WEIGHTS.values()) * 2
    content[-rows:] = b"\xff" * rows  # scenario numbers that are none
    learned_file.write_bytes(content)
    assert Learned(str(learned_file), no_table).evidence(["seeds", "rain", "smoke"]) == [0.0] * len(IDS)


def test_learned_evidence_adds_to_a_score(compile_cards: Compile, table: WordTable, learned_file: Path) -> None:
    sections = compile_cards()
    without = {s.number: s for s in search("seeds", sections, table).ranked}
    found = search("seeds", sections, table, learned=Learned(str(learned_file), table))
    assert found.is_learned
    first = found.ranked[0]
    assert found.ids[first.number] == "seed-swap"
    assert first.score == pytest.approx(without[first.number].score + LEARNED_WEIGHT * first.learned)


def test_a_scenario_that_nothing_was_learned_of_gets_what_its_score_lets_expect(
    compile_cards: Compile, table: WordTable, tmp_path: Path
) -> None:
    learned = Learned(
        str(write_learned(tmp_path / "l.bin", {"wrain": {"umbrella-found": 127}}, ["umbrella-found"])), table
    )
    found = search("swap tomato seeds", compile_cards(), table, learned=learned)
    by_id = {found.ids[s.number]: s for s in found.ranked}
    assert by_id["seed-swap"].learned > 0.2
    assert by_id["umbrella-found"].learned == 1.0  # the margin: no word of it was learned


def test_where_nothing_was_learned_of_any_scenario_the_closed_form_stands_alone(
    compile_cards: Compile, table: WordTable, tmp_path: Path
) -> None:
    learned = Learned(str(write_learned(tmp_path / "l.bin", {"wseed": {"other": 127}}, ["other"])), table)
    found = search("swap seeds", compile_cards(), table, learned=learned)
    assert not found.is_learned
    assert found.ranked == search("swap seeds", compile_cards(), table).ranked
