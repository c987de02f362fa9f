"""A page onto standard output in the chosen format, through a pager where it is taller than the screen."""

import os
import sys
from typing import Any

from deskguide.cli.desk import Desk, Format, chosen_profile, width
from deskguide.cli.streams import encoding_of
from deskguide.knowledge.library import Library
from deskguide.model import Scenario
from deskguide.show.fill import fill_scenario
from deskguide.show.page import Book, Page
from deskguide.text import fit_encoding


def book_for(desk: Desk, library: Library, scenario: Scenario) -> Book:
    """Return what the page of a scenario draws on."""
    policies = library.find_policies([p.id for p in scenario.policies])
    neighbors = library.find_heads([b.id for b in scenario.not_this])
    return Book(policies, neighbors, chosen_profile(desk, library), desk.today)


def scenario_value_for(desk: Desk, library: Library, scenario: Scenario) -> dict[str, Any]:
    """Return a scenario for JSON, with all that its page has of the library: its names, addresses and state's law."""
    from deskguide.show.as_json import scenario_value

    book = book_for(desk, library, scenario)
    return scenario_value(fill_scenario(scenario, book.profile.names), book.policies, book.profile)


def render(desk: Desk, page: Page, *, is_fitted: bool = False) -> str:
    """Return a page as text. ``is_fitted`` cuts it to one screen in the formats that are read on one."""
    page = _fit_encoding(page, encoding_of(desk.streams.out))
    if desk.format is Format.MARKDOWN:
        from deskguide.show.markdown import render_markdown

        return render_markdown(page)
    if desk.format is Format.RICH:
        from deskguide.show.panels import render_panels

        streams = desk.streams
        return render_panels(
            page,
            width(desk),
            has_color=streams.has_color(),
            has_boxes=streams.has_boxes(),
            is_fitted=is_fitted,
        )
    from deskguide.show.plain import render_plain

    return render_plain(page, width(desk), is_fitted=is_fitted)


def write(desk: Desk, text: str) -> None:
    """Write a result; on a terminal a page taller than the screen goes through the pager."""
    is_tall = text.count("\n") >= desk.streams.lines()
    if desk.may_page and is_tall and desk.format is not Format.JSON and desk.streams.can_ask():
        _page_through(desk, text)
    else:
        desk.streams.result(text)


def _page_through(desk: Desk, text: str) -> None:
    """Show text through PAGER (less, or more on Windows, if it is not set); straight out if there is none."""
    import shlex
    import subprocess

    usual = ["more"] if os.name == "nt" else ["less"]
    environment = {**os.environ, "LESS": os.environ.get("LESS", "-FRX")}
    encoding = encoding_of(sys.stdout)
    try:
        words = shlex.split(os.environ.get("PAGER", ""), posix=os.name != "nt") or usual
        pager = subprocess.Popen(words, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - the person's own PAGER
    except (OSError, ValueError):
        desk.streams.result(text)
        return
    try:
        pager.communicate(fit_encoding(text, encoding).encode(encoding))
    except OSError:
        pager.wait()
    except KeyboardInterrupt:
        pager.wait()
        raise


def _fit_encoding(value: Any, encoding: str) -> Any:
    """Return a page, or a part of one, with only characters that the output has, so that lines keep their width."""
    if encoding.lower().replace("-", "") == "utf8":
        return value
    if isinstance(value, str):
        return fit_encoding(value, encoding)
    if isinstance(value, tuple):
        parts = [_fit_encoding(v, encoding) for v in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
