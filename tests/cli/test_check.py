import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CARDS, POLICIES
from tests.conftest import Run, write_values

pytestmark = pytest.mark.usefixtures("desk")
MANY = [f"goat number {n} eats {'abcdefghijkl'[n]}" for n in range(12)]


@pytest.fixture
def goat(tmp_path: Path, write_scenario: Callable[..., Path]) -> Path:
    """A sound card in a folder of its own."""
    return write_scenario(
        tmp_path / "goats",
        "goat-outside",
        category="operations",
        examples=MANY,
        policies=[{"id": "seed-rules", "why": "It says so."}],
        not_this=[{"id": "umbrella-lost", "when": "it rains"}],
    )


def test_everything_loaded_is_checked(run: Run, desk: Path) -> None:
    result = run("check", "--no-builtin")
    lines = result.out.splitlines()
    assert result.code == 0  # warnings are no faults
    assert lines[-1].startswith("6 files with 4 scenarios: 0 faults, ")
    assert any("kitchen-smoke.yaml" in line and "warning: " in line for line in lines)


def test_only_what_is_named_is_reported(run: Run, goat: Path) -> None:
    for path in (goat, goat.parent.parent):
        result = run("check", "--no-builtin", str(path))
        assert result.code == 0
        assert result.out.splitlines() == [
            f"{goat}:{_line(goat, 'umbrella-lost')}:7: warning: the border runs one way; "
            "add 'goat-outside' to 'not_this' of 'umbrella-lost' too",
            "1 file with 1 scenario: 0 faults, 1 warning.",
        ]


def test_a_file_that_is_named_in_several_ways_counts_once(run: Run, goat: Path) -> None:
    once = run("check", "--no-builtin", str(goat))
    assert run("check", "--no-builtin", str(goat), str(goat), str(goat.parent), str(goat.parent.parent)) == once


