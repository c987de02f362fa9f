import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import find_controls
from tests.conftest import Run

ONLY_OURS = "--no-builtin"
ANSWER = """\
[routine · seed-swap]
Patron wants to swap garden seeds
Do:
  1. Listen first.
  2. Then act.
Say:
  - first words: “How can I help?”
  - “Let me see.”
Avoid:
  - Don't rush. It helps nobody.
Rests on:
  - Rules of the seed shelf: It says what may be traded.
reviewed 2026-01-31
"""
NOTHING = """\
No card fits this.
If anyone is hurt or in danger, call 911 first. Otherwise say it in other words,
or ask a colleague.
deskguide list shows all cards.
"""
QUESTION = """\
Which of these two is it?
If anyone is hurt or in danger, call 911 first.

Cards that fit:
  1. umbrella-lost: Patron looks for an umbrella
     when they are looking for their own umbrella
  2. umbrella-found: Somebody hands in an umbrella
     when they hand one in
deskguide show ID shows one of them.
"""

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def ask(run: Run) -> Run:
    """Ask the small desk for guidance."""
    return lambda *arguments, **options: run("ask", ONLY_OURS, *arguments, **options)


def test_a_description_is_answered_with_its_card(ask: Run) -> None:
    result = ask("--top", "0", "patron wants to swap tomato seeds")
    assert (result.code, result.err) == (0, "")
    assert result.out == ANSWER


def test_quotes_are_optional(ask: Run) -> None:
    words = "patron wants to swap tomato seeds"
    assert ask(*words.split()) == ask(words)


def test_options_may_stand_after_the_words(ask: Run) -> None:
    assert ask("swap", "garden", "seeds", "--top", "0").out == ask("--top", "0", "swap garden seeds").out


def test_a_dash_reads_the_description_from_standard_input(ask: Run) -> None:
    assert ask("--top", "0", "-", stdin="patron wants to\nswap tomato seeds\n").out == ANSWER


def test_pasted_text_that_starts_with_a_dash_is_a_description(ask: Run) -> None:
    assert ask("--top", "0", "- patron wants to swap tomato seeds").out == ANSWER


@pytest.mark.parametrize("words", [[], [""], ["  "], ["\x1b"]])
def test_no_words_away_from_a_terminal_are_a_wrong_command_line(ask: Run, words: list[str]) -> None:
    result = ask(*words)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("deskguide: ")
    assert "say" in result.err


def test_no_words_on_a_terminal_are_asked_for(ask: Run) -> None:
    result = ask("--format", "plain", "--top", "0", stdin="patron wants to swap tomato seeds\n", terminal=True)
    assert (result.code, result.err) == (0, "What is going on? ")
    assert result.out == ANSWER


def test_other_possibilities_are_named_in_a_line_each(ask: Run) -> None:
    one = ask("--top", "1", "patron wants to swap tomato seeds umbrella").out
    assert one.startswith(ANSWER)
    block = one[len(ANSWER) :].splitlines()
    assert block[:2] == ["", "Or is it:"]
    assert len(block) == 3
    assert block[2].split()[0] in ("umbrella-found", "umbrella-lost")


def test_where_nothing_fits_it_says_so_and_offers_no_guidance(ask: Run) -> None:
    result = ask("--top", "0", "quarterly zebra dividends")
    assert (result.code, result.err) == (1, "")
    assert result.out == NOTHING


def test_two_cards_that_fit_alike_are_named_with_the_question_between_them(ask: Run) -> None:
    result = ask("--top", "0", "black umbrella left by the door")
    assert (result.code, result.out, result.err) == (0, QUESTION, "")


def test_on_a_terminal_the_question_is_asked_and_the_answer_shown(ask: Run) -> None:
    result = ask("--format", "plain", "--top", "0", "black umbrella left by the door", stdin="2\n", terminal=True)
    assert (result.code, result.err) == (0, "Number (1 to 2), or Enter to leave it: ")
    assert result.out.startswith(QUESTION)
    assert "[routine · umbrella-found]\nSomebody hands in an umbrella\n" in result.out


@pytest.mark.parametrize("reply", ["", "\n", "0\n", "3\n", "two\n", "²\n", "99999999999999999999\n"])
def test_any_other_reply_leaves_it(ask: Run, reply: str) -> None:
    result = ask("--format", "plain", "--top", "0", "black umbrella left by the door", stdin=reply, terminal=True)
    assert (result.code, result.out) == (0, QUESTION)


def test_no_input_never_asks_back(ask: Run) -> None:
    result = ask(
        "--no-input", "--format", "plain", "--top", "0", "black umbrella left by the door", stdin="2\n", terminal=True
    )
    assert (result.code, result.out, result.err) == (0, QUESTION, "")
    assert ask("--no-input", terminal=True).code == 2


