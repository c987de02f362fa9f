"""Entries of a store to the records that the program works with, and back."""

import json
import os
from collections.abc import Mapping
from typing import Any

from deskguide.knowledge.places import shipped_data
from deskguide.knowledge.store import StoreDamaged
from deskguide.model import Border, Escalation, Policy, Reason, Saying, Scenario, Source, StateLaw

DAMAGE = (StoreDamaged, ValueError, TypeError, KeyError, IndexError)
"""What a store that holds something else than was written into it may raise."""


def load(content: bytes | None) -> Any:
    """Return the value that an entry holds. Raises StoreDamaged if there is none, ValueError if it holds none."""
    if content is None:
        raise StoreDamaged("an entry is missing")
    return json.loads(content)


def dump(value: Any) -> bytes:
    """Return a value as an entry, in one line."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def located(scenario: Scenario) -> Scenario:
    """Return a scenario with whole paths: what was compiled elsewhere holds those within the shipped data."""
    if all(map(os.path.isabs, scenario.files)):
        return scenario
    return scenario._replace(files=tuple(os.path.join(str(shipped_data()), *f.split("/")) for f in scenario.files))


def build_scenario(v: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a mapping of checked values describes."""
    return Scenario(
        id=v["id"],
        title=v["title"],
        category=v["category"],
        priority=v["priority"],
        summary=v["summary"],
        examples=tuple(v["examples"]),
        cues=tuple(v.get("cues", ())),
        do=tuple(v["do"]),
        say=tuple(Saying(**s) for s in v["say"]),
        avoid=tuple(v["avoid"]),
        offer=tuple(v.get("offer", ())),
        escalate=tuple(Escalation(**e) for e in v.get("escalate", ())),
        policies=tuple(Reason(**p) for p in v["policies"]),
        principles=v["principles"],
        not_this=tuple(Border(**b) for b in v.get("not_this", ())),
        follow_up=tuple(v.get("follow_up", ())),
        reviewed=v["reviewed"],
        owner=v.get("owner", ""),
        based_on=v.get("based_on", ""),
        sources=tuple(Source(**s) for s in v.get("sources", ())),
        source=v["source"],
        files=tuple(v["files"]),
    )


def build_policy(v: Mapping[str, Any]) -> Policy:
    """Return the policy that a mapping of checked values describes."""
    texts = {k: v.get(k, "") for k in ("citation", "adopted", "url")}
    states = {code: StateLaw(**law) for code, law in v.get("states", {}).items()}
    return Policy(
        id=v["id"],
        title=v["title"],
        kind=v["kind"],
        issuer=v["issuer"],
        summary=v["summary"],
        states=states,
        source=v["source"],
        **texts,
    )
