from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from deskguide.author.keys import LAW_HELP, POLICY_HELP, PROFILE_HELP, SCENARIO_HELP, SCENARIO_PART_HELP
from deskguide.author.schema import KEYS_OF_WHOLE_CARD, KINDS, Kind, build_schema
from deskguide.knowledge import shape
from deskguide.knowledge.shape import missing_keys, shape_policy, shape_profile, shape_scenario
from deskguide.model import Fault
from tests.conftest import whole_scenario
from tests.schemas import complaints, judge, read_file

Values = dict[str, Any]
NAME = "telescope-loan"
POLICY: Values = {"id": "seed-rules", "title": "Rules", "kind": "guideline", "issuer": "We", "summary": "Be kind."}
LAW = {"citation": "Code 1", "summary": "Rain stays outside."}


def card(**keys: Any) -> Values:
    return whole_scenario(NAME, **keys)


def without(values: Values, *keys: str) -> Values:
    return {k: v for k, v in values.items() if k not in keys}


def program_faults(kind: Kind, values: Values) -> list[Fault]:
    """Return what the program has against a file with these values that stands alone."""
    path = f"a/{values.get('id', NAME)}.yaml"
    entries = read_file(yaml.safe_dump(values, allow_unicode=True).encode(), path)
    if kind == "policy":
        return shape_policy(entries, path)[1]
    if kind == "profile":
        return shape_profile(entries, path)[1]
    draft, faults = shape_scenario(entries, path)
    return faults + (missing_keys(draft) if draft else [])


