import json

import pytest

from tests.conftest import Run

LIST = """\
4 scenarios

collection:
  seed-swap  Patron wants to swap garden seeds
safety:
  kitchen-smoke  Smoke comes out of the staff kitchen (emergency)
operations:
  umbrella-found  Somebody hands in an umbrella
  umbrella-lost   Patron looks for an umbrella
deskguide show ID shows one whole.
"""

pytestmark = pytest.mark.usefixtures("desk")


def _ids(run: Run, *arguments: str) -> list[str]:
    result = run("list", "--no-builtin", "--format", "json", *arguments)
    assert (result.code, result.err) == (0, "")
    return [s["id"] for s in json.loads(result.out)["scenarios"]]


def test_all_scenarios_stand_under_their_categories(run: Run) -> None:
    assert run("list", "--no-builtin") == (0, LIST, "")


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ((), ["kitchen-smoke", "seed-swap", "umbrella-found", "umbrella-lost"]),
        (("--category", "operations"), ["umbrella-found", "umbrella-lost"]),
        (("--search", "Umbrella hands"), ["umbrella-found"]),
        (("--search", "GARDEN"), ["seed-swap"]),
        (("--search", "nothing of the kind"), []),
        (("--stale",), []),
        (("--category", "safety", "--search", "umbrella"), []),
    ],
)
def test_a_list_can_be_narrowed(run: Run, arguments: tuple[str, ...], ids: list[str]) -> None:
    assert _ids(run, *arguments) == ids


def test_json_names_what_the_contract_lists(run: Run) -> None:
    value = json.loads(run("list", "--no-builtin", "--format", "json").out)
    assert value["schema"] == 1
    assert set(value["scenarios"][0]) >= {"id", "title", "category", "priority", "source"}
    assert value["scenarios"][0]["source"] == "local"


def test_an_unknown_category_names_the_nearest(run: Run) -> None:
    result = run("list", "--no-builtin", "--category", "saftey")
    assert result == (
        2,
        "",
        "deskguide: no category is called 'saftey'; did you mean safety? deskguide list shows all\n",
    )


def test_an_empty_library_is_an_empty_list(run: Run, desk_home: object) -> None:
    assert run("list", "--no-builtin", "--search", "zzz").out == "0 scenarios\ndeskguide show ID shows one whole.\n"
