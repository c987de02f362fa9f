from typing import Any

import pytest

from deskguide.knowledge.read import Entries, parse
from deskguide.knowledge.shape import (
    ADDED_KEYS,
    DEFAULT_REVIEW_MONTHS,
    MAX_ID,
    MAX_ITEMS,
    MAX_TEXT,
    MAX_TITLE,
    POLICY_KEYS,
    REQUIRED_KEYS,
    REQUIRED_POLICY_KEYS,
    SCENARIO_KEYS,
    STATES,
    Draft,
    lay_over,
    missing_keys,
    shape_policy,
    shape_profile,
    shape_scenario,
)
from deskguide.model import Fault

PATH = "collection/card.yaml"


def entries_of(text: str) -> Entries:
    entries = parse(text.encode(), PATH)
    assert isinstance(entries, Entries)
    return entries


def faults_of(text: str, path: str = PATH) -> list[tuple[int, int, str]]:
    """Return the faults of a scenario that must have some, and no draft."""
    draft, faults = shape_scenario(entries_of(text), path)
    assert (draft is None) == bool(faults)
    assert all((f.file, f.severity) == (path, "error") for f in faults)
    return [f[1:4] for f in faults]


def values_of(text: str) -> dict[str, Any]:
    draft, faults = shape_scenario(entries_of(text), PATH)
    assert faults == []
    assert draft is not None
    return dict(draft.values)


LIST = "holds a list; start each of its lines with a dash"
NOT_A_LIST = "holds one text, not a list; delete the dash"
NOT_A_MAPPING = "holds one text; put it in quotes if it has a colon followed by a space"
TEXT_KEYS = ["id", "title", "category", "priority", "summary", "reviewed", "owner", "based_on"]
TEXTS_KEYS = ["examples", "cues", "do", "avoid", "offer", "follow_up"]
RECORD_KEYS = {
    "say": "text and when",
    "escalate": "to and when",
    "policies": "id and why",
    "not_this": "id and when",
    "sources": "title, url and licence",
}


def test_every_key_of_a_scenario_is_tried_with_wrong_types() -> None:
    assert {*TEXT_KEYS, *TEXTS_KEYS, *RECORD_KEYS, "principles"} == set(SCENARIO_KEYS)


WRONG_TYPES = [
    *((key, "[a]", 0, f"{key!r} {NOT_A_LIST}") for key in TEXT_KEYS),
    *((key, "{a: b}", 0, f"{key!r} {NOT_A_MAPPING}") for key in TEXT_KEYS),
    *((key, "''", 0, f"{key!r} is empty; write its text or delete the line") for key in TEXT_KEYS),
    *((key, "~", 0, f"{key!r} is empty; write its text or delete the line") for key in TEXT_KEYS),
    *((key, "a", 0, f"{key!r} {LIST}") for key in (*TEXTS_KEYS, *RECORD_KEYS)),
    *((key, "{a: b}", 0, f"{key!r} {LIST}") for key in (*TEXTS_KEYS, *RECORD_KEYS)),
    *((key, "''", 0, f"{key!r} {LIST}") for key in (*TEXTS_KEYS, *RECORD_KEYS)),
    *((key, "[[a]]", 1, f"{key!r} {NOT_A_LIST}") for key in TEXTS_KEYS),
    *((key, "[{a: b}]", 1, f"{key!r} {NOT_A_MAPPING}") for key in TEXTS_KEYS),
    *((key, "[~]", 1, f"{key!r} is empty; write its text or delete the line") for key in TEXTS_KEYS),
    *((key, "[[a]]", 1, f"each entry of {key!r} holds {keys}") for key, keys in RECORD_KEYS.items()),
    *((key, "[a]", 1, f"each entry of {key!r} holds {keys}") for key, keys in RECORD_KEYS.items() if key != "say"),
    ("say", "[~]", 1, "'say' is empty; write its text or delete the line"),
    ("say", "[{text: [a]}]", 8, f"'text' {NOT_A_LIST}"),
    *(("principles", v, 0, "each entry of 'principles' holds decency, respect, efficiency and openness")
      for v in ("[decency]", "decency", "''")),
    ("principles", "{decency: [a]}", 10, f"'decency' {NOT_A_LIST}"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "offset", "message"), WRONG_TYPES)
