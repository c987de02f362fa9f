"""Files whose content is not what a scenario file should hold: each is named, left out, and does nothing."""

import codecs
from pathlib import Path

import pytest
import yaml

from deskguide.knowledge.read import MAX_BYTES
from tests.cli.conftest import find_controls
from tests.conftest import Run, whole_scenario, write_values
from tests.hostile.conftest import StillAnswers

SOUND = yaml.safe_dump(whole_scenario("bad-card"), sort_keys=False).encode()
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
UTF_16 = "is saved as UTF-16; save it again with the encoding UTF-8"

CONTENTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", ":1:1: is empty; a scenario file starts with 'id: ' and its name"),
    "white space": (b"\n  \n\n", ":1:1: is empty; a scenario file starts with 'id: ' and its name"),
    "comment": (b"# later\n", ":1:1: is empty; a scenario file starts with 'id: ' and its name"),
    "zeros": (bytes(4096), f":1:1: {UTF_16}"),
    "zero inside": (b"id: bad-card\ntitle: a\x00b\n", ":2:9: is not a text file (it holds a zero byte)"),
    "picture": (
        b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)),
        ":1:1: byte 0x89 is not UTF-8; save the file again with the encoding UTF-8",
    ),
    "archive": (
        b"\x1f\x8b\x08\x08" + bytes(range(255, 0, -1)),
        ":1:2: byte 0x8b is not UTF-8; save the file again with the encoding UTF-8",
    ),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(64), ":1:8: is not a text file (it holds a zero byte)"),
    "UTF-16": (codecs.BOM_UTF16_LE + SOUND.decode().encode("utf-16-le"), f":1:1: {UTF_16}"),
    "UTF-16, big end first": (codecs.BOM_UTF16_BE + SOUND.decode().encode("utf-16-be"), f":1:1: {UTF_16}"),
    "UTF-16 without a mark": (SOUND.decode().encode("utf-16-le"), f":1:1: {UTF_16}"),
    "Latin-1": (
        b"id: bad-card\ntitle: gr\xf6\xdfe\n",
        ":2:10: byte 0xf6 is not UTF-8; save the file again with the encoding UTF-8",
    ),
    "deep list": (b"id: bad-card\ndo: " + b"[" * 100_000, ":2:16: is nested more than 12 deep"),
    "deep mapping": (b"{a: " * 100_000, ":1:49: is nested more than 12 deep"),
    "deep dashes": (b"- " * 100_000 + b"x", ":1:25: is nested more than 12 deep"),
    "alias bomb": (BOMB.encode(), ":1:4: an anchor (&name) is not read here; delete it"),
    "alias": (b"id: bad-card\ntitle: *other\n", ":2:8: an alias (*name) is not read here; write the text out"),
    "alias to itself": (b"id: &a [*a]\n", ":1:5: an anchor (&name) is not read here; delete it"),
    "two documents": (
        SOUND + b"---\nid: other\n",
        f":{SOUND.count(10) + 1}:1: a second document starts here; keep one scenario in a file",
    ),
    "list": (b"- id: bad-card\n", ":1:1: holds no keys; write 'key: value' lines, the first one 'id: ...'"),
    "sentence": (b"Patrons come in.\n", ":1:1: holds no keys; write 'key: value' lines, the first one 'id: ...'"),
    "key twice": (SOUND + b"title: y\n", f":{SOUND.count(10) + 1}:1: the key 'title' stands here twice; keep one"),
    "cut in a text": (
        b"id: bad-card\ntitle: 'Patron wants to sw",
        ":2:8: found unexpected end of stream; the quote that opens here is never closed",
    ),
    "cut in a key": (b"id: bad-card\ntit", ":2:1: could not find expected ':'; this line may lack its colon"),
    "escape": (
        b"id: bad-card\ntitle: \x1b[2J\n",
        ":2:8: the invisible character U+001B stands in this text; delete it",
    ),
    "escaped escape": (
        b'id: bad-card\ntitle: "a\\e[2J"\n',
        ":2:8: the invisible character U+001B stands in this text; delete it",
    ),
    "C1 control": (
        b'id: bad-card\ntitle: "\\x9b31m"\n',
        ":2:8: the invisible character U+009B stands in this text; delete it",
    ),
    "reversed text": (
        "id: bad-card\ntitle: a\u202eb\n".encode(),
        ":2:8: the invisible character U+202E stands in this text; delete it",
    ),
    "too large": (
        SOUND + b"# " + b"x" * MAX_BYTES,
        ": is larger than 1,000 kB; a scenario file is a few pages of text",
    ),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_that_is_no_scenario_is_named_with_its_place_and_left_out(
    run: Run, desk: Path, still_answers: StillAnswers, name: str
) -> None:
    content, fault = CONTENTS[name]
    path = desk / "collection" / "bad-card.yaml"
    path.write_bytes(content)
    still_answers(f"{path}{fault}")
    still_answers(f"{path}{fault}")  # this time from the store
    shown = run("show", "--no-builtin", "bad-card")
    assert (shown.code, shown.out) == (1, "")
    checked = run("check", "--no-builtin", str(path))
    assert checked.code == 1
    assert f"{path}{fault}" in checked.out.splitlines()
    path.unlink()
    still_answers()


