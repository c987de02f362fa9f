"""A bar for what takes seconds."""

from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn


class Bar:
    """A bar on one line of a terminal, which is cleared when it stops."""

    def __init__(self, stream: TextIO | None, text: str, *, has_color: bool) -> None:
        """Draw an empty bar after ``text`` on a stream."""
        console = Console(file=stream, color_system="auto" if has_color else None)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        self._progress = Progress(*columns, console=console, transient=True, auto_refresh=False)
        self._task = self._progress.add_task(text, total=None)
        self._progress.start()

    def update(self, done: int, total: int) -> None:
        """Show how many steps of how many are done."""
        self._progress.update(self._task, completed=done, total=total, refresh=True)

    def stop(self) -> None:
        """Clear the line."""
        self._progress.stop()
