import pytest

from deskguide.show.markdown import escape, render_markdown
from deskguide.show.page import Block, Item, Page

MARKDOWN = """\
# Patron wants to swap seeds

*sensitive · seed-swap · reviewed 2026-01-31*

## Do

1. Take the seeds and lay them on the counter.
2. Call your manager.

## Say

- **first words**: “I'll ask.”
- “Thank you.”

## Rests on

- **Law on Seeds**: It says what may grow. <https://example.org/law>

## Or did you mean

- **bulb-swap**: Patron wants to swap bulbs

deskguide show ID shows one whole.
"""


def test_a_page_can_be_pasted(page: Page) -> None:
    assert render_markdown(page) == MARKDOWN


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("*bold* and _this_", "\\*bold\\* and \\_this\\_"),
        ("[x](y) <b>", "\\[x\\](y) \\<b\\>"),
        ("see https://example.org/a_b", "see https://example.org/a_b"),
        ("plain words", "plain words"),
    ],
)
def test_text_is_never_markup(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@pytest.mark.parametrize("title", ["# not a heading", "1. not a list", "- not a list", "> not a quote"])
def test_a_title_never_starts_a_construct(title: str) -> None:
    line = render_markdown(Page(title, "", "", "", (), (), ())).splitlines()[0]
    assert line[2] == "\\" or line.startswith("# 1\\")


def test_a_single_text_is_a_paragraph_and_what_follows_stands_in_parentheses() -> None:
    blocks = (
        Block("What", (Item("Only this."),), "names"),
        Block("Which", (Item("Title", "card", "when it is so"),), "choices"),
    )
    text = render_markdown(Page("T", "", "", "A note.", blocks, (), ()))
    assert "\nA note.\n" in text
    assert "\nOnly this.\n" in text
    assert "1. **card**: Title (when it is so)" in text
