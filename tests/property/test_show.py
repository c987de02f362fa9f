import json
from datetime import date
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from deskguide.knowledge.read import Entries, Items, Node, Text
from deskguide.knowledge.shape import missing_keys, shape_scenario
from deskguide.knowledge.values import build_scenario
from deskguide.model import Profile, Scenario, ScenarioHead
from deskguide.show.as_json import dump, scenario_value
from deskguide.show.faults import fault_line
from deskguide.show.lay import SCREEN_LINES
from deskguide.show.markdown import render_markdown
from deskguide.show.page import Book, Page, list_page, scenario_page
from deskguide.show.panels import render_panels
from deskguide.show.plain import render_plain
from deskguide.text import NARROWEST_LINE_COLUMNS, clean, line_width
from tests.cli.conftest import find_controls
from tests.property.strategies import any_text, brief, moderate, phrases, plain_text, stored_scenario

TODAY = date(2026, 6, 30)
PROFILE = Profile({"manager": "Sam at the front desk"}, "", 12, {}, "")

hostile_texts = st.lists(any_text, min_size=1, max_size=3)


class Lists(NamedTuple):
    """Texts for every key of a card that a person writes prose into."""

    title: str
    summary: str
    do: list[str]
    say: list[str]
    avoid: list[str]
    offer: list[str]
    to: str
    when: str
    why: str
    source: str


any_lists = st.builds(
    Lists,
    *(any_text, any_text, hostile_texts, hostile_texts, hostile_texts, hostile_texts),
    *(any_text, any_text, any_text, any_text),
)
wide_words = st.sampled_from(
    ["世界", "한국어", "größe", "e\u0301te\u0301", "word", "x" * 50, "世" * 40, "“quoted”", "[b]"]
)
prose = st.lists(wide_words | phrases, min_size=1, max_size=8).map(" ".join)
some_prose = st.lists(prose, min_size=1, max_size=5)
sound_lists = st.builds(
    Lists,
    *(prose, prose, some_prose, some_prose, some_prose, some_prose),
    *(prose, prose, prose, prose),
)


def node(value: Any) -> Node:
    if isinstance(value, str):
        return Text(value, True, 1, 1)
    if isinstance(value, list):
        return Items(tuple(map(node, value)), 1, 1)
    return Entries(tuple((Text(key, False, 1, 1), node(inner)) for key, inner in value.items()), 1, 1)


def shape(lists: Lists) -> Scenario | None:
    """Return the scenario that a file with such texts becomes, or None if it is refused."""
    texts = {
        "title": lists.title[:80],
        "summary": lists.summary,
        "do": lists.do,
        "say": [{"when": when, "text": text} for when, text in zip(lists.say, reversed(lists.say), strict=True)],
        "avoid": lists.avoid,
        "offer": lists.offer,
        "escalate": [{"to": lists.to, "when": lists.when}],
        "policies": [{"id": "rule", "why": lists.why}],
        "principles": {"respect": lists.why},
        "not_this": [{"id": "neighbor", "when": lists.when}],
        "follow_up": lists.do,
        "owner": lists.to,
        "sources": [{"title": lists.source, "url": lists.source, "licence": lists.why}],
    }
    values = stored_scenario("card", **texts)
    more = {key: values.pop(key) for key in ("source", "files")}
    entries = node(values)
    assert isinstance(entries, Entries)
    draft, faults = shape_scenario(entries, "collection/card.yaml")
    for fault in faults:
        assert find_controls(fault_line(fault)) == []
        assert "\n" not in fault_line(fault)
    if draft is None or missing_keys(draft):
        return None
    return build_scenario({**draft.values, **more})


def page_of(scenario: Scenario, *, is_answer: bool) -> Page:
    head = ScenarioHead("neighbor", "Another card", "collection", "routine", "2026-01-31", "x", "local")
    return scenario_page(scenario, Book({}, {"neighbor": head}, PROFILE, TODAY), is_answer=is_answer)


