"""What each kind of command may load: names of modules, never milliseconds.

Time at the desk is spent on imports. Each command runs once to build the store, then again with the modules that
it has loaded printed.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROBE = """
import json, sys
from deskguide.__main__ import main
sys.argv = ["deskguide", *json.loads(sys.argv[1])]
try:
    code = main()
except SystemExit as end:
    code = end.code
modules = sorted(sys.modules)
sys.stdout.write("\\n" + json.dumps([code, modules]))
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
    time.sleep(2.1)  # past the time in which a file just changed is compared by content
    _loaded(home, "list")
    _loaded(home, "list")
    return home


def _loaded(home: Path, *arguments: str) -> set[str]:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DESKGUIDE_", "COV_", "COVERAGE_"))},
        "DESKGUIDE_CONFIG_DIR": str(home / "config"),
        "DESKGUIDE_CACHE_DIR": str(home / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=True,
    )
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


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
    assert _loaded(home, *arguments) & not_loaded == set()


def test_the_spelling_library_is_loaded_for_an_unknown_word_only(home: Path) -> None:
    assert "rapidfuzz" in _loaded(home, "ask", "--format", "plain", "patron wants a boook removed")
