"""Results as one JSON object on one line, in ASCII, so that any encoding carries it. Keys are only ever added."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deskguide.model import Policy, Question, Ranking, Scenario, ScenarioHead

SCHEMA = 1


def dump(value: Mapping[str, Any]) -> str:
    """Return ``value`` with the schema's number before it, as one line."""
    return json.dumps({"schema": SCHEMA, **value}, ensure_ascii=True) + "\n"


def scenario_value(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario whole, under the names of its file's keys."""
    value = scenario._asdict()
    for name in ("say", "escalate", "policies", "not_this", "sources"):
        value[name] = [record._asdict() for record in value[name]]
    return value


def head_value(head: ScenarioHead) -> dict[str, Any]:
    """Return what a list tells of a scenario."""
    return {k: getattr(head, k) for k in ("id", "title", "category", "priority", "source", "reviewed")}


def answer_value(
    ranking: Ranking,
    heads: Mapping[str, ScenarioHead],
    question: Question | None,
    scenario: Scenario | None,
    limit: int,
    is_explained: bool,
) -> dict[str, Any]:
    """Return an answer: outcome, at most ``limit`` matches, the question or the scenario if there is one."""
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
        "scenario": scenario_value(scenario) if scenario else None,
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


def policy_value(policy: Policy, cited_by: Sequence[str]) -> dict[str, Any]:
    """Return a policy whole, with the ids of the scenarios that rest on it."""
    value = policy._asdict()
    value["states"] = {code: law._asdict() for code, law in policy.states.items()}
    value["cited_by"] = list(cited_by)
    return value
