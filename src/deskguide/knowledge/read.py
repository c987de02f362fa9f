"""Bytes of a YAML file to nested values that remember where they stood. The only module that knows YAML.

A small, safe part of YAML is read: one document of mappings, lists and texts. Every scalar stays the text
that was typed (``no`` is the word no, not False), so nothing is guessed at, and nothing is ever built or run
from a tag. Events are read one after the other, so neither depth nor aliases can exhaust anything.
"""

import codecs
import os
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from deskguide.model import Fault
from deskguide.text import find_control, shorten

MAX_BYTES = 1_000_000
"""A scenario file has about 15,000 bytes; one past this limit is something else."""
MAX_DEPTH = 12
"""A scenario file nests three deep."""
MAX_FAULTS = 50
"""Faults told of one file; after that many the rest is seldom news."""

# The C loader is eleven times as fast; it is missing where PyYAML was built without libyaml.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(NamedTuple):
    """A scalar as typed. ``is_quoted`` tells the text ``""`` from nothing at all."""

    value: str
    is_quoted: bool
    line: int
    column: int


class Items(NamedTuple):
    """A list."""

    values: "tuple[Node, ...]"
    line: int
    column: int


class Entries(NamedTuple):
    """A mapping, in the order of the file."""

    values: "tuple[tuple[Text, Node], ...]"
    line: int
    column: int


Node = Text | Items | Entries


class _Refused(Exception):
    """The file holds something that is not read. Carries a line and column from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line, self.column = line, column


def read_bytes(path: str) -> bytes | Fault:
    """Return a file's content, or why it cannot be had. Never reads past MAX_BYTES, never waits on a pipe."""
    try:
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return Fault(path, 0, 0, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if len(content or b"") > MAX_BYTES:
        return Fault(path, 0, 0, f"is larger than {MAX_BYTES // 1000:,} kB; a scenario file is a few pages of text")
    return content or b""


def parse(content: bytes, path: str) -> Entries | Fault:
    """Return the one mapping that a file holds, or the fault that keeps it from being read."""
    node = _parse_document(content, path)
    if node is None:
        return Fault(path, 1, 1, "is empty; a scenario file starts with 'id: ' and its name")
    if isinstance(node, (Text, Items)):
        return Fault(path, node.line, node.column, "holds no keys; write 'key: value' lines, the first one 'id: ...'")
    return node


def parse_profile(content: bytes, path: str) -> Entries | Fault:
    """Return what a profile holds, or the fault that keeps it from being read. All of its keys may be comments."""
    node = _parse_document(content, path)
    if node is None:
        return Entries((), 1, 1)
    if isinstance(node, (Text, Items)):
        return Fault(path, node.line, node.column, "holds no keys; write 'key: value' lines, such as 'state: NY'")
    return node


def parse_list(content: bytes, path: str) -> Items | Fault:
    """Return the one list that a file holds, or the fault that keeps it from being read."""
    node = _parse_document(content, path)
    if node is None:
        return Fault(path, 1, 1, "is empty; a file of cases is a list that starts with '- text: ...'")
    if isinstance(node, (Text, Entries)):
        return Fault(path, node.line, node.column, "is not a list; start each case with '- text: ...'")
    return node


def _parse_document(content: bytes, path: str) -> Node | Fault | None:
    decoded = _decode(content, path)
    if isinstance(decoded, Fault):
        return decoded
    try:
        return _build_with_either_loader(decoded)
    except _Refused as refused:
        return Fault(path, refused.line, refused.column, str(refused))
    except yaml.MarkedYAMLError as error:
        has_start = error.context_mark and (error.problem or "").startswith(_TOLD_AT_START)
        mark = error.context_mark if has_start else error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return Fault(path, line, column, _explain(error))
    except yaml.YAMLError as error:
        return Fault(path, 0, 0, f"is not YAML that can be read: {error}".splitlines()[0])


def _decode(content: bytes, path: str) -> str | Fault:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:2]:
        return Fault(path, 1, 1, "is saved as UTF-16; save it again with the encoding UTF-8")
    if b"\x00" in content:
        line, column = _position(content, content.index(b"\x00"))
        return Fault(path, line, column, "is not a text file (it holds a zero byte)")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _position(content, error.start)
        byte = content[error.start]
        return Fault(path, line, column, f"byte {byte:#04x} is not UTF-8; save the file again with the encoding UTF-8")
    refused = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if refused:  # PyYAML would name neither line nor column.
        line, column = _position(content, len(text[: refused.start()].encode()))
        return Fault(path, line, column, _invisible(refused.group()))
    return text


def _position(content: bytes, offset: int) -> tuple[int, int]:
    lines = _LINE_END.split(content[:offset].decode("utf-8", "replace"))
    return len(lines), len(lines[-1]) + 1


