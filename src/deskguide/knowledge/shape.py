"""From the nested values of a file to a checked draft of a scenario or policy, or the faults in it. Pure.

A draft holds only the keys that its file holds, as plain lists and texts, so that a local file can lie
over a shipped one key by key and so that the store can keep it as JSON.
"""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple

from deskguide.knowledge.read import MAX_FAULTS, Entries, Items, Node, Text
from deskguide.model import POLICY_KINDS, PRIORITIES, Fault
from deskguide.text import clean, join_words, nearest, shorten

MAX_TITLE = 80
MAX_ID = 60
MAX_TEXT = 2000
"""Characters in one text: a long paragraph. Guidance is read in a hurry."""
MAX_ITEMS = 1000

PRINCIPLES = ("decency", "respect", "efficiency", "openness")
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND"
    " OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
).split()

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""How an id is written; MAX_ID characters at most."""
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOTHING = ("", "~", "null", "Null", "NULL")


class Draft(NamedTuple):
    """What one file says. ``values`` maps its keys to plain lists, mappings and texts, ``lines`` to their lines."""

    path: str
    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int] = {}


Say = Callable[[str, Node], None]
Reader = Callable[[Node, str, Say], Any]


def is_nothing(node: Node) -> bool:
    """Tell whether nothing was written: an empty plain scalar, ``~`` or ``null``."""
    return isinstance(node, Text) and not node.is_quoted and node.value in _NOTHING


def read_text(node: Node, key: str, say: Say) -> str | None:
    """Read one text, with its spaces evened out."""
    if isinstance(node, Items):
        say(f"{key!r} holds one text, not a list; delete the dash", node)
    elif isinstance(node, Entries):
        say(f"{key!r} holds one text; put it in quotes if it has a colon followed by a space", node)
    elif is_nothing(node) or not clean(node.value):
        say(f"{key!r} is empty; write its text or delete the line", node)
    elif len(node.value) > MAX_TEXT:
        say(f"this text has {len(node.value):,} characters; {MAX_TEXT:,} is the limit", node)
    else:
        return clean(node.value)
    return None


def read_texts(node: Node, key: str, say: Say) -> list[str]:
    """Read a list of texts."""
    texts = (read_text(item, key, say) for item in _items(node, key, say))
    return [t for t in texts if t is not None]


def _items(node: Node, key: str, say: Say) -> tuple[Node, ...]:
    if is_nothing(node):
        return ()
    if not isinstance(node, Items):
        say(f"{key!r} holds a list; start each of its lines with a dash", node)
        return ()
    if len(node.values) > MAX_ITEMS:
        say(f"{key!r} holds {len(node.values):,} entries; {MAX_ITEMS:,} is the limit", node)
        return ()
    return node.values


def _read_mapping(
    node: Node, key: str, say: Say, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, str] | None:
    """Read a small mapping of texts with known keys."""
    if not isinstance(node, Entries):
        say(f"each entry of {key!r} holds {join_words([*required, *optional], 'and')}", node)
        return None
    found: dict[str, str] = {}
    is_sound = True
    for name, value in node.values:
        if name.value not in (*required, *optional):
            say(unknown_key(name.value, [*required, *optional], f"in {key!r}"), name)
            is_sound = False
            continue
        text = read_text(value, name.value, say)
        is_sound = is_sound and text is not None
        found[name.value] = text or ""
    for missing in (k for k in required if k not in found):
        say(f"this entry of {key!r} lacks {missing!r}", node)
        is_sound = False
    return found if is_sound else None


def unknown_key(name: str, known: list[str], where: str) -> str:
    """Return what to say of a key that is none, with the nearest known one."""
    near = nearest(name, known, limit=1)
    tip = f"did you mean {near[0]!r}?" if near else f"known are {join_words(known, 'and')}"
    return f"{shorten(clean(name), MAX_ID)!r} is not a key {where}; {tip}"


@dataclass(frozen=True)
class Records:
    """Reads a list of small mappings of texts, whose keys are ``required`` or ``optional``."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def __call__(self, node: Node, key: str, say: Say) -> list[dict[str, str]]:
        """Return the sound records, each with all keys; one that was left out is an empty text."""
        records = (_read_mapping(i, key, say, self.required, self.optional) for i in _items(node, key, say))
        names = (*self.required, *self.optional)
        return [{name: r.get(name, "") for name in names} for r in records if r is not None]


