import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

import deskguide
from deskguide.cli import complete
from tests.cli.conftest import Launch
from tests.conftest import Run, whole_scenario, write_values
from tests.packs import FILES, GOAT, RULES, RULES_VALUES, dump, snapshot, write_folder, zip_files

GOAT_PAGE = "Patron brings up goat outside"


@pytest.fixture
def goats(tmp_path: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound folder, in the folder where the commands run."""
    monkeypatch.chdir(tmp_path)
    return write_folder(tmp_path / "goats")


@pytest.fixture
def goats_zip(goats: Path, run: Run) -> Path:
    assert run("pack", "goats").code == 0
    return goats.parent / "goats.zip"


def _layers(run: Run) -> list[str]:
    layers = json.loads(run("info", "--no-builtin", "--format", "json").out)["layers"]
    return [layer["name"] for layer in layers]


# --- pack


def test_a_folder_becomes_one_file(run: Run, goats: Path) -> None:
    result = run("pack", "goats")
    assert result == (
        0,
        "goats.zip: 1 scenario and 1 policy, packed as 'goats'.\n"
        "It has 2 warnings; to see them: deskguide check goats\n"
        "Another library adds it with: deskguide add goats.zip\n",
        "",
    )
    with zipfile.ZipFile("goats.zip") as archive:
        assert archive.namelist() == ["manifest.json", RULES, GOAT]
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read(GOAT) == (goats / "operations" / "goat-outside.yaml").read_bytes()
    files = manifest.pop("files")
    assert manifest == {
        "format": 1,
        "name": "goats",
        "title": "Goats",
        "scenarios": 1,
        "policies": 1,
        "deskguide": deskguide.__version__,
    }
    assert [(f["name"], f["size"]) for f in files] == [(RULES, len(FILES[RULES])), (GOAT, len(FILES[GOAT]))]


def test_commands_that_are_told_can_be_typed_as_they_stand(run: Run, goats: Path) -> None:
    goats.rename("Füchse & Co")
    result = run("pack", "Füchse & Co", "--output", "our goats.zip")
    quote = '"' if os.name == "nt" else "'"
    assert result == (
        0,
        "our goats.zip: 1 scenario and 1 policy, packed as 'fuchse-co'.\n"
        f"It has 2 warnings; to see them: deskguide check {quote}Füchse & Co{quote}\n"
        f"Another library adds it with: deskguide add {quote}our goats.zip{quote}\n",
        "",
    )
    assert run("pack", "Füchse & Co", "--output", "a b").err.endswith(f"write --output {quote}a b.zip{quote}\n")


def test_the_same_folder_gives_the_same_bytes(run: Run, goats: Path) -> None:
    assert run("pack", "goats", "--output", "one.zip").code == 0
    for path in goats.rglob("*.yaml"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert run("pack", "goats", "--output", "two.zip").code == 0
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()


def test_name_title_and_file_can_be_chosen(run: Run, goats: Path) -> None:
    result = run("pack", "goats", "--output", "out/a.zip", "--name", "juniper", "--title", "Ziegen für draußen")
    assert result.out.startswith("out/a.zip: 1 scenario and 1 policy, packed as 'juniper'.\n")
    assert run("add", "out/a.zip").out.startswith("Added: Ziegen für draußen, 1 scenario and 1 policy, as 'juniper'.\n")


def test_a_file_that_is_there_is_replaced_only_when_asked_for(run: Run, goats: Path) -> None:
    Path("goats.zip").write_bytes(b"precious")
    assert run("pack", "goats") == (
        3,
        "",
        "deskguide: goats.zip: is there already; choose another --output, or --replace it (a copy is kept)\n",
    )
    assert Path("goats.zip").read_bytes() == b"precious"
    result = run("pack", "goats", "--replace")
    assert "What was there before is kept as goats.zip.old.\n" in result.out
    assert Path("goats.zip.old").read_bytes() == b"precious"
    assert run("add", "goats.zip").code == 0


def test_faults_are_printed_as_check_prints_them_and_nothing_is_written(run: Run, goats: Path) -> None:
    path = goats / "operations" / "goat-outside.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("goat-rules", "goat-rulez"), encoding="utf-8")
    before = snapshot(goats.parent)
    checked = run("check", str(goats))
    result = run("pack", "goats")
    assert (result.code, result.err) == (1, "")
    assert f"{path}:19:7: no policy is called 'goat-rulez'; did you mean 'goat-rules'?\n" in result.out
    assert result.out == checked.out
    after = snapshot(goats.parent)
    assert {k: v for k, v in after.items() if not k.startswith("cache/")} == before


def test_a_card_that_rests_on_what_only_this_library_has_is_a_fault(run: Run, goats: Path, desk: Path) -> None:
    write_folder(goats, policies=[{"id": "seed-rules", "why": "x"}])
    result = run("pack", "goats")
    assert result.code == 1
    assert "no policy is called 'seed-rules'" in result.out


def test_only_scenarios_and_policies_are_packed(run: Run, goats: Path) -> None:
    for name in ("profile.yaml", "profiles/north.yaml", ".secret.yaml", ".git/x.yaml", "notes.txt", "operations/x.py"):
        (goats / name).parent.mkdir(exist_ok=True)
        (goats / name).write_text("library: x\n", encoding="utf-8")
    assert run("pack", "goats").code == 0
    assert zipfile.ZipFile("goats.zip").namelist() == ["manifest.json", RULES, GOAT]


@pytest.mark.parametrize("folder", ["config", "config/scenarios"])
def test_the_librarys_own_folder_is_packed_with_its_policies(
    run: Run, desk: Path, desk_home: Path, folder: str
) -> None:
    (desk.parent / "profile.yaml").write_text("library: Juniper Public Library\n", encoding="utf-8")
    (desk_home / "config" / "packs").mkdir()
    output = str(desk_home / "own.zip")
    assert run("pack", str(desk_home / folder), "--name", "own", "--output", output).code == 0
    assert zipfile.ZipFile(output).namelist() == [
        "manifest.json",
        "policies/seed-rules.yaml",
        "policies/weather-law.yaml",
        "scenarios/collection/seed-swap.yaml",
        "scenarios/operations/umbrella-found.yaml",
        "scenarios/operations/umbrella-lost.yaml",
        "scenarios/safety/kitchen-smoke.yaml",
    ]


def test_a_file_that_changes_a_shipped_card_lies_in_that_cards_category(run: Run, goats: Path) -> None:
    write_values(goats / "privacy-request.yaml", {"id": "privacy-request", "title": "Ours"})
    (goats / "operations" / "goat-outside.yaml").unlink()
    (goats / "policies" / "goat-rules.yaml").unlink()
    assert run("pack", "goats").code == 0
    assert zipfile.ZipFile("goats.zip").namelist()[1:] == ["scenarios/privacy/privacy-request.yaml"]
    assert run("add", "goats.zip").out == (
        "Added: Goats, 1 scenario and 0 policies, as 'goats'.\n"
        "It changes privacy-request.\n"
        "Your own files lie over it. To take it out: deskguide remove goats\n"
    )
    assert json.loads(run("show", "privacy-request", "--format", "json").out)["scenarios"][0]["title"] == "Ours"
    (head,) = [h for h in json.loads(run("list", "--format", "json").out)["scenarios"] if h["id"] == "privacy-request"]
    assert head["source"] == "shipped + goats"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 3, "nowhere: No such file or directory; name a folder that holds scenario files"),
        (["empty"], 3, "empty: holds no scenario or policy file; their names end in .yaml"),
        (["file"], 3, "file: is not a folder; name the folder that holds the scenario files"),
        (["goats", "--output", "goats"], 2, "the name of a pack's file ends in .zip; write --output goats.zip"),
        (["goats", "--output", "d.zip"], 3, "d.zip: is not an ordinary file; choose another --output"),
        (["goats", "--title", "x" * 81], 2, "the title has 81 characters; 80 is the limit"),
        (
            ["goats", "--name", "Goats & Co"],
            2,
            "'Goats & Co' cannot be the name of a pack; give it one of small letters, digits and single dashes, "
            "such as --name goats-co",
        ),
        (
            ["local"],
            2,
            "'local' cannot be the name of a pack; give it one of small letters, digits and single dashes, with --name",
        ),
    ],
)
def test_what_cannot_be_packed_is_told(run: Run, goats: Path, arguments: list[str], code: int, message: str) -> None:
    for name in ("empty", "d.zip", "local"):
        Path(name).mkdir()
    Path("file").touch()
    assert run("pack", *arguments) == (code, "", f"deskguide: {message}\n")


def test_a_name_that_windows_keeps_is_told(run: Run, goats: Path) -> None:
    path = write_values(goats / "operations" / "con.yaml", whole_scenario("con", category="operations"))
    result = run("pack", "goats")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"deskguide: {path}: 'scenarios/operations/con.yaml' cannot be kept on Windows, where 'con' is a device; "
        "it needs another name\n"
    )
    assert not Path("goats.zip").exists()


def test_a_full_disk_leaves_no_pack(run: Run, goats: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = snapshot(goats.parent)
    assert run("pack", "goats") == (3, "", "deskguide: goats.zip: cannot be written: No space left on device\n")
    assert snapshot(goats.parent) == before


# --- add


def test_a_pack_is_added_as_a_layer_of_its_own(run: Run, goats_zip: Path, desk_home: Path) -> None:
    assert run("list", "--no-builtin", "--format", "json").code == 0  # a store from before
    result = run("add", "goats.zip")
    assert result == (
        0,
        "Added: Goats, 1 scenario and 1 policy, as 'goats'.\n"
        "Your own files lie over it. To take it out: deskguide remove goats\n",
        "",
    )
    folder = desk_home / "config" / "packs" / "goats"
    assert sorted(k for k, v in snapshot(folder).items() if v is not None) == ["added.json", RULES, GOAT]
    assert (folder / GOAT).read_bytes() == FILES[GOAT]
    added = json.loads((folder / "added.json").read_bytes())
    assert [len(added.pop(key)) for key in ("sha256", "files")] == [64, 64]
    assert added == {"name": "goats", "title": "Goats", "added": "2026-02-14"}
    assert _layers(run) == ["goats", "local"]
    assert GOAT_PAGE in run("ask", "--no-builtin", "goat outside at the desk").out
    assert "Rules for goats" in run("policy", "--no-builtin", "goat-rules").out
    (head,) = json.loads(run("list", "--no-builtin", "--format", "json").out)["scenarios"]
    assert (head["id"], head["source"]) == ("goat-outside", "goats")
    page = "".join(run("show", "--no-builtin", "goat-outside").out.split())
    assert f"From:-{folder / GOAT}reviewed" in page


def test_a_folder_is_added_like_its_pack(run: Run, goats_zip: Path, desk_home: Path) -> None:
    packs = desk_home / "config" / "packs"
    assert run("add", "goats").code == 0
    assert run("add", "goats.zip", "--name", "same").code == 0
    one, two = snapshot(packs / "goats"), snapshot(packs / "same")
    assert {**one, "added.json": None} == {**two, "added.json": None}
    sums = [json.loads(files["added.json"] or b"")["sha256"] for files in (one, two)]
    assert sums[0] == sums[1]


def test_a_pack_that_was_unpacked_is_a_folder(run: Run, goats_zip: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(goats_zip) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert run("add", "unpacked").out.startswith("Added: Unpacked, 1 scenario and 1 policy, as 'unpacked'.\n")


def test_a_name_that_is_taken_is_replaced_only_when_asked_for(run: Run, goats_zip: Path, goats: Path) -> None:
    assert run("add", "goats.zip").code == 0
    write_folder(goats, title="Goat with a hat")
    assert run("add", "goats") == (
        3,
        "",
        "deskguide: a pack called 'goats' is there already; --replace puts this one in its place, --name keeps both\n",
    )
    assert GOAT_PAGE in run("show", "goat-outside").out
    assert run("add", "goats", "--replace").out.startswith("Put in place of the one before: Goats, 1 scenario and ")
    assert "Goat with a hat" in run("show", "goat-outside").out
    assert _layers(run) == ["goats", "local"]


def test_packs_lie_over_the_shipped_and_under_the_local_cards_by_name(run: Run, goats: Path, desk: Path) -> None:
    for name in ("b-pack", "a-pack"):
        write_folder(goats, title=f"Goat of {name}")
        assert run("add", "goats", "--name", name).code == 0
    assert "Goat of b-pack" in run("show", "goat-outside").out
    layers = json.loads(run("info", "--format", "json", "--scenarios", str(goats)).out)["layers"]
    assert [layer["name"] for layer in layers] == ["shipped", "a-pack", "b-pack", "local", str(goats)]
    write_values(desk / "operations" / "goat-outside.yaml", {"id": "goat-outside", "title": "Goat of ours"})
    assert "Goat of ours" in run("show", "goat-outside").out
    (head,) = [h for h in json.loads(run("list", "--format", "json").out)["scenarios"] if h["id"] == "goat-outside"]
    assert head["source"] == "a-pack + b-pack + local"


def test_what_a_pack_changes_is_named_up_to_a_few(run: Run, goats: Path, tmp_path: Path) -> None:
    assert "changes" not in run("add", "goats").out
    assert "\nIt changes goat-outside and goat-rules.\n" in run("add", "goats", "--name", "more-goats").out
    # What lies over it does not change.
    assert "changes" not in run("add", "goats", "--name", "a-goats").out
    assert "\nIt changes goat-outside and goat-rules.\n" in run("add", "goats", "--replace").out
    for number in range(1, 11):
        card = whole_scenario(f"goat-{number:02}", category="operations")
        write_values(tmp_path / "herd" / "operations" / f"goat-{number:02}.yaml", card)
    assert run("add", "herd").code == 0
    names = ", ".join(f"goat-{number:02}" for number in range(1, 9))
    assert f"\nIt changes {names} and 2 more.\n" in run("add", "herd", "--name", "herd-two").out


def test_a_pack_may_rest_on_another_wherever_that_lies(run: Run, goats: Path, tmp_path: Path) -> None:
    card = write_values(
        tmp_path / "more" / "operations" / "goat-inside.yaml",
        whole_scenario("goat-inside", category="operations", policies=[{"id": "goat-rules", "why": "x"}]),
    )
    result = run("add", "more")
    assert result.code == 1
    assert result.out.splitlines()[-2].startswith(f"{card}:")
    assert run("add", "goats", "--name", "z-goats").code == 0
    assert run("add", "more").code == 0


@pytest.mark.parametrize("name", ["a-half", "z-half"])
def test_half_a_card_counts_only_over_a_whole_one(run: Run, goats: Path, tmp_path: Path, name: str) -> None:
    assert run("add", "goats").code == 0
    path = tmp_path / "half.zip"
    path.write_bytes(zip_files({GOAT: dump({"id": "goat-outside", "title": "Goat with a hat"})}))
    assert run("add", str(path), "--name", name).code == (1 if name < "goats" else 0)


def test_what_lies_over_a_pack_does_not_hide_its_faults(run: Run, goats: Path, desk: Path, tmp_path: Path) -> None:
    for _ in ("z-goats", "local"):
        assert run("add", "goats", "--name", "z-goats", "--replace").code == 0
        write_values(desk / "operations" / "goat-outside.yaml", {"id": "goat-outside", "reviewed": "2026-01-01"})
    path = tmp_path / "future.zip"
    path.write_bytes(zip_files({**FILES, GOAT: FILES[GOAT].replace(b"2026-01-31", b"2030-01-01")}))
    result = run("add", str(path))
    assert result.code == 1
    assert "2030-01-01 lies in the future" in result.out


def test_a_local_fault_does_not_keep_a_pack_out(run: Run, goats_zip: Path, desk: Path) -> None:
    (desk / "broken.yaml").write_text("id: [", encoding="utf-8")
    assert run("add", "goats.zip").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 3, "nowhere: is not there; name a pack (a file that ends in .zip) or a folder of scenarios"),
        (["empty"], 3, "empty: holds no scenario or policy file; their names end in .yaml"),
        (
            ["goats", "--name", "Nach Norden!"],
            2,
            "'Nach Norden!' cannot be the name of a pack; give it one of small letters, digits and single dashes, "
            "such as --name nach-norden",
        ),
    ],
)
def test_what_cannot_be_added_is_told(run: Run, goats: Path, arguments: list[str], code: int, message: str) -> None:
    Path("empty").mkdir()
    before = snapshot(goats.parent)
    assert run("add", *arguments) == (code, "", f"deskguide: {message}\n")
    assert snapshot(goats.parent) == before


def test_without_a_home_there_is_no_folder_for_packs(
    run: Run, goats_zip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKGUIDE_CONFIG_DIR")

    def no_home(*_: object, **__: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_config_dir", no_home)
    message = "deskguide: there is no folder for packs; name one with DESKGUIDE_CONFIG_DIR\n"
    assert run("add", "goats.zip") == (3, "", message)
    assert run("remove", "goats").code == 1


def test_a_file_where_the_folder_of_packs_should_be_is_told(run: Run, goats_zip: Path, desk: Path) -> None:
    packs = desk.parent / "packs"
    packs.write_text("", encoding="utf-8")
    result = run("list", "--no-builtin")
    assert (result.code, result.err) == (0, f"{packs}: is not a folder that can be read; it was left out\n")
    for arguments in (["add", "goats.zip"], ["remove", "goats"]):
        result = run(*arguments)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith(f"deskguide: {packs}")
    assert packs.read_bytes() == b""


def test_two_that_add_at_once_leave_a_whole_pack(launch: Launch, goats_zip: Path, desk_home: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: launch("add", str(goats_zip), "--replace"), range(2)))
    assert [d.returncode for d in done] == [0, 0], done
    assert os.listdir(desk_home / "config" / "packs") == ["goats"]
    assert (desk_home / "config" / "packs" / "goats" / GOAT).read_bytes() == FILES[GOAT]


@pytest.mark.parametrize("is_there", [False, True])
def test_ctrl_c_in_the_middle_leaves_everything_as_it_was(
    run: Run, goats_zip: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        assert run("add", "goats.zip").code == 0
    before = snapshot(desk_home / "config")
    written: list[int] = []

    def interrupt(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        assert run("add", "goats.zip", "--replace") == (130, "", "")
    assert len(written) == 2
    assert snapshot(desk_home / "config") == before
    assert run("add", "goats.zip", "--replace").code == 0


def test_ctrl_c_just_after_the_new_pack_arrived_loses_neither(
    run: Run, goats_zip: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs = desk_home / "config" / "packs"
    assert run("add", "goats.zip").code == 0
    _change(packs / "goats", "edited")
    rename = os.rename

    def interrupt(source: str, target: str) -> None:
        rename(source, target)
        if target == str(packs / "goats"):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", interrupt)
        assert run("add", "goats.zip", "--replace") == (130, "", "")
    assert (packs / "goats" / GOAT).read_bytes() == FILES[GOAT]
    assert run("remove", "goats").code == 0
    assert b"Nod first" in (desk_home / "config" / "packs.old" / "goats" / GOAT).read_bytes()


# --- remove


def test_a_pack_is_taken_out_with_all_that_it_brought(run: Run, goats_zip: Path, desk_home: Path) -> None:
    assert run("add", "goats.zip").code == 0
    assert run("show", "--no-builtin", "goat-outside").code == 0
    assert run("remove", "goats") == (0, "Taken out: goats.\n", "")
    assert not (desk_home / "config" / "packs").exists()
    assert run("show", "--no-builtin", "goat-outside").code == 1
    assert run("policy", "--no-builtin", "goat-rules").code == 1


def test_a_policy_alone_comes_and_goes_too(run: Run, tmp_path: Path) -> None:
    write_values(tmp_path / "rules" / "policies" / "goat-rules.yaml", RULES_VALUES)
    folder = str(tmp_path / "rules")
    for _ in range(2):
        assert run("policy", "--no-builtin", "goat-rules").code == 1
        assert run("add", folder).code == 0
        assert run("policy", "--no-builtin", "goat-rules") == (0, run("policy", "--no-builtin", "goat-rules").out, "")
        assert run("remove", "rules").code == 0


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ([], "none was added yet"),
        (["goats"], "did you mean goats?"),
        (["north", "south"], "those added are north and south"),
    ],
)
def test_a_name_that_is_none_is_told_with_the_nearest(
    run: Run, goats: Path, desk_home: Path, added: list[str], message: str
) -> None:
    for name in added:
        shutil.copytree(goats, desk_home / "config" / "packs" / name)
    before = snapshot(desk_home)
    assert run("remove", "goast") == (1, "", f"deskguide: no pack is called 'goast'; {message}\n")
    assert snapshot(desk_home) == before


def test_a_folder_laid_there_by_hand_is_a_layer_and_can_be_taken_out(run: Run, goats: Path, desk_home: Path) -> None:
    path = desk_home / "config" / "packs" / "Goats & local"
    shutil.copytree(goats, path / "scenarios")
    assert _layers(run) == [str(path), "local"]
    assert run("remove", "Goats & local").code == 0


def test_a_pack_that_cannot_be_moved_stays(
    run: Run, goats_zip: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", "goats.zip").code == 0
    before = snapshot(desk_home / "config")

    def busy(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", busy)
        result = run("remove", "goats")
    path = desk_home / "config" / "packs" / "goats"
    assert result == (3, "", f"deskguide: {path}: cannot be changed: Permission denied\n")
    assert snapshot(desk_home / "config") == before


def test_files_that_cannot_be_deleted_are_told_and_deleted_by_the_next(
    run: Run, goats_zip: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("add", "goats.zip").code == 0
    packs = desk_home / "config" / "packs"
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        result = run("remove", "goats")
    assert (result.code, result.out) == (0, "Taken out: goats.\n")
    assert result.err == (
        f"deskguide: {packs}: some of its files could not be deleted yet; nothing reads them, "
        "and the next add or remove tries again\n"
    )
    assert _layers(run) == ["local"]
    assert len(os.listdir(packs)) == 1
    assert run("add", "goats.zip").code == 0
    assert os.listdir(packs) == ["goats"]


def _change(folder: Path, how: str) -> None:
    """Change a pack that was added as a person might."""
    if how == "edited":
        (folder / GOAT).write_bytes((folder / GOAT).read_bytes().replace(b"Listen", b"Nod"))
    elif how == "more":
        (folder / "scenarios" / "notes.txt").write_text("ours", encoding="utf-8")
    elif how == "large":
        (folder / "film.mp4").write_bytes(bytes(1_000_001))
    elif how == "fewer":
        (folder / RULES).unlink()
    elif how == "renamed":
        (folder / RULES).rename(folder / "policies" / "other.yaml")
    elif how == "by hand":
        (folder / "added.json").unlink()
    else:
        (folder / "added.json").write_text(how, encoding="utf-8")


@pytest.mark.parametrize("command", ["remove", "add"])
@pytest.mark.parametrize("how", ["edited", "more", "large", "fewer", "renamed", "by hand", "[]", '{"files": 1}', "{"])
def test_a_pack_that_somebody_changed_is_kept_and_told_of(
    run: Run, goats_zip: Path, desk_home: Path, how: str, command: str
) -> None:
    config = desk_home / "config"
    arguments, first = {
        "remove": (["remove", "goats"], "Taken out: goats."),
        "add": (
            ["add", "goats.zip", "--replace"],
            "Put in place of the one before: Goats, 1 scenario and 1 policy, as 'goats'.",
        ),
    }[command]
    for name in ("goats", "goats.2"):
        assert run("add", "goats.zip").code == 0
        _change(config / "packs" / "goats", how)
        changed = snapshot(config / "packs" / "goats")
        result = run(*arguments)
        kept = config / "packs.old" / name
        assert (result.code, result.err) == (0, "")
        assert result.out.splitlines()[:2] == [
            first,
            f"It was not as it had been added, so what was there is kept in {kept}",
        ]
        assert snapshot(kept) == changed
        assert _layers(run) == (["local"] if command == "remove" else ["goats", "local"])
        if command == "add":
            assert run("remove", "goats").out == "Taken out: goats.\n"
    assert sorted(os.listdir(config)) == ["packs.old"]


def test_what_a_system_hides_in_a_folder_is_no_change(run: Run, goats_zip: Path, desk_home: Path) -> None:
    assert run("add", "goats.zip").code == 0
    (desk_home / "config" / "packs" / "goats" / ".DS_Store").write_bytes(b"x")
    assert run("remove", "goats").out == "Taken out: goats.\n"
    assert os.listdir(desk_home / "config") == []


def test_a_changed_pack_that_cannot_be_kept_stays(run: Run, goats_zip: Path, desk_home: Path) -> None:
    config = desk_home / "config"
    assert run("add", "goats.zip").code == 0
    _change(config / "packs" / "goats", "edited")
    (config / "packs.old").write_bytes(b"")
    before = snapshot(config)
    result = run("remove", "goats")
    assert result == (3, "", f"deskguide: {config / 'packs' / 'goats'}: cannot be changed: File exists\n")
    assert snapshot(config) == before
    # The pack that replaces it is there; what was changed lies aside until it can be kept.
    result = run("add", "goats.zip", "--replace")
    assert (result.code, result.err) == (0, "")
    assert f"is kept in {config / 'packs' / '.old.goats'}\n" in result.out
    changed = (config / "packs" / ".old.goats" / GOAT).read_bytes()
    assert b"Nod first" in changed
    (config / "packs.old").unlink()
    assert f"is kept in {config / 'packs.old' / 'goats'}\n" in run("remove", "goats").out
    assert (config / "packs.old" / "goats" / GOAT).read_bytes() == changed
    assert not (config / "packs").exists()


def test_names_of_packs_are_completed(run: Run, goats_zip: Path) -> None:
    assert complete.pack_names("") == []
    assert run("add", "goats.zip").code == 0
    assert complete.pack_names("go") == [("goats", "")]
    assert complete.pack_names("x") == []


@pytest.mark.parametrize("command", ["pack", "add", "remove"])
def test_help_shows_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert f"For example: deskguide {command} winter-cards" in result.out
