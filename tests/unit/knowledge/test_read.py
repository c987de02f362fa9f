import os
import sys
from pathlib import Path

import pytest
import yaml

from deskguide.knowledge.read import MAX_BYTES, MAX_DEPTH, Entries, Items, Text, parse, parse_profile, read_bytes
from deskguide.model import Fault

UTF16 = "is saved as UTF-16; save it again with the encoding UTF-8"
EMPTY = "is empty; a scenario file starts with 'id: ' and its name"
NO_KEYS = "holds no keys; write 'key: value' lines, the first one 'id: ...'"
TAG = "a tag (!...) is not read here; delete it"
ANCHOR = "an anchor (&name) is not read here; delete it"
ALIAS = "an alias (*name) is not read here; write the text out"
DEEP = f"is nested more than {MAX_DEPTH} deep"
BRACKET = "the bracket or brace that opens here is never closed; quote a text that starts with one"
CHECK = "check the indentation and the quotes of this line and the one before"


def fault_of(content: bytes) -> tuple[int, int, str]:
    """Return line, column and message of the fault that ``content`` must have."""
    fault = parse(content, "a/b.yaml")
    assert isinstance(fault, Fault)
    assert (fault.file, fault.severity) == ("a/b.yaml", "error")
    return fault.line, fault.column, fault.message


@pytest.mark.usefixtures("each_loader")
def test_every_value_is_kept_as_typed_with_its_place() -> None:
    assert parse(b"id: no\nreviewed: 2026-01-01\nlist:\n  - 'x'\n  - {a: 1.50}\n", "") == Entries(
        (
            (Text("id", False, 1, 1), Text("no", False, 1, 5)),
            (Text("reviewed", False, 2, 1), Text("2026-01-01", False, 2, 11)),
            (
                Text("list", False, 3, 1),
                Items(
                    (
                        Text("x", True, 4, 5),
                        Entries(((Text("a", False, 5, 6), Text("1.50", False, 5, 9)),), 5, 5),
                    ),
                    4,
                    3,
                ),
            ),
        ),
        1,
        1,
    )


@pytest.mark.usefixtures("each_loader")
@pytest.mark.parametrize(
    ("typed", "value", "is_quoted"),
    [
        ("", "", False),
        ("~", "~", False),
        ('""', "", True),
        ("'~'", "~", True),
        ("plain", "plain", False),
        ("|\n  block\n", "block\n", True),
        (">-\n  folded\n  text\n", "folded text", True),
        ('"tab\\there"', "tab\there", True),
    ],
)
def test_a_quoted_text_differs_from_a_bare_one(typed: str, value: str, is_quoted: bool) -> None:
    entries = parse(f"key: {typed}".encode(), "")
    assert isinstance(entries, Entries)
    node = entries.values[0][1]
    assert isinstance(node, Text)
    assert (node.value, node.is_quoted) == (value, is_quoted)


@pytest.mark.usefixtures("each_loader")
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system_and_a_mark_at_the_start_are_read(line_end: bytes) -> None:
    plain = parse(b"id: a\ntitle: b\n", "")
    assert parse(b"\xef\xbb\xbf" + b"id: a\ntitle: b\n".replace(b"\n", line_end), "") == plain