TAGS = (
    "!!python/object/apply:os.mkdir [{0}]",
    "!!python/object/new:os.mkdir [{0}]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!python/object:subprocess.Popen {{args: [mkdir, {0}]}}",
    "!<tag:yaml.org,2002:python/object/apply:os.mkdir> [{0}]",
    "!include {0}",
    "!!binary aGVsbG8=",
    "!!timestamp 2026-01-01",
    "!env HOME",
)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "where", ["title: {}\n", "{}\n", "do:\n  - {}\n", "policies:\n  - id: a\n    why: {}\n", "? {}\n: x\n"]
)
def test_a_tag_is_refused_and_nothing_comes_of_it(
    desk: Path, desk_home: Path, still_answers: StillAnswers, tag: str, where: str
) -> None:
    path = desk / "collection" / "bad-card.yaml"
    before, _, _ = where.partition("{}")
    marker = desk_home / "ran"
    path.write_text(where.format(tag.format(marker)), encoding="utf-8")
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    still_answers(f"{path}:{line}:{column}: a tag (!...) is not read here; delete it")
    assert not marker.exists()


def test_a_half_written_file_is_named_wherever_it_ends(run: Run, desk: Path, still_answers: StillAnswers) -> None:
    path = desk / "collection" / "bad-card.yaml"
    for end in range(0, SOUND.index(b"reviewed"), 23):
        path.write_bytes(SOUND[:end])
        asked = run("ask", "--no-builtin", "--top", "0", "patron wants to swap tomato seeds")
        assert asked.out.startswith("[routine · seed-swap]\n"), end
        lines = asked.err.splitlines()
        assert lines, end
        assert all(line.startswith(f"{path}:") for line in lines), end
        assert run("show", "--no-builtin", "bad-card").code == 1
    path.write_bytes(SOUND)
    still_answers()


IDS = (
    "../up",
    "../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "a\\b",
    "C:x",
    "con.txt",
    "a b",
    "A",
    "-rf",
    "x" * 61,
)


@pytest.mark.parametrize("name", IDS)
def test_an_id_with_the_characters_of_a_path_is_refused_in_a_file_and_unknown_elsewhere(
    run: Run, desk: Path, still_answers: StillAnswers, name: str
) -> None:
    path = desk / "collection" / "bad-card.yaml"
    write_values(path, whole_scenario("bad-card", id=name))
    told = f"{name[:60]!r} cannot be the id; it takes small letters, digits and single dashes, 60 at most"
    still_answers(f"{path}:1:5: {told}")
    for command in ("show", "policy"):
        result = run(command, "--no-builtin", "--", name)
        assert (result.code, result.out) == (1, "")
        kind = "scenario" if command == "show" else command
        assert result.err.splitlines()[-1].startswith(f"deskguide: no {kind} is called {name!r}; ")
    profile = run("list", "--no-builtin", f"--profile={name}")
    assert (profile.code, profile.out) == (3, "")
    category = run("list", "--no-builtin", f"--category={name}")
    assert (category.code, category.out) == (2, "")


