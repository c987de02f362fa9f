"""The text of a new scenario file: a blank card, a copy of a shipped one under a new id, or changes to a shipped one.

Each is accepted by ``check`` as it stands. Above each key a remark, which starts with ``##``, tells what belongs there.
A line with one ``#`` is YAML that is switched off: all of them can be switched on at once. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from deskguide.author.keys import SCENARIO_HELP
from deskguide.knowledge.shape import ADDED_KEYS, SCENARIO_KEYS
from deskguide.text import count, wrap

LINE_COLUMNS = 100

OTHER_CASE = "what sets this card apart from it does not apply"
"""How a copy, until somebody writes it, tells the card that it was copied from from itself."""

EXAMPLE_TEXTS = frozenset(
    [
        SCENARIO_HELP["summary"].example,
        *SCENARIO_HELP["do"].example,
        *(saying["text"] for saying in SCENARIO_HELP["say"].example),
        *SCENARIO_HELP["avoid"].example,
        *SCENARIO_HELP["principles"].example.values(),
        OTHER_CASE,
    ]
)
"""Texts that a new file holds until somebody puts their own in their place."""

_FILLED = ("priority", "summary", "do", "say", "avoid", "principles")
"""Keys of a blank card that hold an example; it needs them."""
_SWITCHED_OFF = "Lines that start with one # are switched off. Take the # away to use them."


class Wanted(NamedTuple):
    """What a person has chosen for a new card. ``title`` and ``owner`` may be empty; ``today`` is an ISO date."""

    id: str
    category: str
    title: str
    owner: str
    today: str


def words_of(name: str) -> str:
    """Return the words of an id."""
    return name.replace("-", " ")


def write_blank(wanted: Wanted) -> str:
    """Return a card with example texts, which find nothing but this card's own id."""
    head = [
        "A new card for your library's desk. Put your own words in place of the example texts.",
        "deskguide check warns of what is still to be filled in, until you have. " + _SWITCHED_OFF,
    ]
    return "\n".join([*_remarks(*head), *_blank_lines(wanted)]) + "\n"


def _blank_lines(wanted: Wanted) -> Iterator[str]:
    own = _own_values(wanted)
    for key in SCENARIO_KEYS:
        if key == "based_on":
            continue
        example = SCENARIO_HELP[key].example
        yield from _told(key)
        if key in own:
            yield from _yaml(key, own[key])
        elif key in _FILLED:
            yield from _yaml(key, example)
        elif key == "policies":  # a key without entries may stand there; an entry can be switched on below it
            yield "policies:"
            yield from _off(_yaml(key, example)[1:])
        else:
            yield from _off(_yaml(key, example))


def _own_values(wanted: Wanted) -> dict[str, Any]:
    """Return what is known of a new card, by key."""
    words = words_of(wanted.id)
    values: dict[str, Any] = {
        "id": wanted.id,
        "title": wanted.title or f"Patron asks about {words}",
        "category": wanted.category,
        "examples": [
            f"patron asks about {words}",
            f"someone at the desk brings up {words}",
            f"phone call about {words}",
        ],
        "reviewed": wanted.today,
    }
    return {**values, "owner": wanted.owner} if wanted.owner else values


def write_copy(wanted: Wanted, shipped: Mapping[str, Any]) -> str:
    """Return a shipped card under another id.

    ``shipped`` are the values of its file. What descriptions are matched by (title, examples, cues) is the new card's
    own or switched off, or the copy would be found in place of the card that it was copied from.
    """
    head = [
        f"A card of your library's own, copied from the shipped card {shipped['id']}.",
        "Change what is different here. deskguide check warns of what is still to be filled in, until you have. "
        + _SWITCHED_OFF,
    ]
    return "\n".join([*_remarks(*head), *_copy_lines(wanted, shipped)]) + "\n"