def test_a_value_of_the_wrong_type_is_named_where_it_stands(key: str, value: str, offset: int, message: str) -> None:
    first = "" if key == "id" else "id: card\n"
    line = 1 + bool(first)
    assert faults_of(f"{first}{key}: {value}\n") == [(line, len(key) + 3 + offset, message)]


@pytest.mark.parametrize("nothing", ["", " ~", " null", " []"])
@pytest.mark.parametrize("key", [*TEXTS_KEYS, *RECORD_KEYS])
def test_a_list_may_be_left_without_entries(key: str, nothing: str) -> None:
    assert values_of(f"id: card\n{key}:{nothing}\n") == {"id": "card", key: []}


@pytest.mark.parametrize("nothing", ["", " ~", " {}"])
def test_principles_may_be_left_without_entries(nothing: str) -> None:
    assert values_of(f"id: card\nprinciples:{nothing}\n") == {"id": "card", "principles": {}}


def test_a_draft_holds_only_the_keys_of_its_file_as_plain_values() -> None:
    text = """
id: card
title: "  A   title "
category: new-place
priority: emergency
summary: >-
  One
  two
examples: [yes, no, 1.0, '~', 2026-01-01]
say: [bare, {text: with, when: later}, {text: without}]
escalate: [{to: police, when: now}]
policies: [{id: p1, why: w}]
principles: {openness: o, decency: d}
not_this: [{id: other, when: x}]
reviewed: 2026-03-31
based_on: '2025-12-01'
sources: [{title: t}, {title: t, url: u, licence: l}]
"""
    draft, faults = shape_scenario(entries_of(text), PATH)
    assert faults == []
    assert draft is not None
    assert draft == Draft(
        PATH,
        2,
        {
            "id": "card",
            "title": "A title",
            "category": "new-place",
            "priority": "emergency",
            "summary": "One two",
            "examples": ["yes", "no", "1.0", "~", "2026-01-01"],
            "say": [
                {"when": "", "text": "bare"},
                {"when": "later", "text": "with"},
                {"when": "", "text": "without"},
            ],
            "escalate": [{"to": "police", "when": "now"}],
            "policies": [{"id": "p1", "why": "w"}],
            "principles": {"openness": "o", "decency": "d"},
            "not_this": [{"id": "other", "when": "x"}],
            "reviewed": "2026-03-31",
            "based_on": "2025-12-01",
            "sources": [{"title": "t", "url": "", "licence": ""}, {"title": "t", "url": "u", "licence": "l"}],
        },
        {
            "id": 2,
            "title": 3,
            "category": 4,
            "priority": 5,
            "summary": 6,
            "examples": 9,
            "say": 10,
            "escalate": 11,
            "policies": 12,
            "principles": 13,
            "not_this": 14,
            "reviewed": 15,
            "based_on": 16,
            "sources": 17,
        },
    )


@pytest.mark.parametrize(
    ("key", "tip"),
    [
        ("titel", "did you mean 'title'?"),
        ("Title", "did you mean 'title'?"),
        ("not-this", "did you mean 'not_this'?"),
        ("followup", "did you mean 'follow_up'?"),
        ("exampels", "did you mean 'examples'?"),
        ("xyzzy", f"known are {', '.join([*SCENARIO_KEYS][:-1])} and sources"),
        ("'[b]'", f"known are {', '.join([*SCENARIO_KEYS][:-1])} and sources"),
    ],
)
def test_an_unknown_key_is_a_fault_that_names_the_nearest_known_one(key: str, tip: str) -> None:
    assert faults_of(f"id: card\n{key}: x\n") == [(2, 1, f"{key.strip(chr(39))!r} is not a key of a scenario; {tip}")]


