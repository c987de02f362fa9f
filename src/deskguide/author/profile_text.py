"""The text of a library's profile: written anew with its comments, or changed line by line with all else kept. Pure.

A key of a profile is named by its way from the top: ``("state",)``, ``("names", "front_desk")``,
``("policies", "local-internet-use")``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from deskguide.knowledge.read import Entries, Node, Text, parse_profile
from deskguide.knowledge.shape import ADDRESS_START, MAX_ID, PROFILE_TEXTS, STATES, is_nothing, shape_profile
from deskguide.model import Fault
from deskguide.text import clean, wrap

Key = tuple[str, ...]
Values = Mapping[Key, str]

MAPPINGS = ("names", "policies")
"""Keys of a profile that hold lines of their own."""

_COMMENT_COLUMNS = 100
_HEAD = (
    'The profile of your library: what deskguide says in place of plain phrases such as "your manager".',
    "Change it in any editor, or run deskguide init again: it changes the keys that you give and keeps the rest.",
    "A line that starts with # is a comment. To set a key, delete its # and the space after it, and put your own"
    " words behind the colon, in double quotes if they hold a colon, a # or quotes.",
    "deskguide check names every mistake with its line.",
)


class Section(NamedTuple):
    """What explains a key, and how it is written as an example: ``example`` holds whole lines."""

    explanation: str
    example: tuple[str, ...]


SECTIONS: Mapping[str, Section] = {
    "library": Section(
        "Your library's name, as you say it on the telephone. It fills {library}; otherwise: the library.",
        ("library: Juniper Public Library",),
    ),
    "state": Section(
        "Your state. Cards on records then show its law. One of " + " ".join(STATES) + ".",
        ("state: NY",),
    ),
    "manager": Section(
        'Whom staff turn to first, so that "Ask ... first." reads well. It fills {manager}; otherwise: your manager.',
        ("manager: the branch manager (ext. 12)",),
    ),
    "security": Section(
        "Who keeps order in the building. It fills {security}; otherwise: security or the person in charge.",
        ("security: the guard at the door (ext. 14)",),
    ),
    "police": Section(
        "The police when nobody is in danger; for danger cards say 911. It fills {police}; otherwise: the police.",
        ("police: the police (555-0100)",),
    ),
    "review_months": Section(
        "After how many months since its last check a card is marked as out of date: 1 to 600.",
        ("review_months: 12",),
    ),
    "names": Section(
        "Other people, places and numbers that your own cards name in braces, such as {front_desk}."
        " Their names take small letters, digits, dashes and underscores.",
        ("names:", "  front_desk: the front desk (ext. 5)"),
    ),
    "policies": Section(
        "Where your library's own policies stand. Cards that rest on one then show its address, which starts with"
        ' https://. deskguide policy lists the ids, under "local policy".',
        ("policies:", "  local-internet-use: https://library.example.org/internet-policy"),
    ),
}
"""The keys of a profile in the order in which they are written."""


class NotInPlace(Exception):
    """A value cannot be set without touching what is around it. ``line`` counts from 1."""

    def __init__(self, key: Key, line: int, column: int, *, is_new: bool = False) -> None:
        self.line, self.column = line, column
        told = "cannot be set without touching what is around it"
        if not is_new:
            told = "is not written on one line of its own, so it was not replaced"
        super().__init__(f"{'.'.join(key)!r} {told}")


ADDRESS = re.compile(rf"{ADDRESS_START}[^\s/?#]\S*")
"""An address that a browser can open."""
NO_ADDRESS = f"write the whole address without spaces, such as {ADDRESS_START}library.example.org/rules"


def find_mistake(key: Key, value: str) -> str:
    """Return what is wrong with a value, in the words in which a profile file would be told of it, or an empty text."""
    node: Node = Text(value, True, 0, 0)
    for name in reversed(key):
        node = Entries(((Text(name, False, 0, 0), node),), 0, 0)
    if len(key[-1]) > MAX_ID:
        return f"the name {key[-1][:MAX_ID]!r} is too long; {MAX_ID} characters are the limit"
    assert isinstance(node, Entries), "a key has one name at least"  # noqa: S101
    _, faults = shape_profile(node, "")
    if faults:
        return faults[0].message
    return NO_ADDRESS if key[0] == "policies" and not ADDRESS.fullmatch(value) else ""


def values_of(entries: Entries) -> dict[Key, str]:
    """Return all values of a profile, as one line of text each, without those that say nothing."""
    return {key: clean(node.value) for key, node in _texts(entries) if not is_nothing(node)}


def _texts(entries: Entries) -> Iterator[tuple[Key, Text]]:
    """Yield each scalar of a profile with the way to it."""
    for name, node in entries.values:
        if isinstance(node, Text):
            yield (name.value,), node
        elif isinstance(node, Entries):
            for inner, below in node.values:
                if isinstance(below, Text):
                    yield (name.value, inner.value), below


# A scalar that no YAML reader takes for anything but this text: it starts with a letter, has no sign that means
# something after a space or at an end, and is none of the words for truth and nothing.
_PLAIN = re.compile(r"[^\W\d_](?:[\w ,()&/.+'-]|:(?=[^\s,\[\]{}]))*", re.ASCII)
_WORDS_OF_YAML = frozenset("y n yes no on off true false null nan inf".split())
_UNPRINTABLE = re.compile("[\ufffe\uffff]")


def quote(value: str, *, is_always: bool = False) -> str:
    """Return a text as YAML that reads back as that text, in quotes if it needs any.

    The text is one line without control characters, as :func:`deskguide.text.clean` makes it.
    """
    is_plain = _PLAIN.fullmatch(value) and value == value.strip() and value.lower() not in _WORDS_OF_YAML
    if is_plain and not is_always:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = _UNPRINTABLE.sub(lambda m: f"\\u{ord(m.group()):04X}", escaped)
    return f'"{escaped}"'


def _written(key: Key, value: str, is_quoted: bool = False) -> str:
    return value if key == ("review_months",) and not is_quoted else quote(value, is_always=is_quoted)


def _line(key: Key, value: str) -> str:
    return f"{key[-1]}: {_written(key, value)}"


def new_profile(values: Values) -> str:
    """Return a whole profile with ``values``; every other key stands in it as a comment."""
    parts = ["\n".join(line for text in _HEAD for line in _comment(text))]
    for name, section in SECTIONS.items():
        own = _section_lines(name, values)
        parts.append("\n".join([*_comment(section.explanation), *(own or _unset(section))]))
    return "\n\n".join(parts) + "\n"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _COMMENT_COLUMNS)]


def _unset(section: Section) -> list[str]:
    return [f"# {line}" for line in section.example]


def _section_lines(name: str, values: Values) -> list[str]:
    """Return the lines that set one top key, or nothing if no value is below it."""
    lines = [_line(key, value) for key, value in values.items() if key[0] == name]
    return [f"{name}:", *(f"  {line}" for line in lines)] if lines and name in MAPPINGS else lines


_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for YAML, and so for the positions that the reader gives."""

