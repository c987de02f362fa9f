"""What each kind of command may load and open: names of modules and files, never milliseconds.

Time at the desk is spent on imports. Each command runs once to build the store, then again with the modules that
it has loaded and the files that it has opened printed.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

PROBE = """
import json, os, sys
opened, before = [], set(sys.modules)
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event in ("open", "sqlite3.connect") else None)
from deskguide.__main__ import main
arguments = json.loads(sys.argv[1])
sys.argv = ["deskguide", *arguments]
try:
    code = main()
except SystemExit as end:
    code = end.code
modules = sorted(set(sys.modules) - before)
files = [name for name in opened if not name.endswith((".py", ".pyc")) and not os.path.isdir(name)]
sys.stdout.write("\\n" + json.dumps([code, modules, files]))
"""
NEVER = {"pydantic", "importlib.metadata", "importlib.resources", "logging", "http", "urllib.request", "ssl"}
RICH = {"rich", "rich.console", "pickle"}
READING = {"yaml", "deskguide.knowledge.read", "deskguide.knowledge.shape", "deskguide.knowledge.gather"}
MATCHING = {"deskguide.match.search", "deskguide.match.rank"}
COMPILING = {"deskguide.match.index"}
SPELLING = {"rapidfuzz"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "config").mkdir()
    time.sleep(4.1)  # past the time in which a file just changed is compared by content
    for _ in range(2):
        probe(home, ["list"])
    return home


class Probed(NamedTuple):
    """The modules that a command loaded beyond Python's own first ones, and the names of the files that it opened."""

    modules: set[str]
    files: list[str]

    @property
    def own(self) -> set[str]:
        return {m.removeprefix("deskguide.") for m in self.modules if m.startswith("deskguide.")}


def probe(home: Path, arguments: list[str], variables: dict[str, str] | None = None) -> Probed:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DESKGUIDE_", "COV_", "COVERAGE_"))},
        "DESKGUIDE_CONFIG_DIR": str(home / "config"),
        "DESKGUIDE_CACHE_DIR": str(home / "cache"),
        **(variables or {}),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=True,
    )
    code, modules, files = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return Probed(set(modules), [re.sub(r"^library-\w+\.store\?.*", "the store", Path(f).name) for f in files])


@pytest.mark.parametrize(
    ("arguments", "not_loaded"),
    [
        (["--version"], NEVER | RICH | READING | MATCHING | SPELLING | {"sqlite3"}),
        (["ask", "--format", "plain", "patron wants a book removed"], NEVER | RICH | READING | COMPILING | SPELLING),
        (["ask", "--format", "json", "patron wants a book removed"], NEVER | RICH | READING | COMPILING | SPELLING),
        (["ask", "--format", "rich", "patron wants a book removed"], NEVER | READING | COMPILING | SPELLING),
        (["list", "--format", "plain"], NEVER | RICH | READING | MATCHING | SPELLING),
        (["show", "--format", "plain", "privacy-request"], NEVER | RICH | READING | MATCHING | SPELLING),
        (["policy", "--format", "plain"], NEVER | RICH | READING | MATCHING | SPELLING),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_only_what_it_uses(home: Path, arguments: list[str], not_loaded: set[str]) -> None:
    assert probe(home, arguments).modules & not_loaded == set()


def test_the_spelling_library_is_loaded_for_an_unknown_word_only(home: Path) -> None:
    assert "rapidfuzz" in probe(home, ["ask", "--format", "plain", "patron wants a boook removed"]).modules


BEGIN = {"__main__", "cli", "cli.quick", "cli.streams", "errors", "text"}
LIBRARY = {"cli.desk", "cli.progress", "knowledge", "model", "match", "match.table", "match.words"} | {
    f"knowledge.{name}" for name in ("library", "places", "seen", "store", "values")
}
PAGE = {"cli.pages", "show", "show.fill", "show.lay", "show.page", "show.plain"}
RANKING = {"cli.answer", "cli.answering"} | {
    f"match.{name}" for name in ("confidence", "header", "lanes", "learned", "rank", "search", "spelling", "vectors")
}
COMPLETING = {"_DESKGUIDE_COMPLETE": "complete_bash", "COMP_WORDS": "deskguide show priv", "COMP_CWORD": "2"}
WEIGHTS = ["words.bin", "learned.bin"]


@pytest.mark.parametrize(
    ("arguments", "variables", "own", "others", "files"),
    [
        (["--version"], {}, BEGIN, 15, []),
        ([], {}, BEGIN, 15, []),
        (["--help"], {}, BEGIN | {"knowledge", "knowledge.places", "model"}, 25, ["deskguide.txt"]),
        (["list", "--format", "plain"], {}, BEGIN | LIBRARY | PAGE | {"cli.browse"}, 40, ["the store"]),
        (
            ["show", "--format", "plain", "privacy-request"],
            {},
            BEGIN | LIBRARY | PAGE | {"cli.browse"},
            40,
            ["the store"],
        ),
        ([], COMPLETING, BEGIN - {"cli.quick"} | LIBRARY | {"cli.quick_complete", "cli.complete"}, 40, ["the store"]),
        (
            ["ask", "--format", "plain", "patron wants a book removed"],
            {},
            BEGIN | LIBRARY | PAGE | RANKING,
            40,
            ["the store", *WEIGHTS],
        ),
        (
            ["ask", "--format", "rich", "patron wants a book removed"],
            {},
            BEGIN | LIBRARY | PAGE - {"show.plain"} | RANKING | {"show.panels"},
            130,
            ["the store", *WEIGHTS],
        ),
    ],
    ids=["version", "nothing", "help", "list", "show", "completion", "ask", "ask rich"],
)
def test_a_command_loads_and_opens_what_it_uses_and_no_more(
    home: Path, arguments: list[str], variables: dict[str, str], own: set[str], others: int, files: list[str]
) -> None:
    probed = probe(home, arguments, variables)
    assert probed.own == own
    strangers = {m for m in probed.modules if not m.startswith("deskguide")}
    assert len(strangers) <= others, strangers
    assert probed.files == files
