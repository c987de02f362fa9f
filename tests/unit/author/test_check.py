from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deskguide.author.check import Checked, Known, check_files
from deskguide.knowledge.places import Layer, Places, list_files
from deskguide.knowledge.values import build_scenario
from deskguide.model import Scenario
from tests.conftest import whole_scenario, write_values

KNOWN = Known(frozenset({"library", "manager", "security", "police"}), 12, date(2026, 6, 30))
MANY = [f"example number {n} {'abcdefghijkl'[n]}" for n in range(12)]
SHIPPED_CARD = {"examples": MANY, "policies": [{"id": "seed-rules", "why": "It says so."}]}

Check = Callable[..., Checked]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_values(
        tmp_path / "shipped" / "policies" / "seed-rules.yaml",
        {"id": "seed-rules", "title": "Seeds", "kind": "local-policy", "issuer": "We", "summary": "Trade."},
    )
    return tmp_path


def _sound(name: str, **keys: Any) -> dict[str, Any]:
    examples = [f"{name} {example}" for example in MANY]
    return whole_scenario(name, **{**SHIPPED_CARD, "examples": examples, **keys})


def _write(folder: Path, *cards: dict[str, Any]) -> None:
    for card in cards:
        write_values(folder / card["category"] / f"{card['id']}.yaml", card)


def _check(folder: Path, **options: Any) -> Checked:
    layers = (
        Layer("shipped", str(folder / "shipped" / "scenarios"), (str(folder / "shipped" / "policies"),)),
        Layer("local", str(folder / "local"), ()),
    )
    places = Places(layers, "", "", "")
    files, faults = list_files(places)
    return check_files(places, files, faults, build_scenario, KNOWN, **options)


def _lines(checked: Checked) -> list[str]:
    return [f"{Path(f.file).name}:{f.line}:{f.column}: {f.severity}: {f.message}" for f in checked.faults]