def test_an_endless_key_is_told_in_short() -> None:
    ((line, column, message),) = faults_of("id: card\n? " + "k" * 500_000 + "\n: x\n")
    assert (line, column) == (2, 3)
    assert message.startswith(f"'{'k' * (MAX_ID - 1)}…' is not a key of a scenario; known are id, ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("say: [{txt: x}]", (2, 8, "'txt' is not a key in 'say'; did you mean 'text'?")),
        ("escalate: [{to: a, whn: b}]", (2, 20, "'whn' is not a key in 'escalate'; did you mean 'when'?")),
        ("policies: [{id: a, because: b}]", (2, 20, "'because' is not a key in 'policies'; known are id and why")),
        ("principles: {decensy: x}", (2, 14, "'decensy' is not a key in 'principles'; did you mean 'decency'?")),
    ],
)
def test_an_unknown_key_of_an_entry_is_told_with_those_known_there(text: str, fault: tuple[int, int, str]) -> None:
    assert fault in faults_of(f"id: card\n{text}\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("say: [{when: x}]", (2, 7, "this entry of 'say' lacks 'text'")),
        ("escalate: [{to: x}]", (2, 12, "this entry of 'escalate' lacks 'when'")),
        ("policies: [{id: x}]", (2, 12, "this entry of 'policies' lacks 'why'")),
        ("not_this: [{when: x}]", (2, 12, "this entry of 'not_this' lacks 'id'")),
        ("sources: [{url: x}]", (2, 11, "this entry of 'sources' lacks 'title'")),
    ],
)
def test_what_an_entry_lacks_is_told_at_the_entry(text: str, fault: tuple[int, int, str]) -> None:
    assert faults_of(f"id: card\n{text}\n") == [fault]


ID_RULE = "it takes small letters, digits and single dashes, 60 at most"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "..", "C:x", "a.b", "a b", "Card", "a_b", "-a", "a-", "a--b",
        "é", "a*", "a?b", "٣", "a" * (MAX_ID + 1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["id", "category"])
def test_an_id_that_could_lead_anywhere_else_is_refused(key: str, name: str) -> None:
    first = "" if key == "id" else "id: card\n"
    message = f"{name[:MAX_ID]!r} cannot be the {key}; {ID_RULE}"
    assert faults_of(f"{first}{key}: '{name}'\n") == [(1 + bool(first), len(key) + 3, message)]


@pytest.mark.parametrize("name", ["a", "0", "a-1-b", "a" * MAX_ID])
def test_an_id_holds_small_letters_digits_and_single_dashes(name: str) -> None:
    draft, faults = shape_scenario(entries_of(f"id: {name}\n"), f"x/{name}.yaml")
    assert (draft is not None, faults) == (True, [])


def test_the_id_is_the_name_of_the_file() -> None:
    assert faults_of("title: x\nid: other\n") == [(2, 5, "the id 'other' and the file's name 'card' must be the same")]
    assert faults_of("title: x\n") == [(1, 1, "the key 'id' is missing; it is the file's name without .yaml: card")]
    assert faults_of("id: card\n", "a/card.v2.yaml") == [
        (1, 5, "the id 'card' and the file's name 'card.v2' must be the same")
    ]
    assert faults_of("id: card\n", "a/\x1b[31mcard.yml") == [
        (1, 5, "the id 'card' and the file's name '[31mcard' must be the same")
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("priority: urgnt", (2, 11, "'urgnt' is not a priority; did you mean 'urgent'?")),
        ("priority: Urgent", (2, 11, "'Urgent' is not a priority; did you mean 'urgent'?")),
        ("priority: 1", (2, 11, "'1' is not a priority; choose routine, sensitive, urgent or emergency")),
        *(
            (f"reviewed: '{d}'", (2, 11, f"'{d}' is not a date; write it as 2026-03-31"))
            for d in (
                "2026-02-30",
                "20260331",
                "2026-W14-2",
                "31.3.2026",
                "2026-3-31",
                "0000-01-01",
                "soon",
                "٢٠٢٦-٠١-٠١",
            )
        ),
        ("based_on: 2026-13-01", (2, 11, "'2026-13-01' is not a date; write it as 2026-03-31")),
        (f"title: {'t' * (MAX_TITLE + 1)}", (2, 8, "the title has 81 characters; 80 is the limit")),
        (f"summary: {'s' * (MAX_TEXT + 1)}", (2, 10, "this text has 2,001 characters; 2,000 is the limit")),
        (f"do: [{'x, ' * (MAX_ITEMS + 1)}]", (2, 5, "'do' holds 1,001 entries; 1,000 is the limit")),
        (
            "policies: [{id: ../p, why: w}]",
            (2, 11, "'../p' in 'policies' is not an id: small letters, digits and single dashes"),
        ),
        ("not_this: [{id: a, when: w}, {id: a, when: v}]", (2, 11, "'a' stands twice in 'not_this'; keep one")),
    ],
)
def test_a_value_that_cannot_be_is_told_with_the_one_to_write(text: str, fault: tuple[int, int, str]) -> None:
    assert faults_of(f"id: card\n{text}\n") == [fault]


