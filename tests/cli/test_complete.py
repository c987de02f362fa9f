from pathlib import Path

import pytest

from deskguide.cli import complete
from tests.cli.conftest import Launch

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
