import contextlib
import io
from pathlib import Path

import pytest

from deskguide.cli import complete, quick_complete
from deskguide.cli import run as run_command
from tests.cli.conftest import Launch
from tests.conftest import Run, whole_scenario, write_values

pytestmark = pytest.mark.usefixtures("desk")


def test_ids_are_completed_with_their_titles() -> None:
    found = dict(complete.scenario_ids("umbrella"))
    assert found == {
        "umbrella-found": "Somebody hands in an umbrella",
        "umbrella-lost": "Patron looks for an umbrella",
    }
    assert {"seed-swap", "privacy-request"} <= dict(complete.scenario_ids("")).keys()
    assert complete.scenario_ids("zzz") == []


def test_categories_policies_and_states_are_completed() -> None:
    assert ("operations", "") in complete.categories("op")
    assert complete.policy_ids("seed") == [("seed-rules", "Rules of the seed shelf")]
    assert complete.states("i") == [("ID", ""), ("IL", ""), ("IN", ""), ("IA", "")]


def test_a_fault_is_not_told_while_a_key_is_pressed(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "broken.yaml").write_text("id: [", encoding="utf-8")
    assert complete.scenario_ids("seed-swap") == [("seed-swap", "Patron wants to swap garden seeds")]

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("deskguide.cli.desk.with_library", fail)
    assert complete.scenario_ids("seed") == []
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("shell", "words", "found"),
    [
        ("bash", {"COMP_WORDS": "deskguide show umbrella-f", "COMP_CWORD": "2"}, b"umbrella-found"),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "deskguide show umbrella-f"}, b"umbrella-found"),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "deskguide show umbrella-f", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
            b"umbrella-found",
        ),
        (
            "powershell",
            {"_TYPER_COMPLETE_ARGS": "deskguide show umbrella-f", "_TYPER_COMPLETE_WORD_TO_COMPLETE": "umbrella-f"},
            b"umbrella-found",
        ),
        ("bash", {"COMP_WORDS": "deskguide policy seed", "COMP_CWORD": "2"}, b"seed-rules"),
        ("bash", {"COMP_WORDS": "deskguide list --category oper", "COMP_CWORD": "3"}, b"operations"),
    ],
)
def test_shells_are_served(launch: Launch, shell: str, words: dict[str, str], found: bytes) -> None:
    done = launch(**words, _DESKGUIDE_COMPLETE=f"complete_{shell}")
    assert found in done.stdout
    assert done.stderr == b""


SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
LINES = [
    ("deskguide show umbrella-f", "umbrella-f"),
    ("deskguide show seed-swap umb", "umb"),
    ("deskguide show ", ""),
    ("deskguide show zzz", "zzz"),
    ("deskguide policy seed", "seed"),
    ("deskguide policy ", ""),
]


def pressed(shell: str, line: str, begin: str) -> dict[str, str]:
    words = line.split()
    return {
        "_DESKGUIDE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "\n".join(words) if shell == "bash" else "",
        "COMP_CWORD": str(len(words) - 1 if begin else len(words)),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": begin,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "COLUMNS": "200",  # typer wraps titles at the width of the terminal
    }


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("line", "begin"), LINES)
def test_what_is_answered_without_typer_is_what_typer_answers(
    run: Run, monkeypatch: pytest.MonkeyPatch, desk: Path, shell: str, line: str, begin: str
) -> None:
    write_values(desk / "umbrella-q.yaml", whole_scenario("umbrella-q", title='A "patron\'s" $5 `umbrella`: who pays'))
    variables = pressed(shell, line, begin)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert quick_complete.find_completion(variables) is not None
    quick = run()
    monkeypatch.setattr(quick_complete, "find_completion", lambda _environment: None)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as end:
        run_command([])
    assert quick == (end.value.code or 0, out.getvalue(), "")


@pytest.mark.parametrize(("begin", "code"), [("umb", 0), ("zzz", 1)])
def test_fish_is_told_whether_there_is_anything(
    run: Run, monkeypatch: pytest.MonkeyPatch, begin: str, code: int
) -> None:
    for name, value in pressed("fish", f"deskguide show {begin}", begin).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    assert run() == (code, "", "")


@pytest.mark.parametrize(
    ("line", "begin"),
    [
        ("deskguide sh", "sh"),
        ("deskguide ", ""),
        ("deskguide list --category op", "op"),
        ("deskguide show --format pl", "pl"),
        ("deskguide show --f", "--f"),
        ("deskguide policy seed-rules x", "x"),
        ("deskguide show 'umb", "'umb"),
        ("deskguide show \u00fc", "\u00fc"),
    ],
)
@pytest.mark.parametrize("shell", [*SHELLS, "tcsh"])
def test_all_else_is_left_to_typer(shell: str, line: str, begin: str) -> None:
    assert quick_complete.find_completion(pressed(shell, line, begin)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"_DESKGUIDE_COMPLETE": "source_bash"},
        {"_DESKGUIDE_COMPLETE": ""},
        {"_DESKGUIDE_COMPLETE": "complete_tcsh"},
        {"COMP_CWORD": "x"},
        {"COMP_CWORD": ""},
    ],
)
def test_what_no_shell_says_is_left_to_typer(change: dict[str, str]) -> None:
    assert quick_complete.find_completion(pressed("bash", "deskguide show umb", "umb") | change) is None


def test_a_title_is_completed_with_the_names_of_the_library(desk: Path, desk_home: Path) -> None:
    write_values(desk / "call-them.yaml", whole_scenario("call-them", title="{manager} is wanted on the phone"))
    assert complete.scenario_ids("call") == [("call-them", "Your manager is wanted on the phone")]
    write_values(desk_home / "config" / "profile.yaml", {"manager": "Ms Fox"})
    assert complete.scenario_ids("call") == [("call-them", "Ms Fox is wanted on the phone")]
