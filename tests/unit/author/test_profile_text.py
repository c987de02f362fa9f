import pytest

from deskguide.author.profile_text import (
    SECTIONS,
    Key,
    NotInPlace,
    change_profile,
    find_mistake,
    find_name_mistake,
    new_profile,
    quote,
    values_of,
)
from deskguide.knowledge.read import Entries, parse_profile
from deskguide.knowledge.shape import STATES, shape_profile


def _read(content: bytes) -> Entries:
    entries = parse_profile(content, "profile.yaml")
    assert isinstance(entries, Entries)
    return entries


def _change(text: str, values: dict[Key, str]) -> str:
    content = text.encode()
    return change_profile(content, _read(content), values).content.decode()


def test_a_profile_without_values_holds_nothing_and_explains_every_key() -> None:
    text = new_profile({})
    assert all(line.startswith("# ") or not line for line in text.splitlines())
    assert _read(text.encode()) == Entries((), 1, 1)
    for name, section in SECTIONS.items():
        assert f"\n# {name}:" in text
        assert section.explanation.split()[0] in text
    listed = text.partition("One of ")[2].partition(".")[0].replace("#", "").split()
    assert listed == STATES


def test_every_example_is_sound_once_its_mark_is_taken_away() -> None:
    examples = {f"# {line}": line for section in SECTIONS.values() for line in section.example}
    text = "".join(f"{examples.get(line, line)}\n" for line in new_profile({}).splitlines())
    found, faults = shape_profile(_read(text.encode()), "")
    assert faults == []
    assert found == {
        "names": {
            "library": "Juniper Public Library",
            "manager": "the branch manager (ext. 12)",
            "security": "the guard at the door (ext. 14)",
            "police": "the police (555-0100)",
            "front_desk": "the front desk (ext. 5)",
        },
        "state": "NY",
        "review_months": 12,
        "links": {"local-internet-use": "https://library.example.org/internet-policy"},
    }


def test_given_values_stand_in_the_place_of_their_examples() -> None:
    text = new_profile({("state",): "ID", ("names", "annex"): "ext: 7", ("policies", "local-ill"): "https://a.example"})
    assert "\nstate: ID\n" in text
    assert '\nnames:\n  annex: "ext: 7"\n' in text
    assert "\npolicies:\n  local-ill: https://a.example\n" in text
    assert "# state:" not in text
    assert "# names:" not in text
    assert "\n# manager: the branch manager (ext. 12)\n" in text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Juniper Public Library", "Juniper Public Library"),
        ("the manager (ext. 12)", "the manager (ext. 12)"),
        ("https://a.example/x", "https://a.example/x"),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("ends:", '"ends:"'),
        ("#1", '"#1"'),
        ("- x", '"- x"'),
        ("@x", '"@x"'),
        ("no", '"no"'),
        ("NULL", '"NULL"'),
        ("~", '"~"'),
        ("555-0100", '"555-0100"'),
        ('say "hi" \\ x', '"say \\"hi\\" \\\\ x"'),
        ("Bücherei 📚", '"Bücherei 📚"'),
        ("a\ufffe", '"a\\uFFFE"'),
    ],
)
def test_values_are_quoted_where_yaml_needs_it(value: str, written: str) -> None:
    assert quote(value) == written
    assert values_of(_read(f"library: {written}\n".encode())) == {("library",): value}


WRITTEN = """\
# ours, do not touch
state: ny   # since 1999

manager: 'the head (ext. 1)'
names:
  annex: "ext. 7"   # upstairs
  # more to come
library: Elm Library
"""


def test_only_the_values_that_were_given_change() -> None:
    values = {("state",): "ID", ("manager",): "the boss", ("names", "annex"): "ext. 8", ("names", "van"): "a: b"}
    assert (
        _change(WRITTEN, values)
        == """\
# ours, do not touch
state: ID   # since 1999

manager: "the boss"
names:
  annex: "ext. 8"   # upstairs
  van: "a: b"
  # more to come
library: Elm Library
"""
    )


def test_a_new_key_goes_to_the_end_with_its_explanation() -> None:
    assert _change(WRITTEN, {("review_months",): "6"}) == WRITTEN + (
        "\n# After how many months since its last check a card is marked as out of date: 1 to 600.\nreview_months: 6\n"
    )


def test_a_key_that_is_commented_out_is_set_in_its_place() -> None:
    values = {("state",): "ID", ("names", "annex"): "ext. 7", ("policies", "local-ill"): "https://a.example"}
    assert _change(new_profile({}), values) == new_profile(values)
    assert _change(new_profile({("state",): "ID"}), values) == new_profile(values)


def test_what_is_held_already_changes_nothing() -> None:
    content = WRITTEN.encode()
    changed = change_profile(content, _read(content), {("state",): "NY", ("library",): "Elm Library"})
    assert changed == (content, ())


def test_the_keys_that_changed_are_named() -> None:
    content = WRITTEN.encode()
    changed = change_profile(content, _read(content), {("state",): "NY", ("library",): "Ash Library"})
    assert changed.keys == (("library",),)


