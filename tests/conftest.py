"""Folders, files and runs that tests share. Nothing here touches the folders of whoever runs the tests."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from deskguide.cli import run as run_command
from deskguide.cli.desk import compile_entries, compiled_stamp
from deskguide.knowledge import build, gather, library, places
from deskguide.knowledge.places import Places, find_places, shipped_data


class Result(NamedTuple):
    """What a run of the command line came to."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A stream in memory that may claim to be a terminal."""

    def __init__(self, content: bytes = b"", encoding: str = "utf-8", is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding=encoding, newline="\n")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would make a page depend on who runs the tests."""
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "PAGER", "DESKGUIDE_SCENARIOS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def desk_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with ``config`` and ``cache`` in it, which the program is told to use."""
    for name in ("config", "cache"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"DESKGUIDE_{name.upper()}_DIR", str(tmp_path / name))
    return tmp_path


@pytest.fixture
def run(desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process, away from the real streams.

    ``encoding`` is the output's, ``err_encoding`` that of messages; ``terminal`` makes all three streams claim to be a
    terminal, ``err_terminal`` only the one for messages.
    """

    def run_in_process(
        *arguments: str,
        stdin: str = "",
        encoding: str = "utf-8",
        err_encoding: str = "utf-8",
        terminal: bool = False,
        err_terminal: bool = False,
    ) -> Result:
        out = _Stream(encoding=encoding, is_terminal=terminal)
        err = _Stream(encoding=err_encoding, is_terminal=terminal or err_terminal)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", _Stream(stdin.encode(), is_terminal=terminal))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            code = run_command(arguments)
        return Result(code, out.text(), err.text())

    return run_in_process


def whole_scenario(name: str, **keys: Any) -> dict[str, Any]:
    """Return the values of a valid scenario file, with ``keys`` in place of the usual ones."""
    values: dict[str, Any] = {
        "id": name,
        "title": f"Patron brings up {name.replace('-', ' ')}",
        "category": "collection",
        "priority": "routine",
        "summary": f"A situation about {name.replace('-', ' ')}.",
        "examples": [f"someone mentions {name.replace('-', ' ')}", f"{name.replace('-', ' ')} at the desk"],
        "do": ["Listen first.", "Then act."],
        "say": [{"when": "first words", "text": "How can I help?"}, "Let me see."],
        "avoid": ["Don't rush. It helps nobody."],
        "policies": [],
        "principles": {"respect": "Listen."},
        "reviewed": "2026-01-31",
    }
    return {**values, **keys}


def write_values(path: Path, values: dict[str, Any]) -> Path:
    """Write values as YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def write_scenario() -> Callable[..., Path]:
    """Return a function that writes ``<folder>/<category>/<id>.yaml``, whole and valid but for the keys given."""

    def write(folder: Path, name: str, **keys: Any) -> Path:
        values = whole_scenario(name, **keys)
        return write_values(folder / str(values["category"]) / f"{name}.yaml", values)

    return write


@pytest.fixture(scope="session", autouse=True)
def _shipped_files_are_parsed_once() -> Iterator[None]:
    """Parse each shipped file once for all tests of a process, not for every check and every pack."""
    shipped = str(shipped_data())

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        kept: dict[tuple[Any, str], Any] = {}

        def call(content: Any, path: str) -> Any:
            if not path.startswith(shipped):
                return function(content, path)
            if (content, path) not in kept:
                kept[content, path] = function(content, path)
            found = kept[content, path]
            return (found[0], list(found[1])) if type(found) is tuple else found

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in ("parse", "shape_scenario", "shape_policy"):
            patch.setattr(gather, name, keep(getattr(gather, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def _shipped_layer_is_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use the shipped layer compiled, as a wheel does; it is made when a test first opens it."""
    usual, data = library._compiled_path, shipped_data()
    made: list[str] = []

    def find_compiled() -> str:
        if places.shipped_data() != data:  # a test brings data of its own
            return usual()
        if not made:
            made.append(str(tmp_path_factory.mktemp("compiled") / library.COMPILED))
            layers = find_places({"DESKGUIDE_CONFIG_DIR": "x", "DESKGUIDE_CACHE_DIR": "x"}).layers
            problem = build.compile_shipped(made[0], Places(layers[:1], "", "", ""), compile_entries, compiled_stamp())
            assert problem == ""
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "_compiled_path", find_compiled)
        yield