@dataclass(frozen=True)
class References:
    """Reads records whose ``id`` names another card or policy, each once."""

    required: tuple[str, ...]

    def __call__(self, node: Node, key: str, say: Say) -> list[dict[str, str]]:
        """Return the records."""
        records = Records(self.required)(node, key, say)
        seen: set[str] = set()
        for record in records:
            if not ID.fullmatch(record["id"]):
                say(f"{record['id']!r} in {key!r} is not an id: small letters, digits and single dashes", node)
            elif record["id"] in seen:
                say(f"{record['id']!r} stands twice in {key!r}; keep one", node)
            seen.add(record["id"])
        return records


SAYING_KEYS = Records(("text",), ("when",))
"""The keys of an entry of ``say`` that is no plain text."""


def read_say(node: Node, key: str, say: Say) -> list[dict[str, str]]:
    """Read a list whose entries are a text or a mapping of SAYING_KEYS."""
    found = []
    for item in _items(node, key, say):
        if isinstance(item, Text):
            text = read_text(item, key, say)
            record = None if text is None else {"text": text}
        else:
            record = _read_mapping(item, key, say, SAYING_KEYS.required, SAYING_KEYS.optional)
        if record is not None:
            found.append({"when": record.get("when", ""), "text": record["text"]})
    return found


def read_principles(node: Node, key: str, say: Say) -> dict[str, str]:
    """Read a mapping from some of PRINCIPLES to texts."""
    if is_nothing(node):
        return {}
    return _read_mapping(node, key, say, (), PRINCIPLES) or {}


def read_date(node: Node, key: str, say: Say) -> str | None:
    """Read a day, written as DATE and in the calendar."""
    text = read_text(node, key, say)
    if text is None:
        return None
    try:
        if not DATE.fullmatch(text):  # Python 3.11 takes other forms too, which 3.10 does not.
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        say(f"{text!r} is not a date; write it as 2026-03-31", node)
        return None


def read_id(node: Node, key: str, say: Say) -> str | None:
    """Read an id, or a category, which is written like one."""
    text = read_text(node, key, say)
    if text is None:
        return None
    if len(text) > MAX_ID or not ID.fullmatch(text):
        rule = f"small letters, digits and single dashes, {MAX_ID} at most"
        say(f"{text[:MAX_ID]!r} cannot be the {key}; it takes {rule}", node)
        return None
    return text


def read_title(node: Node, key: str, say: Say) -> str | None:
    """Read a text of MAX_TITLE characters at most."""
    text = read_text(node, key, say)
    if text is not None and len(text) > MAX_TITLE:
        say(f"the title has {len(text)} characters; {MAX_TITLE} is the limit", node)
        return None
    return text


@dataclass(frozen=True)
class Choice:
    """Reads one of the ``allowed`` words."""

    allowed: tuple[str, ...]

    def __call__(self, node: Node, key: str, say: Say) -> str | None:
        """Return the word, or None."""
        text = read_text(node, key, say)
        if text is None or text in self.allowed:
            return text
        near = nearest(text, self.allowed, limit=1)
        tip = f"did you mean {near[0]!r}?" if near else f"choose {join_words(self.allowed)}"
        say(f"{text!r} is not a {key}; {tip}", node)
        return None


LAW_KEYS = Records(("citation", "summary"), ("minors", "url"))
"""The keys of one state's law."""


def read_states(node: Node, key: str, say: Say) -> dict[str, dict[str, str]]:
    """Read a mapping from some of STATES to mappings of LAW_KEYS."""
    if is_nothing(node):
        return {}
    if not isinstance(node, Entries):
        say(f"{key!r} maps two-letter codes of states to their law", node)
        return {}
    found = {}
    for name, value in node.values:
        if name.value not in STATES:
            say(unknown_key(name.value, STATES, f"in {key!r}"), name)
            continue
        law = _read_mapping(value, name.value, say, LAW_KEYS.required, LAW_KEYS.optional)
        if law is not None:
            found[name.value] = {k: law.get(k, "") for k in (*LAW_KEYS.required, *LAW_KEYS.optional)}
    return found


