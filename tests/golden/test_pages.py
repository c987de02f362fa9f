"""Whole pages compared with files. ``DESKGUIDE_REWRITE_GOLDEN=1`` writes the files anew; read the difference."""

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import _fixed_date, desk  # noqa: F401
from tests.conftest import Run

HERE = Path(__file__).parent
PAGES = HERE / "pages"
COMMANDS = {
    "answer": ("ask", "--state", "ID", "the parrot repeats what people type"),
    "answer-full": ("ask", "--full", "--top", "0", "the parrot repeats what people type"),
    "emergency": ("ask", "--top", "2", "smoke where the seeds are swapped"),
    "question": ("ask", "black umbrella left by the door"),
    "nothing": ("ask", "quarterly zebra dividends"),
    "explained": ("ask", "--explain", "--top", "1", "parot and tomato seeds"),
    "show": ("show", "--state", "ID", "long-card"),
    "list": ("list",),
    "policies": ("policy",),
    "policy": ("policy", "--state", "ID", "weather-law"),
}


@pytest.mark.parametrize("columns", [80, 40])
@pytest.mark.parametrize("format_", ["plain", "rich"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_page_is_as_it_was(
    run: Run,
    desk: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    format_: str,
    columns: int,
) -> None:
    (desk / "behavior").mkdir()
    shutil.copy(HERE / "long-card.yaml", desk / "behavior" / "long-card.yaml")
    monkeypatch.setenv("COLUMNS", str(columns))
    command, *rest = COMMANDS[name]
    result = run(command, "--no-builtin", "--format", format_, *rest)
    assert result.err == ""
    page = _without_folder(result.out, desk)
    golden = PAGES / f"{name}-{format_}-{columns}.txt"
    if os.environ.get("DESKGUIDE_REWRITE_GOLDEN"):
        golden.write_text(page, encoding="utf-8", newline="\n")
    assert page == golden.read_text(encoding="utf-8")
    assert all(len(line) <= columns or "https://" in line for line in page.splitlines())


def _without_folder(page: str, folder: Path) -> str:
    """Leave out where the card lies: the folder is another one in each run, and so is where its lines break."""
    lines = page.splitlines(keepends=True)
    start = next((i for i, line in enumerate(lines) if line.strip(" │\n").rstrip(":") == "From"), None)
    if start is None:
        assert str(folder) not in page
        return page
    end = next(i for i in range(start, len(lines)) if not lines[i].startswith(("  ", "│", "From")))
    return "".join([*lines[:start], *lines[end:]])
