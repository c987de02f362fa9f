"""Files as an editor reads them, and the judge of its schema."""

import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from deskguide.author.schema import Kind, build_schema
from deskguide.knowledge.read import Entries, Items, Node, parse
from deskguide.knowledge.shape import is_nothing


def judge(kind: Kind) -> Draft202012Validator:
    """Return what tells whether a mapping is a file of a kind."""
    schema = build_schema(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_texts(node: Node) -> Any:
    """Return a node as plain values, each scalar as the text that was typed."""
    if isinstance(node, Items):
        return [as_texts(n) for n in node.values]
    if isinstance(node, Entries):
        return {name.value: as_texts(value) for name, value in node.values}
    return None if is_nothing(node) else node.value


def as_editor(node: Node) -> Any:
    """Return a node as plain values, each plain scalar as what YAML 1.2 makes of it: a number or a truth value."""
    if isinstance(node, Items):
        return [as_editor(n) for n in node.values]
    if isinstance(node, Entries):
        return {name.value: as_editor(value) for name, value in node.values}
    if is_nothing(node):
        return None
    if node.is_quoted:
        return node.value
    if node.value in ("true", "false"):
        return node.value == "true"
    if re.fullmatch(r"[-+]?[0-9]+", node.value):
        return int(node.value)
    return float(node.value) if re.fullmatch(r"[-+]?[0-9]+\.[0-9]*", node.value) else node.value


def read_file(content: bytes, path: str = "a/b.yaml") -> Entries:
    """Return the mapping in a file that has one."""
    entries = parse(content, path)
    assert isinstance(entries, Entries), entries
    return entries


def complaints(kind: Kind, content: bytes) -> list[str]:
    """Return what the schema has against a file, read in either way."""
    entries = read_file(content)
    return [e.message for read in (as_texts, as_editor) for e in judge(kind).iter_errors(read(entries))]


DATA = Path(__file__).parent.parent / "data"