SCENARIO_KEYS: Mapping[str, Reader] = {
    "id": read_id,
    "title": read_title,
    "category": read_id,
    "priority": Choice(PRIORITIES),
    "summary": read_text,
    "examples": read_texts,
    "cues": read_texts,
    "do": read_texts,
    "say": read_say,
    "avoid": read_texts,
    "offer": read_texts,
    "escalate": Records(("to", "when")),
    "policies": References(("id", "why")),
    "principles": read_principles,
    "not_this": References(("id", "when")),
    "follow_up": read_texts,
    "reviewed": read_date,
    "owner": read_text,
    "based_on": read_date,
    "sources": Records(("title",), ("url", "licence")),
}
"""The keys of a scenario file, in the order in which they are written, and what reads each."""

REQUIRED_KEYS = "id title category priority summary examples do say avoid policies principles reviewed".split()
"""Keys that a scenario needs; a file that lies over another scenario needs only ``id``."""
MAY_BE_EMPTY = ("policies",)

POLICY_KEYS: Mapping[str, Reader] = {
    "id": read_id,
    "title": read_text,
    "kind": Choice(POLICY_KINDS),
    "issuer": read_text,
    "citation": read_text,
    "adopted": read_text,
    "url": read_text,
    "summary": read_text,
    "states": read_states,
}
"""The keys of a policy file, in the order in which they are written, and what reads each."""

REQUIRED_POLICY_KEYS = ("id", "title", "kind", "issuer", "summary")


def shape_scenario(entries: Entries, path: str) -> tuple[Draft | None, list[Fault]]:
    """Return the draft that a scenario file holds. Any fault of severity error means that there is none."""
    return _shape(entries, path, SCENARIO_KEYS, "of a scenario")


def shape_policy(entries: Entries, path: str) -> tuple[Draft | None, list[Fault]]:
    """Return the draft that a policy file holds. Any fault of severity error means that there is none."""
    draft, faults = _shape(entries, path, POLICY_KEYS, "of a policy")
    if draft is not None:
        faults += missing_keys(draft, REQUIRED_POLICY_KEYS)
    return (None if faults else draft), faults


class _Enough(Exception):
    """So much is wrong with a file that nobody reads the rest."""


def _collect(path: str, faults: list[Fault]) -> Say:
    """Return what adds to ``faults``; it raises _Enough once there are MAX_FAULTS, so that junk takes no time."""

    def say(message: str, node: Node) -> None:
        faults.append(Fault(path, node.line, node.column, message))
        if len(faults) >= MAX_FAULTS:
            raise _Enough

    return say


def _shape(entries: Entries, path: str, known: Mapping[str, Reader], where: str) -> tuple[Draft | None, list[Fault]]:
    faults: list[Fault] = []
    say = _collect(path, faults)
    values: dict[str, Any] = {}
    stem = PurePath(path).stem
    with contextlib.suppress(_Enough):
        for name, node in entries.values:
            read = known.get(name.value)
            if read is None:
                say(unknown_key(name.value, list(known), where), name)
                continue
            before = len(faults)
            value = read(node, name.value, say)
            if len(faults) == before:
                values[name.value] = value
        if "id" in values and values["id"] != stem:
            node = next(node for name, node in entries.values if name.value == "id")
            say(f"the id {values['id']!r} and the file's name {clean(stem)!r} must be the same", node)
        if not any(name.value == "id" for name, _ in entries.values):
            say(f"the key 'id' is missing; it is the file's name without .yaml: {clean(stem)}", entries)
    lines = {name.value: name.line for name, _ in entries.values}
    return (None if faults else Draft(path, entries.line, values, lines)), faults