SCENARIO_FAULTS: dict[str, Values] = {
    **{f"no {key}": without(card(), key) for key in shape.REQUIRED_KEYS},
    **{
        f"{key} that is a list": card(**{key: ["x"]})
        for key in ("id", "title", "category", "priority", "summary", "reviewed", "owner", "based_on")
    },
    **{f"{key} that is nothing": card(**{key: None}) for key in ("title", "summary", "reviewed", "owner", "priority")},
    **{
        f"{key} that is a text": card(**{key: "x"})
        for key in shape.SCENARIO_KEYS
        if key not in ("id", "title", "category", "priority", "summary", "reviewed", "owner", "based_on")
    },
    **{f"{key} without entries": card(**{key: []}) for key in ("examples", "do", "say", "avoid")},
    **{f"{key} with an empty text": card(**{key: ["sound", ""]}) for key in ("examples", "cues", "do", "say", "offer")},
    "an unknown key": card(titel="x"),
    "a key in capitals": card(Owner="x"),
    "an id in capitals": card(id="Telescope"),
    "an id with two dashes": card(id="a--b"),
    "an id with a path": card(id="../up"),
    "an id with a space": card(id="a b"),
    "an id that is too long": card(id="x" * (shape.MAX_ID + 1)),
    "a category with a slash": card(category="a/b"),
    "a title that is too long": card(title="x" * (shape.MAX_TITLE + 1)),
    "a title of spaces": card(title="  "),
    "a summary that is too long": card(summary="x" * (shape.MAX_TEXT + 1)),
    "an unknown priority": card(priority="high"),
    "a priority in capitals": card(priority="Urgent"),
    "a date in words": card(reviewed="yesterday"),
    "a date without dashes": card(reviewed="20260101"),
    "a short date": card(reviewed="2026-1-1"),
    "a month too many": card(reviewed="2026-13-01"),
    "a day that the month lacks": card(based_on="2026-02-30"),
    "too many examples": card(examples=[f"example {n}" for n in range(shape.MAX_ITEMS + 1)]),
    "a list in a list": card(do=[["x"]]),
    "a mapping for a text": card(do=[{"step": "x"}]),
    "a saying without words": card(say=[{"when": "now"}]),
    "a saying with an unknown key": card(say=[{"text": "x", "who": "y"}]),
    "nobody to call": card(escalate=[{"when": "x"}]),
    "no reason to call": card(escalate=[{"to": "x"}]),
    "an entry that is a text": card(escalate=["x"]),
    "a policy without a reason": card(policies=[{"id": "a"}]),
    "a policy without an id": card(policies=[{"why": "a"}]),
    "a policy with a wrong id": card(policies=[{"id": "A B", "why": "x"}]),
    "a policy twice": card(policies=[{"id": "a", "why": "x"}, {"id": "a", "why": "x"}]),
    "a border without a fact": card(not_this=[{"id": "a"}]),
    "a border with a wrong id": card(not_this=[{"id": "a_b", "when": "x"}]),
    "principles without entries": card(principles={}),
    "an unknown principle": card(principles={"kindness": "x"}),
    "a principle without words": card(principles={"respect": ""}),
    "a principle that is a list": card(principles={"respect": ["x"]}),
    "a list of principles": card(principles=["respect"]),
    "a source without a title": card(sources=[{"url": "https://example.org"}]),
    "a source with an unknown key": card(sources=[{"title": "x", "license": "y"}]),
}
POLICY_FAULTS: dict[str, Values] = {
    **{f"no {key}": without(POLICY, key) for key in shape.REQUIRED_POLICY_KEYS},
    "an unknown key": {**POLICY, "text": "x"},
    "an unknown kind": {**POLICY, "kind": "law"},
    "an empty title": {**POLICY, "title": ""},
    "a list for a text": {**POLICY, "citation": ["x"]},
    "states that are a list": {**POLICY, "states": ["ID"]},
    "an unknown state": {**POLICY, "states": {"XX": LAW}},
    "a state in small letters": {**POLICY, "states": {"id": LAW}},
    "a law without a citation": {**POLICY, "states": {"ID": {"summary": "x"}}},
    "a law without a summary": {**POLICY, "states": {"ID": {"citation": "x"}}},
    "a law with an unknown key": {**POLICY, "states": {"ID": {**LAW, "adults": "x"}}},
}
PROFILE_FAULTS: dict[str, Values] = {
    "an unknown key": {"manger": "x"},
    "an empty name": {"library": ""},
    "a list for a name": {"library": ["x"]},
    "an unknown state": {"state": "XX"},
    "a state in words": {"state": "Idaho"},
    "no months": {"review_months": 0},
    "too many months": {"review_months": 1000},
    "months in words": {"review_months": "twelve"},
    "names that are a list": {"names": ["x"]},
    "a name in capitals": {"names": {"Desk": "x"}},
    "a name without words": {"names": {"desk": ""}},
    "an address without https": {"policies": {"local-gifts": "http://example.org"}},
    "an address that is a list": {"policies": {"local-gifts": ["https://example.org"]}},
}
FAULTS: list[tuple[Kind, str, Values]] = [
    *(("scenario", name, values) for name, values in SCENARIO_FAULTS.items()),
    *(("policy", name, values) for name, values in POLICY_FAULTS.items()),
    *(("profile", name, values) for name, values in PROFILE_FAULTS.items()),
]


@pytest.mark.parametrize(("kind", "name", "values"), FAULTS, ids=[f"{kind}: {name}" for kind, name, _ in FAULTS])
def test_what_the_program_refuses_the_schema_refuses(kind: Kind, name: str, values: Values) -> None:
    assert program_faults(kind, values), "this is no fault"
    assert not judge(kind).is_valid(values), "the schema takes it"


SOUND: list[tuple[Kind, str, Values]] = [
    ("scenario", "a whole card", card()),
    ("scenario", "no policies", card(policies=[])),
    ("scenario", "policies that are nothing", card(policies=None)),
    ("scenario", "lists that are nothing", card(cues=None, offer=None, escalate=None, sources=None, not_this=None)),
    ("scenario", "numbers and truth values", card(title=911, cues=[911, 4.5, True], owner=12)),
    ("scenario", "an id of digits", card(id=911)),
    ("scenario", "a category of one's own", card(category="telescopes")),
    ("scenario", "the longest title", card(title="x" * shape.MAX_TITLE)),
    ("scenario", "the longest id", card(id="x" * shape.MAX_ID)),
    ("scenario", "every key", card(**{k: h.example for k, h in SCENARIO_HELP.items() if k != "id"})),
    ("policy", "only what is required", POLICY),
    ("policy", "every key", {k: h.example for k, h in POLICY_HELP.items()}),
    ("policy", "a year", {**POLICY, "adopted": 1939}),
    ("policy", "states that are nothing", {**POLICY, "states": None}),
    ("profile", "nothing", {}),
    ("profile", "every key", {k: h.example for k, h in PROFILE_HELP.items()}),
    ("profile", "a state in small letters", {"state": "ny"}),
    ("profile", "months as a text", {"review_months": "06"}),
    ("profile", "mappings that are nothing", {"names": None, "policies": None}),
]


