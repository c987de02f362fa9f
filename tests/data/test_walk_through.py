"""The page that shows how a library makes deskguide its own tells what really happens."""

from pathlib import Path

from tools.walk_through import walk

PAGE = Path(__file__).parent.parent.parent / "docs" / "your-library.md"


def test_the_page_shows_what_the_commands_print() -> None:
    page = walk()
    assert "[routine · telescope-loan]" in page
    assert "Idaho Code" in page
    assert "https://library.example.org/reconsideration" in page
    assert page.count("$ deskguide") < 10
    assert page == PAGE.read_text(encoding="utf-8")
