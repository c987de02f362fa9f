import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deskguide.knowledge.gather import Gathered, gather
from deskguide.knowledge.places import list_files
from deskguide.knowledge.read import MAX_FAULTS
from deskguide.model import Fault, Profile
from tests.unit.knowledge.conftest import Desk, write_text

Write = Callable[..., Path]

WHOLE = "; a file with a new id must be whole"


def gather_all(desk: Desk, *named: Path, **environment: str) -> Gathered:
    places = desk.places(*named, environment=environment)
    files, faults = list_files(places)
    assert faults == []
    return gather(places, files)


def policy(name: str, **keys: str) -> str:
    values = {"id": name, "title": "t", "kind": "guideline", "issuer": "i", "summary": "s", **keys}
    return "".join(f"{k}: {v}\n" for k, v in values.items())


def test_an_empty_desk_knows_nothing_and_finds_no_fault(desk: Desk) -> None:
    assert gather_all(desk) == Gathered({}, {}, Profile({}, "", 12, {}, ""), [])


def test_a_scenario_says_where_it_came_from(desk: Desk, write_scenario: Write) -> None:
    path = write_scenario(desk.local, "card")
    scenario = gather_all(desk).scenarios["card"]
    assert (scenario["source"], scenario["files"]) == ("local", [str(path)])


