import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deskguide.author.profile_text import new_profile
from deskguide.cli.streams import Streams
from tests.cli.conftest import Launch, find_controls
from tests.conftest import Run

NEXT = "\nTry next:\n  deskguide show privacy-request\n  deskguide info\n"
JUNIPER: dict[tuple[str, ...], str] = {("library",): "Juniper Public Library", ("state",): "ID"}

pytestmark = pytest.mark.usefixtures("desk")


@pytest.fixture
def profile(desk_home: Path) -> Path:
    return desk_home / "config" / "profile.yaml"


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _files(desk_home: Path) -> list[str]:
    return sorted(p.name for p in (desk_home / "config").iterdir() if p.name.startswith("profile"))


def test_options_become_a_commented_profile(run: Run, profile: Path, desk_home: Path) -> None:
    result = run("init", "--name", "Juniper Public Library", "--state", "id", "--no-input")
    assert result == (0, f"Wrote your library's profile:\n  {profile}\n{NEXT}", "")
    assert _read(profile) == new_profile(JUNIPER)
    assert _files(desk_home) == ["profile.yaml"]


def test_every_option_reaches_the_cards(run: Run, desk: Path, profile: Path) -> None:
    code = run(
        "init", "--name", 'Elm: the "best" #1 📚', "--state", "NY", "--manager", "& the head", "--security", "@guard",
        "--police", "no", "--review-months", "1", "--phone", "front_desk=ext. 5", "--phone", "a-b=it's = 7",
        "--policy", "seed-rules=https://juniper.example/seeds#1", "--policy", "local-ill=https://juniper.example/ill",
    ).code  # fmt: skip
    assert code == 0
    path = desk / "operations" / "umbrella-found.yaml"
    steps = "'{library} | {manager} | {security} | {police} | {front_desk} | {a-b}'"
    path.write_text(path.read_text(encoding="utf-8").replace("Listen first.", steps), encoding="utf-8")
    text = " ".join(run("show", "umbrella-found").out.split())
    assert 'Elm: the "best" #1 📚 | & the head | @guard | no | ext. 5 | it\'s = 7' in text
    assert "OUT OF DATE: over 1 month old" not in text
    assert "\n    https://juniper.example/seeds#1\n" in run("show", "seed-swap").out
    assert "https://juniper.example/ill" in run("policy", "local-ill").out
    assert run("check", str(profile)) == (0, "1 file with 0 scenarios: no fault.\n", "")


def test_without_anything_given_a_profile_to_fill_in_is_written_and_every_command_takes_it(
    run: Run, profile: Path
) -> None:
    assert run("init", "--no-input").code == 0
    assert _read(profile) == new_profile({})
    shown = run("show", "privacy-request")
    assert (shown.code, shown.err) == (0, "")
    assert run("check", str(profile)).code == 0


@pytest.mark.parametrize("format_", ["plain", "markdown", "rich"])
def test_with_a_state_a_card_on_privacy_shows_its_law(run: Run, format_: str) -> None:
    before = run("show", "--format", format_, "parent-child-record").out
    assert "set the state in the profile" in " ".join(before.replace("│", "").split())
    run("init", "--state", "NY")
    text = run("show", "--format", format_, "parent-child-record").out
    assert "In NY" in text
    assert "N.Y. C.P.L.R. 4509" in text
    assert "set the state in the profile" not in " ".join(text.replace("│", "").split())


