import errno
import os
import re
import shlex
import shutil
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deskguide.author.template import EXAMPLE_TEXTS, Wanted, write_blank, write_changes, write_copy
from deskguide.cli.desk import Format, sit_down
from deskguide.cli.editor import open_in_editor
from deskguide.knowledge.shape import SCENARIO_KEYS, shape_scenario
from tests.cli.conftest import find_controls
from tests.conftest import Run
from tests.data.shipped import guidance, shipped_scenarios
from tests.packs import write_added
from tests.schemas import DATA, complaints, read_file

SHIPPED = "book-removal-request"
SHIPPED_FILES = sorted((DATA / "scenarios").rglob("*.yaml"))
TODAY = "2026-02-14"
LATER = "2030-01-01"
WANTED = Wanted("telescope-loan", "borrowing", "", "", LATER)


def end(path: Path, words: str) -> str:
    return (
        f'Your card lies here:\n  {path}\nNext: put your words in, then\n  deskguide check\n  deskguide ask "{words}"\n'
    )


def values_in(content: bytes, path: str) -> dict[str, Any]:
    draft, faults = shape_scenario(read_file(content, path), path)
    assert faults == []
    assert draft is not None
    return dict(draft.values)


def values_at(path: Path) -> dict[str, Any]:
    return values_in(path.read_bytes(), str(path))


def everything_below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def local(desk_home: Path) -> Path:
    """The local folder, which is not there before the first card is."""
    return desk_home / "config" / "scenarios"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be a day after the shipped cards were reviewed."""

    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls.fromisoformat(LATER)

    monkeypatch.setattr("deskguide.cli.desk.date", Later)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of shipped data with two cards, the neighbors of the first, and all policies."""
    data = tmp_path_factory.mktemp("data")
    neighbors = [b.id for b in shipped_scenarios()[SHIPPED].not_this]
    for path in SHIPPED_FILES:
        if path.stem in (SHIPPED, "privacy-request", *neighbors):
            copy = data / path.relative_to(DATA)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    shutil.copytree(DATA / "policies", data / "policies")
    return data


