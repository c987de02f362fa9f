import json

import pytest

from tests.conftest import Run

POLICIES = """\
2 policies

local policy:
  seed-rules  Rules of the seed shelf
state law:
  weather-law  Law on rain in libraries
deskguide policy ID shows one whole.
"""
POLICY = """\
[seed-rules]
Rules of the seed shelf
What it says:
  Seeds may be traded freely.
Reference:
  Kind       local policy
  Issued by  The library
Scenarios that rest on it:
  seed-swap  Patron wants to swap garden seeds
"""

pytestmark = pytest.mark.usefixtures("desk")


def test_all_policies_stand_under_their_kinds(run: Run) -> None:
    assert run("policy", "--no-builtin") == (0, POLICIES, "")


def test_one_policy_is_shown_with_the_scenarios_that_rest_on_it(run: Run) -> None:
    assert run("policy", "--no-builtin", "seed-rules") == (0, POLICY, "")


@pytest.mark.parametrize("state", ["ID", "id"])
def test_a_state_shows_its_law(run: Run, state: str) -> None:
    result = run("policy", "--no-builtin", "--state", state, "weather-law")
    assert result.code == 0
    assert "In ID:\n  Citation  Idaho Rain Code 1\n            Rain stays outside.\n" in result.out
    assert "(Idaho Rain Code 1)" in run("policy", "--no-builtin", "--state", state).out


def test_without_a_state_it_says_how_to_find_it(run: Run) -> None:
    assert "--state CODE" in run("policy", "--no-builtin", "weather-law").out
    assert "ask your state library" in run("policy", "--no-builtin", "--state", "TX", "weather-law").out


def test_a_state_that_is_none_is_a_wrong_command_line(run: Run) -> None:
    result = run("policy", "--no-builtin", "--state", "XX")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("deskguide: no state is called 'XX'")


def test_a_wrong_id_offers_the_nearest(run: Run) -> None:
    assert run("policy", "--no-builtin", "seed-rule") == (
        1,
        "",
        "deskguide: no policy is called 'seed-rule'; did you mean seed-rules? deskguide policy shows all\n",
    )


def test_json_names_the_scenarios_that_rest_on_each(run: Run) -> None:
    value = json.loads(run("policy", "--no-builtin", "--format", "json").out)
    assert [(p["id"], p["cited_by"]) for p in value["policies"]] == [("seed-rules", ["seed-swap"]), ("weather-law", [])]
    missing = run("policy", "--no-builtin", "--format", "json", "zzz")
    assert (missing.code, json.loads(missing.out)["policies"]) == (1, [])
