"""One scenario, one policy and one page that the tests of all formats share."""

from datetime import date
from typing import Any

import pytest

from deskguide.knowledge.values import build_scenario
from deskguide.model import Policy, Profile, Scenario, ScenarioHead, StateLaw
from deskguide.show.page import Block, Book, Item, Page

TODAY = date(2026, 6, 30)

CARD: dict[str, Any] = {
    "id": "seed-swap",
    "title": "Patron wants to swap seeds",
    "category": "collection",
    "priority": "sensitive",
    "summary": "Seeds change hands at the desk of {library}.",
    "examples": ["wants to swap seeds"],
    "do": ["Take the seeds.", "Call {manager}."],
    "say": [{"when": "first words", "text": "I'll ask {manager}."}, {"when": "", "text": "Thank you."}],
    "avoid": ["Don't eat them. They are for planting."],
    "offer": ["A book on gardens."],
    "escalate": [{"to": "{manager}", "when": "there are more than a hundred"}],
    "policies": [{"id": "seed-law", "why": "It says what may grow."}, {"id": "unknown-rule", "why": "It is not here."}],
    "principles": {"openness": "Everyone may swap."},
    "not_this": [{"id": "bulb-swap", "when": "they bring bulbs"}, {"id": "gone", "when": "nobody is there"}],
    "follow_up": ["Water them."],
    "reviewed": "2026-01-31",
    "sources": [{"title": "A page on seeds", "url": "https://example.org/seeds", "licence": "facts only"}],
    "source": "shipped",
    "files": ["seed-swap.yaml"],
}

LAW = Policy(
    id="seed-law",
    title="Law on Seeds: What May Be Planted and Where",
    kind="state-law",
    issuer="The states",
    citation="",
    adopted="1901",
    url="https://example.org/law",
    summary="Most states have one.",
    states={"ID": StateLaw("Idaho Code 1-1", "Seeds are free.", "Minors may plant.", "https://example.org/id")},
    source="shipped",
)


@pytest.fixture
def scenario() -> Scenario:
    return build_scenario(CARD)


@pytest.fixture
def profile() -> Profile:
    return Profile({}, "", 12, {}, "")


@pytest.fixture
def heads() -> dict[str, ScenarioHead]:
    names = {"seed-swap": "Patron wants to swap seeds", "bulb-swap": "Patron wants to swap bulbs"}
    return {
        name: ScenarioHead(name, title, "collection", "routine", "2026-01-31", "x", "shipped")
        for name, title in names.items()
    }


@pytest.fixture
def book(profile: Profile, heads: dict[str, ScenarioHead]) -> Book:
    return Book({"seed-law": LAW}, heads, profile, TODAY)


@pytest.fixture
def page() -> Page:
    return Page(
        title="Patron wants to swap seeds",
        label="sensitive · seed-swap",
        priority="sensitive",
        note="reviewed 2026-01-31",
        guidance=(
            Block("Do", (Item("Take the seeds and lay them on the counter."), Item("Call your manager.")), "steps"),
            Block("Say", (Item("I'll ask.", "first words"), Item("Thank you.")), "words"),
        ),
        basis=(Block("Rests on", (Item("It says what may grow.", "Law on Seeds", "https://example.org/law"),)),),
        below=(Block("Or did you mean", (Item("Patron wants to swap bulbs", "bulb-swap"),), "rows"),),
        more="deskguide show seed-swap",
        hint="deskguide show ID shows one whole.",
    )