def _line(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_a_file_of_the_library_itself_can_be_named(run: Run, desk: Path) -> None:
    result = run("check", "--no-builtin", str(desk / "collection" / "seed-swap.yaml"))
    assert result.out.splitlines()[-1].startswith("1 file with 1 scenario: ")


def test_faults_set_the_exit_code(run: Run, goat: Path) -> None:
    goat.write_text(goat.read_text(encoding="utf-8").replace("seed-rules", "seed-rulez"), encoding="utf-8")
    result = run("check", "--no-builtin", str(goat))
    assert result.code == 1
    assert "no policy is called 'seed-rulez'; did you mean 'seed-rules'?" in result.out


def test_all_faults_of_a_file_come_in_one_run(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "goat.yaml"
    path.write_text("id: goats\ntitel: x\npriority: rotine\nreviewed: today\n", encoding="utf-8")
    result = run("check", "--no-builtin", str(path))
    assert result.code == 1
    assert [line.split(": ")[0] for line in result.out.splitlines()[:-1]] == [
        f"{path}:1:5",
        f"{path}:2:1",
        f"{path}:3:11",
        f"{path}:4:11",
    ]


def test_a_policy_and_a_profile_are_known_by_where_they_lie(run: Run, tmp_path: Path) -> None:
    policy = write_values(tmp_path / "policies" / "rain.yaml", {"id": "rain", "title": "Rain"})
    assert "'kind' is missing" in run("check", "--no-builtin", str(policy)).out
    profile = write_values(tmp_path / "profiles" / "north.yaml", {"manger": "x"})
    assert "did you mean 'manager'?" in run("check", "--no-builtin", str(profile)).out


def test_the_folder_of_the_configuration_holds_each_file_once(run: Run, desk: Path) -> None:
    everything = run("check", "--no-builtin", str(desk), str(desk.parent / "policies"))
    assert everything.out.splitlines()[-1].startswith("6 files with 4 scenarios: ")
    assert run("check", "--no-builtin", str(desk.parent)) == everything


def test_profiles_in_a_folder_are_checked_as_profiles(run: Run, desk: Path) -> None:
    north = desk.parent / "profiles" / "north.yaml"
    write_values(north, {"nams": {}})
    told = f"{north}:1:1: 'nams' is not a key of a profile; did you mean 'names'?"
    looked = "1 file with 0 scenarios: 1 fault, 0 warnings."
    assert run("check", "--no-builtin", str(north.parent)) == (1, f"{told}\n{looked}\n", "")
    whole = run("check", "--no-builtin", str(desk.parent))
    assert (whole.code, whole.out.splitlines()[1]) == (1, told)
    assert "is not a key of a scenario" not in whole.out


def test_a_copy_of_the_configuration_s_folder_is_checked_as_what_it_is(
    run: Run, desk: Path, tmp_path: Path, write_scenario: Callable[..., Path]
) -> None:
    copy = tmp_path / "backup" / "config"
    write_values(copy / "profile.yaml", {"state": "ID"})
    write_values(copy / "policies" / "rain-rules.yaml", {**POLICIES["seed-rules"], "id": "rain-rules"})
    write_scenario(copy / "scenarios", "rain-outside", policies=[{"id": "rain-rules", "why": "It says so."}])
    result = run("check", "--no-builtin", str(copy.parent))
    assert result.out.splitlines()[-1].startswith("3 files with 1 scenario: 0 faults, ")


def test_of_several_profiles_the_chosen_one_counts(run: Run, desk: Path) -> None:
    path = desk / "collection" / "seed-swap.yaml"
    steps = path.read_text(encoding="utf-8").replace("Listen first.", "'Call {front_desk}.'")
    path.write_text(steps, encoding="utf-8")
    write_values(desk.parent / "profiles" / "north.yaml", {"state": "NY"})
    assert "nothing fills {front_desk}" in run("check", "--no-builtin", str(desk.parent)).out
    write_values(desk.parent / "profile.yaml", {"names": {"front_desk": "ext. 5"}})
    assert "nothing fills" not in run("check", "--no-builtin", str(desk.parent)).out


def test_a_card_may_be_called_profile(run: Run, desk: Path, write_scenario: Callable[..., Path]) -> None:
    path = write_scenario(desk, "profile")
    assert run("check", "--no-builtin", str(path)).out.splitlines()[-1].startswith("1 file with 1 scenario: 0 faults, ")


def test_names_of_the_profile_are_known(run: Run, desk: Path, goat: Path) -> None:
    text = goat.read_text(encoding="utf-8").replace("Listen first.", "Call {front_desk}.")
    goat.write_text(text.replace("- Call {front_desk}.", "- 'Call {front_desk}.'"), encoding="utf-8")
    assert "nothing fills {front_desk}" in run("check", "--no-builtin", str(goat)).out
    (desk.parent / "profile.yaml").write_text("names:\n  front_desk: the front desk\n", encoding="utf-8")
    assert "nothing fills" not in run("check", "--no-builtin", str(goat)).out


def test_json_holds_every_fault(run: Run, goat: Path) -> None:
    value = json.loads(run("check", "--no-builtin", "--format", "json", str(goat)).out)
    assert value["schema"] == 1
    (fault,) = value["faults"]
    assert list(fault) == ["file", "line", "column", "message", "severity"]
    assert (fault["file"], fault["severity"]) == (str(goat), "warning")


def test_markdown_is_a_list(run: Run, goat: Path) -> None:
    text = run("check", "--no-builtin", "--format", "markdown", str(goat)).out
    assert text.startswith(f"- {goat}:")
    assert text.endswith("\n\n1 file with 1 scenario: 0 faults, 1 warning.\n")


def test_a_path_that_is_not_there_cannot_be_used(run: Run, tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "none.yaml"))
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        f"deskguide: {tmp_path / 'none.yaml'}: is not there; name a file, or a folder of scenario files\n"
    )