def test_a_file_of_another_name_than_its_id_is_refused(desk: Path, still_answers: StillAnswers) -> None:
    path = desk / "collection" / "bad-card.yaml"
    write_values(path, whole_scenario("seed-swap"))
    still_answers(f"{path}:1:5: the id 'seed-swap' and the file's name 'bad-card' must be the same")


def test_faulty_policies_and_profiles_are_named_and_left_out(
    run: Run, desk: Path, desk_home: Path, still_answers: StillAnswers
) -> None:
    policy = desk_home / "config" / "policies" / "bad-rule.yaml"
    profile = desk_home / "config" / "profile.yaml"
    policy.write_text("id: bad-rule\ntitle: !!python/name:os.system x\n", encoding="utf-8")
    profile.write_text("manager: [Sam]\nstate: Idaho\n", encoding="utf-8")
    still_answers(
        f"{policy}:2:8: a tag (!...) is not read here; delete it",
        f"{profile}:1:10: 'manager' holds one text, not a list; delete the dash",
        f"{profile}:2:8: 'IDAHO' is not the two-letter code of a state, such as ID or NY",
    )
    assert run("policy", "--no-builtin", "bad-rule").code == 1


MARKUP = "[b]bold[/b] [/x] [link=file:///etc/passwd]link[/link] :warning: [red]{manager} {0} {} %s $HOME `id` <b>&lt;"


@pytest.mark.parametrize("format_", ["plain", "rich"])
@pytest.mark.parametrize("terminal", [False, True])
def test_markup_in_files_is_shown_as_it_was_written(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch, format_: str, terminal: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LINES", "500")
    texts = {key: [MARKUP] for key in ("do", "avoid", "offer", "follow_up")}
    write_values(
        desk / "collection" / "odd-card.yaml",
        whole_scenario("odd-card", title="[b]Odd[/b] [/x] card", say=[MARKUP], owner="[i]Kim", **texts),
    )
    shown = run("show", "--no-builtin", "--format", format_, "odd-card", terminal=terminal)
    assert (shown.code, shown.err) == (0, "")
    assert find_controls(shown.out) == []
    flat = "".join(shown.out.replace("│", "").split())
    assert flat.count("".join(MARKUP.replace("{manager}", "your manager").split())) == 4
    assert flat.count("".join(MARKUP.replace("{manager}", "my manager").split())) == 1
    assert "[b]Odd[/b][/x]card" in flat
    assert "by[i]Kim" in flat
    listed = run("list", "--no-builtin", "--format", format_, terminal=terminal)
    assert "[b]Odd[/b] [/x] card" in listed.out


WORDS = "\x1b[2J\x1b]0;owned\x07 swap \x9b31m\u202e[b]tomato[/b] [/x]\r\n\tseeds\x00 \u2066{manager} \udcff"


@pytest.mark.parametrize("format_", ["plain", "rich", "markdown", "json"])
@pytest.mark.parametrize("extra", [[], ["--explain"], ["--full"]])
def test_control_codes_and_markup_in_words_reach_no_output(
    run: Run, desk: Path, format_: str, extra: list[str]
) -> None:
    result = run("ask", "--no-builtin", *extra, "--format", format_, WORDS)
    assert (result.code, result.err) == (0, "")
    assert "seed-swap" in result.out
    assert find_controls(result.out) == []
    for command in (["show", WORDS], ["policy", WORDS], ["list", "--category", WORDS], ["list", "--state", WORDS]):
        told = run(*command, "--no-builtin", "--format", format_)
        assert told.code in (1, 2)
        assert find_controls(told.out + told.err) == []
        assert "owned" in told.err


def test_nothing_that_was_typed_is_kept(run: Run, desk: Path, desk_home: Path) -> None:
    assert run("ask", "--no-builtin", "swap seeds with xylocarpus").code == 0
    for path in desk_home.rglob("*"):
        if path.is_file():
            assert b"xylocarpus" not in path.read_bytes()
