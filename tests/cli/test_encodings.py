"""What an author runs, in a process whose streams cannot show what the files and the words hold."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deskguide.author.profile_text import new_profile
from tests.cli.conftest import Launch
from tests.conftest import write_values

Author = Callable[..., tuple[int, str, str]]

NAME = "Größe 日本 😀"
SHOWN = {"cp1252": "Größe ?? ?", "ascii": "Grosse ?? ?"}
RULE = "small letters, digits and single dashes, 60 at most"

pytestmark = pytest.mark.parametrize("encoding", list(SHOWN))


@pytest.fixture
def author(launch: Launch, tmp_path: Path, encoding: str) -> Author:
    """Return a function that runs the program with streams of that encoding, in folders whose names it cannot show."""
    config = str(tmp_path / NAME)

    def launch_narrow(*arguments: str) -> tuple[int, str, str]:
        # UTF-8 mode gives the words and the names of files whole; the streams are as narrow as the test wants them.
        done = launch(*arguments, PYTHONUTF8="1", PYTHONIOENCODING=encoding, COLUMNS="40", DESKGUIDE_CONFIG_DIR=config)
        out, err = (stream.decode(encoding).replace(os.linesep, "\n") for stream in (done.stdout, done.stderr))
        return done.returncode, out, err

    return launch_narrow


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["init", "--state", "größe"], 2, "no state is called '{upper}'; use its two-letter code, such as ID or NY"),
        (["init", "--profile", NAME], 2,
         "'{name}' cannot be the profile's name: a profile's name takes letters, digits, dashes, underscores and single"
         " dots, and no folders"),
        (["init", "--phone", NAME], 2,
         "--phone takes NAME=TEXT, such as front_desk=ext. 5; '{name}' is not of that form"),
        (["init", "--phone", f"{NAME}=x"], 2,
         "--phone {name}: '{name}' in 'names' must be small letters, digits, dashes or underscores"),
        (["new", NAME], 2, f"'{{name}}' cannot be the id; it takes {RULE}, such as 'grosse'"),
        (["new", "x", "--category", NAME], 2, f"'{{name}}' cannot be the category; it takes {RULE}, such as 'grosse'"),
        (["new", "x", "--from", "日本"], 1, "no shipped card is called '??'; deskguide list shows all"),
        (["schema", "--kind", NAME], 2, "no kind of file is called '{name}'; the kinds are scenario, policy, profile"),
        (["check", NAME], 3, "{here}: is not there; name a file, or a folder of scenario files"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_plainer_letters(
    author: Author, encoding: str, arguments: list[str], code: int, told: str
) -> None:
    shown = SHOWN[encoding]
    upper = {"cp1252": "GRÖSSE", "ascii": "GROSSE"}[encoding]
    here = os.path.join(os.getcwd(), shown)
    assert author(*arguments) == (code, "", f"deskguide: {told.format(name=shown, upper=upper, here=here)}\n")


def test_a_profile_and_a_card_hold_every_letter_that_was_given(author: Author, tmp_path: Path, encoding: str) -> None:
    shown, config = tmp_path / SHOWN[encoding], tmp_path / NAME
    code, out, err = author("init", "--name", NAME)
    assert (code, err) == (0, "")
    assert out.startswith(f"Wrote your library's profile:\n  {shown / 'profile.yaml'}\n")
    assert (config / "profile.yaml").read_bytes().decode("utf-8") == new_profile({("library",): NAME})
    code, out, err = author("new", "star-map", "--title", NAME)
    assert (code, err) == (0, "")
    assert out.startswith(f"Your card lies here:\n  {shown / 'scenarios' / 'local' / 'star-map.yaml'}\n")
    assert f"\ntitle: {NAME}\n" in (config / "scenarios" / "local" / "star-map.yaml").read_text(encoding="utf-8")
    assert author("show", "--no-builtin", "star-map")[0] == 0


def test_faults_are_told_in_plainer_letters_and_json_has_them_whole(
    author: Author, tmp_path: Path, encoding: str
) -> None:
    path = write_values(tmp_path / NAME / "scenarios" / "local" / f"{NAME}.yaml", {"id": NAME})
    shown = tmp_path / SHOWN[encoding] / "scenarios" / "local" / f"{SHOWN[encoding]}.yaml"
    fault = f"cannot be the id; it takes {RULE}"
    assert author("check", "--no-builtin", str(path)) == (
        1,
        f"{shown}:1:5: '{SHOWN[encoding]}' {fault}\n1 file with 0 scenarios: 1 fault, 0 warnings.\n",
        "",
    )
    code, out, err = author("check", "--no-builtin", "--format", "json", str(path))
    (told,) = json.loads(out)["faults"]
    assert (code, err, told["file"], told["message"]) == (1, "", str(path), f"{NAME!r} {fault}")


def test_a_schema_needs_no_letters_but_plain_ones(author: Author) -> None:
    code, out, err = author("schema")
    assert (code, err, json.loads(out)["title"]) == (0, "", "deskguide scenario")