def test_a_folder_without_guidance_cannot_be_used(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run("check", "--no-builtin", str(empty))
    assert result.code == 3
    assert "holds no scenario, policy or profile file" in result.err


def test_an_address_of_no_policy_is_told_with_its_place(run: Run, desk: Path) -> None:
    profile = desk.parent / "profile.yaml"
    profile.write_text("policies:\n  seed-rules: https://a.example\n  seed-rule: https://b.example\n", encoding="utf-8")
    result = run("check", "--no-builtin", str(profile))
    assert result.code == 0
    assert result.out.splitlines()[0] == (
        f"{profile}:3:3: warning: no policy is called 'seed-rule'; did you mean 'seed-rules'?"
    )
    assert "'seed-rules';" not in result.out


def test_an_address_that_nobody_can_open_is_told_with_its_place(run: Run, desk: Path) -> None:
    profile = desk.parent / "profile.yaml"
    profile.write_text("policies:\n  seed-rules: https://a.example/our rules\n", encoding="utf-8")
    told = "write the whole address without spaces, such as https://library.example.org/rules"
    looked = "1 file with 0 scenarios: 0 faults, 1 warning."
    assert run("check", "--no-builtin", str(profile)) == (0, f"{profile}:2:15: warning: {told}\n{looked}\n", "")
    profile.write_text("policies:\n  seed-rules: http://a.example/our rules\n", encoding="utf-8")
    assert run("check", "--no-builtin", str(profile)).out.splitlines() == [
        f"{profile}:2:15: the address of 'seed-rules' must start with https://",
        "1 file with 0 scenarios: 1 fault, 0 warnings.",
    ]


@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "größe-日本-📚"), ("cp1252", "größe-??-?"), ("ascii", "grosse-??-?")]
)
def test_a_fault_stands_on_one_line_in_any_encoding(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch, columns: str, encoding: str, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    folder = desk.parent.parent / "cards"
    write_values(folder / "größe-日本-📚.yaml", {"id": "größe-日本-📚", "title": "“Größe” — 日本"})
    path = folder / f"{name}.yaml"
    assert run("check", "--no-builtin", str(folder), encoding=encoding) == (
        1,
        f"{path}:1:5: '{name}' cannot be the id; it takes small letters, digits and single dashes, 60 at most\n"
        "1 file with 0 scenarios: 1 fault, 0 warnings.\n",
        "",
    )


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xef\xbb\xbf# \xc3\xbc\r\nid: x\r\ntitel: y\r\n",
         "3:1: 'titel' is not a key of a scenario; did you mean 'title'?"),
        ("id: x\ntitle: Größe\n".encode("cp1252"),
         "2:10: byte 0xf6 is not UTF-8; save the file again with the encoding UTF-8"),
        ("id: x\n".encode("utf-16"), "1:1: is saved as UTF-16; save it again with the encoding UTF-8"),
        (b"- id: x\n- title: y\n", "1:1: holds no keys; write 'key: value' lines, the first one 'id: ...'"),
        (b"# nothing yet\n", "1:1: is empty; a scenario file starts with 'id: ' and its name"),
        (b"id: x\ntitle: Patron: asks\n",
         "2:14: mapping values are not allowed in this context; put a text with a colon and a space in quotes, or"
         " indent this line like the one above"),
    ],
)  # fmt: skip
def test_what_other_editors_save_is_told_with_its_place(run: Run, desk: Path, content: bytes, place: str) -> None:
    path = desk / "collection" / "x.yaml"
    path.write_bytes(content)
    result = run("check", "--no-builtin", str(path))
    assert (result.code, result.out.splitlines()[0]) == (1, f"{path}:{place}")


def test_too_many_examples_to_ask_are_told(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from deskguide.author import check as check_module

    whole = run("check", "--no-builtin")
    assert "too many" not in whole.err
    monkeypatch.setattr(check_module, "MOST_RANKED", 4 * len(CARDS))
    asked = sum(len(set(card["examples"])) for card in CARDS.values()) - 4
    result = run("check", "--no-builtin")
    told = f"deskguide: {asked} examples more are too many to ask here which card they find; "
    assert result.err == told + "'deskguide evaluate --examples' asks all\n"
    assert result.code == whole.code