@pytest.fixture(autouse=True)
def _few_shipped(request: pytest.FixtureRequest, few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship few cards, which are read in no time, but where a test uses ``every_shipped``."""
    if "every_shipped" not in request.fixturenames:
        monkeypatch.setattr("deskguide.knowledge.places.shipped_data", lambda: few)


@pytest.fixture
def every_shipped() -> None:
    """Ship all cards, as an installed program does."""


# A blank card


def test_a_card_is_written_and_the_next_steps_are_told(run: Run, local: Path) -> None:
    path = local / "local" / "telescope-loan.yaml"
    assert run("new", "telescope-loan") == (0, end(path, "telescope loan"), "")
    assert everything_below(local) == ["local/telescope-loan.yaml"]
    values = values_at(path)
    assert values["id"] == "telescope-loan"
    assert values["category"] == "local"
    assert values["title"] == "Patron asks about telescope loan"
    assert values["reviewed"] == TODAY
    assert "owner" not in values


def test_a_card_passes_the_check_as_it_is_and_warns_of_what_is_left(run: Run, local: Path) -> None:
    run("new", "telescope-loan", "--category", "borrowing")
    path = local / "borrowing" / "telescope-loan.yaml"
    result = run("check", str(path))
    assert (result.code, result.err) == (0, "")
    *warnings, looked = result.out.splitlines()
    assert looked == "1 file with 1 scenario: 0 faults, 10 warnings."
    assert all(": warning: " in w for w in warnings)
    left = [w for w in warnings if w.endswith(": is still the text that 'deskguide new' put there; write your own")]
    assert len(left) == 7
    assert any("has 3 examples" in w for w in warnings)
    assert complaints("scenario", path.read_bytes()) == []


@pytest.mark.usefixtures("every_shipped")
def test_a_card_is_found_at_once(run: Run) -> None:
    run("new", "telescope-loan")
    result = run("ask", "--format", "plain", "telescope loan")
    assert (result.code, result.err) == (0, "")
    assert "telescope-loan]" in result.out.splitlines()[0]


def test_options_are_written_down(run: Run, local: Path) -> None:
    title, owner = "Scope: \"ours\" # and 'theirs' – 100 %", "- Team @ {library}"
    result = run("new", "scope", f"--title={title}", f"--owner={owner}", "--category=borrowing")
    assert (result.code, result.err) == (0, "")
    values = values_at(local / "borrowing" / "scope.yaml")
    assert (values["title"], values["owner"]) == (title, owner)


@pytest.mark.parametrize(
    "title",
    ["no", "null", "~", "2026-01-01", "12", "a: b", "&a", "*a", "!x", "| x", "> x", "[x", "é 😀", "x" * 80, "%"],
)
def test_any_title_is_read_as_it_was_typed(title: str) -> None:
    values = values_in(write_blank(WANTED._replace(title=title)).encode(), "borrowing/telescope-loan.yaml")
    assert values["title"] == title


def test_control_characters_do_not_get_into_a_file(run: Run, local: Path) -> None:
    run("new", "scope", "--title", "a\x1b[31m\u202eb\r\nc", "--owner", "\x07Team")
    values = values_at(local / "local" / "scope.yaml")
    assert (values["title"], values["owner"]) == ("a[31mb c", "Team")


@pytest.mark.parametrize("name", ["null", "true", "no", "y", "0", "007", "1e5", "2026-01-01", "x" * 60])
def test_an_id_that_yaml_would_take_for_something_else_is_kept(run: Run, local: Path, name: str) -> None:
    assert run("new", name).code == 0
    path = local / "local" / f"{name}.yaml"
    assert values_at(path)["id"] == name
    assert run("check", str(path)).code == 0


def test_a_blank_card_tells_of_every_key() -> None:
    text = write_blank(WANTED)
    for key in set(SCENARIO_KEYS) - {"based_on"}:
        assert len(re.findall(f"^#?{key}:", text, re.MULTILINE)) == 1
    lines = text.splitlines()
    for above, line in pairwise(lines):
        assert above.startswith("## ") or not re.match("#?[a-z_]+:", line)
    assert max(map(len, lines)) <= 110


@pytest.mark.usefixtures("every_shipped")
def test_what_is_switched_off_can_be_switched_on(run: Run, local: Path) -> None:
    run("new", "telescope-loan")
    path = local / "local" / "telescope-loan.yaml"
    path.write_text(re.sub("(?m)^#(?!#)", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    values = values_at(path)
    assert set(values) == set(SCENARIO_KEYS) - {"based_on"}
    assert run("check", str(path)).code == 0


def test_the_example_texts_are_nowhere_in_what_is_shipped() -> None:
    texts = {text for s in shipped_scenarios().values() for _, text in guidance(s)}
    assert len(EXAMPLE_TEXTS) > 5
    assert not texts & EXAMPLE_TEXTS


# The category


def test_a_terminal_is_asked_for_the_category(run: Run, local: Path) -> None:
    result = run("new", "telescope-loan", stdin="borrowing\n", terminal=True)
    assert result.code == 0
    assert result.err.startswith("The categories are collection, privacy, ")
    assert result.err.endswith("; a new one will do too.\nCategory (Enter for local): ")
    assert everything_below(local) == ["borrowing/telescope-loan.yaml"]


@pytest.mark.parametrize(("words", "stdin"), [((), "\n"), ((), ""), (("--no-input",), "borrowing\n")])
def test_no_answer_is_the_usual_category(run: Run, local: Path, words: tuple[str, ...], stdin: str) -> None:
    assert run("new", "telescope-loan", *words, stdin=stdin, terminal=True).code == 0
    assert everything_below(local) == ["local/telescope-loan.yaml"]


def test_an_answer_that_is_no_category_writes_nothing(run: Run, local: Path) -> None:
    result = run("new", "telescope-loan", stdin="../up\n", terminal=True)
    assert result.code == 2
    assert "'../up' cannot be the category; it takes small letters" in result.err
    assert not local.exists()


def test_a_category_that_looks_like_a_slip_is_named(run: Run, local: Path) -> None:
    result = run("new", "telescope-loan", "--category", "borowing")
    assert result.code == 0
    assert result.err == (
        "deskguide: 'borowing' is a new category; if you meant 'borrowing', "
        "move the file there and change its 'category'\n"
    )
    assert run("new", "star-chart", "--category", "borowing").err == ""  # by now it is one


def test_the_question_fits_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("new", "telescope-loan", stdin="borrowing\n", terminal=True).err.splitlines()
    assert lines[0] == "The categories are collection, privacy,"
    assert [line for line in lines if len(line) > 40] == []


# Where it lies


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "Büro 日本 📚"), ("cp1252", "Büro ?? ?"), ("ascii", "Buro ?? ?")]
)
def test_any_output_tells_where_it_lies(
    run: Run, desk_home: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, shown: str
) -> None:
    monkeypatch.setenv("DESKGUIDE_CONFIG_DIR", str(desk_home / "Büro 日本 📚"))
    title = "Größe – “日本” 😀"
    result = run("new", "telescope-loan", "--title", title, encoding=encoding)
    path = Path("scenarios", "local", "telescope-loan.yaml")
    assert result == (0, end(desk_home / shown / path, "telescope loan"), "")
    assert values_at(desk_home / "Büro 日本 📚" / path)["title"] == title


def test_a_folder_beside_is_told_whole(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESKGUIDE_CONFIG_DIR", "-beside")
    path = tmp_path / "-beside" / "scenarios" / "local" / "telescope-loan.yaml"
    assert run("new", "telescope-loan").out == end(path, "telescope loan")
    assert run("new", "telescope-loan").err.startswith(f"deskguide: {path} is there already; ")


def test_a_card_of_a_pack_with_the_same_id_is_named(run: Run, desk_home: Path) -> None:
    pack = write_added(desk_home / "config", "winter")
    theirs = pack / "scenarios" / "operations" / "goat-outside.yaml"
    result = run("new", "goat-outside", "--category", "operations")
    assert (result.code, result.err) == (
        0,
        f"deskguide: {theirs} has this id too; the two are shown as one card\n",
    )


# A copy of a shipped card


@pytest.mark.usefixtures("later")
def test_a_copy_has_all_but_what_it_would_be_found_by(run: Run, local: Path) -> None:
    result = run("new", "zine-removal", "--from", SHIPPED)
    path = local / "collection" / "zine-removal.yaml"
    assert result == (0, end(path, "zine removal"), "")
    shipped, values = values_at(DATA / "scenarios" / "collection" / f"{SHIPPED}.yaml"), values_at(path)
    assert values.keys() == shipped.keys() - {"cues"}
    own = {"id", "title", "examples", "not_this"}
    assert {k: v for k, v in values.items() if k not in own} == {
        k: v for k, v in shipped.items() if k not in {*own, "cues"}
    }
    assert not set(values["examples"]) & set(shipped["examples"])
    assert values["not_this"][0]["id"] == SHIPPED
    assert values["not_this"][1:] == shipped["not_this"]
    assert f"## The {len(shipped['examples'])} examples of {SHIPPED} are left out on purpose" in path.read_text()
    checked = run("check", str(path))
    assert (checked.code, checked.err) == (0, "")
    assert " 0 faults, " in checked.out


def test_a_copy_is_checked_no_later_than_today(run: Run, local: Path) -> None:
    run("new", "zine-removal", "--from", SHIPPED)
    path = local / "collection" / "zine-removal.yaml"
    assert values_at(path)["reviewed"] == TODAY
    assert run("check", str(path)).code == 0


@pytest.mark.usefixtures("later", "every_shipped")
def test_a_copy_is_told_only_of_the_border_to_its_origin(run: Run, local: Path) -> None:
    run("new", "zine-removal", "--from", SHIPPED)
    result = run("check", str(local / "collection" / "zine-removal.yaml"))
    told = [line for line in result.out.splitlines() if "runs one way" in line]
    assert len(told) == 1
    assert told[0].endswith(
        f"; add 'zine-removal' to 'not_this' of {SHIPPED!r} too (deskguide new {SHIPPED} starts the file for it)"
    )


def test_a_copy_takes_no_description_from_its_origin(run: Run) -> None:
    asked = ["patron wants a book removed", "mom says this novel should not be on our shelves"]
    before = [run("ask", "--format", "json", text).out.split('"id": ')[1][:30] for text in asked]
    run("new", "own-book-removal-request", "--from", SHIPPED)
    assert [run("ask", "--format", "json", text).out.split('"id": ')[1][:30] for text in asked] == before
    assert SHIPPED in before[0]


def test_a_copy_may_go_elsewhere(run: Run, local: Path) -> None:
    run("new", "zine-removal", "--from", SHIPPED, "--category", "zines", "--title", "A zine is disputed")
    values = values_at(local / "zines" / "zine-removal.yaml")
    assert (values["category"], values["title"]) == ("zines", "A zine is disputed")


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda p: p.stem)
def test_every_shipped_card_can_be_copied_and_changed(path: Path) -> None:
    shipped = values_at(path)
    copy = write_copy(WANTED, shipped).encode()
    values = values_in(copy, "borrowing/telescope-loan.yaml")
    assert values["do"] == shipped["do"]
    assert values["say"] == shipped["say"]
    assert values.get("sources") == shipped.get("sources")
    assert values["reviewed"] == shipped["reviewed"]
    assert complaints("scenario", copy) == []

    changes = write_changes(Wanted(path.stem, shipped["category"], "", "", LATER), shipped)
    assert values_in(changes.encode(), str(path)) == {"id": path.stem, "based_on": shipped["reviewed"]}
    assert complaints("scenario", changes.encode()) == []
    switched_on = values_in(re.sub("(?m)^#(?!#)", "", changes).encode(), str(path))
    assert {k: switched_on[k] for k in shipped} == shipped
    assert set(switched_on) == set(SCENARIO_KEYS)


@pytest.mark.parametrize("name", ["zine-removal", "book-removal-requst"])
def test_an_unknown_origin_names_the_nearest(run: Run, local: Path, name: str) -> None:
    result = run("new", name, "--from", "book-removal-requst")
    assert (result.code, result.out) == (1, "")
    assert re.fullmatch(
        f"deskguide: no shipped card is called 'book-removal-requst'; did you mean {SHIPPED}(, | or|\\?).*"
        "deskguide list shows all\n",
        result.err,
    )
    assert not local.exists()


@pytest.mark.parametrize("origin", ["../../etc/passwd", "C:\\x", "a\x1b[0mb", "", " "])
def test_an_origin_is_only_looked_up(run: Run, local: Path, origin: str) -> None:
    result = run("new", "zine-removal", "--from", origin)
    assert result.code == (1 if origin else 0)
    assert find_controls(result.err) == []
    assert local.exists() == (not origin)


def test_a_copy_may_not_take_a_shipped_id(run: Run, local: Path) -> None:
    assert run("new", "privacy-request", "--from", SHIPPED) == (
        2,
        "",
        "deskguide: 'privacy-request' is a shipped card itself; choose another id for the copy, "
        "or leave --from out to change it\n",
    )
    assert not local.exists()


# Changes to a shipped card


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("words", [(), ("--from", SHIPPED)])
def test_a_shipped_id_starts_changes_that_change_nothing_yet(run: Run, local: Path, words: tuple[str, ...]) -> None:
    path = local / "collection" / f"{SHIPPED}.yaml"
    before = run("show", SHIPPED, "--format", "json").out
    assert run("new", SHIPPED, *words) == (0, end(path, "book removal request"), "")
    assert set(values_at(path)) == {"id", "based_on"}
    after = run("show", SHIPPED, "--format", "json").out
    assert '"source": "shipped + local"' in after
    assert len(after) - len(before) < len(str(path)) + 80  # another file, its date, and no more
    result = run("check", str(path))
    assert (result.code, result.out) == (0, "1 file with 1 scenario: no fault.\n")


def test_options_are_the_first_changes(run: Run, local: Path) -> None:
    run("new", SHIPPED, "--owner", "Collection team", "--category", "zines", "--title", "A book is disputed")
    values = values_at(local / "zines" / f"{SHIPPED}.yaml")
    assert values.keys() == {"id", "based_on", "owner", "category", "title"}
    assert (values["owner"], values["category"], values["title"]) == ("Collection team", "zines", "A book is disputed")


def test_the_category_of_a_shipped_card_is_not_asked_for(run: Run, local: Path) -> None:
    assert run("new", SHIPPED, stdin="youth\n", terminal=True).err == ""
    assert everything_below(local) == [f"collection/{SHIPPED}.yaml"]


def test_a_damaged_shipped_file_is_named(
    run: Run, local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    (data / "scenarios").mkdir(parents=True)
    (data / "scenarios" / "seed-swap.yaml").write_text("id: [", encoding="utf-8")
    (data / "scenarios" / "seed-trade.yaml").write_text("id: x", encoding="utf-8")
    monkeypatch.setattr("deskguide.knowledge.places.shipped_data", lambda: data)
    for name in ("seed-swap", "seed-trade"):
        result = run("new", name)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith(f"deskguide: {data / 'scenarios' / name}.yaml: ")
    assert not local.exists()


# What is there already


def test_a_file_that_is_there_is_left_alone(run: Run, local: Path) -> None:
    run("new", "telescope-loan", "--category", "borrowing")
    path = local / "borrowing" / "telescope-loan.yaml"
    path.write_text("mine", encoding="utf-8")
    for words in ((), ("--category", "youth"), ("--from", SHIPPED), ("--no-input",)):
        assert run("new", "telescope-loan", *words) == (
            2,
            "",
            f"deskguide: {path} is there already; nothing was written. deskguide new telescope-loan --edit opens it\n",
        )
    assert path.read_text(encoding="utf-8") == "mine"
    assert everything_below(local) == ["borrowing/telescope-loan.yaml"]


@pytest.mark.parametrize("suffix", [".yml", ".yaml"])
def test_it_may_lie_anywhere_in_the_local_folder(run: Run, local: Path, suffix: str) -> None:
    path = local / "a" / "b" / f"telescope-loan{suffix}"
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    assert run("new", "telescope-loan").err.startswith(f"deskguide: {path} is there already")


def test_a_folder_of_that_name_is_left_alone(run: Run, local: Path) -> None:
    path = local / "local" / "telescope-loan.yaml"
    path.mkdir(parents=True)
    result = run("new", "telescope-loan")
    assert result.code == 2
    assert result.err == f"deskguide: {path} is there already, but is no file that can be read; move it away first\n"


@pytest.mark.skipif(os.name == "nt", reason="making a link needs a right there")
def test_a_link_that_leads_nowhere_is_not_followed(run: Run, local: Path, tmp_path: Path) -> None:
    path = local / "local" / "telescope-loan.yaml"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "elsewhere.yaml")
    assert run("new", "telescope-loan").code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()
    assert path.is_symlink()


def test_a_file_that_appears_meanwhile_is_left_alone(run: Run, local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = local / "local" / "telescope-loan.yaml"
    compose = write_blank

    def compose_slowly(wanted: Wanted) -> str:
        path.parent.mkdir(parents=True)
        path.write_text("theirs", encoding="utf-8")
        return compose(wanted)

    monkeypatch.setattr("deskguide.cli.authoring_new.write_blank", compose_slowly)
    assert run("new", "telescope-loan") == (
        3,
        "",
        f"deskguide: {path}: was changed meanwhile by somebody else; nothing was written, run it again\n",
    )
    assert path.read_text(encoding="utf-8") == "theirs"


# Names that cannot be


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("Telescope Loan", ", such as 'telescope-loan'"),
        ("telescope_loan", ", such as 'telescope-loan'"),
        ("Über-Leihe!", ", such as 'uber-leihe'"),
        ("a--b", ", such as 'a-b'"),
        ("../up", ", such as 'up'"),
        ("..", ""),
        ("C:\\x", ", such as 'c-x'"),
        ("a/b", ", such as 'a-b'"),
        ("a.yaml", ", such as 'a-yaml'"),
        ("望遠鏡", ""),
        ("", ""),
        ("x" * 61, ""),
        ("a\nb", ", such as 'a-b'"),
        ("a\n", ", such as 'a'"),
    ],
)
def test_an_id_that_is_none_is_refused_with_a_better_one(run: Run, local: Path, name: str, better: str) -> None:
    result = run("new", "--", name)
    shown = " ".join(name.split())[:60]
    rule = "small letters, digits and single dashes, 60 at most"
    assert result == (2, "", f"deskguide: {shown!r} cannot be the id; it takes {rule}{better}\n")
    assert not local.exists()


@pytest.mark.parametrize("name", ["con", "nul", "aux", "prn", "com1", "lpt9"])
@pytest.mark.parametrize("key", ["id", "category"])
def test_names_of_devices_are_refused_everywhere(run: Run, local: Path, name: str, key: str) -> None:
    words = (name,) if key == "id" else ("telescope-loan", "--category", name)
    assert run("new", *words) == (
        2,
        "",
        f"deskguide: {name!r} cannot be the {key}: Windows keeps that name for itself; add a word to it\n",
    )
    assert not local.exists()


@pytest.mark.parametrize("category", ["../up", "a/b", "a\\b", "Youth", "..", "C:", "/tmp"])
def test_a_category_that_is_none_is_refused(run: Run, local: Path, category: str) -> None:
    result = run("new", "telescope-loan", "--category", category)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"deskguide: {category!r} cannot be the category; it takes ")
    assert not local.exists()


def test_a_card_does_not_go_among_the_policies(run: Run) -> None:
    assert run("new", "telescope-loan", "--category", "policies").err == (
        "deskguide: 'policies' cannot be the category: that folder holds policy files; choose another name\n"
    )


@pytest.mark.parametrize(("option", "limit"), [("title", "80"), ("owner", "2,000")])
def test_a_text_that_is_too_long_is_refused(run: Run, local: Path, option: str, limit: str) -> None:
    assert run("new", "telescope-loan", f"--{option}", "x" * 2001) == (
        2,
        "",
        f"deskguide: the {option} has 2,001 characters; {limit} is the limit\n",
    )
    assert not local.exists()


# Where it cannot be written


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(run: Run, local: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"deskguide.knowledge.write.os.{step}", fail)
    path = local / "local" / "telescope-loan.yaml"
    assert run("new", "telescope-loan") == (
        3,
        "",
        f"deskguide: {path}: cannot be written: No space left on device\n",
    )
    assert everything_below(local) == []


def test_a_category_that_is_a_file_is_named(run: Run, local: Path) -> None:
    local.mkdir()
    (local / "borrowing").write_text("")
    result = run("new", "telescope-loan", "--category", "borrowing")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"deskguide: {local / 'borrowing' / 'telescope-loan.yaml'}: cannot be written: ")


@pytest.mark.skipif(os.name == "nt", reason="a folder of Windows is not closed by its mode")
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write into every folder")
def test_a_folder_that_is_read_only_is_named(run: Run, local: Path) -> None:
    local.mkdir()
    local.chmod(0o500)
    result = run("new", "telescope-loan")
    local.chmod(0o700)
    assert (result.code, result.out) == (3, "")
    assert ": cannot be written: " in result.err


def test_without_any_folder_it_says_what_to_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKGUIDE_CONFIG_DIR")
    monkeypatch.setattr("deskguide.knowledge.places._usual_folders", lambda: ("", ""))
    assert run("new", "telescope-loan") == (
        3,
        "",
        "deskguide: there is no folder for your library's own cards; name one in DESKGUIDE_CONFIG_DIR\n",
    )


# The editor


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that writes the path it was given beside itself and does to the file what ``EDITS`` says."""
    script = tmp_path / "my editor.py"
    script.write_text(
        "import os, sys\n"
        "*words, path = sys.argv[1:]\n"
        "open(sys.argv[0] + '.log', 'a', encoding='utf-8').write('|'.join([*words, path]) + '\\n')\n"
        "text = open(path, encoding='utf-8').read()\n"
        "old, _, new = os.environ.get('EDITS', '').partition('>')\n"
        "open(path, 'w', encoding='utf-8').write(text.replace(old, new)) if old else None\n"
        "os.remove(path) if os.environ.get('EDITS') == 'remove' else None\n"
        "sys.exit(int(os.environ.get('ENDS', '0')))\n",
        encoding="utf-8",
    )
    words = [sys.executable, str(script), "--wait"]
    command = " ".join(f'"{w}"' for w in words) if os.name == "nt" else shlex.join(words)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    return script.with_name("my editor.py.log")


def test_the_file_is_opened_and_then_checked(run: Run, local: Path, editor: Path) -> None:
    path = local / "borrowing" / "telescope-loan.yaml"
    result = run("new", "telescope-loan", "--category", "borrowing", "--edit")
    assert (result.code, result.err) == (0, "")
    assert editor.read_text(encoding="utf-8") == f"--wait|{path}\n"
    checked = run("check", str(path)).out
    assert result.out == checked + end(path, "telescope loan")


def test_faults_are_printed_as_check_prints_them(
    run: Run, local: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITS", "priority: routine>priority: rotine")
    path = local / "local" / "telescope-loan.yaml"
    result = run("new", "telescope-loan", "--edit")
    assert result.code == 1
    line = path.read_text(encoding="utf-8").splitlines().index("priority: rotine") + 1
    assert result.out == (
        f"{path}:{line}:11: 'rotine' is not a priority; did you mean 'routine'?\n"
        f"1 file with 0 scenarios: 1 fault, 0 warnings.\n{end(path, 'telescope loan')}"
    )


def test_a_file_that_is_there_is_opened(run: Run, local: Path, editor: Path) -> None:
    run("new", "telescope-loan", "--category", "borrowing")
    path = local / "borrowing" / "telescope-loan.yaml"
    before = path.read_bytes()
    assert run("new", "telescope-loan", "--edit", "--category", "youth").code == 0
    assert editor.read_text(encoding="utf-8").endswith(f"|{path}\n")
    assert path.read_bytes() == before
    assert everything_below(local) == ["borrowing/telescope-loan.yaml"]


def test_without_edit_no_editor_is_opened(run: Run, editor: Path) -> None:
    run("new", "telescope-loan")
    assert not editor.exists()


def test_visual_goes_before_editor(run: Run, editor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", os.environ["EDITOR"].replace("--wait", "--visual"))
    monkeypatch.setenv("EDITOR", "no-such-editor")
    assert run("new", "telescope-loan", "--edit").code == 0
    assert editor.read_text(encoding="utf-8").startswith("--visual|")


def test_an_editor_that_ends_with_a_failure_is_named(run: Run, editor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDS", "3")
    result = run("new", "telescope-loan", "--edit")
    assert result.code == 0
    assert result.err.endswith(" ended with 3; look whether your changes are there\n")


def test_a_file_that_was_deleted_in_the_editor_is_not_checked(
    run: Run, local: Path, editor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITS", "remove")
    path = local / "local" / "telescope-loan.yaml"
    assert run("new", "telescope-loan", "--edit") == (
        3,
        "",
        f"deskguide: {path}: is no longer there, so it was not checked\n",
    )


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("no-such-editor --wait", "'no-such-editor' cannot be started (No such file or directory)"),
        ("'never closed", "EDITOR cannot be read: a quote in it is never closed"),
        ("no-such-editor; touch pwned && $(touch pwned)", "'no-such-editor;' cannot be started"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the words of POSIX")
def test_an_editor_that_is_none_leaves_the_file_and_says_where(
    run: Run, local: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    path = local / "local" / "telescope-loan.yaml"
    result = run("new", "telescope-loan", "--edit")
    assert (result.code, result.out) == (0, end(path, "telescope loan"))
    assert result.err.startswith(f"deskguide: {told}")
    assert result.err.endswith(f". Open the file yourself: {path}\n")
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("terminal", [True, False])
def test_without_any_editor_it_says_where_the_file_lies(
    run: Run, local: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.setenv(name, " ")
    monkeypatch.setenv("SYSTEMROOT", str(local))
    monkeypatch.setattr("deskguide.cli.editor.shutil.which", lambda _: None)
    path = local / "local" / "telescope-loan.yaml"
    result = run("new", "telescope-loan", "--edit", "--no-input", terminal=terminal)
    assert result == (
        0,
        end(path, "telescope loan"),
        f"deskguide: no editor was found; set EDITOR. Open the file yourself: {path}\n",
    )


class _Opened:
    """Stands for a system: notes what would be started."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, system: str = "posix", terminal: bool = True) -> None:
        self.words: list[str] = []
        desk = sit_down(Format.PLAIN, (), True, "", "", False)
        monkeypatch.setattr("deskguide.cli.editor.os.name", system)
        monkeypatch.setattr("deskguide.cli.editor.shutil.which", lambda name: f"/found/{name}")
        monkeypatch.setattr("deskguide.cli.editor.os.path.isfile", lambda path: True)
        monkeypatch.setattr("deskguide.cli.editor.subprocess.run", self._run)
        monkeypatch.setattr(desk.streams, "can_ask", lambda: terminal)
        self.is_opened = open_in_editor("card.yaml", desk.streams)

    def _run(self, words: list[str], *, check: bool) -> Any:
        self.words = words
        return type("Done", (), {"returncode": 0})()


def test_the_usual_editor_needs_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    with monkeypatch.context() as patch:
        assert _Opened(patch).words == ["/found/nano", "card.yaml"]
    with monkeypatch.context() as patch:
        assert not _Opened(patch, terminal=False).is_opened


def test_windows_has_notepad_and_paths_with_backslashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setenv("SYSTEMROOT", "W:")
    with monkeypatch.context() as patch:
        assert _Opened(patch, system="nt", terminal=False).words == [
            os.path.join("W:", "System32", "notepad.exe"),
            "card.yaml",
        ]
    monkeypatch.setenv("EDITOR", '"C:\\My Programs\\edit.exe" --wait')
    with monkeypatch.context() as patch:
        assert _Opened(patch, system="nt").words == ["/found/C:\\My Programs\\edit.exe", "--wait", "card.yaml"]
