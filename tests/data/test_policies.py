"""What can be held of the shipped policies by a machine."""

import re

import pytest

from deskguide.knowledge.shape import STATES
from deskguide.model import POLICY_KINDS, Policy
from tests.data.shipped import shipped_policies, shipped_scenarios

FEWEST_POLICIES = 110
EACH = pytest.mark.parametrize("policy", shipped_policies().values(), ids=lambda p: p.id)


def test_every_policy_is_cited_by_a_scenario() -> None:
    cited = {reason.id for s in shipped_scenarios().values() for reason in s.policies}
    assert shipped_policies().keys() - cited == set()


def test_there_are_policies_enough() -> None:
    assert len(shipped_policies()) >= FEWEST_POLICIES


@EACH
def test_a_policy_says_who_issued_it_and_where_it_stands(policy: Policy) -> None:
    assert policy.kind in POLICY_KINDS
    assert policy.title
    assert policy.issuer
    assert 1 <= len(re.findall(r"[.!?](?:\s|$)", policy.summary)) <= 4
    if policy.kind in ("federal-law", "court-case"):
        assert policy.citation
    if policy.kind == "local-policy":
        assert not policy.url  # each library's own; its profile links it
    else:
        assert not policy.url or policy.url.startswith("https://")


def test_the_law_on_library_records_is_there_for_every_state() -> None:
    laws = shipped_policies()["state-library-records"].states
    assert sorted(laws) == sorted(STATES)
    for code, law in laws.items():
        assert law.citation, code
        assert law.summary, code
        assert not law.url or law.url.startswith("https://"), code


def test_every_card_on_privacy_shows_the_law_of_every_state() -> None:
    for scenario in shipped_scenarios().values():
        if scenario.category == "privacy":
            laws = [shipped_policies()[reason.id].states for reason in scenario.policies]
            assert any(set(states) == set(STATES) for states in laws), scenario.id
