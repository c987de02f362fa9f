import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run, write_values

pytestmark = pytest.mark.usefixtures("desk")


def _page(desk: Path) -> str:
    return f"""\
[routine · umbrella-found]
Somebody hands in an umbrella
What is going on:
  A situation about umbrella found.
Do:
  1. Listen first.
  2. Then act.
Say:
  - first words: “How can I help?”
  - “Let me see.”
Avoid:
  - Don't rush. It helps nobody.
Another card fits better when:
  - They are looking for their own umbrella
    umbrella-lost
Why we do it this way:
  - Respect: Listen.
From:
  - {desk / "operations" / "umbrella-found.yaml"}
reviewed 2026-01-31
"""


def _unwrapped(text: str) -> str:
    return "".join(text.split())


def test_a_scenario_is_shown_whole(run: Run, desk: Path) -> None:
    result = run("show", "--no-builtin", "umbrella-found")
    assert (result.code, result.err) == (0, "")
    assert _unwrapped(result.out) == _unwrapped(_page(desk))


def test_several_are_shown_in_the_order_asked_for_and_each_once(run: Run) -> None:
    text = run("show", "--no-builtin", "umbrella-lost", "seed-swap", "umbrella-lost").out
    labels = [line for line in text.splitlines() if line.startswith("[")]
    assert labels == ["[routine · umbrella-lost]", "[routine · seed-swap]"]


def test_a_wrong_id_offers_the_nearest_and_the_others_are_shown(run: Run) -> None:
    result = run("show", "--no-builtin", "umbrela-found", "seed-swap")
    assert result.code == 1
    assert "[routine · seed-swap]" in result.out
    assert result.err == (
        "deskguide: no scenario is called 'umbrela-found'; did you mean umbrella-found or umbrella-lost? "
        "deskguide list shows all\n"
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "zzz\x1b[2J", "", "-"])
def test_an_id_is_never_a_path_or_a_control_code(run: Run, name: str) -> None:
    result = run("show", "--no-builtin", "--", name)
    assert (result.code, result.out) == (1, "")
    assert "\x1b" not in result.err


def test_no_id_is_a_wrong_command_line(run: Run) -> None:
    result = run("show")
    assert (result.code, result.out) == (2, "")
    assert result.err == "deskguide: Missing argument 'ID...'.\nTry 'deskguide show --help'.\n"


def test_json_holds_whole_scenarios(run: Run) -> None:
    value = json.loads(run("show", "--no-builtin", "--format", "json", "umbrella-lost", "seed-swap").out)
    assert value["schema"] == 1
    assert [s["id"] for s in value["scenarios"]] == ["umbrella-lost", "seed-swap"]
    assert value["scenarios"][1]["policies"] == [{"id": "seed-rules", "why": "It says what may be traded."}]


def test_a_local_file_changes_a_shipped_scenario_key_by_key(
    run: Run, desk: Path, write_scenario: Callable[..., Path], tmp_path: Path
) -> None:
    over = tmp_path / "over"
    write_values(
        over / "operations" / "umbrella-lost.yaml",
        {"id": "umbrella-lost", "do": ["Look in the box."], "examples": ["where is my brolly"]},
    )
    value = json.loads(run("show", "--no-builtin", "--scenarios", str(over), "--format", "json", "umbrella-lost").out)
    (scenario,) = value["scenarios"]
    assert scenario["do"] == ["Look in the box."]
    assert scenario["examples"] == ["black umbrella left by the door", "where is my brolly"]
    assert scenario["source"] == f"local + {over}"
    assert len(scenario["files"]) == 2


def test_names_of_the_profile_are_spoken(run: Run, desk: Path, write_scenario: Callable[..., Path]) -> None:
    write_scenario(desk, "goat", category="operations", do=["Call {manager} of {library}."])
    profile = desk.parent / "profile.yaml"
    assert "Call your manager of the library." in run("show", "--no-builtin", "goat").out
    profile.write_text("manager: the branch head\nlibrary: Elm Library\n", encoding="utf-8")
    assert "Call the branch head of Elm Library." in run("show", "--no-builtin", "goat").out


def test_a_profile_can_be_chosen_by_name(run: Run, desk: Path, write_scenario: Callable[..., Path]) -> None:
    write_scenario(desk, "goat", category="operations", do=["Call {manager}."])
    profiles = desk.parent / "profiles"
    profiles.mkdir()
    (profiles / "north.yaml").write_text("manager: the north desk\n", encoding="utf-8")
    assert "Call the north desk." in run("show", "--no-builtin", "--profile", "north", "goat").out
    result = run("show", "--no-builtin", "--profile", "south", "goat")
    assert (result.code, result.out) == (3, "")
    assert result.err.endswith("no such profile; the profiles there are north\n")


def test_a_profile_that_was_named_must_be_sound(run: Run, desk: Path) -> None:
    profiles = desk.parent / "profiles"
    profiles.mkdir()
    (profiles / "north.yaml").write_text("manger: x\n", encoding="utf-8")
    result = run("show", "--no-builtin", "--profile", "north", "seed-swap")
    assert (result.code, result.out) == (3, "")
    assert "did you mean 'manager'?" in result.err