_SCALARS = {"'": re.compile(r"'(?:[^']|'')*'"), '"': re.compile(r'"(?:[^"\\]|\\.)*"')}
_PLAIN_SCALAR = re.compile(r".*?(?=\s+#|\s*$)")


class Changed(NamedTuple):
    """A profile's new content, and the keys whose values are new in it."""

    content: bytes
    keys: tuple[Key, ...]


class _Edit(NamedTuple):
    """Whole lines that take the place of those from ``start`` up to, not including, ``end``. Both count from 0."""

    start: int
    end: int
    lines: list[str]


def change_profile(content: bytes, entries: Entries, values: Values) -> Changed:
    """Return a profile with ``values`` set in it and every other character as it was.

    ``entries`` is what ``content`` holds. A key that is commented out as :func:`new_profile` does it is set there; any
    other new one is added at the end. Raises NotInPlace if that cannot be done without touching anything else.
    """
    text = content.decode("utf-8")
    start = "\ufeff" if text.startswith("\ufeff") else ""
    sheet = _Sheet(text.removeprefix("\ufeff"), entries)
    held = values_of(entries)
    own = {_own_key(key, held): value for key, value in values.items()}
    wanted = {key: value for key, value in own.items() if not _is_same(key, held.get(key, ""), value)}
    if not wanted:
        return Changed(content, ())
    changed = (start + sheet.changed(wanted)).encode("utf-8")
    _require_read_back(changed, entries, wanted)
    return Changed(changed, tuple(wanted))


def _is_same(key: Key, held: str, value: str) -> bool:
    return held == value or (key == ("state",) and held.upper() == value)


def _own_key(key: Key, held: Values) -> Key:
    """Return where a profile holds what ``key`` is about: ``manager`` may stand below ``names``."""
    below = ("names", *key)
    return below if key[0] in PROFILE_TEXTS and key not in held and below in held else key


def _require_read_back(changed: bytes, entries: Entries, wanted: Values) -> None:
    """Raise NotInPlace unless a changed profile holds what it held before, and ``wanted``."""
    read = parse_profile(changed, "")
    if not isinstance(read, Fault):
        is_sound = not shape_profile(read, "")[1]
        if is_sound and values_of(read) == {**values_of(entries), **wanted}:
            return
    raise NotInPlace(next(iter(wanted)), entries.line, entries.column, is_new=True)