def draw(page: Page, format_: str, width: int, *, is_fitted: bool = False) -> str:
    if format_ == "markdown":
        return render_markdown(page)
    if format_ == "plain":
        return render_plain(page, width, is_fitted=is_fitted)
    return render_panels(page, width, has_color=False, has_boxes=True, is_fitted=is_fitted)


@pytest.mark.parametrize("format_", ["plain", "rich", "markdown"])
@moderate
@given(lists=any_lists, columns=st.integers(1, 200))
def test_no_control_character_gets_out_whatever_a_file_holds(format_: str, lists: Lists, columns: int) -> None:
    scenario = shape(lists)
    if scenario is not None:
        shown = draw(page_of(scenario, is_answer=False), format_, line_width(columns))
        assert find_controls(shown) == []
        assert shown.endswith("\n")
        shown.encode()


@pytest.mark.parametrize("format_", ["plain", "rich"])
@pytest.mark.parametrize("is_answer", [True, False])
@brief
@given(lists=sound_lists, columns=st.integers(1, 200))
def test_every_line_keeps_to_the_width_down_to_one_column(
    format_: str, is_answer: bool, lists: Lists, columns: int
) -> None:
    scenario = shape(lists)
    assert scenario is not None
    width = line_width(columns)
    assert width <= max(columns, NARROWEST_LINE_COLUMNS)
    for line in draw(page_of(scenario, is_answer=is_answer), format_, width, is_fitted=is_answer).splitlines():
        assert cell_len(line) <= width


@pytest.mark.parametrize("format_", ["plain", "rich", "markdown"])
@brief
@given(lists=sound_lists, columns=st.integers(1, 200))
def test_a_whole_page_holds_every_word_of_its_card_in_every_format(format_: str, lists: Lists, columns: int) -> None:
    scenario = shape(lists)
    assert scenario is not None
    shown = draw(page_of(scenario, is_answer=False), format_, line_width(columns))
    letters = "".join(c for c in shown if c.isalnum())
    for text in (*scenario.do, *scenario.avoid, *scenario.offer, *(s.text for s in scenario.say)):
        assert "".join(c for c in text if c.isalnum()) in letters


@brief
@given(st.lists(phrases, min_size=3, max_size=12), st.lists(phrases, min_size=2, max_size=8))
def test_an_ordinary_answer_fits_one_screen(steps: list[str], sayings: list[str]) -> None:
    values = stored_scenario("card", do=steps[:9], say=[{"when": "then", "text": s} for s in sayings], offer=steps)
    page = page_of(build_scenario(values), is_answer=True)
    for format_ in ("plain", "rich"):
        assert len(draw(page, format_, 80, is_fitted=True).splitlines()) <= SCREEN_LINES


@moderate
@given(any_lists)
def test_json_is_one_line_of_ascii_that_parses_back(lists: Lists) -> None:
    scenario = shape(lists)
    if scenario is not None:
        text = dump(scenario_value(scenario, {}, Profile({}, "", 12, {}, "")))
        assert text.isascii()
        assert text.count("\n") == 1
        assert find_controls(text) == []
        parsed = json.loads(text)
        assert parsed["do"] == list(scenario.do)
        assert parsed["say"] == [s._asdict() for s in scenario.say]


@brief
@given(st.lists(plain_text, max_size=6), st.integers(1, 200))
def test_a_list_names_every_card_once_with_its_id_whole(titles: list[str], columns: int) -> None:
    heads = [
        ScenarioHead(f"card-{n}", title, "collection", "urgent", "2026-01-31", "x", "local")
        for n, title in enumerate(titles)
    ]
    page = list_page(heads, ("collection",), PROFILE, TODAY)
    for format_ in ("plain", "rich"):
        shown = draw(page, format_, line_width(columns))
        for head in heads:
            assert shown.count(head.id) == 1 + sum(head.id in title for title in titles)


@moderate
@given(any_text.map(clean))
def test_markup_is_shown_and_not_obeyed(text: str) -> None:
    page = Page(clean(f"[bold]{text}[/bold]"), "", "", "", (), (), ())
    shown = draw(page, "rich", 96)
    assert "".join(shown.split()).startswith("[bold]")
    assert "".join(shown.split()).endswith("[/bold]")
