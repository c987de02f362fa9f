"""One file changed among many: what is read again is that file, and the result is that of reading everything."""

from pathlib import Path
from typing import Any

import pytest

from deskguide.knowledge import build as build_module
from deskguide.knowledge import library as library_module
from deskguide.knowledge.library import CHANGES
from tests.conftest import whole_scenario, write_values
from tests.unit.knowledge.conftest import Desk, everything

MANY = 12


@pytest.fixture
def shelf(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fill the local folder with more files than FEW_FILES, which is made small, and compile them."""
    monkeypatch.setattr(library_module, "FEW_FILES", 5)
    for number in range(MANY):
        write(desk, f"card-{number}", policies=[{"id": "rules", "why": "They hold."}])
    policy = {"id": "rules", "title": "Rules", "kind": "local-policy", "issuer": "We", "summary": "They hold."}
    write_values(desk.config / "policies" / "rules.yaml", policy)
    desk.open()
    assert len(desk.compiled) == 1
    return desk.local


def write(desk: Desk, name: str, **keys: Any) -> Path:
    return write_values(desk.local / "collection" / f"{name}.yaml", whole_scenario(name, **keys))


@pytest.mark.parametrize(
    "change", ["changed", "added", "removed", "moved", "broken", "doubled", "policy", "policy gone"]
)
def test_only_what_changed_is_compiled_and_nothing_else_differs(desk: Desk, shelf: Path, change: str) -> None:
    path = shelf / "collection" / "card-3.yaml"
    expected = ["card-3"]
    if change == "changed":
        write(desk, "card-3", title="Another title", policies=[])
    elif change == "added":
        expected = ["card-x"]
        write(desk, "card-x", policies=[{"id": "rules", "why": "They hold."}])
    elif change == "removed":
        path.unlink()
        expected = []
    elif change == "moved":
        path.rename(shelf / "card-3.yaml")
    elif change == "broken":
        path.write_text("id: card-3\ntitle: [", encoding="utf-8")
        expected = []
    elif change == "doubled":
        write_values(shelf / "other" / "card-3.yaml", whole_scenario("card-3", title="Twice"))
    elif change == "policy":
        expected = []
        other = {"id": "rules", "title": "Other", "kind": "guideline", "issuer": "We", "summary": "They hold."}
        write_values(desk.config / "policies" / "rules.yaml", other)
    else:
        expected = []
        (desk.config / "policies" / "rules.yaml").unlink()
    updated = everything(desk.open())
    assert desk.compiled[1:] == [expected]
    assert Path(str(desk.store()) + CHANGES).exists()
    assert everything(desk.open()) == updated
    assert len(desk.compiled) == 2
    assert everything(desk.open(may_read_store=False)) == updated


def test_a_second_change_lies_over_the_first_store_too(desk: Desk, shelf: Path) -> None:
    write(desk, "card-3", title="Another title")
    desk.open()
    write(desk, "card-4", title="A fourth title")
    updated = everything(desk.open())
    assert sorted(desk.compiled[2]) == ["card-3", "card-4"]
    assert everything(desk.open(may_read_store=False)) == updated


def test_many_changes_are_compiled_with_all_the_rest(desk: Desk, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_module, "MANY_CHANGED", 2)
    for number in range(3):
        write(desk, f"card-{number}", title="Another title")
    desk.open()
    assert len(desk.compiled[1]) == MANY


def test_a_damaged_store_of_changes_is_left_aside(desk: Desk, shelf: Path) -> None:
    write(desk, "card-3", title="Another title")
    updated = everything(desk.open())
    Path(str(desk.store()) + CHANGES).write_bytes(b"not a store")
    assert everything(desk.open()) == updated
