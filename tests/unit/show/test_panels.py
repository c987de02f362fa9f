import re

import pytest

from deskguide.model import PRIORITIES
from deskguide.show.page import Block, Item, Page
from deskguide.show.panels import ACCENTS, is_legacy_console, render_panels

PANELS = """\
╭─ sensitive · seed-swap ─────────────────────────────────╮
│ Patron wants to swap seeds                              │
│ Do                                                      │
│   1. Take the seeds and lay them on the counter.        │
│   2. Call your manager.                                 │
│ Say                                                     │
│   - first words: “I'll ask.”                            │
│   - “Thank you.”                                        │
╰─────────────────────────────────── reviewed 2026-01-31 ─╯
╭─────────────────────────────────────────────────────────╮
│ Rests on                                                │
│   - Law on Seeds: It says what may grow.                │
│     https://example.org/law                             │
╰─────────────────────────────────────────────────────────╯
Or did you mean
  bulb-swap  Patron wants to swap bulbs
deskguide show ID shows one whole.
"""


def test_a_page_is_two_panels_and_what_stands_below(page: Page) -> None:
    assert render_panels(page, 59, has_color=False, has_boxes=True) == PANELS


def test_color_adds_nothing_but_color(page: Page) -> None:
    colored = render_panels(page, 59, has_color=True, has_boxes=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == PANELS


def test_borders_are_ascii_where_boxes_cannot_be_shown(page: Page) -> None:
    text = render_panels(page._replace(label="sensitive: seed-swap"), 59, has_color=False, has_boxes=False)
    assert text.startswith("+- sensitive: seed-swap -")
    assert not re.search("[╭│─╰]", text)


@pytest.mark.parametrize("width", [20, 40, 80, 96])
def test_no_line_is_wider_than_the_page(page: Page, width: int) -> None:
    long = page._replace(note="reviewed 2020-01-31 · OUT OF DATE: over 12 months old, check before you rely on it")
    for line in render_panels(long, width, has_color=False, has_boxes=True).splitlines():
        assert len(line) <= max(width, len(long.hint)) or "://" in line


def test_a_note_wider_than_its_border_stands_below_whole(page: Page) -> None:
    note = "reviewed 2020-01-31 · OUT OF DATE: over 12 months old, check before you rely on it"
    text = render_panels(page._replace(note=note), 60, has_color=False, has_boxes=True, is_fitted=True)
    assert " ".join(text.split()).count("OUT OF DATE: over 12 months old, check before you rely on it") == 1


def test_text_never_reaches_rich_as_markup(page: Page) -> None:
    item = Item("[bold]loud[/bold] [/x] :smile:")
    text = render_panels(page._replace(basis=(Block("B", (item,)),)), 80, has_color=False, has_boxes=True)
    assert "[bold]loud[/bold] [/x] :smile:" in text


def test_a_page_without_guidance_has_no_box() -> None:
    page = Page("No card fits this.", "", "", "Call 911 first.", (), (), (Block("Near", (Item("t", "c"),), "rows"),))
    assert render_panels(page, 80, has_color=False, has_boxes=True) == (
        "No card fits this.\nCall 911 first.\nNear\n  c  t\n"
    )


def test_a_fitted_page_says_what_was_left_out(page: Page) -> None:
    many = Block("Avoid", tuple(Item(f"Point {n}.") for n in range(60)))
    text = render_panels(
        page._replace(guidance=(*page.guidance, many)), 80, has_color=False, has_boxes=True, is_fitted=True
    )
    assert text.count("\n") <= 40
    assert "more points: deskguide show seed-swap" in text


def test_every_priority_has_an_accent_of_its_own() -> None:
    assert set(ACCENTS) == set(PRIORITIES)
    assert len(set(ACCENTS.values())) == len(PRIORITIES)


def test_whether_the_console_is_a_legacy_one_can_be_told() -> None:
    assert is_legacy_console() in (True, False)
