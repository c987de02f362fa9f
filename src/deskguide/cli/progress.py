"""A bar on the terminal while a large store is built. Nothing is shown where it takes no time, or nobody looks."""

import contextlib
from collections.abc import Iterator
from time import monotonic
from typing import Any

from deskguide.cli.streams import Streams
from deskguide.knowledge.library import OnProgress

PATIENCE_SECONDS = 0.7
"""A bar that is gone before it was read only unsettles."""
_UPDATE_SECONDS = 0.1


@contextlib.contextmanager
def show_progress(streams: Streams) -> Iterator[OnProgress]:
    """Yield what to tell how many steps of how many are done. The bar is gone at the end, also of an interrupted run."""
    if not streams.has_terminal_for_messages():
        yield lambda _done, _total: None
        return
    bar: Any = None
    begun = shown = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal bar, shown
        now = monotonic()
        if now - begun < PATIENCE_SECONDS or now - shown < _UPDATE_SECONDS:
            return
        shown = now
        if bar is None:
            bar = _start(streams)
        bar.update(bar.task_ids[0], completed=done, total=total, refresh=True)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()


def _start(streams: Streams) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(file=streams.err, color_system="auto" if streams.has_color() else None)
    bar = Progress(*columns, console=console, transient=True, auto_refresh=False)
    bar.add_task("Reading the guidance", total=None)
    bar.start()
    return bar
