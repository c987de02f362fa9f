"""Results as one JSON object on one line, in ASCII, so that any encoding carries it. Keys are only ever added."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deskguide.model import Policy, Profile, Question, Ranking, Scenario, ScenarioHead
from deskguide.show.page import state_law

SCHEMA = 1


def dump(value: Mapping[str, Any]) -> str:
    """Return ``value`` with the schema's number before it, as one line."""
    return json.dumps({"schema": SCHEMA, **value}, ensure_ascii=True) + "\n"


def scenario_value(scenario: Scenario, policies: Mapping[str, Policy], profile: Profile) -> dict[str, Any]:
    """Return a scenario whole, under the names of its file's keys.

    Each of its policies also has what the library and its state make of it, as ``policy_value`` has. ``policies`` holds
    those that it rests on, by id.
    """
    value = scenario._asdict()
    for name in ("say", "escalate", "policies", "not_this", "sources"):
        value[name] = [record._asdict() for record in value[name]]
    for reason in value["policies"]:
        reason.update(_of_library(reason["id"], policies.get(reason["id"]), profile))
    return value


def _of_library(name: str, policy: Policy | None, profile: Profile) -> dict[str, Any]:
    """Return the library's own address for a policy, or an empty text, and its state's law, or None."""
    law = state_law(policy, profile.state) if policy else None
    return {"link": profile.links.get(name, ""), "law": {"state": profile.state, **law._asdict()} if law else None}


def head_value(head: ScenarioHead) -> dict[str, Any]:
    """Return what a list tells of a scenario."""
    return {k: getattr(head, k) for k in ("id", "title", "category", "priority", "source", "reviewed")}


def answer_value(
    ranking: Ranking,
    heads: Mapping[str, ScenarioHead],
    question: Question | None,
    scenario: Mapping[str, Any] | None,
    limit: int,
    is_explained: bool,
) -> dict[str, Any]:
    """Return an answer: outcome, at most ``limit`` matches, the question or the scenario's value if there is one."""
    matches = []
    for match in ranking.matches[:limit]:
        head = heads[match.id]
        known = {k: getattr(head, k) for k in ("id", "title", "category", "priority")}
        matches.append({**known, "confidence": match.confidence, "source": head.source})
    value: dict[str, Any] = {
        "query": ranking.query,
        "outcome": ranking.outcome,
        "matches": matches,
        "question": None,
        "scenario": scenario,
    }
    if question:
        value["question"] = {"text": question.text, "options": [o._asdict() for o in question.options]}
    if is_explained:
        explanation = ranking.explanation
        value["explanation"] = {
            "corrections": [list(c) for c in explanation.corrections],
            "unknown": list(explanation.unknown),
            "evidence": [
                {
                    "id": e.id,
                    "words": list(e.words),
                    "cues": list(e.cues),
                    "examples": [{"text": t, "similarity": round(v, 3)} for t, v in e.examples],
                }
                for e in explanation.evidence
            ],
        }
    return value


def policy_value(policy: Policy, cited_by: Sequence[str], profile: Profile) -> dict[str, Any]:
    """Return a policy whole, with the ids of the scenarios that rest on it.

    ``link`` is the library's own address for it, ``law`` the law of the chosen state, which ``states`` holds too.
    """
    value = policy._asdict()
    value["states"] = {code: law._asdict() for code, law in policy.states.items()}
    value["cited_by"] = list(cited_by)
    return {**value, **_of_library(policy.id, policy, profile)}
