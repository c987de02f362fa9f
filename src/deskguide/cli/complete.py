"""What the shell may complete: ids, categories, policies, states, packs.

Silent whatever happens; a key press is no place for faults.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from deskguide.errors import DeskguideError

if TYPE_CHECKING:
    from deskguide.knowledge.library import Library

Choices = list[tuple[str, str]]


def scenario_ids(incomplete: str) -> Choices:
    """Return scenario ids with their titles."""
    return _complete(incomplete, lambda library: ((h.id, _filled(h.title, library)) for h in library.heads()))


def categories(incomplete: str) -> Choices:
    """Return the categories that hold scenarios."""
    return _complete(incomplete, lambda library: ((c, "") for c in sorted({h.category for h in library.heads()})))


def policy_ids(incomplete: str) -> Choices:
    """Return policy ids with their titles."""
    return _complete(incomplete, lambda library: ((p.id, p.title) for p in library.policies()))


def states(incomplete: str) -> Choices:
    """Return the two-letter codes of states."""
    from deskguide.knowledge.shape import STATES

    return [(code, "") for code in STATES if code.startswith(incomplete.upper())]


def pack_names(incomplete: str) -> Choices:
    """Return the packs that were added."""
    from os import environ

    from deskguide.knowledge.places import find_packs, find_places

    try:
        return [(name, "") for name in find_packs(find_places(environ).config) if name.startswith(incomplete)]
    except (DeskguideError, OSError):
        return []


def _filled(title: str, library: "Library") -> str:
    if "{" not in title:
        return title
    from deskguide.show.fill import fill

    return fill(title, library.profile().names, is_title=True)


def _complete(incomplete: str, choices: Callable[["Library"], Iterable[tuple[str, str]]]) -> Choices:
    from deskguide.cli.desk import sit_down, with_library

    try:
        desk = sit_down(None, (), True, "", "", False)
        return with_library(
            desk, lambda library: [c for c in choices(library) if c[0].startswith(incomplete)], is_quiet=True
        )
    except (DeskguideError, OSError):
        return []
