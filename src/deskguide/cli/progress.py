"""A bar on the terminal while a large store is built. Nothing is shown where it takes no time, or nobody looks."""

import contextlib
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO, cast

from deskguide.cli.streams import Streams
from deskguide.knowledge.library import OnProgress

if TYPE_CHECKING:
    from deskguide.show.bar import Bar

PATIENCE_SECONDS = 0.7
"""A bar that is gone before it was read only unsettles."""
_UPDATE_SECONDS = 0.1


class _Forgiving:
    """A stream that takes text even if its terminal has gone away: a bar that nobody sees is no reason to stop."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, or let it go."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written, or let it go."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


@contextlib.contextmanager
def show_progress(streams: Streams) -> Iterator[OnProgress]:
    """Yield what to tell how many steps of how many are done. At the end, interrupted or not, no bar is left."""
    stream = streams.err
    if stream is None or not streams.has_terminal_for_messages():
        yield lambda _done, _total: None
        return
    bar: Bar | None = None
    begun = shown = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal bar, shown
        now = monotonic()
        if now - begun < PATIENCE_SECONDS or now - shown < _UPDATE_SECONDS:
            return
        shown = now
        if bar is None:
            from deskguide.show.bar import Bar

            bar = Bar(cast(TextIO, _Forgiving(stream)), "Reading the guidance", has_color=streams.has_color())
        bar.update(done, total)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
