"""Write data/help: the pages of help as typer sets them at 80 columns, which then need no typer to be shown.

    python tools/write_help.py data/help

A test compares the pages with what typer says.
"""

import contextlib
import io
import os
import sys
from pathlib import Path

os.environ["COLUMNS"] = "80"


def page_of(*words: str) -> str:
    """Return the help of a command, or without words that of the program."""
    import typer

    from deskguide.cli.app import app

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        typer.main.get_command(app).main(args=[*words, "--help"], prog_name="deskguide", standalone_mode=False)
    return out.getvalue()


def pages() -> dict[str, str]:
    """Return all pages by the name of the command, that of the program as ``deskguide``."""
    import typer

    from deskguide.cli.app import app

    names = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {"deskguide": page_of(), **{name: page_of(name) for name in names}}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