@pytest.mark.parametrize(
    ("key", "value"), [("title", "t" * MAX_TITLE), ("summary", "s" * MAX_TEXT), ("reviewed", "2024-02-29")]
)
def test_a_text_may_be_as_long_as_its_limit(key: str, value: str) -> None:
    assert values_of(f"id: card\n{key}: {value}\n") == {"id": "card", key: value}


def test_as_many_entries_as_the_limit_are_read() -> None:
    assert len(values_of(f"id: card\ndo: [{'x, ' * MAX_ITEMS}]\n")["do"]) == MAX_ITEMS


def test_all_faults_of_a_file_are_told_in_the_order_of_the_file() -> None:
    text = "titel: x\nid: Card\npriority: none\nsay: [{}, {text: ''}]\ndo: x\n"
    assert [f[:2] for f in faults_of(text)] == [(1, 1), (2, 5), (3, 11), (4, 7), (4, 18), (5, 5)]


def test_missing_and_empty_keys_are_told_of_a_draft() -> None:
    draft = Draft(PATH, 3, {"id": "card", "title": "t", "do": [], "policies": [], "principles": {}}, {"do": 7})
    told = [(f.line, f.column, f.message) for f in missing_keys(draft)]
    assert told == [
        (3, 1, "the key 'category' is missing"),
        (3, 1, "the key 'priority' is missing"),
        (3, 1, "the key 'summary' is missing"),
        (3, 1, "the key 'examples' is missing"),
        (7, 1, "'do' is empty; it needs at least one entry"),
        (3, 1, "the key 'say' is missing"),
        (3, 1, "the key 'avoid' is missing"),
        (3, 1, "'principles' is empty; it needs at least one entry"),
        (3, 1, "the key 'reviewed' is missing"),
    ]


def test_every_required_key_is_a_known_one() -> None:
    assert set(REQUIRED_KEYS) < set(SCENARIO_KEYS)
    assert set(REQUIRED_POLICY_KEYS) < set(POLICY_KEYS)
    assert set(ADDED_KEYS) < set(SCENARIO_KEYS)


POLICY = "id: card\ntitle: t\nkind: state-law\nissuer: i\nsummary: s\n"


def policy_of(text: str) -> tuple[dict[str, Any] | None, list[tuple[int, int, str]]]:
    draft, faults = shape_policy(entries_of(text), PATH)
    assert all(f.file == PATH for f in faults)
    return (None if draft is None else dict(draft.values)), [f[1:4] for f in faults]


def test_a_policy_holds_what_each_state_adds() -> None:
    values, faults = policy_of(
        POLICY + "states:\n  ID: {citation: c, summary: s, minors: m}\n  NY: {citation: c, summary: s}\n"
    )
    assert faults == []
    assert values is not None
    assert values["states"] == {
        "ID": {"citation": "c", "summary": "s", "minors": "m", "url": ""},
        "NY": {"citation": "c", "summary": "s", "minors": "", "url": ""},
    }


