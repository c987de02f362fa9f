"""Everything that is shipped, read once by the program's own reader."""

from collections.abc import Iterator
from functools import cache

from deskguide.knowledge.library import Library, open_library
from deskguide.knowledge.places import Places, find_places
from deskguide.model import Policy, Scenario


@cache
def _library() -> Library:
    places = find_places({"DESKGUIDE_CONFIG_DIR": "nowhere", "DESKGUIDE_CACHE_DIR": "nowhere"})
    return open_library(Places(places.layers[:1], "", "", ""), lambda _below, _changes: {})


def shipped_faults() -> list[str]:
    """Return what the program says is wrong in the shipped files."""
    return [f"{f.file}:{f.line}: {f.message}" for f in _library().faults()]


@cache
def shipped_scenarios() -> dict[str, Scenario]:
    """Return all shipped scenarios by id."""
    found = {head.id: _library().scenario(head.id) for head in _library().heads()}
    return {name: scenario for name, scenario in found.items() if scenario is not None}


@cache
def shipped_policies() -> dict[str, Policy]:
    """Return all shipped policies by id."""
    return {policy.id: policy for policy in _library().policies()}


def guidance(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield each text of a scenario that a person reads, with the key it stands under."""
    yield "title", scenario.title
    yield "summary", scenario.summary
    for key in ("do", "avoid", "offer", "follow_up"):
        yield from ((key, text) for text in getattr(scenario, key))
    for saying in scenario.say:
        yield "say", saying.text
        yield "say: when", saying.when
    for step in scenario.escalate:
        yield "escalate", step.when
    yield from (("policies", reason.why) for reason in scenario.policies)
    yield from (("not_this", border.when) for border in scenario.not_this)
    yield from (("principles", text) for text in scenario.principles.values())
