import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CARDS
from tests.conftest import Run, whole_scenario, write_values

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
    assert value["scenarios"][1]["policies"] == [
        {"id": "seed-rules", "why": "It says what may be traded.", "link": "", "law": None}
    ]


def test_json_tells_the_library_s_addresses_and_its_state_s_law(run: Run, desk: Path) -> None:
    own = "https://juniper.example/seeds"
    (desk.parent / "profile.yaml").write_text(f"state: ID\npolicies:\n  seed-rules: {own}\n", encoding="utf-8")
    cited = [{"id": "seed-rules", "why": "a"}, {"id": "weather-law", "why": "b"}]
    card = whole_scenario("seed-swap", **{**CARDS["seed-swap"], "policies": cited})
    write_values(desk / "collection" / "seed-swap.yaml", card)
    law = {"state": "ID", "citation": "Idaho Rain Code 1", "summary": "Rain stays outside.", "minors": "", "url": ""}
    expected: list[dict[str, Any]] = [{**cited[0], "link": own, "law": None}, {**cited[1], "link": "", "law": law}]

    def tell(command: str, *arguments: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(run(command, "--no-builtin", "--format", "json", *arguments).out)
        return value

    assert tell("show", "seed-swap")["scenarios"][0]["policies"] == expected
    assert tell("ask", "patron wants to swap tomato seeds")["scenario"]["policies"] == expected
    assert [(p["link"], p["law"]) for p in tell("policy")["policies"]] == [(own, None), ("", law)]
    elsewhere = tell("show", "--state", "NY", "seed-swap")["scenarios"][0]["policies"]
    assert elsewhere == [expected[0], {**expected[1], "law": None}]


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


def _fill_titles(desk: Path) -> None:
    """Let cards name the manager in their titles and borders, and a profile tell who that is."""
    (desk.parent / "profile.yaml").write_text("manager: the branch head\n", encoding="utf-8")
    for name, title in (("umbrella-lost", "{manager} lost an umbrella"), ("seed-swap", "Seeds for {manager}")):
        values = {**CARDS[name], "title": title, "policies": [{"id": "seed-rules", "why": "x"}]}
        write_values(desk / values["category"] / f"{name}.yaml", whole_scenario(name, **values))
    values = {**CARDS["umbrella-found"], "not_this": [{"id": "umbrella-lost", "when": "{manager} looks for one"}]}
    write_values(desk / "operations" / "umbrella-found.yaml", whole_scenario("umbrella-found", **values))


@pytest.mark.parametrize("format_", ["plain", "rich", "markdown", "json"])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["show", "umbrella-lost"], ["The branch head lost an umbrella"]),
        (["list"], ["The branch head lost an umbrella", "Seeds for the branch head"]),
        (["list", "--search", "branch head lost"], ["The branch head lost an umbrella"]),
        (["ask", "patron wants to swap tomato seeds"], ["Seeds for the branch head"]),
        (
            ["ask", "black umbrella left by the door"],
            ["The branch head lost an umbrella", "the branch head looks for one"],
        ),
        (["ask", "--category", "operations", "left by the"], ["The branch head lost an umbrella"]),
    ],
)
def test_placeholders_are_filled_wherever_a_title_stands(
    run: Run, desk: Path, arguments: list[str], expected: list[str], format_: str
) -> None:
    _fill_titles(desk)
    result = run(arguments[0], "--no-builtin", "--format", format_, *arguments[1:])
    assert result.err == ""
    text = " ".join(result.out.replace("│", " ").split())
    for title in expected:
        assert title in text
    assert "{manager}" not in text


@pytest.mark.parametrize("format_", ["plain", "rich", "markdown"])
def test_a_policy_s_page_fills_the_titles_of_what_rests_on_it(run: Run, desk: Path, format_: str) -> None:
    _fill_titles(desk)
    result = run("policy", "--no-builtin", "--format", format_, "seed-rules")
    text = " ".join(result.out.replace("│", " ").split())
    assert "The branch head lost an umbrella" in text
    assert "Seeds for the branch head" in text
