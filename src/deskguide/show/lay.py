"""Pages to lines of a given width, and how much of a page fits on one screen. Shared by ``plain`` and ``rich``."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from deskguide.show.page import Block, Item, Page
from deskguide.text import count, display_columns, shorten, wrap

Style = Literal["title", "heading", "lead", "body", "quiet", "mark"]
Line = tuple[tuple[Style, str], ...]

SCREEN_LINES = 40
"""An answer fits a screen of this many lines..."""
SCREEN_COLUMNS = 80
"""...at this width. What is left out is chosen for this width whatever the terminal's, so every desk reads the same."""


_SHORTEST_TEXT = 12
"""Columns below which a text beside a name is not worth its line."""


class Laid(NamedTuple):
    """A page in lines: the guidance, what it rests on, and what stands below."""

    guidance: list[Line]
    basis: list[Line]
    below: list[Line]


def lay(page: Page, width_columns: int) -> Laid:
    """Set a page to a width."""
    guidance: list[Line] = [(("title", t),) for t in wrap(page.title, width_columns)] if page.title else []
    for block in page.guidance:
        guidance += _block(block, width_columns)
    basis = [line for block in page.basis for line in _block(block, width_columns)]
    below = [line for block in page.below for line in _block(block, width_columns)]
    return Laid(guidance, basis, below)


def _block(block: Block, width: int) -> Iterator[Line]:
    for part in wrap(block.heading, width - 1):  # plain ends it with a colon
        yield (("heading", part),)
    names = _name_columns(block, width)
    for number, item in enumerate(block.items, 1):
        if block.kind == "rows":
            yield _row(item, names, width)
        elif block.kind == "names" and names:
            yield from _named(item, names, width)
        else:
            mark = f"{number}. " if block.kind in ("steps", "choices") else "- "
            yield from _marked(item, mark if block.kind != "names" else "", width, block.kind)


def _name_columns(block: Block, width: int) -> int:
    """Return the width of a column for the leads of a block of names, or 0 if there is no room for one."""
    widest = max((display_columns(i.lead) for i in block.items), default=0)
    return widest + 2 if 0 < widest <= width // 2 - 2 and width >= 60 else 0


def _row(item: Item, names: int, width: int) -> Line:
    """Return one line: the lead whole, for it is what is typed next, and as much of the text as fits."""
    lead = item.lead.ljust(names) if names else f"{item.lead}  "
    room = width - 2 - display_columns(lead)
    if room < _SHORTEST_TEXT:
        return (("lead", f"  {item.lead}"),)
    return (("lead", f"  {lead}"), ("body", shorten(item.text, room)))


def _named(item: Item, names: int, width: int) -> Iterator[Line]:
    after = f" ({item.after})" if item.after and "://" not in item.after else ""
    lines = wrap(item.text + after, width - 2 - names)
    if "://" in item.after:
        lines += [item.after]
    lead = item.lead + " " * (names - display_columns(item.lead))
    for i, line in enumerate(lines):
        yield (("lead", "  " + (lead if i == 0 else " " * names)), ("body", line))


def _marked(item: Item, mark: str, width: int, kind: str) -> Iterator[Line]:
    indent = " " * (2 + len(mark))
    room = width - len(indent)
    text = f"“{item.text}”" if kind == "words" else item.text
    lead = f"{item.lead}: " if item.lead else ""
    lead_lines = wrap(lead, room) if lead else [""]
    first = display_columns(lead_lines[-1]) + 1 if lead else 0
    if lead and first > room - 8:
        first = 0
        lead_lines.append("")
    lines = wrap(text, room, first) if text else [""]
    for i, line in enumerate(lead_lines[:-1]):
        yield (("mark", f"  {mark}" if i == 0 else indent), ("lead", line))
    start: Line = (("mark", f"  {mark}" if len(lead_lines) == 1 else indent),)
    if lead_lines[-1]:
        start = (*start, ("lead", f"{lead_lines[-1]} "))
    yield (*start, ("body", lines[0]))
    for line in lines[1:]:
        yield (("body", indent + line),)
    if item.after:
        for line in wrap(item.after, room):
            yield (("quiet", indent + line),)


def fit(page: Page, extra_lines: int) -> tuple[Page, int]:
    """Return a page cut to one screen, and how many items were left out.

    ``extra_lines`` is what the format adds (borders, the lines around). Every block keeps its least; then
    one more item of each is added in turn, in the order of the page, as long as the whole still fits. A page
    whose least is more than a screen is longer than a screen: urgent steps are never cut.
    """
    blocks = [*page.guidance, *page.basis]
    shown = [min(b.least, len(b.items)) for b in blocks]
    costs = [
        [len(list(_block(b._replace(items=b.items[: n + 1]), SCREEN_COLUMNS - 4))) for n in range(len(b.items))]
        for b in blocks
    ]
    fixed = extra_lines + len(wrap(page.title, SCREEN_COLUMNS - 4))
    fixed += sum(1 for b in page.below for _ in _block(b, SCREEN_COLUMNS))
    fixed += len(wrap(page.hint, SCREEN_COLUMNS)) if page.hint else 0
    used = fixed + sum(cost[n - 1] for cost, n in zip(costs, shown, strict=True))
    is_growing = True
    while is_growing:
        is_growing = False
        for i, block in enumerate(blocks):
            if shown[i] < len(block.items):
                step = costs[i][shown[i]] - costs[i][shown[i] - 1]
                if used + step <= SCREEN_LINES:
                    used, is_growing = used + step, True
                    shown[i] += 1
    cut = [b._replace(items=b.items[:n]) for b, n in zip(blocks, shown, strict=True)]
    left_out = sum(len(b.items) for b in blocks) - sum(shown)
    split = len(page.guidance)
    return page._replace(guidance=tuple(cut[:split]), basis=tuple(cut[split:])), left_out


def more_line(page: Page, left_out: int) -> str:
    """Return the line that tells how to see what was left out, or an empty text."""
    return f"{count(left_out, 'more point')}: {page.more}" if left_out else ""
