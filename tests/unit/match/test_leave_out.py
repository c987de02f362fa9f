"""An index without one example must be the index that would have been compiled without it."""

import json
from pathlib import Path
from zlib import decompress

import pytest

from deskguide.knowledge.store import MemorySections
from deskguide.knowledge.values import build_scenario
from deskguide.match.header import read_header
from deskguide.match.index import MANY_TEXTS, compile_index
from deskguide.match.leave_out import LeftOut
from deskguide.match.rank import rank
from deskguide.match.table import WordTable
from deskguide.match.words import STOP_WORDS
from deskguide.model import Scenario
from tests.conftest import whole_scenario

TEXTS = {
    "seed-swap": ["trade tomato seeds", "swap seeds for bulbs", "seeds seeds seeds", "has seedlings, to give away"],
    "bulb-swap": ["trade tulip bulbs", "swap bulbs for seeds", "bulbs in a sack"],
    "tool-loan": ["borrow a drill", "is there a ladder", "xyzzy plugh"],
}


def _scenario(name: str, examples: list[str]) -> Scenario:
    keys = whole_scenario(name, examples=examples, source="tests", files=["x.yaml"], cues=["the swap shelf"])
    return build_scenario({**keys, "say": []})


@pytest.fixture
def table() -> WordTable:
    return WordTable(str(Path(__file__).parents[3] / "data" / "matching" / "words.bin"))


@pytest.mark.parametrize(("name", "example"), [(name, e) for name, texts in TEXTS.items() for e in texts])
def test_every_entry_is_as_if_the_example_had_never_been_there(name: str, example: str, table: WordTable) -> None:
    scenarios = [_scenario(n, texts) for n, texts in TEXTS.items()]
    without = [_scenario(n, [t for t in texts if t != example]) for n, texts in TEXTS.items()]
    expected = compile_index(without, table)
    whole = compile_index(scenarios, table)
    left_out = LeftOut(MemorySections(whole), table)
    scenario = next(s for s in scenarios if s.id == name)
    sections = left_out.without(scenario, example)
    for kind, key in whole:
        if (kind, key) == ("index", "vocabulary"):
            continue
        assert _plain(kind, sections.get(kind, key)) == _plain(kind, expected.get((kind, key))), (kind, key)
    words = (sections.get("index", "vocabulary") or b"").decode().split()
    # Stop words may stay: they are never looked for by their spelling.
    assert set(words) - STOP_WORDS == set(expected["index", "vocabulary"].decode().split()) - STOP_WORDS


def _plain(kind: str, content: bytes | None) -> object:
    if content and kind == "index-texts":
        return json.loads(decompress(content))
    if content and kind == "index-cue":
        return json.loads(content)
    if content and content.startswith(b"{"):
        return json.loads(content)
    return content or None


def test_a_description_is_ranked_as_without_the_example(table: WordTable) -> None:
    scenarios = [_scenario(n, texts) for n, texts in TEXTS.items()]
    left_out = LeftOut(MemorySections(compile_index(scenarios, table)), table)
    asked = rank("xyzzy plugh", left_out.without(scenarios[2], "xyzzy plugh"), table)
    assert asked.outcome == "none"
    assert rank("xyzzy plugh", MemorySections(compile_index(scenarios, table)), table).matches[0].id == "tool-loan"


def test_a_pair_that_was_left_out_as_chance_is_not_taken_away_again(table: WordTable) -> None:
    words = "apple basket candle daisy engine feather garden hammer".split()
    many = [f"{a} with {b}" for a in words for b in words if a < b] + ["trade with daisy", *words, "with apple"]
    assert len(many) > MANY_TEXTS
    scenarios = [_scenario("many", many), _scenario("few", ["trade with apple", "with basket"])]
    whole = compile_index(scenarios, table)
    left_out = LeftOut(MemorySections(whole), table)
    before = read_header(MemorySections(whole)).pair_lengths
    for example in many:
        sections = left_out.without(scenarios[0], example)
        for kind, key in whole:
            sections.get(kind, key)
        after = read_header(sections).pair_lengths
        assert all(0 <= a <= b for a, b in zip(after, before, strict=True))
        assert rank(example, sections, table).query