def _pair(**keys: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two sound cards that border on each other, the first with ``keys`` changed."""
    first = _sound("seed-swap", **{"not_this": [{"id": "bulb-swap", "when": "they bring bulbs"}], **keys})
    return first, _sound("bulb-swap", not_this=[{"id": "seed-swap", "when": "they bring seeds"}])


def test_sound_cards_have_no_fault(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    categories = {"seed-swap": "collection", "bulb-swap": "collection"}
    assert _check(folder) == Checked(3, 2, (), categories)


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (
            {"policies": [{"id": "seed-rule", "why": "x"}]},
            "error: no policy is called 'seed-rule'; did you mean 'seed-rules'?",
        ),
        (
            {"policies": [{"id": "zzz", "why": "x"}]},
            "error: no policy is called 'zzz'; mend it or delete the entry",
        ),
        ({"policies": []}, "warning: no policy stands behind this card; name the one it rests on"),
        (
            {"not_this": [{"id": "bulb-swap", "when": "a"}, {"id": "bulb-swop", "when": "b"}]},
            "error: no scenario is called 'bulb-swop'; did you mean 'bulb-swap'?",
        ),
        (
            {"not_this": [{"id": "bulb-swap", "when": "a"}, {"id": "seed-swap", "when": "b"}]},
            "error: a card has no border with itself; delete this entry",
        ),
        ({"reviewed": "2026-07-01"}, "error: 2026-07-01 lies in the future; write the day of the last check"),
        (
            {"reviewed": "2025-06-30"},
            "warning: last checked 2025-06-30, 12 months ago; check its facts and renew the date",
        ),
        (
            {"sources": [{"title": "A page", "url": "http://example.org"}]},
            "warning: write an address that starts with https://",
        ),
        ({"say": ["Only this."]}, "warning: give a second thing to say: for first contact, and for when it is refused"),
        (
            {"say": ["One.", "word " * 46]},
            "warning: has 46 words; cut it to 45, or nobody says it aloud",
        ),
        ({"do": ["Ask the customer."]}, "warning: write 'patron' rather than 'customer'"),
        ({"do": ["Call {manger}."]}, "warning: nothing fills {manger}; did you mean {manager}?"),
        ({"do": ["Call {zzz}."]}, "warning: nothing fills {zzz}; add it to 'names' in the profile"),
        (
            {"priority": "emergency", "cues": ["smoke"]},
            "warning: an emergency starts with the act that saves a life: call 911, or get people out of danger",
        ),
        (
            {"priority": "emergency", "do": ["Call 911."]},
            "warning: an emergency needs 'cues': words that bring it first whatever else is said",
        ),
        (
            {"examples": ["one", "two"]},
            "warning: has 2 examples; 10 or more, in different words, make it found",
        ),
    ],
)
def test_each_weakness_is_named_once(folder: Path, keys: dict[str, Any], line: str) -> None:
    _write(folder / "shipped" / "scenarios", *_pair(**keys))
    found = _lines(_check(folder))
    assert [f.partition(": ")[2] for f in found] == [line]
    assert found[0].startswith("seed-swap.yaml:")


@pytest.mark.parametrize("reviewed", ["2025-07-01", "2026-06-30"])
def test_a_review_within_the_months_is_fresh(folder: Path, reviewed: str) -> None:
    _write(folder / "shipped" / "scenarios", *_pair(reviewed=reviewed))
    assert _check(folder).faults == ()


def test_a_fault_has_the_line_of_the_very_text(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair(do=["Listen.", "Ask the customer."]))
    (fault,) = _check(folder).faults
    lines = Path(fault.file).read_text(encoding="utf-8").splitlines()
    assert lines[fault.line - 1][fault.column - 1 :] == "Ask the customer."


def test_a_border_that_runs_one_way_is_named_where_it_stands(folder: Path) -> None:
    first, second = _pair()
    del second["not_this"]
    _write(folder / "shipped" / "scenarios", first, second)
    messages = [f.message for f in _check(folder).faults]
    assert "the border runs one way; add 'seed-swap' to 'not_this' of 'bulb-swap' too" in messages
    assert "has no 'not_this'; name the card that it could be mistaken for, and the fact that tells" in messages


def test_a_copy_of_a_shipped_card_keeps_its_borders_without_a_warning(folder: Path) -> None:
    first, second = _pair()
    _write(folder / "shipped" / "scenarios", first, second)
    border = {"id": "bulb-swap", "when": "they bring bulbs"}
    own = {"id": "seed-swap", "when": "they bring seeds by post"}
    _write(folder / "local", _sound("seed-post", not_this=[border, own]))
    (line,) = _lines(_check(folder))
    assert line.startswith("seed-post.yaml:")
    assert line.endswith(
        ": warning: the border runs one way; add 'seed-post' to 'not_this' of 'seed-swap' too"
        " (deskguide new seed-swap starts the file for it)"
    )
    changes = {"id": "seed-swap", "not_this": [{"id": "seed-post", "when": "they come by post"}]}
    write_values(folder / "local" / "collection" / "seed-swap.yaml", changes)
    assert _lines(_check(folder)) == []


def test_a_border_that_a_copy_changes_is_its_own(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    _write(folder / "local", _sound("seed-post", not_this=[{"id": "bulb-swap", "when": "bulbs come by post"}]))
    (line,) = _lines(_check(folder))
    assert "add 'seed-post' to 'not_this' of 'bulb-swap' too" in line


def test_a_shipped_card_is_told_of_its_own_border(folder: Path) -> None:
    first, second = _pair()
    _write(folder / "shipped" / "scenarios", first, {**second, "not_this": []})
    told = [line for line in _lines(_check(folder)) if "runs one way" in line]
    assert len(told) == 1
    assert told[0].endswith("add 'seed-swap' to 'not_this' of 'bulb-swap' too")


def test_sound_cards_are_read_once_and_policies_once_more_for_their_addresses(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    read: list[str] = []

    def count_reads(path: str) -> bytes:
        read.append(Path(path).name)
        return Path(path).read_bytes()

    _check(folder, read=count_reads)
    assert sorted(read) == ["bulb-swap.yaml", "seed-rules.yaml", "seed-rules.yaml", "seed-swap.yaml"]


def test_an_example_in_two_cards_or_twice_in_one_is_named(folder: Path) -> None:
    first, second = _pair()
    first["examples"] = [*first["examples"], "Bulb-swap, example number 1 b!"]
    second["examples"] = [*second["examples"], "Bulb-swap example number 2: C"]
    _write(folder / "shipped" / "scenarios", first, second)
    assert sorted(f.message for f in _check(folder).faults) == [
        "'Bulb-swap example number 2: C' stands above too; keep it where it belongs",
        "'Bulb-swap, example number 1 b!' stands in 'bulb-swap' too; keep it where it belongs",
    ]


def test_a_local_file_is_told_that_the_shipped_one_has_moved_on(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair(reviewed="2026-05-01"))
    local = {"id": "seed-swap", "category": "collection", "reviewed": "2026-06-01", "based_on": "2026-01-31"}
    _write(folder / "local", local)
    shipped = folder / "shipped" / "scenarios" / "collection" / "seed-swap.yaml"
    (fault,) = _check(folder).faults
    assert (Path(fault.file).parent.parent.name, fault.severity) == ("local", "warning")
    assert fault.message == (
        "the shipped card was renewed on 2026-05-01, after this file was written against 2026-01-31; "
        f"compare the two (the shipped one is {shipped}), then set 'based_on' to the new date"
    )


def test_only_wanted_files_are_reported(folder: Path) -> None:
    first, second = _pair(do=["Ask the customer."])
    second["do"] = ["Ask the customers."]
    _write(folder / "shipped" / "scenarios", first, second)
    checked = _check(folder, is_wanted=lambda path: path.endswith("bulb-swap.yaml"))
    assert (checked.files, checked.scenarios) == (1, 1)
    assert _lines(checked)[0].endswith("warning: write 'patrons' rather than 'customers'")
    assert checked.count_severity("warning") == 1
    assert checked.count_severity("error") == 0


def test_examples_of_a_library_that_another_card_would_win_are_named(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    _write(folder / "local", {"id": "seed-swap", "category": "collection", "examples": ["trade seeds", "give bulbs"]})
    asked = []

    def find_winner(scenario: Scenario, example: str) -> str | None:
        asked.append((scenario.id, example))
        return "bulb-swap" if "bulbs" in example else None

    (fault,) = _check(folder, prepare_winner=lambda _: find_winner).faults
    assert asked == [("seed-swap", "trade seeds"), ("seed-swap", "give bulbs")]  # not those of the shipped file
    assert fault.message == ("'bulb-swap' would win this example; say what sets this case apart, or move it there")
    assert (fault.line, fault.severity) == (5, "warning")


def test_faults_of_reading_stand_among_the_others(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    path = folder / "local" / "x.yaml"
    path.parent.mkdir()
    path.write_text("id: [", encoding="utf-8")
    (fault,) = _check(folder).faults
    assert (fault.file, fault.severity) == (str(path), "error")


def test_a_policy_that_no_card_cites_is_named(folder: Path) -> None:
    _write(folder / "shipped" / "scenarios", *_pair())
    assert _lines(_check(folder)) == []
    uncited = {"id": "bulb-rules", "title": "Bulbs", "kind": "local-policy", "issuer": "We", "summary": "Dig."}
    write_values(folder / "shipped" / "policies" / "bulb-rules.yaml", uncited)
    message = "bulb-rules.yaml:1:1: warning: no scenario cites 'bulb-rules'; cite it where it applies, or drop it"
    assert _lines(_check(folder)) == [message]
