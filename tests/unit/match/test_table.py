from pathlib import Path

import pytest

from deskguide.match.table import WordTable, table_stamp
from tests.unit.match.conftest import ROWS, write_table


def test_every_word_is_found_with_its_row(table: WordTable) -> None:
    assert table.dimensions == 4
    for word, row in ROWS.items():
        found = table.find(word)
        assert found is not None
        scale, content = found
        assert scale == pytest.approx(0.01)
        assert tuple(memoryview(content).cast("b")) == row


@pytest.mark.parametrize("word", ["", "seed", "zebra", "SEEDS", "ümlaut"])
def test_other_words_are_unknown(table: WordTable, word: str) -> None:
    assert table.find(word) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"SWV1",
        lambda content: b"SWV2" + content[4:],
        lambda content: content[:-1],
        lambda content: content + b"x",
    ],
)
def test_a_damaged_table_knows_nothing(tmp_path: Path, damage: object) -> None:
    assert callable(damage)
    path = write_table(tmp_path / "words.bin", ROWS)
    path.write_bytes(damage(path.read_bytes()))
    broken = WordTable(str(path))
    assert (broken.dimensions, broken.find("seeds")) == (0, None)


def test_a_missing_table_knows_nothing(tmp_path: Path) -> None:
    assert WordTable(str(tmp_path / "none")).find("seeds") is None
    assert table_stamp(str(tmp_path / "none")) == ""


def test_the_stamp_changes_with_the_file(tmp_path: Path) -> None:
    path = write_table(tmp_path / "words.bin", ROWS)
    before = table_stamp(str(path))
    path.write_bytes(path.read_bytes() + b"x")
    assert before != ""
    assert table_stamp(str(path)) != before
