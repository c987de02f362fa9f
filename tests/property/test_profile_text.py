"""Whatever is written into a profile reads back, and everything around it stays."""

from hypothesis import given
from hypothesis import strategies as st

from deskguide.author.profile_text import Key, NotInPlace, change_profile, new_profile, values_of
from deskguide.knowledge.read import Entries, parse_profile
from deskguide.knowledge.shape import MAX_TEXT, PROFILE_TEXTS, STATES, shape_profile
from deskguide.text import clean
from tests.property.strategies import any_text, ids, moderate, plain_text

text = (
    (
        any_text
        | plain_text
        | st.text(max_size=40)
        | st.sampled_from(["~", "null", "no", "1e3", "---", "...", "? x", "|"])
    )
    .map(clean)
    .filter(lambda t: 0 < len(t) <= MAX_TEXT)
)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,12}", fullmatch=True).filter(lambda n: n not in PROFILE_TEXTS)
texts = st.dictionaries(st.sampled_from([(name,) for name in PROFILE_TEXTS]), text)
values: st.SearchStrategy[dict[Key, str]] = st.tuples(
    texts,
    st.dictionaries(st.just(("state",)), st.sampled_from(STATES)),
    st.dictionaries(st.just(("review_months",)), st.integers(1, 600).map(str)),
    st.dictionaries(names.map(lambda n: ("names", n)), text, max_size=3),
    st.dictionaries(ids.map(lambda i: ("policies", i)), text.map(lambda t: clean(f"https://{t}")), max_size=3),
).map(lambda parts: {key: value for part in parts for key, value in part.items()})


def _read(content: bytes) -> Entries:
    entries = parse_profile(content, "")
    assert isinstance(entries, Entries), entries
    return entries


def _require_shaped(content: bytes, wanted: dict[Key, str]) -> None:
    found, faults = shape_profile(_read(content), "")
    assert faults == []
    assert found == {
        "names": {key[-1]: v for key, v in wanted.items() if key[0] in (*PROFILE_TEXTS, "names")},
        "state": wanted.get(("state",), ""),
        "review_months": int(wanted.get(("review_months",), "12")),
        "links": {key[1]: v for key, v in wanted.items() if key[0] == "policies"},
    }


@moderate
@given(values)
def test_what_is_written_anew_reads_back(wanted: dict[Key, str]) -> None:
    _require_shaped(new_profile(wanted).encode(), wanted)


@moderate
@given(values, values)
def test_what_is_changed_reads_back_with_all_else_and_changing_it_again_changes_nothing(
    first: dict[Key, str], second: dict[Key, str]
) -> None:
    content = new_profile(first).encode()
    changed = change_profile(content, _read(content), second)
    _require_shaped(changed.content, {**first, **second})
    assert change_profile(changed.content, _read(changed.content), second) == (changed.content, ())


_WAYS = ("{}", "'{}'", '"{}"', "{} # why", "|\n    {}", "\n    {}", "{}\n    {}", '"{}\n    {}"')
_comments = st.sampled_from(["", "# a note\n", "\n", "  # deep\n"])


@moderate
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PROFILE_TEXTS), st.sampled_from(_WAYS), st.sampled_from(["Elm", "the é📚"]), _comments
        ),
        max_size=4,
        unique_by=lambda row: row[0],
    ),
    st.sampled_from(["", "names:\n  a: b\n", "names: {a: 'b'}\n", "names:\n  a: |\n    b\n"]),
    st.sampled_from(["\n", "\r\n"]),
    values,
)
def test_a_file_of_any_form_is_changed_where_it_should_be_or_not_at_all(
    rows: list[tuple[str, str, str, str]], below: str, end: str, wanted: dict[Key, str]
) -> None:
    written = "".join(f"{note}{name}: {way.format(text, text)}\n" for name, way, text, note in rows) + below
    content = written.replace("\n", end).encode()
    entries = _read(content)
    try:
        changed = change_profile(content, entries, wanted).content
    except NotInPlace:
        return
    assert values_of(_read(changed)) == {**values_of(entries), **wanted}
    kept = [line for line in written.splitlines() if line.strip().startswith("#")]
    assert [line for line in changed.decode().splitlines() if line in kept][: len(kept)] == kept