def test_a_layer_lies_over_those_below_key_by_key(desk: Desk, write_scenario: Write, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    low = write_scenario(
        desk.local,
        "card",
        title="Low",
        priority="routine",
        examples=["low"],
        policies=[{"id": "p", "why": "low"}],
        not_this=[{"id": "other", "when": "low"}],
        cues=["low"],
    )
    middle = write_text(first / "card.yaml", "id: card\ntitle: Middle\nexamples: [middle]\ncues: [middle]\n")
    high = write_text(
        second / "any" / "card.yaml",
        "id: card\npriority: urgent\nexamples: [low, high]\npolicies: [{id: p, why: high}, {id: q, why: high}]\n"
        "not_this: [{id: third, when: high}]\n",
    )
    gathered = gather_all(desk, second, DESKGUIDE_SCENARIOS=str(first))
    assert gathered.faults == []
    card = gathered.scenarios["card"]
    assert (card["title"], card["priority"], card["cues"]) == ("Middle", "urgent", ["middle"])
    assert card["examples"] == ["low", "middle", "high"]
    assert card["policies"] == [{"id": "p", "why": "high"}, {"id": "q", "why": "high"}]
    assert card["not_this"] == [{"id": "other", "when": "low"}, {"id": "third", "when": "high"}]
    assert card["do"] == ["Listen first.", "Then act."]
    assert card["source"] == f"local + {first} + {second}"
    assert card["files"] == [str(low), str(middle), str(high)]


def test_folders_of_the_environment_lie_over_the_local_one_and_under_named_ones(
    desk: Desk, write_scenario: Write, tmp_path: Path
) -> None:
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    write_scenario(desk.local, "card", title="local", owner="local", summary="local", offer=["local"])
    write_text(one / "card.yaml", "id: card\ntitle: one\nowner: one\nsummary: one\n")
    write_text(two / "card.yaml", "id: card\ntitle: two\nowner: two\n")
    write_text(three / "card.yaml", "id: card\ntitle: three\n")

    card = gather_all(desk, three, DESKGUIDE_SCENARIOS=os.pathsep.join([str(one), str(two)])).scenarios["card"]
    assert [card[k] for k in ("title", "owner", "summary", "offer")] == ["three", "two", "one", ["local"]]


def test_a_file_with_a_new_id_must_be_whole(desk: Desk) -> None:
    path = write_text(desk.local / "a" / "card.yaml", "# note\n\nid: card\ntitle: T\ndo: []\npolicies: []\n")
    gathered = gather_all(desk)
    assert gathered.scenarios == {}
    missing = ("category", "priority", "summary", "examples", "say", "avoid", "principles", "reviewed")
    told = {f.message for f in gathered.faults}
    assert {(f.file, f.line, f.column) for f in gathered.faults} == {(str(path), 3, 1)}
    assert told == {
        *(f"the key {key!r} is missing{WHOLE}" for key in missing),
        f"'do' is empty; it needs at least one entry{WHOLE}",
    }


def test_a_file_over_another_may_not_empty_what_is_required(desk: Desk, write_scenario: Write, tmp_path: Path) -> None:
    write_scenario(desk.local, "card")
    path = write_text(tmp_path / "up" / "card.yaml", "id: card\ntitle: New\ndo: []\n")
    gathered = gather_all(desk, tmp_path / "up")
    assert gathered.faults == [Fault(str(path), 1, 1, "'do' is empty; it needs at least one entry")]
    assert gathered.scenarios["card"]["title"] == "Patron brings up card"
    assert gathered.scenarios["card"]["source"] == "local"


def test_a_faulty_file_over_another_leaves_the_lower_one_to_answer(
    desk: Desk, write_scenario: Write, tmp_path: Path
) -> None:
    write_scenario(desk.local, "card")
    path = write_text(tmp_path / "up" / "card.yaml", "id: card\ntitle: New\npriority: hihg\n")
    gathered = gather_all(desk, tmp_path / "up")
    assert gathered.faults == [
        Fault(str(path), 3, 11, "'hihg' is not a priority; choose routine, sensitive, urgent or emergency")
    ]
    assert gathered.scenarios["card"]["title"] == "Patron brings up card"


def test_of_two_files_with_one_id_in_one_layer_the_first_is_kept(desk: Desk, write_scenario: Write) -> None:
    first = write_scenario(desk.local, "card", category="a")
    second = write_scenario(desk.local, "card", category="b")
    gathered = gather_all(desk)
    assert gathered.faults == [Fault(str(second), 1, 1, f"the id 'card' is taken by {first}; keep one of the two")]
    assert gathered.scenarios["card"]["category"] == "a"


def test_of_two_names_for_one_file_the_first_is_kept(desk: Desk, write_scenario: Write) -> None:
    first = write_scenario(desk.local, "card")
    second = first.with_suffix(".yml")
    second.write_bytes(first.read_bytes())
    gathered = gather_all(desk)
    assert [(f.file, f.message) for f in gathered.faults] == [
        (str(second), f"the id 'card' is taken by {first}; keep one of the two")
    ]


def test_a_scenario_and_a_policy_may_have_one_id(desk: Desk, write_scenario: Write) -> None:
    write_scenario(desk.local, "card")
    write_text(desk.config / "policies" / "card.yaml", policy("card"))
    gathered = gather_all(desk)
    assert gathered.faults == []
    assert (list(gathered.scenarios), list(gathered.policies)) == (["card"], ["card"])


def test_a_policy_lies_over_the_one_below(desk: Desk, tmp_path: Path) -> None:
    write_text(desk.config / "policies" / "rule.yaml", policy("rule", citation="low", url="low"))
    write_text(tmp_path / "up" / "policies" / "rule.yaml", policy("rule", citation="high"))
    gathered = gather_all(desk, tmp_path / "up")
    assert gathered.faults == []
    rule: dict[str, Any] = gathered.policies["rule"]
    assert (rule["citation"], rule["url"], rule["source"]) == ("high", "low", str(tmp_path / "up"))


def test_policies_of_both_local_folders_are_read_once_each(desk: Desk) -> None:
    write_text(desk.config / "policies" / "one.yaml", policy("one"))
    write_text(desk.local / "policies" / "two.yaml", policy("two"))
    twin = write_text(desk.local / "policies" / "one.yaml", policy("one"))
    gathered = gather_all(desk)
    assert sorted(gathered.policies) == ["one", "two"]
    assert [(f.file, f.line) for f in gathered.faults] == [(str(twin), 1)]


def test_a_faulty_policy_is_told_and_left_out(desk: Desk) -> None:
    good = policy("good")
    write_text(desk.config / "policies" / "good.yaml", good)
    path = write_text(desk.config / "policies" / "bad.yaml", policy("bad", kind="lore"))
    gathered = gather_all(desk)
    assert list(gathered.policies) == ["good"]
    assert [(f.file, f.line, f.column) for f in gathered.faults] == [(str(path), 3, 7)]


def test_of_a_file_full_of_faults_the_first_are_told(desk: Desk) -> None:
    keys = "".join(f"k{n}: x\n" for n in range(3 * MAX_FAULTS))
    write_text(desk.local / "a" / "card.yaml", f"id: card\n{keys}")
    faults = gather_all(desk).faults
    assert [f.line for f in faults] == list(range(2, MAX_FAULTS + 2))


def test_a_profile_is_read(desk: Desk) -> None:
    path = write_text(desk.config / "profile.yaml", "manager: the boss\nstate: id\nreview_months: 6\n")
    gathered = gather_all(desk)
    assert gathered.faults == []
    assert gathered.profile == Profile({"manager": "the boss"}, "ID", 6, {}, str(path))


def test_the_sound_lines_of_a_faulty_profile_hold(desk: Desk) -> None:
    path = write_text(desk.config / "profile.yaml", "manager: the boss\nstat: ID\n")
    gathered = gather_all(desk)
    assert gathered.faults == [Fault(str(path), 2, 1, "'stat' is not a key of a profile; did you mean 'state'?")]
    assert gathered.profile == Profile({"manager": "the boss"}, "", 12, {}, str(path))


def test_a_profile_that_is_no_yaml_is_told_and_none_is_used(desk: Desk) -> None:
    path = write_text(desk.config / "profile.yaml", "- manager\n")
    gathered = gather_all(desk)
    assert [(f.file, f.line, f.column) for f in gathered.faults] == [(str(path), 1, 1)]
    assert gathered.profile == Profile({}, "", 12, {}, "")


def test_a_file_that_goes_away_between_listing_and_reading_is_told(desk: Desk, write_scenario: Write) -> None:
    path = write_scenario(desk.local, "card")
    write_scenario(desk.local, "other")
    places = desk.places()
    files, _ = list_files(places)
    path.unlink()
    gathered = gather(places, files)
    assert gathered.faults == [Fault(str(path), 0, 0, "cannot be read: No such file or directory")]
    assert list(gathered.scenarios) == ["other"]


def test_a_profile_of_comments_only_is_sound_and_holds_nothing(desk: Desk) -> None:
    path = write_text(desk.config / "profile.yaml", "# library: Elm Library\n")
    gathered = gather_all(desk)
    assert gathered.faults == []
    assert gathered.profile == Profile({}, "", 12, {}, str(path))
