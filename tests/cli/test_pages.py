import sys
from pathlib import Path

import pytest

from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def pager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set PAGER to a program that writes what it is given into a file, and return the file."""
    program, seen = tmp_path / "pager.py", tmp_path / "seen.txt"
    program.write_text(
        "import sys, pathlib\npathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())\n", encoding="utf-8"
    )
    monkeypatch.setenv("PAGER", " ".join(f'"{p}"' for p in (sys.executable, program, seen)))
    return seen


def test_a_page_taller_than_the_terminal_goes_through_the_pager(
    run: Run, pager: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "5")
    result = run("list", "--no-builtin", "--format", "plain", terminal=True)
    assert (result.code, result.out) == (0, "")
    assert pager.read_text(encoding="utf-8").startswith("4 scenarios\n")


@pytest.mark.parametrize(
    ("arguments", "lines", "terminal"),
    [
        (("--format", "plain"), "50", True),
        (("--format", "plain", "--no-pager"), "5", True),
        (("--format", "json"), "1", True),
        (("--format", "plain"), "5", False),
    ],
)
def test_otherwise_it_goes_straight_out(
    run: Run, pager: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], lines: str, terminal: bool
) -> None:
    monkeypatch.setenv("LINES", lines)
    result = run("list", "--no-builtin", *arguments, terminal=terminal)
    assert "umbrella-lost" in result.out
    assert not pager.exists()


@pytest.mark.parametrize("program", ["no-such-pager-anywhere", '"unclosed', "/"])
def test_a_pager_that_cannot_be_started_is_done_without(
    run: Run, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("PAGER", program)
    result = run("list", "--no-builtin", "--format", "plain", terminal=True)
    assert (result.code, result.err) == (0, "")
    assert "umbrella-lost" in result.out


def test_a_pager_that_is_left_early_is_no_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "5")
    monkeypatch.setenv("PAGER", f'"{sys.executable}" -c "pass"')
    assert run("list", "--no-builtin", "--format", "plain", terminal=True).code == 0
