import json
import os
import sys
from pathlib import Path

import pytest

import deskguide
from deskguide.__main__ import main
from tests.cli.conftest import Launch, find_controls
from tests.conftest import Run

WELCOME = """\
deskguide: type what is going on, read what to do and what to say.

  deskguide ask "patron wants a book removed"
  deskguide ask someone asks what their neighbor has borrowed
  deskguide list
  deskguide show privacy-request

deskguide --help lists all commands. Nothing that you type is stored or sent anywhere.
"""
COMMANDS = ("ask", "list", "show", "policy", "info")


def test_a_bare_start_shows_examples(run: Run) -> None:
    assert run() == (0, WELCOME, "")


def test_the_version_is_one_line(run: Run) -> None:
    assert run("--version") == (0, f"deskguide {deskguide.__version__}\n", "")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command_and_says_that_nothing_is_sent(run: Run, option: str) -> None:
    result = run(option)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: deskguide [OPTIONS] COMMAND [ARGS]...\n")
    listed = [line.split()[0] for line in result.out.partition("Commands:\n")[2].splitlines() if line.startswith("  ")]
    assert listed[: len(COMMANDS)] == list(COMMANDS)
    assert result.out.endswith("Nothing that you type is stored or sent anywhere.\n")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(run: Run, name: str, option: str) -> None:
    result = run(name, option)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: deskguide {name} [OPTIONS]")
    for shared in ("--format", "--scenarios", "--no-builtin", "--profile", "--state", "--no-pager"):
        assert f"  {shared}" in result.out


def test_help_of_ask_shows_an_example(run: Run) -> None:
    assert 'For example: deskguide ask "patron wants a book removed"\n' in run("ask", "--help").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["aks", "x"], "deskguide: No such command 'aks'. Did you mean 'ask'?\nTry 'deskguide --help'.\n"),
        (["zzz"], "deskguide: No such command 'zzz'.\nTry 'deskguide --help'.\n"),
        (
            ["--versoin"],
            "deskguide: No such option: --versoin (Possible options: --version)\nTry 'deskguide --help'.\n",
        ),
        (
            ["ask", "--fromat", "json", "x"],
            "deskguide: No such option: --fromat (Possible options: --format)\nTry 'deskguide ask --help'.\n",
        ),
        (["list", "seeds"], "deskguide: Got unexpected extra argument(s) (seeds)\nTry 'deskguide list --help'.\n"),
        (["show"], "deskguide: Missing argument 'ID...'.\nTry 'deskguide show --help'.\n"),
    ],
)
def test_a_wrong_command_line_is_explained_and_ends_with_2(run: Run, arguments: list[str], message: str) -> None:
    assert run(*arguments) == (2, "", message)


def test_a_format_that_is_none_is_named_with_those_that_are(run: Run) -> None:
    message = "deskguide: Invalid value for '--format': 'jsn' is not one of 'rich', 'plain', 'markdown', 'json'.\n"
    assert run("ask", "--format", "jsn", "x") == (2, "", f"{message}Try 'deskguide ask --help'.\n")


@pytest.mark.parametrize(
    "arguments", [["\x1b[31mred"], ["ask", "--\x1b[2J"], ["list", "a\nb\x07"], ["show", "--no-builtin", "\udc80"]]
)
def test_what_is_wrong_with_a_command_line_is_told_without_control_characters(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code in (1, 2)
    assert result.out == ""
    assert result.err.startswith("deskguide: ")
    assert find_controls(result.err) == []


def test_the_module_can_be_run(launch: Launch) -> None:
    result = launch("--version")
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        f"deskguide {deskguide.__version__}\n".encode(),
        b"",
    )


@pytest.mark.parametrize(("argument", "code"), [("--version", 0), ("no-such-command", 2)])
def test_the_entry_point_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argument: str, code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["deskguide", argument])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    captured = capsys.readouterr()
    assert bool(captured.err) == bool(code)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no HOME")
def test_a_home_that_can_neither_be_read_nor_made_still_answers(launch: Launch, desk: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = str(tmp_path / "file" / "home")
    gone = {"HOME": home, "DESKGUIDE_CONFIG_DIR": None, "DESKGUIDE_CACHE_DIR": None}
    nowhere = {**gone, "XDG_CONFIG_HOME": None, "XDG_CACHE_HOME": None}
    result = launch("ask", "--no-builtin", "--scenarios", str(desk), "smoke", **nowhere)
    assert result.returncode == 0
    assert result.stdout.startswith(b"[emergency \xc2\xb7 kitchen-smoke]\n")
    assert b"Traceback" not in result.stderr


def test_without_any_home_there_is_no_local_folder_and_the_rest_answers(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESKGUIDE_CONFIG_DIR")
    monkeypatch.delenv("DESKGUIDE_CACHE_DIR")

    def no_home(*_: object, **__: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("platformdirs.user_config_dir", no_home)
    monkeypatch.setattr("platformdirs.user_cache_dir", no_home)
    result = run("ask", "--no-builtin", "--scenarios", str(desk), "smoke")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("[emergency · kitchen-smoke]\n")
    told = run("info", "--no-builtin", "--scenarios", str(desk)).out
    assert "  Cache      none (not kept: there is no folder for it)\n" in told


@pytest.mark.skipif(os.name == "nt", reason="a folder of Windows is not closed by its mode")
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write into every folder")
def test_a_cache_folder_that_is_read_only_still_answers(run: Run, desk: Path, desk_home: Path) -> None:
    (desk_home / "cache").chmod(0o500)
    result = run("ask", "--no-builtin", "smoke")
    assert (result.code, result.err) == (0, "")


def test_a_cache_folder_that_is_a_file_still_answers(
    run: Run, desk: Path, desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk_home / "file").write_text("")
    monkeypatch.setenv("DESKGUIDE_CACHE_DIR", str(desk_home / "file"))
    result = run("ask", "--no-builtin", "smoke")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("[emergency · kitchen-smoke]\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the folders of the XDG specification")
def test_xdg_folders_are_honored(launch: Launch, tmp_path: Path) -> None:
    folders = {"XDG_CONFIG_HOME": str(tmp_path / "xc"), "XDG_CACHE_HOME": str(tmp_path / "xk")}
    usual = {"DESKGUIDE_CONFIG_DIR": None, "DESKGUIDE_CACHE_DIR": None}
    told = json.loads(launch("info", "--no-builtin", "--format", "json", **usual, **folders).stdout)
    assert told["profile_folder"] == str(tmp_path / "xc" / "deskguide")
    assert told["cache"] == str(tmp_path / "xk" / "deskguide")
