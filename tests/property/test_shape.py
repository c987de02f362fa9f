from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deskguide.knowledge.read import Entries, parse
from deskguide.knowledge.shape import (
    REQUIRED_KEYS,
    SCENARIO_KEYS,
    Draft,
    lay_over,
    missing_keys,
    shape_policy,
    shape_profile,
    shape_scenario,
)
from deskguide.model import Fault
from tests.property.strategies import any_text, brief, ids, plain_text, scenarios, write_lines

Values = dict[str, Any]

TEXT_KEYS = ("id", "title", "category", "priority", "summary", "reviewed")
LIST_KEYS = ("examples", "do", "say", "avoid", "policies")


def read_scenario(content: bytes, path: str) -> tuple[Draft | None, list[Fault]]:
    entries = parse(content, path)
    assert isinstance(entries, Entries), entries
    draft, faults = shape_scenario(entries, path)
    return draft, faults + (missing_keys(draft) if draft else [])


def path_of(values: Values) -> str:
    return f"folder/{values['category']}/{values['id']}.yaml"


@pytest.mark.parametrize("style", ["lines", "yaml"])
@brief
@given(values=scenarios)
def test_a_sound_scenario_survives_writing_and_reading(style: str, values: Values) -> None:
    as_yaml = yaml.safe_dump(values, sort_keys=False, allow_unicode=True).encode()
    draft, faults = read_scenario(as_yaml if style == "yaml" else write_lines(values), path_of(values))
    assert [f for f in faults if not f.message.startswith("'principles' is empty")] == []
    assert draft is not None
    expected = dict(values)
    expected["policies"] = [{"id": p["id"], "why": p["why"]} for p in values["policies"]]
    assert draft.values == expected


def assert_fault_at(values: Values, changed: Values, key: str) -> None:
    """Assert that a changed file is refused, at the line of ``key`` and nowhere else."""
    path = path_of(values)
    draft, faults = read_scenario(write_lines(changed), path)
    assert draft is None
    assert {(f.file, f.line, f.severity) for f in faults} == {(path, list(changed).index(key) + 1, "error")}


@brief
@given(values=scenarios, key=st.sampled_from([k for k in REQUIRED_KEYS if k != "id"]))
def test_a_missing_key_is_named_with_its_file(values: Values, key: str) -> None:
    del values[key]
    path = f"folder/{values['id']}.yaml"
    _, faults = read_scenario(write_lines(values), path)
    assert Fault(path, 1, 1, f"the key {key!r} is missing") in faults


@brief
@given(values=scenarios, name=plain_text.filter(lambda name: name not in SCENARIO_KEYS), data=st.data())
def test_a_key_that_nobody_knows_is_refused_where_it_stands(values: Values, name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(values)))
    items = [(k, v) for k, v in values.items()]
    lines = write_lines(values).decode().splitlines(keepends=True)
    lines.insert(place, yaml.safe_dump({name: "x"}, default_style='"', allow_unicode=True, width=1000))
    path = path_of(values)
    draft, faults = read_scenario("".join(lines).encode(), path)
    assert draft is None
    assert len(items) + 1 == len(lines)
    assert [(f.file, f.line, f.column) for f in faults if "is not a key of a scenario" in f.message] == [
        (path, place + 1, 1)
    ]


@brief
@given(values=scenarios, key=st.sampled_from(TEXT_KEYS), wrong=st.sampled_from([["x"], {"a": "x"}, "", None, []]))
def test_what_is_no_text_is_refused_where_a_text_belongs(values: Values, key: str, wrong: object) -> None:
    assert_fault_at(values, {**values, key: wrong}, key)


@brief
@given(values=scenarios, key=st.sampled_from(LIST_KEYS), wrong=st.sampled_from(["x", {"a": "x"}, [""], [["x"]], "''"]))
def test_what_is_no_list_of_texts_is_refused_where_one_belongs(values: Values, key: str, wrong: object) -> None:
    assert_fault_at(values, {**values, key: wrong}, key)


