import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run, write_values
from tests.conftest import whole_scenario as whole

pytestmark = pytest.mark.usefixtures("desk")

CASES = """\
- text: patron wants to swap tomato seeds
  want: seed-swap
- text: somebody left an umbrella behind the door
  want: seed-swap
  also: [umbrella-found, umbrella-lost]
- text: the moon landing was in july
  want: null
- text: black umbrella left by the door
  want_any: [umbrella-found, umbrella-lost]
- text: smoke in the staff kitchen
  want: kitchen-smoke
"""


@pytest.fixture
def cases(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that writes a file of cases and returns its path."""

    def write(content: str) -> str:
        path = tmp_path / "cases.yaml"
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


def test_all_kinds_of_cases_are_counted(run: Run, cases: Callable[[str], str]) -> None:
    result = run("evaluate", "--no-builtin", "--format", "plain", cases(CASES))
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0] == "5 of 5 cases answered right (100.0 %)."
    assert [line.split()[0] for line in lines[2:]] == [
        "top1",
        "top3",
        "none_recall",
        "none_false",
        "ambiguous_named",
        "emergency_first",
        "emergency_top3",
        "ms",
    ]
    assert lines[2] == "  top1             100.0 %  3 of 3: the right card first"


def test_a_miss_says_what_came_and_why(run: Run, cases: Callable[[str], str]) -> None:
    path = cases("- text: tomato seeds to trade\n  want: umbrella-lost\n")
    result = run("evaluate", "--no-builtin", path)
    assert result.code == 0
    miss = result.out.partition("Missed\n")[2]
    assert f"{path}:1: 'tomato seeds to trade'" in miss
    assert "wanted umbrella-lost (not among the first" in miss or "wanted umbrella-lost (place " in miss
    assert "came: seed-swap (0." in miss
    assert "why seed-swap: words seeds, trade, tomato; " in miss
    assert "nearest example 'someone brings garden seeds to trade'" in miss


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("0.51", 1), ("0", 0), ("1", 1)])
def test_the_least_share_sets_the_exit_code(run: Run, cases: Callable[[str], str], least: str, code: int) -> None:
    path = cases(
        "- {text: tomato seeds to trade, want: umbrella-lost}\n- {text: trade flower seeds, want: seed-swap}\n"
    )
    assert run("evaluate", "--no-builtin", "--min", least, path).code == code


@pytest.mark.parametrize("least", ["-0.1", "1.1", "most"])
def test_a_share_is_from_0_to_1(run: Run, cases: Callable[[str], str], least: str) -> None:
    result = run("evaluate", "--no-builtin", f"--min={least}", cases(CASES))
    assert (result.code, result.out) == (2, "")
    assert "--min" in result.err


def test_json_gives_metrics_and_every_result(run: Run, cases: Callable[[str], str]) -> None:
    result = run("evaluate", "--no-builtin", "--format", "json", cases(CASES))
    value = json.loads(result.out)
    assert list(value) == ["schema", "cases", "metrics", "results", "confused"]
    assert (value["schema"], value["cases"]) == (1, 5)
    metrics = value["metrics"]
    assert metrics.pop("ms") > 0
    assert metrics == {
        "right": 1.0,
        "top1": 1.0,
        "top3": 1.0,
        "none_recall": 1.0,
        "none_false": 0.0,
        "ambiguous_named": 1.0,
        "emergency_first": 1.0,
        "emergency_top3": 1.0,
    }
    first, second, third, fourth, _ = value["results"]
    assert (first["want"], first["outcome"], first["got"][0]["id"]) == ("seed-swap", "match", "seed-swap")
    assert second["also"] == ["umbrella-found", "umbrella-lost"]
    assert (third["want"], third["outcome"]) == (None, "none")
    assert (fourth["want"], fourth["want_any"]) == (None, ["umbrella-found", "umbrella-lost"])


def test_what_was_not_counted_is_null(run: Run, cases: Callable[[str], str]) -> None:
    path = cases("- {text: zebra crossing rules, want: ~}\n")
    metrics = json.loads(run("evaluate", "--no-builtin", "--format", "json", path).out)["metrics"]
    assert metrics["top1"] is None
    assert metrics["none_recall"] == 1.0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", ":1:1: is empty; a file of cases is a list that starts with '- text: ...'"),
        ("text: x\n", ":1:1: is not a list; start each case with '- text: ...'"),
        ("- seeds\n", ":1:3: a case holds 'text' and 'want'; write '- text: ...' and below it 'want: ' and an id"),
        ("- text: a\n- want: seed-swap\n", ":2:3: 'text' is missing or holds no text"),
        ("- text: a\n", ":1:3: tells neither 'want' nor 'want_any'; write 'want: null' if nothing should fit"),
        ("- {text: a, want: b, want_any: [c, d]}\n", ":1:3: has both 'want' and 'want_any'; keep one"),
        ("- {text: a, want: [b]}\n", ":1:19: 'want' is missing or holds no text"),
        ("- {text: a, wants: b, want: c}\n", ":1:13: 'wants' is not a key of a case; did you mean 'want'?"),
        ("- {text: a, want_any: [c]}\n", "'want_any' names two or more ids: a description with several meanings"),
        ("- {text: a, want_any: c}\n", ":1:23: 'want_any' holds a list of ids: [first-id, second-id]"),
        ("- {text: a, want: null, also: [c]}\n", ":1:31: 'also' needs 'want': the one that is most right"),
        ("- {text: a, want: !x b}\n", "a tag (!...) is not read here; delete it"),
    ],
)
def test_a_faulty_file_of_cases_is_named_with_its_line(
    run: Run, cases: Callable[[str], str], content: str, fault: str
) -> None:
    path = cases(content)
    result = run("evaluate", "--no-builtin", path)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"{path}:")
    assert fault in result.err


def test_a_file_of_cases_that_is_not_there(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "--no-builtin", str(tmp_path / "none.yaml"))
    assert (result.code, result.out) == (3, "")
    assert "none.yaml: cannot be read: " in result.err


def test_an_unknown_id_is_a_miss_with_a_warning(run: Run, cases: Callable[[str], str]) -> None:
    path = cases("- {text: trade seeds, want: seed-swop}\n")
    result = run("evaluate", "--no-builtin", path)
    assert result.code == 0
    assert result.err == f"{path}:1:3: warning: no scenario is called 'seed-swop'; did you mean 'seed-swap'?\n"
    assert result.out.startswith("0 of 1 case answered right (0.0 %).")


def test_files_or_examples_are_needed_and_not_both(run: Run, cases: Callable[[str], str]) -> None:
    assert run("evaluate").err.startswith("deskguide: name a file of test descriptions, or --examples")
    assert run("evaluate", "--examples", cases(CASES)).code == 2


def test_examples_are_asked_as_if_they_were_not_there(run: Run, desk: Path) -> None:
    texts = ["give back a drill", "bring back the drill", "drill is returned late", "umbrella with a flat battery"]
    write_values(desk / "borrowing" / "tool-return.yaml", whole("tool-return", category="borrowing", examples=texts))
    result = run("evaluate", "--no-builtin", "--examples", "--format", "json")
    got = {r["text"]: r["got"][0]["id"] if r["got"] else None for r in json.loads(result.out)["results"]}
    assert got["bring back the drill"] == "tool-return"  # the others of its card find it
    assert got["umbrella with a flat battery"] != "tool-return"  # nothing else there speaks of it


def test_pairs_of_confused_cards_are_named(run: Run, desk: Path) -> None:
    twins = ["black umbrella left by the door", "red umbrella on a chair", "umbrella on the stairs"]
    for name in ("umbrella-found", "umbrella-lost"):
        write_values(desk / "operations" / f"{name}.yaml", whole(name, category="operations", examples=twins))
    result = run("evaluate", "--no-builtin", "--examples")
    assert "Cards that are confused" in result.out
    assert "umbrella-found was wanted, umbrella-lost came: 3 times" in result.out
    assert "Missed" not in result.out


def test_markdown_has_headings_and_points(run: Run, cases: Callable[[str], str]) -> None:
    path = cases("- text: tomato seeds to trade\n  want: umbrella-lost\n")
    result = run("evaluate", "--no-builtin", "--format", "markdown", path)
    assert "## Missed" in result.out
    assert "\n- wanted umbrella-lost (" in result.out
