import pytest

from deskguide.show.lay import SCREEN_LINES, Line, fit, lay, more_line
from deskguide.show.page import Block, Item, Page


def _page(*blocks: Block, below: tuple[Block, ...] = ()) -> Page:
    return Page("Title", "", "", "", blocks, (), below, more="deskguide show x")


def _texts(lines: list[Line]) -> list[str]:
    return ["".join(part for _, part in line) for line in lines]


def test_steps_are_numbered_and_hang() -> None:
    block = Block("Do", (Item("Take the seeds to the desk."), Item("Wait.")), "steps")
    assert _texts(lay(_page(block), 20).guidance) == [
        "Title",
        "Do",
        "  1. Take the seeds",
        "     to the desk.",
        "  2. Wait.",
    ]


def test_words_are_quoted_after_their_moment() -> None:
    block = Block("Say", (Item("Let me see.", "first words"), Item("Thank you.")), "words")
    assert _texts(lay(_page(block), 60).guidance)[2:] == ["  - first words: “Let me see.”", "  - “Thank you.”"]


def test_a_moment_that_fills_the_line_stands_above_the_words() -> None:
    block = Block("Say", (Item("Let me see.", "at the very first"),), "words")
    assert _texts(lay(_page(block), 24).guidance)[2:] == ["  - at the very first:", "    “Let me see.”"]


def test_names_stand_in_a_column_where_there_is_room() -> None:
    block = Block("Why", (Item("Everyone.", "Openness"), Item("Kindly.", "Decency", "law")), "names")
    assert _texts(lay(_page(block), 60).guidance)[2:] == ["  Openness  Everyone.", "  Decency   Kindly. (law)"]
    assert _texts(lay(_page(block), 40).guidance)[2:] == [
        "  Openness: Everyone.",
        "  Decency: Kindly.",
        "  law",
    ]


def test_an_address_is_left_whole_on_a_line_of_its_own() -> None:
    address = "https://example.org/a/very/long/address/that/is/wider/than/the/page"
    block = Block("Ref", (Item("Text", "Lead", address),), "names")
    assert address in "".join(_texts(lay(_page(block), 60).guidance)[3])


def test_rows_are_one_line_each_and_keep_the_lead() -> None:
    block = Block("Or", (Item("Patron wants to swap very many bulbs at once", "bulb-swap"),), "rows")
    assert _texts(lay(_page(block), 40).guidance)[2:] == ["  bulb-swap  Patron wants to swap very…"]
    assert _texts(lay(_page(block), 20).guidance)[2:] == ["  bulb-swap"]


@pytest.mark.parametrize("width", [1, 5, 20, 40, 80, 200])
def test_no_word_is_lost_at_any_width(page: Page, width: int) -> None:
    laid = lay(page, width)
    text = "".join("".join(_texts(lines)) for lines in laid)
    squeezed = "".join(c for c in text if not c.isspace())
    for block in (*page.guidance, *page.basis):
        for item in block.items:
            for word in item.text.split():
                assert word in squeezed


def test_a_page_that_fits_is_not_cut(page: Page) -> None:
    assert fit(page, 5) == (page, 0)


def test_a_tall_page_is_cut_to_a_screen_and_every_block_keeps_its_least() -> None:
    many = tuple(Item(f"Point {n}.") for n in range(40))
    page = _page(Block("Do", many[:10], "steps", 1_000), Block("Avoid", many), Block("Offer", many, least=2))
    cut, left_out = fit(page, 3)
    do, avoid, offer = cut.guidance
    assert len(do.items) == 10
    assert len(avoid.items) >= 1
    assert len(offer.items) >= 2
    lines = sum(len(b.items) + 1 for b in cut.guidance) + 1 + 3
    assert lines == SCREEN_LINES
    assert left_out == 90 - sum(len(b.items) for b in cut.guidance)


def test_what_must_not_be_cut_may_be_taller_than_a_screen() -> None:
    many = tuple(Item(f"Step {n}.") for n in range(60))
    cut, left_out = fit(_page(Block("Do first", many, "steps", 1_000)), 3)
    assert (len(cut.guidance[0].items), left_out) == (60, 0)


def test_what_stands_below_takes_its_lines() -> None:
    many = tuple(Item(f"Point {n}.") for n in range(60))
    rows = Block("Or", tuple(Item("title", f"card-{n}") for n in range(5)), "rows")
    alone, _ = fit(_page(Block("Avoid", many)), 3)
    beside, _ = fit(_page(Block("Avoid", many), below=(rows,)), 3)
    assert len(alone.guidance[0].items) - len(beside.guidance[0].items) == 6


def test_the_line_on_what_was_left_out(page: Page) -> None:
    assert more_line(page, 0) == ""
    assert more_line(page, 1) == "1 more point: deskguide show seed-swap"
    assert more_line(page, 2) == "2 more points: deskguide show seed-swap"