WRONG: dict[str, st.SearchStrategy[object]] = {
    "title": plain_text.map(lambda t: t.ljust(81, "x")),
    "priority": plain_text.filter(lambda t: t not in ("routine", "sensitive", "urgent", "emergency")),
    "category": plain_text.map(lambda t: f"{t}/"),
    "id": st.sampled_from(["../up", "a/b", "a\\b", "a--b", "-a", "A", "a b", "a.yaml", "x" * 61, "ä", "."]),
    "summary": plain_text.map(lambda t: t.ljust(2001, "x")),
    "reviewed": st.sampled_from(["2026-13-01", "2026-02-30", "yesterday", "20260101", "2026-1-1", "٢٠٢٦-٠١-٠١"]),
    "policies": ids.map(lambda i: [{"id": i, "why": "x"}, {"id": i, "why": "y"}]),
    "say": plain_text.map(lambda t: [{"when": t}]),
    "principles": plain_text.map(lambda t: {"kindness": t}),
    "examples": plain_text.map(lambda t: [t] * 1001),
}


@pytest.mark.parametrize("key", WRONG)
@brief
@given(values=scenarios, data=st.data())
def test_a_value_that_a_key_cannot_hold_is_refused_where_it_stands(
    key: str, values: Values, data: st.DataObject
) -> None:
    assert_fault_at(values, {**values, key: data.draw(WRONG[key])}, key)


Shape = Callable[[Entries, str], tuple[Any, list[Fault]]]


@pytest.mark.parametrize("shape", [shape_scenario, shape_policy, shape_profile])
@brief
@given(values=scenarios, spoilt=st.binary(min_size=1, max_size=4), data=st.data())
def test_any_overwritten_bytes_give_a_value_or_faults_of_this_file(
    shape: Shape, values: Values, spoilt: bytes, data: st.DataObject
) -> None:
    content = bytearray(write_lines(values))
    start = data.draw(st.integers(0, len(content) - len(spoilt)))
    content[start : start + len(spoilt)] = spoilt
    path = path_of(values)
    entries = parse(bytes(content), path)
    if isinstance(entries, Fault):
        assert entries.file == path
        return
    found, faults = shape(entries, path)
    assert found is not None or faults
    lines = content.count(b"\n") + content.count(b"\r") + 1
    for fault in faults:
        assert fault.file == path
        assert 1 <= fault.line <= lines
        assert fault.column >= 1


@brief
@given(
    values=st.dictionaries(
        st.sampled_from([*SCENARIO_KEYS, "kind", "states", "names", "state", "review_months"]) | plain_text,
        st.recursive(
            plain_text, lambda inner: st.lists(inner) | st.dictionaries(plain_text | ids, inner), max_leaves=6
        ),
        max_size=6,
    )
)
@pytest.mark.parametrize("shape", [shape_scenario, shape_policy, shape_profile])
def test_any_mapping_gives_a_value_or_faults_and_never_an_exception(shape: Shape, values: Values) -> None:
    entries = parse(yaml.safe_dump(values, allow_unicode=True).encode(), "a/b.yaml")
    if isinstance(entries, Entries):
        found, faults = shape(entries, "a/b.yaml")
        assert found is not None or faults
        assert {f.file for f in faults} <= {"a/b.yaml"}


@brief
@given(any_text, any_text)
def test_what_is_told_of_a_name_in_a_file_is_one_short_line(name: str, value: str) -> None:
    values = {name: value}
    entries = parse(yaml.safe_dump(values, allow_unicode=True).encode("utf-8", "surrogatepass"), "a/b.yaml")
    if isinstance(entries, Entries):
        for fault in shape_scenario(entries, "a/b.yaml")[1]:
            assert "\n" not in fault.message
            assert len(fault.message) < 400


@brief
@given(scenarios, scenarios)
def test_a_file_laid_over_another_wins_but_takes_nothing_that_adds(lower: Values, upper: Values) -> None:
    merged = lay_over(lower, upper)
    assert merged.keys() == lower.keys() | upper.keys()
    for key, value in upper.items():
        if key not in ("examples", "policies", "not_this"):
            assert merged[key] == value
        for entry in value if isinstance(value, list) else ():
            assert entry in merged[key]
    for key in lower.keys() - upper.keys():
        assert merged[key] == lower[key]
    assert set(lower["examples"]) <= set(merged["examples"])
    for key in ("policies", "not_this"):
        known = [r["id"] for r in merged.get(key, [])]
        assert len(known) == len(set(known))
        assert {r["id"] for r in lower.get(key, [])} <= set(known)


@brief
@given(scenarios)
def test_a_file_laid_over_itself_changes_nothing(values: Values) -> None:
    once = lay_over(values, values)
    assert once == {**values, "examples": list(dict.fromkeys(values["examples"]))}