def _copy_lines(wanted: Wanted, shipped: Mapping[str, Any]) -> Iterator[str]:
    origin = shipped["id"]
    border = {"id": origin, "when": OTHER_CASE}
    # A copy is no check of the facts: they are as old as the shipped card's.
    own = {**_own_values(wanted), "reviewed": min(shipped["reviewed"], wanted.today)}
    notes = {
        "title": f"The shipped card's is: {shipped['title']}",
        "examples": f"The {count(len(shipped['examples']), 'example')} of {origin} are left out on purpose: with them, "
        "what staff ask of that card would come here as well. Write how they ask for this one.",
        "cues": f"Switched off on purpose: they point to {origin}. Keep a word only if it means this card.",
        "not_this": f"The first entry is for {origin}: write the fact that tells that it is that card.",
        "reviewed": f"So far this is the day on which {origin} was checked. Write today's once you have checked yours.",
    }
    for key in SCENARIO_KEYS:
        if key == "based_on":
            continue
        value = shipped.get(key)
        yield from _told(key, notes.get(key, "") if key in own or value or key == "not_this" else "")
        if key in own:
            yield from _yaml(key, own[key])
        elif key == "not_this":
            yield from _yaml(key, [border, *(b for b in value or () if b["id"] != wanted.id)])
        elif not value:
            yield from _off(_yaml(key, SCENARIO_HELP[key].example))
        else:
            yield from _off(_yaml(key, value)) if key == "cues" else _yaml(key, value)


def write_changes(wanted: Wanted, shipped: Mapping[str, Any]) -> str:
    """Return a file that lies over a shipped card and changes nothing yet but what ``wanted`` holds.

    ``shipped`` are the values of the shipped file. Of ``wanted`` an empty text, and the shipped card's own category,
    change nothing.
    """
    head = [
        f"Your library's changes to the shipped card {shipped['id']}. What is not here stays as it is shipped.",
        "The lines that start with one # are the shipped card's. To change one, take the # away from it and from the "
        "name above it, and write your own. A key that stands here replaces the shipped one whole; "
        f"{', '.join(ADDED_KEYS)} are added to the shipped ones.",
    ]
    return "\n".join([*_remarks(*head), *_change_lines(wanted, shipped)]) + "\n"


def _change_lines(wanted: Wanted, shipped: Mapping[str, Any]) -> Iterator[str]:
    own = {"id": wanted.id, "based_on": shipped["reviewed"]}
    own.update({key: text for key, text in (("title", wanted.title), ("owner", wanted.owner)) if text})
    if wanted.category != shipped["category"]:
        own["category"] = wanted.category
    for key in SCENARIO_KEYS:
        value = shipped.get(key)
        is_added = key in ADDED_KEYS and value
        yield from _told(key, "What you write here is added to these, which stay." if is_added else "")
        if key in own:
            yield from _yaml(key, own[key])
        else:
            yield from _off(_yaml(key, value or SCENARIO_HELP[key].example))


def _told(key: str, note: str = "") -> list[str]:
    """Return an empty line and what to write under a key."""
    return ["", *_remarks(SCENARIO_HELP[key].text, *([note] if note else []))]


def _remarks(*paragraphs: str) -> list[str]:
    return [f"## {line}" for text in paragraphs for line in wrap(text, LINE_COLUMNS - 3)]


def _yaml(key: str, value: Any) -> list[str]:
    """Return a key and its value as lines of YAML."""
    if key in ("reviewed", "based_on"):  # YAML would put a text that is a date in quotes
        return [f"{key}: {value}"]
    text: str = yaml.safe_dump({key: _plain(value)}, sort_keys=False, allow_unicode=True, width=LINE_COLUMNS)
    return text.splitlines()


def _plain(value: Any) -> Any:
    """Return a value without the empty texts that reading has filled in, and a saying without a moment as its text."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        filled = {k: v for k, v in value.items() if v}
        return filled["text"] if list(filled) == ["text"] else filled
    return value


def _off(lines: list[str]) -> list[str]:
    return [f"#{line}" for line in lines]
