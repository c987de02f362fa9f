import json
from pathlib import Path

import pytest

import deskguide
from tests.conftest import Run


@pytest.mark.usefixtures("desk")
def test_info_tells_version_folders_and_counts(run: Run, desk_home: Path) -> None:
    value = json.loads(run("info", "--no-builtin", "--format", "json").out)
    assert value["version"] == deskguide.__version__
    assert value["layers"] == [{"name": "local", "folder": str(desk_home / "config" / "scenarios")}]
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
    assert value["layers"][-1] == {"name": str(folder), "folder": str(folder)}