@pytest.mark.parametrize(("kind", "name", "values"), SOUND, ids=[f"{kind}: {name}" for kind, name, _ in SOUND])
def test_what_the_program_takes_the_schema_takes(kind: Kind, name: str, values: Values) -> None:
    assert program_faults(kind, values) == []
    assert complaints(kind, yaml.safe_dump(values).encode()) == []


@pytest.mark.parametrize(
    "values",
    [
        {"id": NAME},
        {"id": NAME, "priority": "urgent"},
        {"id": NAME, "based_on": "2026-01-31", "do": ["Act."]},
        {**without(card(), "do"), "based_on": "2026-01-31"},
    ],
)
def test_a_file_that_lies_over_another_needs_only_its_id(values: Values) -> None:
    assert judge("scenario").is_valid(values)


def test_a_file_that_lies_over_another_may_empty_nothing() -> None:
    assert not judge("scenario").is_valid({"id": NAME, "based_on": "2026-01-31", "do": []})


def test_what_a_whole_card_lacks_is_named_once_it_has_keys_enough() -> None:
    begun = {"id": NAME}
    for key in shape.REQUIRED_KEYS:
        begun[key] = card()[key]
        is_named = any("'reviewed' is a required property" in e.message for e in judge("scenario").iter_errors(begun))
        assert is_named == (KEYS_OF_WHOLE_CARD <= len(begun) < len(shape.REQUIRED_KEYS))


def test_each_key_of_the_program_is_a_key_of_the_schema_and_no_other() -> None:
    assert list(build_schema("scenario")["properties"]) == list(shape.SCENARIO_KEYS) == list(SCENARIO_HELP)
    assert list(build_schema("policy")["properties"]) == list(shape.POLICY_KEYS) == list(POLICY_HELP)
    assert list(build_schema("profile")["properties"]) == list(shape.PROFILE_KEYS) == list(PROFILE_HELP)


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for key, value in schema.items():
            if key not in ("examples", "enum", "required"):
                yield from _parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _parts(value)


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_has_something_to_say_of_every_key(kind: Kind) -> None:
    named = [
        (name, value)
        for part in _parts(build_schema(kind))
        if isinstance(part.get("properties"), dict)
        for name, value in part["properties"].items()
    ]
    assert len(named) >= len(build_schema(kind)["properties"])
    for name, value in named:
        assert 10 < len(value["description"]) < 260, name


@pytest.mark.parametrize("kind", KINDS)
def test_no_mapping_takes_a_key_that_nobody_knows(kind: Kind) -> None:
    mappings = [p for p in _parts(build_schema(kind)) if {"properties", "patternProperties"} & p.keys()]
    assert mappings
    assert all(p["additionalProperties"] is False for p in mappings)


def test_no_help_is_left_over() -> None:
    parts = {
        *(("say", name) for name in ("when", "text")),
        *(("principles", name) for name in shape.PRINCIPLES),
        *(
            (key, name)
            for key, read in shape.SCENARIO_KEYS.items()
            for name in (*getattr(read, "required", ()), *getattr(read, "optional", ()))
        ),
    }
    assert set(SCENARIO_PART_HELP) == parts
    assert set(LAW_HELP) == {*shape.LAW_KEYS.required, *shape.LAW_KEYS.optional}


def test_a_reader_that_the_schema_does_not_know_is_no_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    reader: Callable[..., Any] = lambda node, key, say: None  # noqa: E731
    monkeypatch.setattr(shape, "POLICY_KEYS", {**shape.POLICY_KEYS, "url": reader})
    with pytest.raises(KeyError):
        build_schema("policy")