def test_without_a_terminal_and_without_options_it_says_what_to_do(run: Run, desk_home: Path) -> None:
    assert run("init") == (
        2,
        "",
        "deskguide: nobody is there to ask; give options, such as --name and --state (deskguide init --help shows all),"
        " or --no-input for a profile to fill in by hand\n",
    )
    assert _files(desk_home) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--state", "XX"], "no state is called 'XX'; use its two-letter code, such as ID or NY"),
        (["--state", "Idaho"], "no state is called 'IDAHO'; use its two-letter code, such as ID or NY"),
        (["--name", " \x00"], "--name is empty; give its text or leave the option out"),
        (["--manager", "x" * 2001], "--manager: this text has 2,001 characters; 2,000 is the limit"),
        (["--review-months", "0"], "--review-months: 'review_months' is a number of months from 1 to 600"),
        (["--phone", "annex"], "--phone takes NAME=TEXT, such as front_desk=ext. 5; 'annex' is not of that form"),
        (["--phone", "=x"], "--phone takes NAME=TEXT, such as front_desk=ext. 5; '=x' is not of that form"),
        (["--phone", "a="], "--phone a is empty; give its text or leave the option out"),
        (["--phone", "Front=x"],
         "--phone Front: 'Front' in 'names' must be small letters, digits, dashes or underscores"),
        (["--phone", "library=x"], "--phone library: use --name for this name"),
        (["--phone", "a=x", "--phone", "a=y"], "--phone gives 'a' twice; keep one"),
        (["--policy", "https://a.example"],
         "--policy takes ID=URL, such as local-ill=https://...; 'https://a.example' is not of that form"),
        (["--policy", "local-ill=http://a.example"],
         "--policy local-ill: the address of 'local-ill' must start with https://"),
        (["--policy", "local-ill=https://"],
         "--policy local-ill: write the whole address without spaces, such as https://library.example.org/rules"),
        (["--policy", "local-ill=https://a.example/our rules"],
         "--policy local-ill: write the whole address without spaces, such as https://library.example.org/rules"),
        (["--policy", "seed-rulez=https://a.example"],
         "no policy is called 'seed-rulez'; did you mean seed-rules? deskguide policy lists all"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_explained_and_nothing_is_written(
    run: Run, desk_home: Path, arguments: list[str], message: str
) -> None:
    assert run("init", "--manager", "the head", *arguments)[:2] == (2, "")
    assert run("init", *arguments).err == f"deskguide: {message}\n"
    assert _files(desk_home) == []


@pytest.mark.parametrize(
    "name", ["../x", "..", "a/b", "a\\b", "/x", "C:x", "con", "NUL.txt", "a\x1b[2Jb", "-", " ", "north.yaml"]
)
def test_a_profile_never_leaves_its_folder(run: Run, desk_home: Path, name: str) -> None:
    before = sorted(desk_home.rglob("*"))
    result = run("init", "--state", "ID", f"--profile={name}")
    assert (result.code, result.out) == (2, "")
    assert "cannot be the profile's name: " in result.err
    assert find_controls(result.err) == []
    assert sorted(desk_home.rglob("*")) == before


def test_a_branch_has_a_profile_of_its_own(run: Run, desk_home: Path) -> None:
    path = desk_home / "config" / "profiles" / "north.yaml"
    result = run("init", "--profile", "north", "--state", "ID")
    tail = NEXT.replace("request\n", "request --profile north\n").replace("info\n", "info --profile north\n")
    assert result == (0, f"Wrote your library's profile:\n  {path}\n{tail}", "")
    assert _files(desk_home) == ["profiles"]
    assert "In ID" in run("show", "--profile", "north", "privacy-request").out


def test_a_number_of_months_is_written_as_every_reader_takes_it(run: Run, profile: Path) -> None:
    assert run("init", "--review-months", "012").code == 0
    assert _read(profile) == new_profile({("review_months",): "12"})


THEIRS = """\
# checked by the board
manager: the head   # until May
state: ID
# library: somebody's note
"""


def test_run_again_it_changes_what_was_given_and_keeps_a_copy(run: Run, profile: Path, desk_home: Path) -> None:
    profile.write_text(THEIRS, encoding="utf-8")
    result = run("init", "--manager", "the deputy", "--state", "ID", "--police", "ext. 9")
    assert result == (
        0,
        f"Changed manager and police in your library's profile:\n  {profile}\n"
        f"As it was before, it is kept in:\n  {profile}.old\n{NEXT}",
        "",
    )
    assert _read(profile).startswith(THEIRS.replace("the head", "the deputy"))
    assert _read(profile).endswith("\npolice: ext. 9\n")
    assert _read(Path(f"{profile}.old")) == THEIRS
    assert _files(desk_home) == ["profile.yaml", "profile.yaml.old"]


@pytest.mark.parametrize("arguments", [["--state", "id"], ["--no-input"]])
def test_what_is_there_already_is_left_as_it_is(run: Run, profile: Path, desk_home: Path, arguments: list[str]) -> None:
    profile.write_text(THEIRS, encoding="utf-8")
    told = f"Your library's profile holds this already and was left as it is:\n  {profile}\n{NEXT}"
    assert run("init", *arguments) == (0, told, "")
    assert _read(profile) == THEIRS
    assert _files(desk_home) == ["profile.yaml"]


def test_a_value_over_several_lines_is_named_and_left(run: Run, profile: Path, desk_home: Path) -> None:
    text = "state: ID\nmanager: |\n  the\n  head\n"
    profile.write_text(text, encoding="utf-8")
    assert run("init", "--manager", "x", "--state", "NY") == (
        3,
        "",
        f"deskguide: {profile}: 'manager' is not written on one line of its own, so it was not replaced; change it by"
        " hand (line 2, column 10). The file was left as it is\n",
    )
    assert _read(profile) == text
    assert _files(desk_home) == ["profile.yaml"]


@pytest.mark.parametrize("content", ["names: {}\n", "state: NY\n...\n", "{state: NY}\n"])
def test_what_has_no_place_in_the_file_is_named_and_left(run: Run, profile: Path, content: str) -> None:
    profile.write_text(content, encoding="utf-8")
    result = run("init", "--phone", "front_desk=ext. 5")
    assert (result.code, result.out) == (3, "")
    assert "'names.front_desk' cannot be set without touching what is around it; change it by hand (" in result.err
    assert _read(profile) == content


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"manger: x\nstate: zz\n", ["1:1: 'manger' is not a key of a profile; did you mean 'manager'?",
                                    "2:8: 'ZZ' is not the two-letter code of a state, such as ID or NY"]),
        (b"state: [\n", None),
        (b"library: B\xfccherei\n", ["1:11: byte 0xfc is not UTF-8; save the file again with the encoding UTF-8"]),
    ],
)  # fmt: skip
def test_a_faulty_profile_is_left_and_its_faults_are_named(
    run: Run, profile: Path, desk_home: Path, content: bytes, faults: list[str] | None
) -> None:
    profile.write_bytes(content)
    result = run("init", "--state", "ID")
    assert (result.code, result.out) == (3, "")
    told = result.err.splitlines()
    number = "1 fault" if len(told) == 2 else "2 faults"
    assert told[-1] == f"deskguide: {profile}: has {number} and was left as it is; mend it, then run init again"
    if faults is not None:
        assert told[:-1] == [f"{profile}:{fault}" for fault in faults]
    assert profile.read_bytes() == content
    assert _files(desk_home) == ["profile.yaml"]