@pytest.mark.usefixtures("each_loader")
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", (1, 1, EMPTY)),
        (b"\xef\xbb\xbf", (1, 1, EMPTY)),
        (b"\n\n  \n", (1, 1, EMPTY)),
        (b"# only a comment\n", (1, 1, EMPTY)),
        (b"---\n", (1, 1, EMPTY)),
        (b"just words\n", (1, 1, NO_KEYS)),
        (b'\n""\n', (2, 1, NO_KEYS)),
        (b"- a\n- b\n", (1, 1, NO_KEYS)),
        ("id: a\n".encode("utf-16"), (1, 1, UTF16)),
        ("\ufeffid: a\n".encode("utf-16-be"), (1, 1, UTF16)),
        ("id: a\n".encode("utf-16-le"), (1, 1, UTF16)),
        ("id: a\n".encode("utf-16-be"), (1, 1, UTF16)),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", (3, 1, "is not a text file (it holds a zero byte)")),
        (b"id: a\ntitle: x\x00y\n", (2, 9, "is not a text file (it holds a zero byte)")),
        (b"id: a\nb: it\x92s\n", (2, 6, "byte 0x92 is not UTF-8; save the file again with the encoding UTF-8")),
        (b"\xef\xbb\xbfid: caf\xe9\n", (1, 8, "byte 0xe9 is not UTF-8; save the file again with the encoding UTF-8")),
        ("é: ".encode() + b"\xff", (1, 4, "byte 0xff is not UTF-8; save the file again with the encoding UTF-8")),
        (b"\x1b[31m", (1, 1, "the invisible character U+001B stands in this text; delete it")),
        (b"id: a\nb: x\x1by\n", (2, 5, "the invisible character U+001B stands in this text; delete it")),
        (b"# x\x7f\n", (1, 4, "the invisible character U+007F stands in this text; delete it")),
        ("id: é\ufffe\n".encode(), (1, 6, "the invisible character U+FFFE stands in this text; delete it")),
        ("id: a\nb: x\u202ey\n".encode(), (2, 4, "the invisible character U+202E stands in this text; delete it")),
        ("i\u200bd: a\n".encode(), (1, 1, "the invisible character U+200B stands in this text; delete it")),
        (b'id: a\nb: "\\e[2J"\n', (2, 4, "the invisible character U+001B stands in this text; delete it")),
        (b'id: a\nb: ["\\u2066x"]\n', (2, 5, "the invisible character U+2066 stands in this text; delete it")),
        (b"[" * 100_000, (1, MAX_DEPTH + 1, DEEP)),
        (b"{" * 100_000, (1, MAX_DEPTH + 1, DEEP)),
        (b"- " * 100_000, (1, 2 * MAX_DEPTH + 1, DEEP)),
        (b"? " * 100_000, (1, 2 * MAX_DEPTH + 1, DEEP)),
        (b"a: " + b"[" * 100_000 + b"]" * 100_000, (1, MAX_DEPTH + 3, DEEP)),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", (1, 4, ANCHOR)),
        (b"&root id: a\n", (1, 1, ANCHOR)),
        (b"id: a\n? &k key\n: b\n", (2, 3, ANCHOR)),
        (b"id: a\n<<: *a\n", (2, 5, ALIAS)),
        (b"id: a\nb: !!binary aGk=\n", (2, 4, TAG)),
        (b"!!python/object/apply:os.system ['exit 1']\n", (1, 1, TAG)),
        (b"id: a\nb: !!python/name:os.system\n", (2, 4, TAG)),
        (b"id: a\nb: [!!python/object/new:os.system [x]]\n", (2, 5, TAG)),
        (b"id: a\n!!str b: c\n", (2, 1, TAG)),
        (b"id: a\nb: !local {c: d}\n", (2, 4, TAG)),
        (b"id: a\ntitle: b\nid: c\n", (3, 1, "the key 'id' stands here twice; keep one")),
        (b"id: a\nb:\n  - {c: d, 'c': e}\n", (3, 12, "the key 'c' stands here twice; keep one")),
        (b"? " + b"k" * 999 + b"\n: a\n? " + b"k" * 999 + b"\n: b\n",
         (3, 3, f"the key '{'k' * 59}…' stands here twice; keep one")),
        (b"id: a\n---\nid: b\n", (2, 1, "a second document starts here; keep one scenario in a file")),
        (b"id: a\n...\n---\n", (3, 1, "a second document starts here; keep one scenario in a file")),
        (b"id: a\n[b]: c\n", (2, 1, "a key must be a plain word")),
        (b"id: a\n? {b: c}\n: d\n", (2, 3, "a key must be a plain word")),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named_with_its_place(content: bytes, fault: tuple[int, int, str]) -> None:
    assert fault_of(content) == fault