def test_a_name_that_stands_below_names_is_changed_there() -> None:
    assert _change("names:\n  manager: a\n", {("manager",): "b"}) == "names:\n  manager: b\n"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_stay(start: str, end: str) -> None:
    text = start + WRITTEN.replace("\n", end)
    assert _change(text, {("library",): "Ash Library"}) == text.replace("Elm", "Ash")
    added = _change(text, {("police",): "x"})
    assert added.startswith(text)
    assert added.endswith(f"police: x{end}")
    assert added.count("\n") == added.count(end)


def test_a_last_line_without_an_end_stays_so_unless_something_follows_it() -> None:
    assert _change("state: NY\nlibrary: Elm", {("state",): "ID"}) == "state: ID\nlibrary: Elm"
    assert _change("state: NY\nlibrary: Elm", {("library",): "Ash"}) == "state: NY\nlibrary: Ash"
    assert _change("library: Elm", {("library",): "Ash", ("state",): "ID"}).startswith("library: Ash\n\n# ")
    assert _change("names:\n  a: b", {("names", "a"): "c", ("names", "d"): "e"}) == "names:\n  a: c\n  d: e\n"


def test_an_addition_below_the_last_key_stays_below_it_when_more_follows() -> None:
    text = _change("names:\n  a: b\n", {("names", "c"): "d", ("state",): "ID"})
    assert text.startswith("names:\n  a: b\n  c: d\n\n# ")
    assert text.endswith("\nstate: ID\n")


def test_a_block_scalar_that_is_not_meant_is_no_hindrance() -> None:
    text = "names:\n  a: |\n    one\n    two\nlibrary: >-\n  Elm\n  Library\nstate: NY\n"
    changed = _change(text, {("state",): "ID", ("names", "b"): "x"})
    assert changed == text.replace("NY", "ID").replace("  a: |", "  b: x\n  a: |")


def test_a_key_without_lines_below_it_gets_them() -> None:
    assert _change("names:\nstate: NY\n", {("names", "a"): "b"}) == "names:\n  a: b\nstate: NY\n"


def test_wide_characters_before_a_value_do_not_move_it() -> None:
    text = '{"x": y}\n'.replace('{"x": y}', "names: {a: '📚é世', b: 'c'}  # 📚")
    assert _change(text, {("names", "b"): "d"}) == "names: {a: '📚é世', b: \"d\"}  # 📚\n"


@pytest.mark.parametrize(
    ("text", "key", "line", "column"),
    [
        ("state: NY\nlibrary: |\n  Elm\n  Library\n", ("library",), 2, 10),
        ("state: NY\nlibrary: >\n  Elm\n", ("library",), 2, 10),
        ("library: Elm\n  Library\n", ("library",), 1, 10),
        ('library: "Elm\n  Library"\n', ("library",), 1, 10),
        ("{library: Elm, state: NY}\n", ("library",), 1, 1),
        ("state: NY\nnames: {a: b}\n", ("names", "c"), 2, 8),
        ("state: NY\nnames: ~\n", ("names", "c"), 2, 8),
        ("state: NY\n...\n", ("library",), 1, 1),
    ],
)
def test_what_cannot_be_replaced_in_place_is_named_with_its_line(text: str, key: Key, line: int, column: int) -> None:
    with pytest.raises(NotInPlace) as refused:
        _change(text, {key: "new"})
    assert (refused.value.line, refused.value.column) == (line, column)
    assert repr(".".join(key)) in str(refused.value)


@pytest.mark.parametrize(
    ("key", "value", "mistake"),
    [
        (("manager",), "x" * 2001, "this text has 2,001 characters; 2,000 is the limit"),
        (("review_months",), "0", "'review_months' is a number of months from 1 to 600"),
        (("review_months",), "600", ""),
        (("names", "Front"), "x", "'Front' in 'names' must be small letters, digits, dashes or underscores"),
        (("names", "a" * 61), "x", f"the name '{'a' * 60}' is too long; 60 characters are the limit"),
        (("policies", "local-ill"), "http://a", "the address of 'local-ill' must start with https://"),
        (("policies", "911-plan"), "https://a.example", ""),
        (("manager",), "~", ""),
    ],
)
def test_a_value_is_checked_as_a_file_would_be(key: Key, value: str, mistake: str) -> None:
    assert find_mistake(key, value) == mistake


@pytest.mark.parametrize("name", ["north", "north-2", "Nord_Ä", "v1.2", "console"])
def test_a_plain_name_can_be_a_profiles(name: str) -> None:
    assert find_name_mistake(name) == ""


@pytest.mark.parametrize(
    "name",
    ["..", "../x", "a/b", "a\\b", "/etc/x", "C:x", "C:", "con", "NUL.txt", "com1", "LPT¹", "a.", "a..b", "-x", " a",
     "a b", "a\n", "a\x00", "~", "a*", "x" * 61, "\udc80"],
)  # fmt: skip
def test_a_name_that_leaves_the_folder_or_breaks_on_a_system_is_none(name: str) -> None:
    assert find_name_mistake(name) != ""
