"""Pages as Rich panels. The only module that knows rich.

One panel for the guidance in the color of its priority, one quiet panel for what it rests on. Texts reach
rich as ``Text``, never as markup. Nothing is told by color alone: the priority stands in words in the border.
"""

import io
from collections.abc import Iterable

from rich import box
from rich.console import Console, detect_legacy_windows
from rich.panel import Panel
from rich.text import Text

from deskguide.show.lay import SCREEN_COLUMNS, Line, fit, lay, more_line
from deskguide.show.page import Page
from deskguide.text import display_columns, wrap

ACCENTS = {"routine": "cyan", "sensitive": "magenta", "urgent": "yellow", "emergency": "red"}
_PLAIN_ACCENT = "cyan"
_BORDER_COLUMNS = 4
_LINES_AROUND = 4 + 1
"""Two borders of each of two panels, and the line on what was left out. The label and note stand in the borders."""


def is_legacy_console() -> bool:
    """Tell whether the console is one of Windows that prints escape sequences instead of obeying them."""
    return detect_legacy_windows()


def render_panels(
    page: Page,
    width_columns: int,
    *,
    has_color: bool,
    has_boxes: bool,
    is_fitted: bool = False,
) -> str:
    """Return a page as panels of at most ``width_columns``. Without ``has_boxes`` the borders are ASCII."""
    # A note that is wider than the border would be cut there; it then stands below the panel.
    is_note_short = display_columns(page.note) <= width_columns - 2 * _BORDER_COLUMNS
    left_out = 0
    if is_fitted:
        note_lines = 0 if is_note_short else len(wrap(page.note, SCREEN_COLUMNS))
        page, left_out = fit(page, _LINES_AROUND + note_lines)
    laid = lay(page, width_columns - _BORDER_COLUMNS)
    accent = ACCENTS.get(page.priority, _PLAIN_ACCENT)
    console = Console(
        file=io.StringIO(),
        width=width_columns,
        force_terminal=has_color,
        no_color=not has_color,
        color_system="standard" if has_color else None,
        legacy_windows=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    shape = box.ROUNDED if has_boxes else box.ASCII
    if page.guidance:
        title = Text(page.label, style=f"bold {accent}") if page.label else None
        note = Text(page.note, style="dim") if page.note and is_note_short else None
        console.print(_panel(laid.guidance, accent, accent, title, note, shape, width_columns))
    else:
        _print(console, laid.guidance, accent)
        if page.note:
            console.print(Text(page.note))
    if laid.basis:
        console.print(_panel(laid.basis, accent, "dim", None, None, shape, width_columns))
    if page.guidance and page.note and not is_note_short:
        console.print(Text(page.note))
    if left_out:
        console.print(Text(more_line(page, left_out), style="dim"))
    _print(console, lay(page._replace(title="", guidance=(), basis=()), width_columns).below, accent)
    if page.hint:
        console.print(Text(page.hint, style="dim"))
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _panel(
    lines: Iterable[Line],
    accent: str,
    border: str,
    title: Text | None,
    note: Text | None,
    shape: box.Box,
    width: int,
) -> Panel:
    body = Text("\n").join(_styled(line, accent) for line in lines)
    return Panel(
        body,
        box=shape,
        border_style=border,
        title=title,
        title_align="left",
        subtitle=note,
        subtitle_align="right",
        padding=(0, 1),
        width=width,
    )


def _print(console: Console, lines: Iterable[Line], accent: str) -> None:
    for line in lines:
        console.print(_styled(line, accent))


def _styled(line: Line, accent: str) -> Text:
    styles = {
        "title": "bold",
        "heading": f"bold {accent}",
        "lead": "bold",
        "body": "",
        "quiet": "dim",
        "mark": accent,
    }
    text = Text()
    for style, part in line:
        text.append(part, style=styles[style])
    return text
