from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deskguide.knowledge import read
from deskguide.knowledge.read import MAX_DEPTH, Entries, Items, Node, Text, parse
from deskguide.model import Fault
from tests.property.strategies import any_text, brief, moderate, plain_text, scenarios, write_lines

LOADERS = [loader for loader in ("CSafeLoader", "SafeLoader") if hasattr(yaml, loader)]
PATH = "folder/card.yaml"

yaml_parts = st.sampled_from((
    "id: a\n", "- ", "  ", "\n", ": ", "[", "]", "{", "}", ",", "'", '"', "|\n", ">-\n", "#", "? ", "---\n", "...\n",
    "&a ", "*a", "<<: ", "!!", "!x ", "%YAML 1.2\n", "\t", "\r", "\ufeff", "\\x41", "@", "`", "~", "null", "k",
))  # fmt: skip
yaml_like = st.lists(yaml_parts | st.text(max_size=6), max_size=30).map(lambda parts: "".join(parts).encode())


@pytest.fixture(params=LOADERS, autouse=True)
def _each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try every law with each of PyYAML's loaders that is there."""
    monkeypatch.setattr(read, "_LOADER", getattr(yaml, request.param))


def assert_is_in(content: bytes, line: int, column: int) -> None:
    """Assert that a place lies in a text: in one of its lines or right behind the last one."""
    ends = content.count(b"\n") + content.count(b"\r") + content.count("\u2028".encode())
    ends += content.count("\u2029".encode()) + content.count("\x85".encode())
    assert 1 <= line <= ends + 2
    assert 1 <= column <= len(content) + 2


def places(node: Node) -> list[Node]:
    inner: list[Node] = [node]
    if isinstance(node, Items):
        inner += [n for value in node.values for n in places(value)]
    if isinstance(node, Entries):
        inner += [n for key, value in node.values for n in (key, *places(value))]
    return inner


def assert_value_or_fault(content: bytes) -> None:
    parsed = parse(content, PATH)
    if isinstance(parsed, Fault):
        assert (parsed.file, parsed.severity) == (PATH, "error")
        assert parsed.message
        assert "\n" not in parsed.message
        assert_is_in(content, parsed.line, parsed.column)
    else:
        for node in places(parsed):
            assert_is_in(content, node.line, node.column)


@moderate
@given(content=st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_fault_with_a_place(content: bytes) -> None:
    assert_value_or_fault(content)


@moderate
@given(content=yaml_like)
def test_anything_like_yaml_gives_a_value_or_a_fault_with_a_place(content: bytes) -> None:
    assert_value_or_fault(content)


@moderate
@given(content=any_text.map(lambda t: t.encode("utf-8", "surrogatepass")), tail=st.binary(max_size=8))
def test_any_text_with_anything_behind_it_gives_a_value_or_a_fault_with_a_place(content: bytes, tail: bytes) -> None:
    assert_value_or_fault(content + tail)


@moderate
@given(values=scenarios, data=st.data())
def test_a_sound_file_cut_off_anywhere_gives_a_value_or_a_fault_with_a_place(
    values: dict[str, Any], data: st.DataObject
) -> None:
    content = write_lines(values)
    assert_value_or_fault(content[: data.draw(st.integers(0, len(content) - 1))])


SPOILERS: dict[str, Callable[[str], str]] = {
    "anchor": lambda text: f"&name {text}",
    "alias": lambda text: "*name",
    "tag": lambda text: f"!name {text}",
    "standard tag": lambda text: f"!!str {text}",
    "python tag": lambda text: "!!python/object/apply:os.system ['exit 1']",
}


@pytest.mark.parametrize("kind", SPOILERS)
@brief
@given(values=scenarios, data=st.data())
def test_anchors_aliases_and_tags_are_refused_wherever_they_stand(
    kind: str, values: dict[str, Any], data: st.DataObject
) -> None:
    lines = write_lines(values).decode().splitlines(keepends=True)
    number = data.draw(st.integers(0, len(lines) - 1))
    key, _, value = lines[number].partition(": ")
    lines[number] = f"{key}: {SPOILERS[kind](value.strip())}\n"
    refused = parse("".join(lines).encode(), PATH)
    assert isinstance(refused, Fault)
    assert (refused.line, refused.column) == (number + 1, len(key) + 3)
    article, word = ("an", kind) if kind in ("anchor", "alias") else ("a", "tag")
    assert refused.message.startswith(f"{article} {word} (")


@moderate
@given(depth=st.integers(1, 3 * MAX_DEPTH), is_flow=st.booleans())
def test_nesting_is_read_down_to_the_limit_and_refused_below_it(depth: int, is_flow: bool) -> None:
    nested = "[" * depth + "]" * depth if is_flow else "- " * depth + "x"
    parsed = parse(f"id:\n  {nested}\n".encode(), PATH)
    assert isinstance(parsed, Fault) == (depth + 1 > MAX_DEPTH)


@moderate
@given(values=st.dictionaries(plain_text, plain_text, min_size=1, max_size=6))
def test_what_is_written_in_quotes_is_read_back_as_it_was(values: dict[str, str]) -> None:
    content = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, default_style='"').encode()
    parsed = parse(content, PATH)
    assert isinstance(parsed, Entries)
    read_back = {key.value: value.value for key, value in parsed.values if isinstance(value, Text)}
    assert read_back == values
