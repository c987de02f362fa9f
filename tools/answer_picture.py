"""Draw the picture in the README: a real answer, as the program prints it, exported by rich as SVG.

python tools/answer_picture.py docs/answer.svg
"""

import argparse
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

QUESTION = "patron wants a book removed"
COLUMNS = 80
THEME = TerminalTheme(
    (250, 250, 247),
    (38, 38, 38),
    [
        (38, 38, 38),
        (176, 32, 32),
        (30, 110, 50),
        (150, 105, 0),
        (30, 70, 160),
        (130, 40, 130),
        (0, 110, 120),
        (90, 90, 90),
    ],
)
"""Dark on paper white, with colors that keep a contrast of 4.5 to 1 on it."""


def main() -> None:
    """Ask the question in a process of its own and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("picture", type=Path)
    picture = parser.parse_args().picture
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "PYTHONIOENCODING": "utf-8"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "deskguide", "ask", "--format", "rich", QUESTION]
    answer = subprocess.run(command, env=environment, capture_output=True, check=True, encoding="utf-8").stdout
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(f'$ deskguide ask "{QUESTION}"\n{answer}', no_wrap=True))
    picture.parent.mkdir(parents=True, exist_ok=True)
    svg = console.export_svg(title="deskguide", theme=THEME, unique_id="answer")
    picture.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