_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_TOLD_AT_START = (
    "could not find expected ':'",
    "did not find expected ','",
    "expected ','",
    "found unexpected document",
    "found unexpected end of stream",
)
"""Problems that YAML notices long after the line that has to be mended, and whose context is that line."""


_COLON = "put a text with a colon and a space in quotes, or indent this line like the one above"
_DIRECTIVE = "delete the line that starts with %"
_BLOCK = "let | or > stand alone and the text start on the next line, or put the text in quotes"
_BRACKET = "the bracket or brace that opens here is never closed; quote a text that starts with one"


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or error.context or "is not YAML").strip()
    hints = {
        "mapping values are not allowed": _COLON,
        "could not find expected ':'": "this line may lack its colon",
        "found character that cannot start any token": "indent with spaces; quote a text that starts with @, % or `",
        "found a tab character": "indent with spaces",
        "found unexpected non-alphabetical": _DIRECTIVE,
        "found incompatible YAML": _DIRECTIVE,
        "found duplicate %": _DIRECTIVE,
        "found an indentation indicator": _BLOCK,
        "did not find expected comment or line break": _BLOCK,
        "did not find expected alphabetic": "quote a text that starts with * or &",
        "found undefined": "put a text that starts with ! in quotes",
        "did not find expected ','": _BRACKET,
        "expected ','": _BRACKET,
        "found unknown escape": r"write \\ for a backslash, or use single quotes",
        "did not find expected": "check the indentation and the quotes of this line and the one before",
        "found unexpected document": "the quote that opens here is never closed",
        "found unexpected end of stream": "the quote that opens here is never closed",
    }
    for start, hint in hints.items():
        if problem.startswith(start):
            return f"{problem}; {hint}"
    return problem


class _Frame:
    """A list or mapping that is still being read."""

    __slots__ = ("column", "entries", "is_mapping", "items", "key", "keys", "line")

    def __init__(self, line: int, column: int, is_mapping: bool) -> None:
        self.line, self.column, self.is_mapping = line, column, is_mapping
        self.items: list[Node] = []
        self.entries: list[tuple[Text, Node]] = []
        self.keys: set[str] = set()
        self.key: Text | None = None

    def add(self, node: Node) -> None:
        if not self.is_mapping:
            self.items.append(node)
        elif self.key is None:
            if not isinstance(node, Text):
                raise _Refused("a key must be a plain word", node.line, node.column)
            if node.value in self.keys:
                name = shorten(node.value, 60)
                raise _Refused(f"the key {name!r} stands here twice; keep one", node.line, node.column)
            self.keys.add(node.value)
            self.key = node
        else:
            self.entries.append((self.key, node))
            self.key = None

    def close(self) -> Node:
        if self.is_mapping:
            return Entries(tuple(self.entries), self.line, self.column)
        return Items(tuple(self.items), self.line, self.column)


def _build_with_either_loader(text: str) -> Node | None:
    try:
        return _build(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" not in (error.problem or ""):
            raise
        # libyaml since 0.2.6 reads ahead and gives up first, at a place that tells a person little.
        return _build(text, yaml.SafeLoader)


def _build(text: str, loader: Any) -> Node | None:
    """Turn the events of one document into nodes, without recursion."""
    open_frames: list[_Frame] = []
    root: Node | None = None
    documents = 0
    for event, line, column in _events(text, loader):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused("a second document starts here; keep one scenario in a file", line, column)
            continue
        done: Node | None = None
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("an alias (*name) is not read here; write the text out", line, column)
        if getattr(event, "anchor", None):
            raise _Refused("an anchor (&name) is not read here; delete it", line, column)
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            _refuse_tag(event.tag, line, column)
            if len(open_frames) >= MAX_DEPTH:
                raise _Refused(f"is nested more than {MAX_DEPTH} deep", line, column)
            open_frames.append(_Frame(line, column, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.ScalarEvent):
            _refuse_tag(event.tag, line, column)
            done = _scalar(event, line, column)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = open_frames.pop().close()
        if done is not None:
            if open_frames:
                open_frames[-1].add(done)
            else:
                root = done
    if isinstance(root, Text) and not root.value and not root.is_quoted:
        return None
    return root


def _events(text: str, loader: Any) -> Iterator[tuple[Any, int, int]]:
    for event in yaml.parse(text, Loader=loader):
        mark = event.start_mark
        yield event, (mark.line + 1 if mark else 0), (mark.column + 1 if mark else 0)


def _refuse_tag(tag: str | None, line: int, column: int) -> None:
    if tag is not None:
        raise _Refused("a tag (!...) is not read here; delete it", line, column)


def _invisible(character: str) -> str:
    return f"the invisible character U+{ord(character):04X} stands in this text; delete it"


def _scalar(event: Any, line: int, column: int) -> Text:
    control = find_control(event.value)
    if control is not None:
        raise _Refused(_invisible(control), line, column)
    # A plain scalar has the style None or "", depending on the loader.
    return Text(event.value, bool(event.style), line, column)