def missing_keys(draft: Draft, required: tuple[str, ...] | list[str] = tuple(REQUIRED_KEYS)) -> list[Fault]:
    """Return a fault for each required key that a draft lacks or leaves empty."""
    faults = []
    for key in required:
        value = draft.values.get(key)
        if key not in draft.values:
            faults.append(Fault(draft.path, draft.line, 1, f"the key {key!r} is missing"))
        elif not value and key not in MAY_BE_EMPTY:
            line = draft.lines.get(key, draft.line)
            faults.append(Fault(draft.path, line, 1, f"{key!r} is empty; it needs at least one entry"))
    return faults


PROFILE_TEXTS = ("library", "manager", "security", "police")
PROFILE_KEYS = (*PROFILE_TEXTS, "state", "review_months", "names", "policies")
"""The keys of a profile file, in the order in which they are written."""
MAX_REVIEW_MONTHS = 600
ADDRESS_START = "https://"

NAME = re.compile(r"[a-z][a-z0-9_-]*")
"""How a name in ``names`` of a profile is written."""
LINKED = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""How the id of a policy in ``policies`` of a profile is written."""


def shape_profile(entries: Entries, path: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return what a profile file holds, without its faulty keys, and the faults.

    The result has ``names`` (placeholder -> words), ``state``, ``review_months`` and ``links`` (policy id -> address).
    """
    faults: list[Fault] = []
    say = _collect(path, faults)
    found: dict[str, Any] = {"names": {}, "state": "", "review_months": DEFAULT_REVIEW_MONTHS, "links": {}}
    for name, node in entries.values:
        key = name.value
        with contextlib.suppress(_Enough):  # what is sound further down still counts
            if key in PROFILE_TEXTS:
                text = read_text(node, key, say)
                if text is not None:
                    found["names"][key] = text
            elif key == "state":
                found["state"] = _read_state(node, say)
            elif key == "review_months":
                found["review_months"] = _read_months(node, say)
            elif key in ("names", "policies"):
                _read_names(node, key, found["names" if key == "names" else "links"], say)
            elif len(faults) < MAX_FAULTS:
                say(unknown_key(key, list(PROFILE_KEYS), "of a profile"), name)
    return found, faults


DEFAULT_REVIEW_MONTHS = 12


def _read_state(node: Node, say: Say) -> str:
    code = (read_text(node, "state", say) or "").upper()
    if code and code not in STATES:
        say(f"{code!r} is not the two-letter code of a state, such as ID or NY", node)
        return ""
    return code


def _read_months(node: Node, say: Say) -> int:
    text = read_text(node, "review_months", say)
    if text is None:
        return DEFAULT_REVIEW_MONTHS
    if re.fullmatch("[0-9]{1,3}", text) and 1 <= int(text) <= MAX_REVIEW_MONTHS:
        return int(text)
    say(f"'review_months' is a number of months from 1 to {MAX_REVIEW_MONTHS}", node)
    return DEFAULT_REVIEW_MONTHS


def _read_names(node: Node, key: str, into: dict[str, str], say: Say) -> None:
    if is_nothing(node):
        return
    if not isinstance(node, Entries):
        say(f"{key!r} holds lines of the form 'name: text'", node)
        return
    for name, value in node.values:
        text = read_text(value, name.value, say)
        if text is None:
            continue
        if key == "policies" and not text.startswith(ADDRESS_START):
            say(f"the address of {clean(name.value)!r} must start with {ADDRESS_START}", value)
        elif not (LINKED if key == "policies" else NAME).fullmatch(name.value):
            say(f"{clean(name.value)!r} in {key!r} must be small letters, digits, dashes or underscores", name)
        else:
            into[name.value] = text


ADDED_KEYS = {"examples": None, "policies": "id", "not_this": "id"}
"""Keys of a local file that add to what lies below rather than replace it, and what makes two entries the same."""


def lay_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``lower`` with the keys of ``upper`` over it; entries of ADDED_KEYS are added, the upper ones win."""
    merged = dict(lower)
    for key, value in upper.items():
        if key in ADDED_KEYS and key in lower:
            identity = ADDED_KEYS[key]
            if identity is None:
                value = list(dict.fromkeys([*lower[key], *value]))
            else:
                value = list({**{v[identity]: v for v in lower[key]}, **{v[identity]: v for v in value}}.values())
        merged[key] = value
    return merged
