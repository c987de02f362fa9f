"""Help lies ready as pages, which say what typer says."""

from pathlib import Path

import pytest
import typer
from tools.write_help import pages

from deskguide.cli import quick
from deskguide.cli.app import app
from deskguide.knowledge.places import shipped_data
from tests.conftest import Run

NAMES = ["deskguide", *typer.main.get_command(app).commands]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def set_by_typer() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        return pages()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_what_typer_says(run: Run, set_by_typer: dict[str, str], name: str) -> None:
    words = [] if name == "deskguide" else [name]
    for option in quick.HELP_OPTIONS:
        assert quick.find([*words, option], lambda: 80) is not None
        assert run(*words, option) == (0, set_by_typer[name], "")


def test_there_is_a_page_for_each_command_and_no_other() -> None:
    assert sorted(p.stem for p in (shipped_data() / "help").iterdir()) == sorted(NAMES)


def test_a_narrow_terminal_has_its_help_set_anew(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    result = run("show", "--help")
    assert (result.code, result.err) == (0, "")
    assert max(map(len, result.out.splitlines())) <= 60


@pytest.mark.parametrize("name", ["nothing", "../help/ask", "", "ask.txt", "h\u00e9lp"])
def test_what_is_no_command_has_no_page(name: str) -> None:
    assert quick.read_help(name) == ""


def test_without_its_page_help_comes_from_typer(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = run("ask", "--help")
    monkeypatch.setattr(quick, "read_help", lambda _name: "")
    assert run("ask", "--help") == expected
