"""What the commands that exchange cards say where the output has few characters or few columns."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Launch
from tests.conftest import Run
from tests.packs import write_folder

FOLDER = "Füchse & 世界"
TITLE = "Ziegen für draußen, 世界"
QUOTE = '"' if os.name == "nt" else "'"
SHOWN = {
    "cp1252": {"folder": "Füchse & ??", "title": "Ziegen für draußen, ??", "wrong": "Größe"},
    "ascii": {"folder": "Fuchse & ??", "title": "Ziegen fur draussen, ??", "wrong": "Grosse"},
}


@pytest.mark.parametrize("encoding", SHOWN)
def test_each_message_degrades_to_what_the_output_can_show(
    launch: Launch, tmp_path: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(tmp_path / FOLDER)
    (tmp_path / "世界").mkdir()
    (tmp_path / "Größe.zip").write_bytes(b"no zip file")
    config = tmp_path / "Größe"
    folder, title, wrong = SHOWN[encoding].values()

    def say(*arguments: str) -> tuple[int, list[str], list[str]]:
        done = launch(*arguments, PYTHONIOENCODING=encoding, COLUMNS="40", DESKGUIDE_CONFIG_DIR=str(config))
        out, err = (stream.decode(encoding).splitlines() for stream in (done.stdout, done.stderr))
        return done.returncode, out, err

    packed = [
        "fuchse.zip: 1 scenario and 1 policy, packed as 'fuchse'.",
        f"It has 2 warnings; to see them: deskguide check {QUOTE}{folder}{QUOTE}",
        "Another library adds it with: deskguide add fuchse.zip",
    ]
    added = [
        f"Added: {title}, 1 scenario and 1 policy, as 'fuchse'.",
        "Your own files lie over it. To take it out: deskguide remove fuchse",
    ]
    no_name = "give it one of small letters, digits and single dashes"
    there = "a pack called 'fuchse' is there already; --replace puts this one in its place, --name keeps both"
    assert say("pack", FOLDER, "--title", TITLE) == (0, packed, [])
    assert say("pack", "世界") == (2, [], [f"deskguide: '??' cannot be the name of a pack; {no_name}, with --name"])
    assert say("add", "fuchse.zip") == (0, added, [])
    assert say("add", "fuchse.zip") == (3, [], [f"deskguide: {there}"])
    not_zip = f"{wrong}.zip: is not a zip file, or its end is missing; get it again from where it came from"
    assert say("add", "Größe.zip") == (3, [], [f"deskguide: {not_zip}"])
    code, out, err = say("info")
    assert (code, err) == (0, [])
    assert f"Layer2:fuchse({title.replace(' ', '')}):" in "".join("".join(out).split())
    assert max(map(len, out)) <= 40
    assert say("remove", "Größe") == (1, [], [f"deskguide: no pack is called '{wrong}'; those added are fuchse"])
    (config / "packs" / "fuchse" / "Größe.txt").write_bytes(b"ours")
    kept = os.path.join(str(config).replace("Größe", wrong), "packs.old", "fuchse")
    told = ["Taken out: fuchse.", f"It was not as it had been added, so what was there is kept in {kept}"]
    assert say("remove", "fuchse") == (0, told, [])
    assert (config / "packs.old" / "fuchse" / "Größe.txt").read_bytes() == b"ours"


@pytest.mark.parametrize("encoding", ["utf-8", *SHOWN])
@pytest.mark.parametrize("format_", ["plain", "rich"])
def test_pages_that_tell_where_cards_come_from_fit_40_columns(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str, encoding: str
) -> None:
    write_folder(tmp_path / FOLDER, title="Eine Ziege wartet draußen … § 1 … und noch eine")
    assert run("add", str(tmp_path / FOLDER), "--name", "a-pack-of-goats").code == 0
    monkeypatch.setenv("COLUMNS", "40")
    for arguments in (["info"], ["list"], ["show", "goat-outside"], ["policy", "goat-rules"], ["ask", "goat outside"]):
        result = run(arguments[0], "--no-builtin", "--format", format_, *arguments[1:], encoding=encoding)
        assert (result.code, result.err) == (0, "")
        assert [line for line in result.out.splitlines() if len(line) > 40] == []
        told = "a-pack-of-goats" if arguments[0] == "info" else "Rules for goats" if "policy" in arguments else "Ziege"
        assert told in result.out
