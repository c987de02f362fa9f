import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deskguide.knowledge import build, library, seen
from tests.conftest import Run

pytestmark = pytest.mark.usefixtures("desk")


def test_a_faulty_file_is_named_with_its_place_and_the_rest_answers(run: Run, desk: Path) -> None:
    path = desk / "collection" / "broken.yaml"
    path.write_text("id: broken\ntitle: x\nprioritty: routine\n", encoding="utf-8")
    result = run("ask", "--no-builtin", "--top", "0", "patron wants to swap tomato seeds")
    assert result.code == 0
    assert "[routine · seed-swap]" in result.out
    assert result.err.startswith(f"{path}:3:1: 'prioritty' is not a key of a scenario; did you mean 'priority'?\n")


def test_folders_from_the_environment_lie_below_those_that_are_named(
    run: Run, desk: Path, write_scenario: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("low", "high"):
        write_scenario(tmp_path / name, "goat", category="operations", title=f"Goat of the {name} folder")
    monkeypatch.setenv("DESKGUIDE_SCENARIOS", os.pathsep.join([str(tmp_path / "high"), str(tmp_path / "none")]))
    assert "Goat of the high folder" in run("show", "--no-builtin", "goat").out
    result = run("show", "--no-builtin", "--scenarios", str(tmp_path / "low"), "goat")
    assert "Goat of the low folder" in result.out
    assert result.err == f"{tmp_path / 'none'}: is not a folder that can be read; it was left out\n"


@pytest.mark.parametrize("command", [["ask", "x"], ["list"], ["show", "x"], ["policy"], ["info"], ["check"]])
def test_a_folder_that_was_named_must_be_there(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, "--scenarios", str(tmp_path / "none"))
    assert (result.code, result.out) == (3, "")
    assert str(tmp_path / "none") in result.err


def test_the_shipped_scenarios_can_be_left_out(run: Run) -> None:
    assert "privacy-request" in run("list").out
    assert "privacy-request" not in run("list", "--no-builtin").out


def test_a_damaged_compiled_layer_costs_the_first_answer_only(
    run: Run, desk_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = tmp_path / library.COMPILED
    compiled.write_bytes(
        Path(library._compiled_path()).read_bytes().replace(b'"id":"privacy-request"', b'"id":"privacy-requesX"')
    )
    monkeypatch.setattr(library, "_compiled_path", lambda: str(compiled))
    built: list[int] = []
    usual = build.compile_all

    def count(*arguments: Any) -> Any:
        built.append(sum(len(folder.names) for folder in arguments[1]))
        return usual(*arguments)

    monkeypatch.setattr(build, "compile_all", count)
    for _ in range(2):
        result = run("show", "privacy-request")
        assert (result.code, result.err) == (0, "")
        assert "privacy-request" in result.out
    assert sum(files > 100 for files in built) == 1  # the shipped files are read once


def test_a_large_library_answers_in_haste_and_still_as_it_is(
    run: Run, desk: Path, write_scenario: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "LONG_FILES", 3)
    monkeypatch.setattr(library, "FEW_FILES", 2)
    monkeypatch.setattr(seen, "UNSURE_SECONDS", -60)
    asked = ("ask", "--no-builtin", "--top", "0", "the goat eats the seed catalog")
    assert "goat-eats" not in run(*asked).out
    path = write_scenario(desk, "goat-eats", title="The goat eats the seed catalog", examples=["goat eats catalog"])
    for expected in ("The goat eats the seed catalog", "The goat eats it"):
        path.write_text(path.read_text("utf-8").replace("The goat eats the seed catalog", expected), encoding="utf-8")
        assert expected in run("show", "--no-builtin", "goat-eats").out
        assert expected in run(*asked).out
        assert expected in run("list", "--no-builtin").out
    path.unlink()
    result = run("show", "--no-builtin", "goat-eats")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("deskguide: no scenario is called 'goat-eats'")
