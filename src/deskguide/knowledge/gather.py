"""Reads every file of every layer and lays the layers over each other. Runs only when a store is built."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from deskguide.knowledge.places import FoundFile, Places
from deskguide.knowledge.read import MAX_FAULTS, parse, parse_profile, read_bytes
from deskguide.knowledge.shape import (
    DEFAULT_REVIEW_MONTHS,
    REQUIRED_KEYS,
    Draft,
    lay_over,
    missing_keys,
    shape_policy,
    shape_profile,
    shape_scenario,
)
from deskguide.model import Fault, Profile


class Gathered(NamedTuple):
    """What all layers hold together. Scenarios and policies are plain mappings by id."""

    scenarios: dict[str, dict[str, Any]]
    policies: dict[str, dict[str, Any]]
    profile: Profile
    faults: list[Fault]


Below = Callable[[str, str], "dict[str, Any] | None"]
"""What a layer below holds already, by kind (``scenario`` or ``policy``) and id."""

ReadBytes = Callable[[str], bytes | Fault]
"""Returns what a path holds, or why it cannot be had."""


def gather(
    places: Places,
    files: Sequence[FoundFile],
    read: ReadBytes = read_bytes,
    below: Below = lambda _kind, _name: None,
) -> Gathered:
    """Read the files in order; a faulty one is named and left out. What ``below`` holds is returned only if changed."""
    gathered = Gathered({}, {}, Profile({}, "", DEFAULT_REVIEW_MONTHS, {}, ""), [])
    seen: dict[tuple[int, str, str], str] = {}
    for file in files:
        content = read(file.path)
        if file.kind == "profile" and content == b"":
            content = Fault(file.path, 1, 1, "is empty; 'deskguide init' writes a profile")
        parse_file = parse_profile if file.kind == "profile" else parse
        entries = content if isinstance(content, Fault) else parse_file(content, file.path)
        if isinstance(entries, Fault):
            gathered.faults.append(entries)
            continue
        if file.kind == "profile":
            found, faults = shape_profile(entries, file.path)
            gathered = gathered._replace(profile=Profile(path=file.path, **found))
            gathered.faults.extend(faults)
            continue
        shape = shape_policy if file.kind == "policy" else shape_scenario
        draft, faults = shape(entries, file.path)
        gathered.faults.extend(faults[:MAX_FAULTS])
        if draft is None:
            continue
        place = (file.layer, file.kind, str(draft.values["id"]))
        if place in seen:
            message = f"the id {place[2]!r} is taken by {seen[place]}; keep one of the two"
            gathered.faults.append(Fault(file.path, draft.line, 1, message))
            continue
        seen[place] = file.path
        layer = places.layers[file.layer].name
        if file.kind == "policy":
            _add_policy(gathered, draft, layer, below)
        else:
            _add_scenario(gathered, draft, layer, below)
    return gathered


def _add_policy(gathered: Gathered, draft: Draft, layer: str, below: Below) -> None:
    name = draft.values["id"]
    lower = gathered.policies.get(name) or below("policy", name) or {}
    gathered.policies[name] = {**lower, **draft.values, "source": layer}


def _add_scenario(gathered: Gathered, draft: Draft, layer: str, below: Below) -> None:
    name = draft.values["id"]
    lower = gathered.scenarios.get(name) or below("scenario", name)
    if lower is None:
        faults = missing_keys(draft, REQUIRED_KEYS)
        if faults:
            gathered.faults.extend(
                f._replace(message=f"{f.message}; a file with a new id must be whole") for f in faults
            )
            return
        values, sources, paths = dict(draft.values), [], []
    else:
        emptied = [f for f in missing_keys(draft, REQUIRED_KEYS) if f.message.endswith("at least one entry")]
        if emptied:
            gathered.faults.extend(emptied)
            return
        values = lay_over(lower, draft.values)
        sources, paths = lower["source"].split(" + "), list(lower["files"])
    values["source"] = " + ".join([*sources, layer])
    values["files"] = [*paths, draft.path]
    gathered.scenarios[name] = values
