"""What was brought up to date over an older store is what reading every file gives, whatever was done to the files."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from deskguide.cli.desk import compile_entries
from deskguide.knowledge import library
from deskguide.knowledge.library import AllSections, Change, open_library
from deskguide.knowledge.places import Places, find_places
from tests.conftest import whole_scenario, write_values
from tests.property.strategies import brief
from tests.unit.knowledge.conftest import everything

NAMES = ("card-a", "card-b", "card-c", "card-d")
POLICIES = ("rules", "other")
CATEGORIES = ("", "collection", "safety")
LAYERS = ("local", "upper")
KEPT = 3
"""Cards that nothing touches, so that there is always a library to bring up to date."""

Operation = tuple[str, str, str, str, int]
"""What to do; in which layer and category; to which card; and a number that makes contents differ."""

operations = st.tuples(
    st.sampled_from(("write", "write", "add to", "break", "empty", "double", "remove", "move", "policy", "no policy"))
    | st.sampled_from(("profile", "no profile", "bad profile", "folder gone", "folder moved", "policy in layer")),
    st.sampled_from(LAYERS),
    st.sampled_from(CATEGORIES),
    st.sampled_from(NAMES),
    st.integers(0, 3),
)


class Tree:
    """Two layers of cards and policies, with a profile."""

    def __init__(self, home: Path) -> None:
        self.config, self.home = home / "config", home
        self.folders = {"local": self.config / "scenarios", "upper": home / "upper"}
        self.folders["upper"].mkdir()
        for number in range(KEPT):
            self.write("local", "kept", f"kept-{number}", number)

    def places(self) -> Places:
        environment = {"DESKGUIDE_CONFIG_DIR": str(self.config), "DESKGUIDE_CACHE_DIR": str(self.home / "cache")}
        return find_places(environment, named=[str(self.folders["upper"])], has_builtin=False)

    def path(self, layer: str, category: str, name: str, suffix: str = ".yaml") -> Path:
        return self.folders[layer] / category / f"{name}{suffix}"

    def write(self, layer: str, category: str, name: str, number: int, suffix: str = ".yaml") -> None:
        cites = [{"id": POLICIES[number % 2], "why": "It holds."}] if number else []
        values = whole_scenario(name, title=f"Title {number} of {layer}", policies=cites, examples=[f"{name} {number}"])
        write_values(self.path(layer, category, name, suffix), values)

    def do(self, operation: Operation) -> None:
        what, layer, category, name, number = operation
        path = self.path(layer, category, name)
        if what == "write":
            self.write(layer, category, name, number)
        elif what == "add to":
            write_values(path, {"id": name, "summary": f"Summary {number}."})
        elif what == "break":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"id: {name}\ntitle: [{number}", encoding="utf-8")
        elif what == "empty":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        elif what == "double":
            self.write(layer, category, name, number, ".yml")
        elif what == "remove":
            path.unlink(missing_ok=True)
        elif what == "move":
            target = self.path(layer, CATEGORIES[number % len(CATEGORIES)], name)
            if path.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
        elif what in ("policy", "no policy", "policy in layer"):
            self.do_policy(what, layer, number)
        elif what in ("profile", "no profile", "bad profile"):
            self.do_profile(what, number)
        elif category and what == "folder gone":
            shutil.rmtree(path.parent, ignore_errors=True)
        elif category and path.parent.exists():
            target = self.folders[layer] / f"moved-{number}"
            shutil.rmtree(target, ignore_errors=True)
            path.parent.rename(target)

    def do_policy(self, what: str, layer: str, number: int) -> None:
        name = POLICIES[number % 2]
        folder = self.folders[layer] if what == "policy in layer" or layer == "upper" else self.config
        path = folder / "policies" / f"{name}.yaml"
        if what == "no policy":
            path.unlink(missing_ok=True)
            return
        values = {"title": f"Title {number}", "kind": "guideline", "issuer": layer, "summary": f"Summary {number}."}
        write_values(path, {"id": name, **values})

    def do_profile(self, what: str, number: int) -> None:
        path = self.config / "profile.yaml"
        if what == "no profile":
            path.unlink(missing_ok=True)
        else:
            state = ("NY", "ID", "OH", "TX")[number]
            path.write_text("state: [" if what == "bad profile" else f"state: {state}\n", encoding="utf-8")


def holds(places: Places, *, may_read_store: bool, compiled: list[list[str]]) -> dict[str, Any]:
    def compile_index(below: AllSections, changes: Iterable[Change]) -> dict[tuple[str, str], bytes]:
        listed = list(changes)
        compiled.append([new.id for _, new in listed if new])
        return dict(compile_entries(below, listed))

    found = open_library(places, compile_index, may_read_store=may_read_store)
    try:
        return {**everything(found), "cited by": {p: found.cited_by(p) for p in POLICIES}}
    finally:
        found.sections.close()


@brief
@given(st.lists(st.lists(operations, min_size=1, max_size=3), min_size=1, max_size=6))
@example(
    [
        [("write", "upper", "", "card-a", 1)],
        [("write", "upper", "", "card-a", 2)],
        [("remove", "upper", "", "card-a", 0)],
    ]
)
@example(
    [
        [("profile", "local", "", "card-a", 0)],
        [("profile", "local", "", "card-a", 1)],
        [("no profile", "local", "", "card-a", 0)],
    ]
)
@example(
    [
        [("write", "local", "safety", "card-a", 1)],
        [("double", "local", "safety", "card-a", 3)],
        [("break", "local", "safety", "card-a", 0)],
    ]
)
def test_what_was_brought_up_to_date_is_what_reading_everything_gives(steps: list[list[Operation]]) -> None:
    with tempfile.TemporaryDirectory() as folder, patch.object(library, "FEW_FILES", 1):
        tree = Tree(Path(folder))
        holds(tree.places(), may_read_store=True, compiled=[])
        for step in steps:
            for operation in step:
                tree.do(operation)
            compiled: list[list[str]] = []
            updated = holds(tree.places(), may_read_store=True, compiled=compiled)
            assert not any(name.startswith("kept-") for ids in compiled for name in ids), "everything was read"
            compiled = []
            assert holds(tree.places(), may_read_store=True, compiled=compiled) == updated
            assert compiled == []
            assert holds(tree.places()._replace(cache=""), may_read_store=False, compiled=compiled) == updated