def test_a_policy_without_states_is_whole() -> None:
    assert policy_of(POLICY + "states:\n")[1] == []
    assert policy_of(POLICY)[1] == []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("states: x\n", [(6, 9, "'states' maps two-letter codes of states to their law")]),
        ("states: {NX: {}}\n", [(6, 10, f"'NX' is not a key in 'states'; known are {', '.join(STATES[:-1])} and WY")]),
        ("states: {ID: x}\n", [(6, 14, "each entry of 'ID' holds citation, summary, minors and url")]),
        (
            "states: {ID: {citation: c}}\n",
            [(6, 14, "this entry of 'ID' lacks 'summary'")],
        ),
        ("sumary: s\n", [(6, 1, "'sumary' is not a key of a policy; did you mean 'summary'?")]),
        ("url: [a]\n", [(6, 6, f"'url' {NOT_A_LIST}")]),
        ("adopted: {a: b}\n", [(6, 10, f"'adopted' {NOT_A_MAPPING}")]),
    ],
)
def test_a_faulty_policy_is_told_and_left_out(text: str, faults: list[tuple[int, int, str]]) -> None:
    values, found = policy_of(POLICY + text)
    assert values is None
    assert found == faults


def test_a_policy_that_lacks_keys_is_left_out() -> None:
    assert policy_of("id: card\nkind: guidline\n") == (
        None,
        [(2, 7, "'guidline' is not a kind; did you mean 'guideline'?")],
    )
    assert policy_of("id: card\nkind: guideline\n") == (
        None,
        [
            (1, 1, "the key 'title' is missing"),
            (1, 1, "the key 'issuer' is missing"),
            (1, 1, "the key 'summary' is missing"),
        ],
    )


def profile_of(text: str) -> tuple[dict[str, Any], list[tuple[int, int, str]]]:
    found, faults = shape_profile(entries_of(text), "profile.yaml")
    assert all((f.file, f.severity) == ("profile.yaml", "error") for f in faults)
    return found, [f[1:4] for f in faults]


EMPTY_PROFILE = {"names": {}, "state": "", "review_months": DEFAULT_REVIEW_MONTHS, "links": {}}


def test_a_profile_holds_names_state_age_and_addresses() -> None:
    text = """
library: Branch
manager: the branch manager
security: the guard
police: 555-0100
state: id
review_months: 6
names: {front_desk: the front desk, room-2: the big room}
policies: {local-code-of-conduct: "https://library.example/conduct"}
"""
    assert profile_of(text) == (
        {
            "names": {
                "library": "Branch",
                "manager": "the branch manager",
                "security": "the guard",
                "police": "555-0100",
                "front_desk": "the front desk",
                "room-2": "the big room",
            },
            "state": "ID",
            "review_months": 6,
            "links": {"local-code-of-conduct": "https://library.example/conduct"},
        },
        [],
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("librari: x", (1, 1, "'librari' is not a key of a profile; did you mean 'library'?")),
        ("xyzzy: x", (1, 1, "'xyzzy' is not a key of a profile; known are library, manager, security, police, state, "
                            "review_months, names and policies")),
        ("library: [x]", (1, 10, f"'library' {NOT_A_LIST}")),
        ("manager:", (1, 9, "'manager' is empty; write its text or delete the line")),
        ("state: zz", (1, 8, "'ZZ' is not the two-letter code of a state, such as ID or NY")),
        ("state: [x]", (1, 8, f"'state' {NOT_A_LIST}")),
        ("review_months:", (1, 15, "'review_months' is empty; write its text or delete the line")),
        *((f"review_months: {n}", (1, 16, "'review_months' is a number of months from 1 to 600"))
          for n in ("0", "601", "-1", "12.5", "twelve", "٣", "0000019999", "9" * 1000)),
        ("names: x", (1, 8, "'names' holds lines of the form 'name: text'")),
        ("policies: [x]", (1, 11, "'policies' holds lines of the form 'name: text'")),
        ("names: {A B: x}", (1, 9, "'A B' in 'names' must be small letters, digits, dashes or underscores")),
        ("policies: {../p: 'https://x.example'}",
         (1, 12, "'../p' in 'policies' must be small letters, digits, dashes or underscores")),
        ("policies: {p: 'http://x.example'}", (1, 15, "the address of 'p' must start with https://")),
        ("policies: {p: 'javascript:alert(1)'}", (1, 15, "the address of 'p' must start with https://")),
        ("names: {a: [x]}", (1, 12, f"'a' {NOT_A_LIST}")),
    ],
)  # fmt: skip
def test_a_faulty_line_of_a_profile_is_told_and_left_out(text: str, fault: tuple[int, int, str]) -> None:
    assert profile_of(text) == (EMPTY_PROFILE, [fault])


