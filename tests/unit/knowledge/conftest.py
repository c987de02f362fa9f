"""A desk of the tests' own: folders that a test fills, opened as often as it likes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from deskguide.knowledge import read
from deskguide.knowledge.library import AllSections, Change, Library, OnProgress, open_library
from deskguide.knowledge.places import Places, find_places


class Desk:
    """Folders for configuration and cache. ``compiled`` holds the ids that each building of a store began with."""

    def __init__(self, home: Path) -> None:
        self.config, self.cache = home / "config", home / "cache"
        self.local = self.config / "scenarios"
        self.environment = {"DESKGUIDE_CONFIG_DIR": str(self.config), "DESKGUIDE_CACHE_DIR": str(self.cache)}
        self.compiled: list[list[str]] = []
        self._opened: list[Library] = []

    def places(self, *named: Path, profile: str = "", environment: Mapping[str, str] | None = None) -> Places:
        """Return the places without the shipped ones."""
        folders = [str(n) for n in named]
        return find_places(
            {**self.environment, **(environment or {})}, named=folders, has_builtin=False, profile=profile
        )

    def open(
        self,
        *named: Path,
        profile: str = "",
        environment: Mapping[str, str] | None = None,
        may_read_store: bool = True,
        index_stamp: str = "",
        on_progress: OnProgress = lambda _done, _total: None,
    ) -> Library:
        """Open the library; it is closed when the test ends."""
        places = self.places(*named, profile=profile, environment=environment)
        library = open_library(
            places,
            self._compile,
            index_stamp=index_stamp,
            may_read_store=may_read_store,
            on_progress=on_progress,
        )
        self._opened.append(library)
        return library

    def close(self) -> None:
        """Let go of every store."""
        for library in self._opened:
            library.sections.close()

    def store(self) -> Path:
        """Return the one store in the cache folder."""
        (path,) = self.cache.glob("library-*.store")
        return path

    def _compile(self, _below: AllSections, changes: Iterable[Change]) -> dict[tuple[str, str], bytes]:
        self.compiled.append([new.id for _, new in changes if new])
        return {("index", "of-the-test"): b"\x00\xff"}


@pytest.fixture
def desk(desk_home: Path) -> Iterator[Desk]:
    """Return an empty desk."""
    desk = Desk(desk_home)
    yield desk
    desk.close()


def everything(library: Library) -> dict[str, Any]:
    """Return all that a library holds."""
    heads = library.heads()
    return {
        "heads": heads,
        "found": library.find_heads([h.id for h in heads]),
        "scenarios": [library.scenario(h.id) for h in heads],
        "policies": library.policies(),
        "cited": {p: library.cited_by(p) for p in [*library.policy_ids(), "rules"]},
        "faults": sorted(library.faults()),
        "profile": library.profile(),
    }


def write_text(path: Path, text: str) -> Path:
    """Write a file with the line ends that ``text`` has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


LOADERS = [loader for loader in ("CSafeLoader", "SafeLoader") if hasattr(yaml, loader)]


@pytest.fixture(params=LOADERS)
def each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the test with PyYAML's own loader and, where it is there, with that of libyaml."""
    monkeypatch.setattr(read, "_LOADER", getattr(yaml, request.param))
    return request.param


@pytest.fixture
def libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use libyaml, whose words these messages hold, or skip the test."""
    if "CSafeLoader" not in LOADERS:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(read, "_LOADER", yaml.CSafeLoader)
