"""Pages as plain text: no boxes, no color, no control codes; reads in order aloud."""

from collections.abc import Sequence

from deskguide.show.lay import SCREEN_COLUMNS, Line, fit, lay, more_line
from deskguide.show.page import Page
from deskguide.text import wrap

_LINES_AROUND = 2
"""The label above the title, an empty line before the other possibilities."""
_MANY = 10


def render_plain(page: Page, width_columns: int, *, is_fitted: bool = False) -> str:
    """Return a page as lines of at most ``width_columns``, addresses aside. ``is_fitted`` cuts it to one screen."""
    left_out = 0
    if is_fitted:
        note_lines = len(wrap(_note(page, _MANY), SCREEN_COLUMNS))
        page, left_out = fit(page, _LINES_AROUND + note_lines)
    laid = lay(page, width_columns)
    lines: list[str] = []
    if page.label:
        lines += wrap(f"[{page.label}]", width_columns)
    lines += _texts(laid.guidance)
    lines += _texts(laid.basis)
    note = _note(page, left_out)
    if note:
        lines += wrap(note, width_columns)
    below = _texts(laid.below)
    if below:
        lines += ["", *below] if lines else below
    if page.hint:
        lines += wrap(page.hint, width_columns)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _note(page: Page, left_out: int) -> str:
    return " · ".join(t for t in (page.note, more_line(page, left_out)) if t)


def _texts(lines: Sequence[Line]) -> list[str]:
    out = []
    for number, line in enumerate(lines):
        text = "".join(part for _, part in line)
        goes_on = number + 1 < len(lines) and lines[number + 1][0][0] == "heading"
        out.append(f"{text}:" if line[0][0] == "heading" and not goes_on else text)
    return out