class _Sheet:
    """The lines of a profile, each with its end, and where in them its keys stand."""

    def __init__(self, text: str, entries: Entries) -> None:
        ends = _LINE_END.findall(text)
        self._end = "\r\n" if "\r\n" in ends else "\n"
        bodies = _LINE_END.split(text)
        self._lines = [body + end for body, end in zip(bodies, [*ends, ""], strict=True) if body or end]
        self._tops = {name.value: (name, node) for name, node in entries.values}
        self._texts = dict(_texts(entries))
        self._indent = " " * (entries.values[0][0].column - 1) if entries.values else ""
        self._place = entries.line, entries.column

    def changed(self, wanted: Values) -> str:
        """Return the whole text with ``wanted`` set."""
        if self._tops and self._at(*self._place).startswith("{"):
            raise NotInPlace(next(iter(wanted)), *self._place, is_new=True)
        edits = [self._replacement(key, value) for key, value in wanted.items() if key in self._texts]
        added = {key: value for key, value in wanted.items() if key not in self._texts}
        end: list[str] = []
        for name in dict.fromkeys(key[0] for key in added):
            own = {key: value for key, value in added.items() if key[0] == name}
            if name in self._tops:
                edits.append(self._addition(name, own))
                continue
            edit = self._uncommented(name, own)
            if edit is not None:
                edits.append(edit)
            else:
                end += ["", *_comment(SECTIONS[name].explanation), *_section_lines(name, own)]
        if end:
            total = len(self._lines)
            edits.insert(0, _Edit(total, total, self._ended(self._indent + line if line else "" for line in end)))
        lines = list(self._lines)
        # From the last line up, so that places stay true; of two at one place the one that stands lower goes first.
        for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
            lines[edit.start : edit.end] = edit.lines
        ended = [line if _LINE_END.search(line) else line + self._end for line in lines[:-1]]
        return "".join([*ended, *lines[-1:]])

    def _ended(self, lines: Iterable[str]) -> list[str]:
        return [line + self._end for line in lines]

    def _at(self, line: int, column: int) -> str:
        """Return the rest of a line, without its end."""
        if line > len(self._lines):
            return ""
        return _LINE_END.split(self._lines[line - 1])[0][column - 1 :]

    def _replacement(self, key: Key, value: str) -> _Edit:
        node = self._texts[key]
        end = self._end_of(node)
        if end is None:
            raise NotInPlace(key, node.line, node.column)
        line = self._lines[node.line - 1]
        written = _written(key, value, is_quoted=node.is_quoted)
        return _Edit(node.line - 1, node.line, [line[: node.column - 1] + written + line[end:]])

    def _end_of(self, node: Text) -> int | None:
        """Return how many characters of its line lie before the end of a scalar, or None if it has several lines."""
        rest = self._at(node.line, node.column)
        scalar = _SCALARS.get(rest[:1], _PLAIN_SCALAR).match(rest)
        if scalar is None or (rest[:1] not in _SCALARS and scalar.group() != node.value):
            return None
        return node.column - 1 + scalar.end()

    def _addition(self, name: str, own: Values) -> _Edit:
        """Add lines below ``names`` or ``policies``: behind the last one, or before the first if that is not plain."""
        key, node = self._tops[name]
        first_key = next(iter(own))
        if isinstance(node, Text):
            if node.value or node.is_quoted:
                raise NotInPlace(first_key, node.line, node.column, is_new=True)
            indent = f"{self._indent}  "
            return _Edit(key.line, key.line, self._ended(f"{indent}{_line(k, v)}" for k, v in own.items()))
        assert isinstance(node, Entries), "a sound profile holds no lists"  # noqa: S101
        if not node.values or self._at(node.line, node.column).startswith("{"):
            raise NotInPlace(first_key, node.line, node.column, is_new=True)
        indent = " " * (node.values[0][0].column - 1)
        last = node.values[-1][1]
        is_one_line = isinstance(last, Text) and self._end_of(last) is not None
        place = last.line if is_one_line else node.values[0][0].line - 1
        return _Edit(place, place, self._ended(f"{indent}{_line(k, v)}" for k, v in own.items()))

    def _uncommented(self, name: str, own: Values) -> _Edit | None:
        """Set a key where it is commented out with its example, or return None if it is not."""
        unset = _unset(SECTIONS[name])
        bodies = [_LINE_END.split(line)[0].strip() for line in self._lines]
        for start in range(len(bodies) - len(unset) + 1):
            if bodies[start : start + len(unset)] == [line.strip() for line in unset]:
                lines = self._ended(self._indent + line for line in _section_lines(name, own))
                return _Edit(start, start + len(unset), lines)
        return None


_NAME = re.compile(r"[^\W_][\w.-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin|conout|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.I)


def find_name_mistake(name: str) -> str:
    """Return why a profile cannot have this name, on any system, or an empty text."""
    if not _NAME.fullmatch(name) or name.endswith(".") or ".." in name:
        return "a profile's name takes letters, digits, dashes, underscores and single dots, and no folders"
    if name.lower().endswith((".yaml", ".yml")):
        return "leave out .yaml, which the file gets by itself"
    if _RESERVED.fullmatch(name):
        return "Windows keeps this name for itself"
    if len(name) > MAX_ID:
        return f"a profile's name has {MAX_ID} characters at most"
    return ""
