import struct
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

import pytest

from deskguide.match.learned import Learned, features
from deskguide.match.search import LEARNED_WEIGHT, search
from deskguide.match.table import WordTable
from tests.unit.match.conftest import Compile

WEIGHTS = {
    "wseed": {"seed-swap": 100, "kitchen-smoke": -50},
    "wrain": {"umbrella-found": 127},
    "csmo": {"kitchen-smoke": 60},
}
IDS = ["kitchen-smoke", "seed-swap", "umbrella-found"]


def write_learned(path: Path, weights: Mapping[str, Mapping[str, int]], ids: list[str], offset: float = -1.0) -> Path:
    """Write weights in the layout that match/learned.py describes, all features equally rare, 0.01 to the step."""
    ordered = sorted(weights, key=lambda f: crc32(f.encode()))
    starts, numbers, values = [0], b"", b""
    for feature in ordered:
        for name, weight in weights[feature].items():
            numbers += bytes([ids.index(name)])
            values += struct.pack("<b", weight)
        starts.append(len(numbers))
    names = "\n".join(ids).encode()
    path.write_bytes(
        struct.pack("<4sIIIIf", b"SLW1", len(ordered), len(ids), len(numbers), len(names), 0.01)
        + names
        + struct.pack(f"<{len(ids)}f", *[offset] * len(ids))
        + struct.pack(f"<{len(ordered)}I", *(crc32(f.encode()) for f in ordered))
        + struct.pack(f"<{len(starts)}I", *starts)
        + bytes([40] * len(ordered))
        + numbers
        + values
    )
    return path


@pytest.fixture
def learned_file(tmp_path: Path) -> Path:
    return write_learned(tmp_path / "learned.bin", WEIGHTS, IDS)


def test_features_are_stems_pairs_of_them_and_runs_of_letters() -> None:
    whole, runs = features(["the", "cats", "sat"])
    assert whole == ["wthe", "wcat", "wsat", "pthe cat", "pcat sat"]
    assert "c<ca" in runs
    assert "cts>" in runs
    assert "c<the" not in runs  # a stop word has no runs


def test_a_word_speaks_for_whom_it_was_learned_of(learned_file: Path) -> None:
    learned = Learned(str(learned_file))
    assert learned.ids == tuple(IDS)
    evidence = dict(zip(IDS, learned.evidence(["seeds"]), strict=True))
    assert evidence == pytest.approx({"seed-swap": 1.0, "kitchen-smoke": 0.0, "umbrella-found": 0.0})


def test_several_known_words_share_a_length_of_one(learned_file: Path) -> None:
    evidence = Learned(str(learned_file)).evidence(["seeds", "rain"])
    half = 0.5**0.5
    assert evidence == pytest.approx([0.0, 1.0 * half, 1.27 * half])


def test_parts_of_a_word_speak_where_the_word_is_unknown(learned_file: Path) -> None:
    assert Learned(str(learned_file)).evidence(["smoky"])[0] == pytest.approx(0.6)


def test_words_that_nothing_was_learned_of_speak_for_nobody(learned_file: Path) -> None:
    assert Learned(str(learned_file)).evidence(["zebra"]) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("size", [0, 3, 40, -1])
def test_a_damaged_or_missing_file_knows_nobody(learned_file: Path, size: int) -> None:
    learned_file.write_bytes(learned_file.read_bytes()[:size])
    assert Learned(str(learned_file)).ids == ()
    assert Learned(str(learned_file)).evidence(["seeds"]) == []
    assert Learned("nowhere").ids == ()


def test_damage_inside_is_no_evidence(learned_file: Path) -> None:
    content = bytearray(learned_file.read_bytes())
    content[-8:-4] = b"\xff\xff\xff\xff"  # scenario numbers that are none
    learned_file.write_bytes(content)
    assert Learned(str(learned_file)).evidence(["seeds", "rain", "smoke"]) == [0.0, 0.0, 0.0]


def test_learned_evidence_adds_to_a_score(compile_cards: Compile, table: WordTable, learned_file: Path) -> None:
    sections = compile_cards()
    without = {s.number: s for s in search("seeds", sections, table).ranked}
    found = search("seeds", sections, table, learned=Learned(str(learned_file)))
    assert found.is_learned
    first = found.ranked[0]
    assert found.ids[first.number] == "seed-swap"
    assert first.score == pytest.approx(without[first.number].score + LEARNED_WEIGHT * first.learned)


def test_a_scenario_that_nothing_was_learned_of_gets_what_its_score_lets_expect(
    compile_cards: Compile, table: WordTable, tmp_path: Path
) -> None:
    learned = Learned(str(write_learned(tmp_path / "l.bin", {"wrain": {"umbrella-found": 127}}, ["umbrella-found"])))
    found = search("swap tomato seeds", compile_cards(), table, learned=learned)
    by_id = {found.ids[s.number]: s for s in found.ranked}
    assert by_id["seed-swap"].learned > 0.2
    assert by_id["umbrella-found"].learned == 0


def test_where_nothing_was_learned_of_any_scenario_the_closed_form_stands_alone(
    compile_cards: Compile, table: WordTable, tmp_path: Path
) -> None:
    learned = Learned(str(write_learned(tmp_path / "l.bin", {"wseed": {"other": 127}}, ["other"])))
    found = search("swap seeds", compile_cards(), table, learned=learned)
    assert not found.is_learned
    assert found.ranked == search("swap seeds", compile_cards(), table).ranked
