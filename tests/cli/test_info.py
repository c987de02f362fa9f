import json
from pathlib import Path

import pytest

import deskguide
from tests.conftest import Run
from tests.packs import write_added


@pytest.mark.usefixtures("desk")
def test_info_tells_version_folders_and_counts(run: Run, desk_home: Path) -> None:
    value = json.loads(run("info", "--no-builtin", "--format", "json").out)
    assert value["version"] == deskguide.__version__
    folder = str(desk_home / "config" / "scenarios")
    assert value["layers"] == [{"name": "local", "folder": folder, "title": None}]
    assert value["scenarios"] == {"local": 4}
    assert (value["policies"], value["faults"], value["profile"]) == (2, 0, None)
    assert value["cache"] == str(desk_home / "cache")
    assert value["store_kept"] is True


@pytest.mark.usefixtures("desk")
def test_info_reads_aloud(run: Run, desk_home: Path) -> None:
    lines = run("info", "--no-builtin").out.splitlines()
    assert lines[:2] == ["deskguide", "Here:"]
    assert f"  Version    {deskguide.__version__}" in lines
    assert "  Scenarios  4 local" in lines
    assert "  Policies   2" in lines


def test_info_says_what_is_not_there(run: Run, desk_home: Path) -> None:
    text = run("info", "--no-builtin").out
    assert "(not there)" in text
    assert "none (it would be" in " ".join(text.split())


def test_info_says_that_nothing_could_be_kept(run: Run, desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = desk_home / "file"
    blocker.write_text("", encoding="utf-8")
    monkeypatch.setenv("DESKGUIDE_CACHE_DIR", str(blocker / "below"))
    assert "(not kept:" in " ".join(run("info", "--no-builtin").out.split())


def test_faulty_files_are_counted_and_named(run: Run, desk: Path) -> None:
    (desk / "broken.yaml").write_text("id: [", encoding="utf-8")
    result = run("info", "--no-builtin")
    assert "  Left out   1 fault in the files; they are named above" in result.out
    assert result.err.startswith(f"{desk / 'broken.yaml'}:")


def test_a_folder_that_was_named_is_a_layer(run: Run, desk_home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    value = json.loads(run("info", "--no-builtin", "--scenarios", str(folder), "--format", "json").out)
    assert value["layers"][-1] == {"name": str(folder), "folder": str(folder), "title": None}


def test_a_pack_is_told_of_with_its_title(run: Run, desk_home: Path) -> None:
    folder = write_added(desk_home / "config", "goats") / "scenarios"
    (folder.parent / "added.json").write_text('{"title": "Goats of Örebro"}', encoding="utf-8")
    layers = json.loads(run("info", "--no-builtin", "--format", "json").out)["layers"]
    assert layers[0] == {"name": "goats", "folder": str(folder), "title": "Goats of Örebro"}
    assert layers[1]["title"] is None
    shown = "".join(run("info", "--no-builtin").out.split())
    assert f"Layer1goats(GoatsofÖrebro):{folder}Layer2local:" in shown


@pytest.mark.parametrize(
    "content",
    [None, b"", b"[]", b"{}", b'{"title": 3}', b'{"title": "a\\nb"}', b'{"title": "\\u202ex"}', bytes(1_000_001)],
)
def test_a_pack_that_tells_no_title_is_told_of_without(run: Run, desk_home: Path, content: bytes | None) -> None:
    folder = write_added(desk_home / "config", "goats") / "scenarios"
    if content is not None:
        (folder.parent / "added.json").write_bytes(content)
    result = run("info", "--no-builtin", "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["layers"][0] == {"name": "goats", "folder": str(folder), "title": None}
    assert f"Layer1goats:{folder}Layer2local:" in "".join(run("info", "--no-builtin").out.split())
