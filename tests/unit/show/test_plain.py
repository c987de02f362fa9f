from deskguide.show.page import Block, Item, Page
from deskguide.show.plain import render_plain

PLAIN = """\
[sensitive · seed-swap]
Patron wants to swap seeds
Do:
  1. Take the seeds and lay them on the counter.
  2. Call your manager.
Say:
  - first words: “I'll ask.”
  - “Thank you.”
Rests on:
  - Law on Seeds: It says what may grow.
    https://example.org/law
reviewed 2026-01-31

Or did you mean:
  bulb-swap  Patron wants to swap bulbs
deskguide show ID shows one whole.
"""


def test_a_page_reads_in_order(page: Page) -> None:
    assert render_plain(page, 80) == PLAIN


def test_a_page_that_fits_one_screen_is_the_same_when_fitted(page: Page) -> None:
    assert render_plain(page, 80, is_fitted=True) == PLAIN


def test_a_fitted_page_says_what_was_left_out(page: Page) -> None:
    many = Block("Avoid", tuple(Item(f"Point {n}.") for n in range(60)))
    text = render_plain(page._replace(guidance=(*page.guidance, many)), 80, is_fitted=True)
    assert text.count("\n") <= 40
    shown = sum(line.startswith("  - Point") for line in text.splitlines())
    assert f"reviewed 2026-01-31 · {60 - shown} more points: deskguide show seed-swap" in text


def test_a_page_of_nothing_but_what_stands_below() -> None:
    page = Page("", "", "", "", (), (), (Block("Or", (Item("title", "card"),), "rows"),))
    assert render_plain(page, 80) == "Or:\n  card  title\n"