def test_an_emergency_goes_first_by_its_cue(ask: Run) -> None:
    result = ask("--top", "1", "patron wants to swap tomato seeds and there is smoke")
    assert result.out.startswith("[emergency · kitchen-smoke]\nSmoke comes out of the staff kitchen\nDo first:\n")
    assert "  seed-swap " in result.out


def test_a_category_narrows_the_search(ask: Run) -> None:
    result = ask("--category", "operations", "black umbrella and tomato seeds", "--format", "json")
    assert {m["category"] for m in json.loads(result.out)["matches"]} == {"operations"}


def test_an_unknown_category_is_a_wrong_command_line(ask: Run) -> None:
    result = ask("--category", "operation", "umbrella")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "deskguide: no category is called 'operation'; did you mean operations or collection? "
        "deskguide list shows all\n"
    )


def test_full_shows_all_of_the_card(ask: Run) -> None:
    text = ask("--full", "--top", "0", "patron wants to swap tomato seeds").out
    assert "What is going on:" in text
    assert "Why we do it this way:" in text


def test_explain_tells_what_decided(ask: Run) -> None:
    text = ask("--explain", "--top", "1", "patron wants to swap tomatto seeds zzzzqq and smoke").out
    assert "Read           tomatto as tomato" in text
    assert "Unknown words  zzzzqq" in text
    assert "Why kitchen-smoke (0.9" in text
    assert "  Cues   smoke" in text
    assert "Why seed-swap" in text


def test_json_tells_a_match_whole(ask: Run) -> None:
    result = ask("--format", "json", "--top", "1", "patron wants to swap tomato seeds")
    value = json.loads(result.out)
    assert result.out.count("\n") == 1
    assert list(value)[:6] == ["schema", "query", "outcome", "matches", "question", "scenario"]
    assert (value["schema"], value["outcome"], value["question"]) == (1, "match", None)
    assert [set(m) for m in value["matches"]] == [{"id", "title", "category", "priority", "confidence", "source"}] * 2
    assert value["matches"][0]["id"] == value["scenario"]["id"] == "seed-swap"
    assert 0.8 < value["matches"][0]["confidence"] <= 1
    assert value["scenario"]["do"] == ["Listen first.", "Then act."]


def test_json_tells_a_question(ask: Run) -> None:
    value = json.loads(ask("--format", "json", "black umbrella left by the door", terminal=True).out)
    assert (value["outcome"], value["scenario"]) == ("ambiguous", None)
    assert value["question"] == {
        "text": "Which of these two is it?",
        "options": [
            {"id": "umbrella-lost", "text": "They are looking for their own umbrella"},
            {"id": "umbrella-found", "text": "they hand one in"},
        ],
    }


def test_json_tells_that_nothing_fits(ask: Run) -> None:
    result = ask("--format", "json", "quarterly zebra dividends")
    value = json.loads(result.out)
    assert (result.code, value["outcome"], value["scenario"], value["question"]) == (1, "none", None, None)


def test_markdown_can_be_pasted(ask: Run) -> None:
    text = ask("--format", "markdown", "--top", "0", "patron wants to swap tomato seeds").out
    assert text.startswith("# Patron wants to swap garden seeds\n\n*routine · seed-swap · reviewed 2026-01-31*\n")
    assert "\n1. Listen first.\n2. Then act.\n" in text
    assert "\n- **Rules of the seed shelf**: It says what may be traded.\n" in text


def test_markup_and_controls_in_the_words_do_nothing(ask: Run) -> None:
    for format_ in ("plain", "rich", "markdown", "json"):
        result = ask("--format", format_, "[bold]swap[/nope] \x1b[31mseeds\x07 {manager} :smile:")
        assert result.code in (0, 1)
        assert find_controls(result.out.replace("\x1b[", "") if format_ == "rich" else result.out) == []


def test_a_very_long_description_is_answered(ask: Run) -> None:
    assert ask("patron wants to swap tomato seeds " * 2_000).code == 0


def test_a_new_card_is_found_as_soon_as_it_is_saved(ask: Run, desk: Path, write_scenario: Callable[..., Path]) -> None:
    assert ask("a goat eats the hedge").code == 1
    write_scenario(desk, "goat-outside", category="operations", examples=["a goat eats the hedge", "goats on the lawn"])
    assert "[routine · goat-outside]" in ask("a goat eats the hedge").out


def test_stale_guidance_is_marked_at_the_desk(ask: Run, desk: Path, write_scenario: Callable[..., Path]) -> None:
    write_scenario(
        desk, "goat-outside", category="operations", reviewed="2024-01-01", examples=["a goat eats the hedge"]
    )
    assert "OUT OF DATE" in ask("a goat eats the hedge").out