@pytest.mark.parametrize("text", ["names:", "policies: ~", "review_months: 12"])
def test_an_empty_part_of_a_profile_is_no_fault(text: str) -> None:
    assert profile_of(text) == (EMPTY_PROFILE, [])


@pytest.mark.parametrize(("typed", "months"), [("1", 1), ("012", 12), ("600", 600)])
def test_months_are_read_from_one_to_six_hundred(typed: str, months: int) -> None:
    assert profile_of(f"review_months: {typed}") == ({**EMPTY_PROFILE, "review_months": months}, [])


def test_a_sound_line_of_a_profile_holds_beside_a_faulty_one() -> None:
    found, faults = profile_of("library: Branch\nstate: zz\nmanager: {a: b}\n")
    assert found == {**EMPTY_PROFILE, "names": {"library": "Branch"}}
    assert [f[:2] for f in faults] == [(2, 8), (3, 10)]


def test_examples_policies_and_neighbors_are_added_and_all_else_is_replaced() -> None:
    lower = {
        "id": "card",
        "title": "low",
        "examples": ["one", "two"],
        "policies": [{"id": "p", "why": "low"}, {"id": "q", "why": "low"}],
        "not_this": [{"id": "n", "when": "low"}],
        "do": ["low"],
        "principles": {"decency": "low"},
    }
    upper = {
        "id": "card",
        "examples": ["two", "three"],
        "policies": [{"id": "q", "why": "up"}, {"id": "r", "why": "up"}],
        "not_this": [{"id": "m", "when": "up"}],
        "do": ["up"],
        "principles": {"respect": "up"},
        "cues": ["gun"],
    }
    assert lay_over(lower, upper) == {
        "id": "card",
        "title": "low",
        "examples": ["one", "two", "three"],
        "policies": [{"id": "p", "why": "low"}, {"id": "q", "why": "up"}, {"id": "r", "why": "up"}],
        "not_this": [{"id": "n", "when": "low"}, {"id": "m", "when": "up"}],
        "do": ["up"],
        "principles": {"respect": "up"},
        "cues": ["gun"],
    }


def test_neighbors_are_added_where_there_were_none() -> None:
    assert lay_over({"id": "card"}, {"not_this": [{"id": "m", "when": "up"}]}) == {
        "id": "card",
        "not_this": [{"id": "m", "when": "up"}],
    }


def test_a_fault_knows_its_file() -> None:
    _, faults = shape_scenario(entries_of("id: x\n"), "there/card.yaml")
    assert faults == [Fault("there/card.yaml", 1, 5, "the id 'x' and the file's name 'card' must be the same")]


def test_every_id_that_a_policy_can_have_can_be_linked() -> None:
    found, faults = profile_of("policies: {911-plan: 'https://a.example'}")
    assert (found["links"], faults) == ({"911-plan": "https://a.example"}, [])
    assert profile_of("names: {911-desk: x}")[1] == [
        (1, 9, "'911-desk' in 'names' must be small letters, digits, dashes or underscores")
    ]