def test_questions_are_asked_on_a_terminal(run: Run, profile: Path) -> None:
    replies = [
        "Juniper Public Library", "zz", "id", "", "", "the police (555-0100)", "annex", "Annex = x", "annex = ext: 7",
        "", "y", "", "http://a.example", "https://juniper.example/fines", ".",
    ]  # fmt: skip
    result = run("init", terminal=True, stdin="".join(f"{reply}\n" for reply in replies))
    assert (result.code, result.out) == (0, f"Wrote your library's profile:\n  {profile}\n{NEXT}")
    assert _read(profile) == new_profile(
        {
            **JUNIPER,
            ("police",): "the police (555-0100)",
            ("names", "annex"): "ext: 7",
            ("policies", "local-circulation-fines"): "https://juniper.example/fines",
        }
    )
    asked = " ".join(result.err.split())
    assert "This writes your library's profile" in asked
    assert "no state is called 'ZZ'" in asked
    assert "Write the name, an equals sign and the text." in asked
    assert "'Annex' in 'names' must be small letters" in asked
    assert (
        "local-accessibility: Accessibility and accommodation policy Your library's own rules say how to ask" in asked
    )
    assert "must start with https://" in asked


def test_questions_fit_a_narrow_terminal(run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile.write_text(f"library: {'Bücherei ' * 20}\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "40")
    result = run("init", terminal=True, stdin="\nzz\n\n\n\n\nx\n\ny\nx\n.\n")
    assert result.code == 0
    # What is typed ends the line of a question; here nobody sees it, and the next line follows.
    lines = [line for text in result.err.splitlines() for line in text.split(": ") if " " in line]
    assert len(lines) > 40
    assert [line for line in lines if len(line) > 40] == []
    words = " ".join(result.err.split())
    assert "Whom staff turn to first, such as: the branch manager (ext. 12): " in words
    assert "[Bücherei Bücherei Bücherei Bücherei Bücherei Bücherei…]: " in words


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_results_fit_a_narrow_terminal_and_any_encoding(
    run: Run, desk_home: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    config = desk_home / "Büro 日本 📚"
    monkeypatch.setenv("DESKGUIDE_CONFIG_DIR", str(config))
    monkeypatch.setenv("COLUMNS", "40")
    shown = {"utf-8": "Büro 日本 📚", "cp1252": "Büro ?? ?", "ascii": "Buro ?? ?"}[encoding]
    path = f"  {desk_home / shown / 'profile.yaml'}"
    name = "Bücherei “Süd” – 日本 😀"
    results = [
        run("init", *options, encoding=encoding)
        for options in (["--name", name], ["--name", "x", "--state", "ID", "--police", "y"], ["--state", "ID"])
    ]
    assert [(r.code, r.err) for r in results] == [(0, "")] * 3
    assert [r.out.removesuffix(NEXT).splitlines() for r in results] == [
        ["Wrote your library's profile:", path],
        ["Changed library, state and police in", "your library's profile:", path,
         "As it was before, it is kept in:", f"{path}.old"],
        ["Your library's profile holds this", "already and was left as it is:", path],
    ]  # fmt: skip
    assert _read(config / "profile.yaml.old") == new_profile({("library",): name})


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_process_of_any_encoding_takes_any_name(launch: Launch, desk_home: Path, encoding: str) -> None:
    name = "Größe 日本 😀"
    path = desk_home / "config" / "profile.yaml"
    done = launch("init", "--name", name, PYTHONIOENCODING=encoding, PYTHONUTF8="1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert _read(path) == new_profile({("library",): name})
    wrong = launch("init", "--state", name, PYTHONIOENCODING=encoding, PYTHONUTF8="1")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    shown = {"cp1252": "GRÖSSE ?? ?", "ascii": "GROSSE ?? ?"}[encoding]
    told = f"deskguide: no state is called '{shown}'; use its two-letter code, such as ID or NY"
    assert wrong.stderr.decode(encoding).splitlines() == [told]


def test_policies_are_gone_through_only_if_wanted(run: Run, profile: Path) -> None:
    result = run("init", terminal=True, stdin="\n" * 7)
    assert (result.code, _read(profile)) == (0, new_profile({}))
    assert "Go through them now? (y or n): " in result.err
    assert "Its address" not in result.err


def test_a_policy_of_one_s_own_is_offered_too(run: Run, profile: Path) -> None:
    run("init", terminal=True, stdin="\n" * 6 + "y\n" + "\n" * 29 + "https://juniper.example/seeds\n")
    assert _read(profile) == new_profile({("policies", "seed-rules"): "https://juniper.example/seeds"})


def test_what_is_there_is_shown_and_enter_keeps_it(run: Run, profile: Path) -> None:
    profile.write_text(THEIRS, encoding="utf-8")
    result = run("init", terminal=True, stdin="\nNY\n" + "\n" * 5)
    assert result.code == 0
    assert "Whom staff turn to first, such as: the branch manager (ext. 12) [the head]: " in result.err
    assert "[ID]: " in result.err
    assert _read(profile) == THEIRS.replace("ID", "NY")


def test_options_on_a_terminal_ask_nothing(run: Run, profile: Path) -> None:
    assert run("init", "--state", "ID", terminal=True).err == ""
    assert _read(profile) == new_profile({("state",): "ID"})


def test_an_ended_input_keeps_what_was_typed(run: Run, profile: Path) -> None:
    assert run("init", terminal=True, stdin="Juniper Public Library\n").code == 0
    assert _read(profile) == new_profile({("library",): "Juniper Public Library"})


@pytest.mark.parametrize("calls", [0, 3, 6, 8])
def test_an_interrupt_writes_nothing(run: Run, desk_home: Path, monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    replies = ["Juniper Public Library", "ID", "", "", "", "", "y", "https://juniper.example/x", ""][:calls]

    def ask(_: Streams, __: str) -> str:
        if not replies:
            raise KeyboardInterrupt
        return replies.pop(0)

    monkeypatch.setattr(Streams, "ask", ask)
    result = run("init", terminal=True)
    assert (result.code, result.out) == (130, "")
    assert _files(desk_home) == []


def test_what_somebody_changed_while_questions_were_asked_is_kept(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.write_text(THEIRS, encoding="utf-8")
    replies = ["", "NY"]

    def ask(_: Streams, __: str) -> str:
        profile.write_text(THEIRS + "police: ext. 9\n", encoding="utf-8")
        return replies.pop(0) if replies else ""

    monkeypatch.setattr(Streams, "ask", ask)
    assert run("init", terminal=True).code == 0
    assert _read(profile) == THEIRS.replace("ID", "NY") + "police: ext. 9\n"


def test_a_file_changed_at_the_last_moment_is_not_written_over(
    run: Run, profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.write_text(THEIRS, encoding="utf-8")
    from deskguide.author import profile_text
    from deskguide.cli import setting_up

    change: Callable[..., object] = profile_text.change_profile

    def change_late(*arguments: object) -> object:
        profile.write_text("state: WY\n", encoding="utf-8")
        return change(*arguments)

    monkeypatch.setattr(setting_up, "change_profile", change_late)
    result = run("init", "--state", "NY")
    assert (result.code, result.out) == (3, "")
    assert "was changed meanwhile by somebody else; nothing was written" in result.err
    assert _read(profile) == "state: WY\n"


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(
    run: Run, profile: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    profile.write_text(THEIRS, encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, function, fail)
    result = run("init", "--state", "NY")
    assert result == (3, "", f"deskguide: {profile}: cannot be written: No space left on device\n")
    assert _read(profile) == THEIRS
    assert _files(desk_home) == ["profile.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_left_with_what_it_points_to(run: Run, profile: Path, tmp_path: Path, is_there: bool) -> None:
    target = tmp_path / "elsewhere.yaml"
    if is_there:
        target.write_text(THEIRS, encoding="utf-8")
    profile.symlink_to(target)
    result = run("init", "--state", "NY")
    told = f"is a link to {target}; it was left as it is: change that file itself"
    assert result == (3, "", f"deskguide: {profile}: {told}\n")
    assert profile.is_symlink()
    assert target.exists() == is_there
    assert not is_there or _read(target) == THEIRS


def test_a_folder_in_its_place_is_told(run: Run, profile: Path) -> None:
    profile.mkdir()
    told = "is not an ordinary file; move it away and run init again"
    assert run("init", "--state", "NY") == (3, "", f"deskguide: {profile}: {told}\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes in folders")
def test_a_pipe_in_its_place_is_told(run: Run, profile: Path) -> None:
    os.mkfifo(profile)
    assert run("init", "--state", "NY").code == 3


def test_a_file_where_the_folder_should_be_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DESKGUIDE_CONFIG_DIR", str(tmp_path / "file"))
    result = run("init", "--state", "NY")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"deskguide: {tmp_path / 'file' / 'profile.yaml'}: cannot be written: ")


def test_without_any_home_it_says_which_folder_to_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKGUIDE_CONFIG_DIR")
    monkeypatch.setattr("deskguide.knowledge.places._usual_folders", lambda: ("", ""))
    told = "there is no folder for the profile; set DESKGUIDE_CONFIG_DIR to the one it shall lie in"
    assert run("init", "--state", "NY") == (3, "", f"deskguide: {told}\n")


def test_help_explains_itself_with_an_example(run: Run) -> None:
    text = " ".join(run("init", "--help").out.split())
    assert (
        'For example: deskguide init --name "Juniper Public Library" --state ID --manager "the branch manager' in text
    )
    for option in ("--security", "--police", "--phone", "--policy", "--review-months", "--profile", "--no-input"):
        assert f" {option} " in text


def test_a_question_that_the_terminal_cannot_show_is_asked_in_plainer_words(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stream)
        patch.setattr(sys, "stdin", io.StringIO("yes\n"))
        assert Streams().ask("Bücherei 📚: ") == "yes"
    stream.flush()
    assert stream.buffer.getvalue() == b"Bucherei ?: "


def test_an_empty_profile_is_a_fault_for_an_answer_and_a_start_for_init(run: Run, profile: Path) -> None:
    profile.parent.mkdir(parents=True, exist_ok=True)
    profile.write_bytes(b"")
    assert f"{profile}:1:1: is empty; 'deskguide init' writes a profile" in run("list", "--no-builtin").err
    assert run("init", "--state", "ID", "--no-input").code == 0
    assert "state: ID" in _read(profile)
    assert run("list", "--no-builtin").err == ""
