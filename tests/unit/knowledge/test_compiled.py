"""The shipped layer in its compiled form, as a wheel brings it: used where it is sound, and never trusted where not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskguide.cli.desk import compile_entries
from deskguide.knowledge import build as build_module
from deskguide.knowledge import library as library_module
from deskguide.knowledge import places as places_module
from deskguide.knowledge import values as values_module
from deskguide.knowledge.build import compile_shipped
from deskguide.knowledge.library import COMPILED, Library, open_library
from deskguide.knowledge.places import Places, find_places
from tests.conftest import whole_scenario, write_values

STAMP = "of the test"
POLICY = {"id": "rules", "title": "Rules", "kind": "local-policy", "issuer": "We", "summary": "They hold."}
Open = Callable[..., Library]


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put two cards and a policy in the place of the shipped data, compiled, and return the folder."""
    data = tmp_path / "data"
    for name in ("seed-swap", "umbrella-found"):
        values = whole_scenario(name, policies=[{"id": "rules", "why": "It says so."}])
        write_values(data / "scenarios" / "collection" / f"{name}.yaml", values)
    write_values(data / "policies" / "rules.yaml", POLICY)
    for module in (build_module, library_module, places_module, values_module):
        monkeypatch.setattr(module, "shipped_data", lambda: data)
    places = Places(find_places({"DESKGUIDE_CONFIG_DIR": "x", "DESKGUIDE_CACHE_DIR": "x"}).layers[:1], "", "", "")
    assert compile_shipped(str(data / COMPILED), places, compile_entries, STAMP) == ""
    return data


@pytest.fixture
def open_here(shipped: Path, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens the library over the shipped cards."""
    environment = {"DESKGUIDE_CONFIG_DIR": str(tmp_path / "config"), "DESKGUIDE_CACHE_DIR": str(tmp_path / "cache")}
    opened = []

    def open_it(stamp: str = STAMP) -> Library:
        library = open_library(find_places(environment), compile_entries, compiled_stamp=stamp)
        opened.append(library)
        return library

    yield open_it
    for library in opened:
        library.sections.close()


def test_nothing_is_built_where_there_is_nothing_of_ones_own(open_here: Open, shipped: Path, tmp_path: Path) -> None:
    library = open_here()
    assert library.store == str(shipped / COMPILED)
    assert [h.id for h in library.heads()] == ["seed-swap", "umbrella-found"]
    assert library.cited_by("rules") == ["seed-swap", "umbrella-found"]
    assert not (tmp_path / "cache").exists()


def test_paths_are_those_of_this_machine(open_here: Open, shipped: Path) -> None:
    scenario = open_here().scenario("seed-swap")
    assert scenario is not None
    assert scenario.files == (str(shipped / "scenarios" / "collection" / "seed-swap.yaml"),)
    assert str(shipped).encode() not in (shipped / COMPILED).read_bytes()


def test_ones_own_cards_lie_over_the_compiled_ones(open_here: Open, shipped: Path, tmp_path: Path) -> None:
    local = tmp_path / "config" / "scenarios"
    write_values(local / "seed-swap.yaml", {"id": "seed-swap", "title": "Ours", "policies": []})
    write_values(local / "tool-loan.yaml", whole_scenario("tool-loan", policies=[{"id": "rules", "why": "Yes."}]))
    library = open_here()
    assert {h.id: (h.title, h.source) for h in library.heads()} == {
        "seed-swap": ("Ours", "shipped + local"),
        "tool-loan": ("Patron brings up tool loan", "local"),
        "umbrella-found": ("Patron brings up umbrella found", "shipped"),
    }
    scenario = library.scenario("seed-swap")
    assert scenario is not None
    assert scenario.files == (
        str(shipped / "scenarios" / "collection" / "seed-swap.yaml"),
        str(local / "seed-swap.yaml"),
    )
    assert library.cited_by("rules") == ["seed-swap", "tool-loan", "umbrella-found"]
    (local / "seed-swap.yaml").unlink()
    (local / "tool-loan.yaml").unlink()
    assert {h.title for h in open_here().heads()} == {
        "Patron brings up seed swap",
        "Patron brings up umbrella found",
    }


@pytest.mark.parametrize("harm", ["gone", "cut", "foreign", "of another make"])
def test_without_a_sound_one_the_files_are_read(open_here: Open, shipped: Path, harm: str) -> None:
    compiled = shipped / COMPILED
    if harm == "gone":
        compiled.unlink()
    elif harm == "cut":
        compiled.write_bytes(compiled.read_bytes()[:5000])
    elif harm == "foreign":
        compiled.write_bytes(b"id: seed-swap\n")
    library = open_here("another" if harm == "of another make" else STAMP)
    assert library.store != str(compiled)
    assert [h.id for h in library.heads()] == ["seed-swap", "umbrella-found"]


def test_a_damaged_one_is_told_apart_when_it_is_read(open_here: Open, shipped: Path) -> None:
    compiled = shipped / COMPILED
    content = compiled.read_bytes()
    compiled.write_bytes(content.replace(b"Then act.", b"Then cat."))
    with pytest.raises(library_module.StoreDamaged):
        open_here().scenario("seed-swap")
