import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskguide.cli.desk import Format
from tests.cli.conftest import find_controls
from tests.conftest import Run, whole_scenario, write_values
from tests.property.strategies import any_text, moderate, phrases, words

COMMANDS = ("ask", "list", "show", "policy", "info", "check")
OPTIONS = (
    ("--format", "plain"), ("--format", "json"), ("--format", "markdown"), ("--format", "rich"), ("--format", ""),
    ("--top", "0"), ("--top", "9"), ("--top", "10"), ("--top", "-1"), ("--top", "x"), ("--category", "collection"),
    ("--category", "colection"), ("--search", "seeds"), ("--state", "ID"), ("--state", "XX"), ("--profile", "no"),
    ("--profile", "../x"), ("--scenarios", "cards"), ("--scenarios", "no-such-folder"), ("--explain",), ("--full",),
    ("--stale",), ("--no-input",), ("--no-pager",), ("--version",), ("--help",), ("--no-such-option",), ("-h",), ("-",),
    ("--",), ("-x",), ("--format=json",), ("--top=",), ("seed-swap",), ("seed-swop",),
)  # fmt: skip

free_text = (any_text | phrases | words).map(lambda text: text.replace("/", "|").replace("\\", "|"))
"""Words as typed, without separators: these would name folders of whoever runs the tests."""
arguments = st.lists(st.sampled_from(OPTIONS) | free_text.map(lambda text: (text,)), max_size=6).map(
    lambda groups: [word for group in groups for word in group]
)

in_one_folder = settings(moderate, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _one_card(desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an otherwise empty folder, with one card in the local folder and as home one of the test's own."""
    keys = {"examples": ["patron wants to swap garden seeds"], "title": "Patron wants to swap garden seeds"}
    write_values(desk_home / "config" / "scenarios" / "seed-swap.yaml", whole_scenario("seed-swap", **keys))
    (desk_home / "here" / "cards").mkdir(parents=True)
    monkeypatch.chdir(desk_home / "here")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, os.fspath(desk_home))


def assert_ends_well(run: Run, *words: str, stdin: str = "") -> None:
    result = run(*words, stdin=stdin)
    assert result.code in (0, 1, 2, 3)
    assert find_controls(result.out) == []
    assert find_controls(result.err) == []
    assert "Traceback" not in result.err
    if result.code == 2:
        assert (result.out, result.err[:11]) == ("", "deskguide: ")
    if result.code == 3:
        assert result.err.startswith("deskguide: ")


@in_one_folder
@given(command=st.sampled_from(COMMANDS), words=arguments)
def test_any_command_with_any_arguments_ends_with_a_code_of_the_contract(
    run: Run, command: str, words: list[str]
) -> None:
    assert_ends_well(run, command, "--no-builtin", *words)


@in_one_folder
@given(words=st.lists(free_text, max_size=4))
def test_any_words_at_all_end_with_a_code_of_the_contract(run: Run, words: list[str]) -> None:
    assert_ends_well(run, *words)


SOUND_OPTIONS = (
    ("--top", "0"), ("--top", "9"), ("--category", "collection"), ("--state", "id"), ("--scenarios", "cards"),
    ("--explain",), ("--full",), ("--no-input",), ("--no-pager",),
)  # fmt: skip


@in_one_folder
@given(
    chosen=st.lists(st.sampled_from(SOUND_OPTIONS), max_size=4, unique_by=lambda option: option[0]),
    words=st.lists(free_text, min_size=1, max_size=4).filter(lambda words: any(c.isalnum() for c in "".join(words))),
    format_=st.sampled_from(Format),
)
def test_any_words_with_sound_options_are_answered(
    run: Run, chosen: list[tuple[str, ...]], words: list[str], format_: Format
) -> None:
    options = [word for option in chosen for word in option]
    result = run("ask", "--no-builtin", *options, "--format", format_.value, "--", *words)
    assert (result.code in (0, 1), result.err) == (True, "")
    assert find_controls(result.out) == []
    if format_ is Format.JSON:
        answer = json.loads(result.out)
        assert answer["outcome"] == ("none" if result.code else "match")
        assert [m["id"] for m in answer["matches"]] in ([], ["seed-swap"])


@in_one_folder
@given(text=any_text, format_=st.sampled_from([f.value for f in Format if f is not Format.RICH]))
def test_any_standard_input_ends_with_a_code_of_the_contract(run: Run, text: str, format_: str) -> None:
    said = text.encode("utf-8", "replace").decode()
    assert_ends_well(run, "ask", "--no-builtin", "--format", format_, "-", stdin=said)


@in_one_folder
@given(around=free_text.filter(lambda text: not text.startswith("-")))
def test_what_is_known_is_shown_whatever_else_is_asked_for(run: Run, around: str) -> None:
    result = run("show", "--no-builtin", "--", "seed-swap", around)
    assert result.code == (0 if around == "seed-swap" else 1)
    assert "seed-swap]\n" in result.out
    assert result.err.count("\n") == result.code
