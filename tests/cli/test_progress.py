"""The bar while a store is built: on a terminal it comes and goes, elsewhere nobody hears of it."""

import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deskguide.cli import progress
from deskguide.cli import run as run_command
from deskguide.cli.streams import Streams
from deskguide.knowledge import build
from deskguide.knowledge.read import read_bytes
from deskguide.show.bar import Bar
from tests.conftest import Run

TEXT = "Reading the guidance"
ASK = ("ask", "--no-builtin", "--top", "0", "--format", "plain", "patron wants to swap tomato seeds")
FILES = 6
"""Cards and policies of the desk."""


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch, desk: Path) -> None:
    """Show the bar from the first step on, and every step."""
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(progress, "_UPDATE_SECONDS", 0)


class Screen:
    """What a terminal shows of a text: it obeys what moves the cursor or clears a line, and refuses the rest."""

    def __init__(self, text: str, columns: int = 80) -> None:
        self.rows = [""]
        self.shown: list[str] = []
        """Every row as it was before something was cleared or another row was begun."""
        self.has_cursor = True
        self._columns, self._row, self._column = columns, 0, 0
        for part in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+|.", text, re.DOTALL):
            self._obey(part)

    def _obey(self, part: str) -> None:
        if part == "\r":
            self._column = 0
        elif part == "\n":
            self._row, self._column = self._row + 1, 0
            self.rows += [""] * (self._row + 1 - len(self.rows))
        elif part == "\x1b[2K":
            self.shown.append(self.rows[self._row])
            self.rows[self._row] = ""
        elif part.startswith("\x1b[") and part.endswith("A"):
            self._row -= int(part[2:-1] or "1")
            assert self._row >= 0
        elif part in ("\x1b[?25l", "\x1b[?25h"):
            self.has_cursor = part.endswith("h")
        elif part.startswith("\x1b[") and part.endswith("m"):
            pass
        else:
            assert not part.startswith("\x1b"), part
            row = self.rows[self._row]
            row = row[: self._column].ljust(self._column) + part + row[self._column + len(part) :]
            self._column += len(part)
            assert len(row) <= self._columns, "a line that is too long is broken by the terminal"
            self.rows[self._row] = row

    def text(self) -> str:
        return "\n".join(self.rows).rstrip("\n")


def assert_bar_came_and_went(err: str, rest: Sequence[str] = (), columns: int = 80) -> Screen:
    screen = Screen(err, columns)
    assert any(TEXT in row for row in screen.shown)
    assert screen.text().splitlines() == list(rest)
    assert screen.has_cursor
    return screen


def test_on_a_terminal_a_bar_comes_and_goes_with_the_building(run: Run) -> None:
    result = run(*ASK, err_terminal=True)
    assert result.code == 0
    assert result.out.startswith("[routine · seed-swap]\nPatron wants to swap garden seeds\n")
    screen = assert_bar_came_and_went(result.err)
    shares = [int(share) for row in screen.shown for share in re.findall(r"(\d+)%", row)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 100
    assert run(*ASK, err_terminal=True).err == ""


def test_what_is_said_of_faulty_files_stands_where_the_bar_was(run: Run, desk: Path) -> None:
    (desk / "bad-card.yaml").write_bytes(b"")
    fault = f"{desk / 'bad-card.yaml'}:1:1: is empty; a scenario file starts with 'id: ' and its name"
    result = run(*ASK, err_terminal=True)
    assert result.code == 0
    assert_bar_came_and_went(result.err, [fault], columns=len(fault))


def test_without_a_terminal_nothing_is_written(run: Run) -> None:
    result = run(*ASK)
    assert (result.code, result.err) == (0, "")


def test_the_bar_never_goes_to_the_output(run: Run) -> None:
    plain = run(*ASK)
    for path in Path(os.environ["DESKGUIDE_CACHE_DIR"]).iterdir():
        path.unlink()
    shown = run(*ASK, terminal=True)
    assert shown.out == plain.out
    assert_bar_came_and_went(shown.err)


def test_before_patience_ends_no_bar_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 1e9)
    assert run(*ASK, err_terminal=True).err == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "utf-8"])
@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_with_few_characters_gets_a_plainer_bar(
    run: Run, monkeypatch: pytest.MonkeyPatch, encoding: str, no_color: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    result = run(*ASK, terminal=True, err_encoding=encoding)
    assert result.code == 0
    assert "\ufffd" not in result.err
    assert result.err.isascii() == (encoding != "utf-8")
    assert_bar_came_and_went(result.err)


@pytest.mark.parametrize("columns", ["20", "40", "200", "wide", "0"])
def test_a_bar_leaves_no_rest_whatever_the_width(run: Run, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    result = run(*ASK, err_terminal=True)
    assert result.code == 0
    screen = Screen(result.err, int(columns) if columns in ("20", "40", "200") else 80)
    assert any(row.strip() for row in screen.shown) == (columns != "0")
    assert (screen.text(), screen.has_cursor) == ("", True)


def test_a_terminal_that_cannot_clear_a_line_is_left_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    result = run(*ASK, err_terminal=True)
    assert (result.code, result.err.strip()) == (0, "")


@pytest.mark.parametrize("file", range(2, FILES + 1))
def test_an_interrupted_bar_leaves_no_rest(
    run: Run, monkeypatch: pytest.MonkeyPatch, desk_home: Path, file: int
) -> None:
    calls: list[str] = []

    def read_or_interrupt(path: str) -> object:
        calls.append(path)
        if len(calls) == file:
            raise KeyboardInterrupt
        return read_bytes(path)

    with monkeypatch.context() as patch:
        patch.setattr(build, "read_bytes", read_or_interrupt)
        result = run(*ASK, err_terminal=True)
    assert (result.code, result.out) == (130, "")
    assert os.listdir(desk_home / "cache") == []
    assert_bar_came_and_went(result.err)
    assert run(*ASK).code == 0


class Gone(io.StringIO):
    """A terminal that goes away after a number of writings."""

    def __init__(self, number: int, error: Exception) -> None:
        super().__init__()
        self._left, self._error = number, error

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._left == 0:
            raise self._error
        self._left -= 1
        return super().write(text)

    def flush(self) -> None:
        if self._left == 0:
            raise self._error


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize(
    "error", [OSError(5, "Input/output error"), BrokenPipeError(32, "Broken pipe"), ValueError("I/O on closed file")]
)
def test_a_terminal_that_goes_away_does_not_end_the_answer(
    desk: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: Exception
) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", Gone(number, error))
    read: list[str] = []

    def count(path: str) -> object:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(build, "read_bytes", count)
    assert run_command(ASK) == 0
    assert out.getvalue().startswith("[routine · seed-swap]\nPatron wants to swap garden seeds\n")
    assert len(read) == FILES


def test_a_bar_is_not_stopped_twice_nor_begun_without_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(Bar, "__init__", lambda self, stream, text, has_color: begun.append(text))
    monkeypatch.setattr(Bar, "update", lambda self, done, total: None)
    monkeypatch.setattr(Bar, "stop", lambda self: begun.append("stopped"))
    monkeypatch.setattr(sys, "stderr", Gone(0, OSError()))
    with progress.show_progress(Streams()):
        pass
    assert begun == []
    with progress.show_progress(Streams()) as tell:
        tell(1, 2)
        tell(2, 2)
    assert begun == [TEXT, "stopped"]