@pytest.mark.usefixtures("libyaml")
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            b"id: a\ntitle: b: c\n",
            (2, 9, "mapping values are not allowed in this context; "
             "put a text with a colon and a space in quotes, or indent this line like the one above"),
        ),
        (
            "id: 世😀 b: c\n".encode(),
            (1, 9, "mapping values are not allowed in this context; "
             "put a text with a colon and a space in quotes, or indent this line like the one above"),
        ),
        (
            b'id: a\nsay:\n  - "not closed\n',
            (3, 5, "found unexpected end of stream; the quote that opens here is never closed"),
        ),
        (
            b"id: a\nsay:\n  - when: x\n    tex",
            (4, 5, "could not find expected ':'; this line may lack its colon"),
        ),
        (b"id: a\nsay: [x, y", (2, 6, f"did not find expected ',' or ']'; {BRACKET}")),
        (b"id: a\nb: c\n  d: e\n",
         (3, 4, "mapping values are not allowed in this context; "
          "put a text with a colon and a space in quotes, or indent this line like the one above")),
        (b"id: a\n b: c\n",
         (2, 3, "mapping values are not allowed in this context; "
          "put a text with a colon and a space in quotes, or indent this line like the one above")),
        (b"b:\n  - c\n - d\n", (3, 2, f"did not find expected key; {CHECK}")),
        (
            b"id: a\nb: @here\n",
            (2, 4, "found character that cannot start any token; "
             "indent with spaces; quote a text that starts with @, % or `"),
        ),
        (
            b"id: a\nb:\n\t- c\n",
            (3, 1, "found character that cannot start any token; "
             "indent with spaces; quote a text that starts with @, % or `"),
        ),
        (b"id: * b\n", (1, 6, "did not find expected alphabetic or numeric character; "
         "quote a text that starts with * or &")),
        (b"id: !e!x y\n", (1, 5, "found undefined tag handle; put a text that starts with ! in quotes")),
        (b"%YAML 3.0\n---\nid: a\n", (1, 1, "found incompatible YAML document; delete the line that starts with %")),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_told_with_a_hint_at_what_to_do(content: bytes, fault: tuple[int, int, str]) -> None:
    line, column, message = fault_of(content)
    assert (line, column, message) == fault


def test_a_text_nested_as_deep_as_is_allowed_is_read() -> None:
    content = b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1)
    assert isinstance(parse(content, ""), Entries)


def test_an_error_without_a_place_is_a_fault_of_the_whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[yaml.YAMLError] = [yaml.YAMLError("first line\nsecond"), yaml.MarkedYAMLError(problem="odd ")]

    def refuse(text: str, Loader: object) -> None:  # noqa: N803
        raise errors.pop(0)

    monkeypatch.setattr(yaml, "parse", refuse)
    assert fault_of(b"id: a") == (0, 0, "is not YAML that can be read: first line")
    assert fault_of(b"id: a") == (0, 0, "odd")


def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"id: a\r\n\x1a\x00")
    assert read_bytes(str(path)) == b"id: a\r\n\x1a\x00"


@pytest.mark.parametrize(("size", "is_read"), [(MAX_BYTES, True), (MAX_BYTES + 1, False), (3 * MAX_BYTES, False)])
def test_a_file_is_read_up_to_the_limit_and_refused_beyond_it(tmp_path: Path, size: int, is_read: bool) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * size)
    message = "is larger than 1,000 kB; a scenario file is a few pages of text"
    assert read_bytes(str(path)) == (b"#" * size if is_read else Fault(str(path), 0, 0, message))


def test_a_file_that_is_not_there_and_a_name_that_cannot_be_are_told(tmp_path: Path) -> None:
    path = str(tmp_path / "a.yaml")
    assert read_bytes(path) == Fault(path, 0, 0, "cannot be read: No such file or directory")
    assert read_bytes("a\0b") == Fault("a\0b", 0, 0, "cannot be read: embedded null byte")


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    os.mkfifo(path)
    assert read_bytes(str(path)) == b""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this account may read everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"id: a")
    path.chmod(0)
    assert read_bytes(str(path)) == Fault(str(path), 0, 0, "cannot be read: Permission denied")


@pytest.mark.parametrize("content", [b"", b"\n", b"# library: x\n", b"\xef\xbb\xbf# x\n", b"---\n"])
def test_a_profile_that_holds_only_comments_holds_nothing(content: bytes) -> None:
    assert parse_profile(content, "profile.yaml") == Entries((), 1, 1)


@pytest.mark.parametrize("content", [b"- a\n", b"word\n"])
def test_a_profile_without_keys_is_told_what_they_look_like(content: bytes) -> None:
    message = "holds no keys; write 'key: value' lines, such as 'state: NY'"
    assert parse_profile(content, "profile.yaml") == Fault("profile.yaml", 1, 1, message)
