"""What can go wrong, as facts. Putting them on a stream and choosing an exit code is the command line's part."""

from collections.abc import Sequence

from deskguide.text import join_words


class DeskguideError(Exception):
    """A problem that a person can be told in one sentence, with what to do next."""


class UnusablePath(DeskguideError):
    """A file or folder that was named on the command line cannot be used."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class UnknownName(DeskguideError):
    """A name (of a category, state or profile) that does not exist. ``nearest`` holds those most like it."""

    def __init__(self, kind: str, name: str, nearest: Sequence[str], hint: str = "") -> None:
        self.kind = kind
        self.name = name
        self.nearest = tuple(nearest)
        self.hint = hint
        tip = f"did you mean {join_words(nearest)}? " if nearest else ""
        super().__init__(f"no {kind} is called {name!r}; {tip}{hint}".rstrip("; "))


class Unwritable(DeskguideError):
    """Results could not be written, because a disk is full for instance."""
