"""Who may import whom: imports go down only, and each big library has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import deskguide

SOURCE = Path(deskguide.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
FLOORS = {
    "cli": {"author", "knowledge", "match", "show", "model", "errors", "text"},
    "author": {"knowledge", "match", "show", "model", "errors", "text"},
    "knowledge": {"model", "errors", "text"},
    "match": {"model", "errors", "text"},
    "show": {"model", "errors", "text"},
    "model": set(),
    "errors": {"text"},
    "text": set(),
    "__main__": {"cli"},
    "__init__": set(),
}
HOMES = {
    "typer": {"cli"},
    "yaml": {"knowledge/read.py", "author"},
    "rapidfuzz": {"match/spelling.py"},
    "rich": {"show/panels.py", "show/bar.py"},
    "platformdirs": {"knowledge/places.py"},
    "sqlite3": {"knowledge/store.py"},
}
STREAM_WORDS = {"print", "input", "exit"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides who depends on whom"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _floor(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_imports_go_down_only(path: Path) -> None:
    floor = _floor(path)
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] == "deskguide" and len(parts) > 1 and parts[1] not in (floor, "__version__"):
            assert parts[1] in FLOORS[floor], f"{floor} may not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_each_big_library_has_one_home(path: Path) -> None:
    here = path.relative_to(SOURCE).as_posix()
    for name in _imports(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or here in homes or _floor(path) in homes, f"{here} may not import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_only_the_command_line_writes_asks_or_ends(path: Path) -> None:
    if _floor(path) in ("cli", "__main__"):
        return
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & STREAM_WORDS
    assert not {n for n in _imports(path) if n.startswith(("os.environ", "logging", "importlib"))}


def test_nothing_that_could_run_what_it_reads_is_imported() -> None:
    dangerous = ("pickle", "marshal", "shelve", "dill")
    for path in MODULES:
        assert not {n for n in _imports(path) if n.split(".")[0] in dangerous}, path
        assert "yaml.load(" not in path.read_text(encoding="utf-8").replace(" ", ""), path


def test_every_module_says_its_duty() -> None:
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
