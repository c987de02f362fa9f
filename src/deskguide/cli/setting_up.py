"""``init``: the library's profile, from options or from what is asked on the terminal."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from os import environ
from typing import NamedTuple

from deskguide.author.profile_text import (
    SECTIONS,
    Key,
    NotInPlace,
    change_profile,
    find_mistake,
    find_name_mistake,
    new_profile,
    values_of,
)
from deskguide.cli.desk import Desk, sit_down, width, with_library
from deskguide.errors import DeskguideError, UnknownName, UnusablePath, Unwritable
from deskguide.knowledge.library import Library
from deskguide.knowledge.places import find_places
from deskguide.knowledge.read import Entries, parse_profile, read_bytes
from deskguide.knowledge.shape import PROFILE_TEXTS, STATES, shape_profile
from deskguide.knowledge.write import write_whole
from deskguide.model import Fault, Policy
from deskguide.show.faults import fault_line
from deskguide.text import clean, count, join_words, nearest, shorten, wrap

EXIT_WRITTEN = 0
LONGEST_SHOWN_COLUMNS = 60
"""Of what stands in the profile already, a question shows this much."""

_QUESTIONS = {
    "library": "Your library's name, such as Juniper Public Library",
    "state": "Your state, as its two letters, such as NY",
    "manager": "Whom staff turn to first, such as: the branch manager (ext. 12)",
    "security": "Who keeps order in the building, such as: the guard at the door (ext. 14)",
    "police": "The police when nobody is in danger, such as: the police (555-0100)",
}
_OPTIONS = {"library": "--name", "review_months": "--review-months"}
"""Options that are not called as the key that they set."""


class Given(NamedTuple):
    """What the options hold: texts by key of the profile, ``NAME=TEXT`` and ``ID=URL``."""

    texts: Mapping[str, str]
    names: Sequence[str]
    links: Sequence[str]


class _Held(NamedTuple):
    """A profile as it stands: its whole content and what that holds; nothing at all if there is no file."""

    content: bytes | None
    entries: Entries

    @property
    def values(self) -> dict[Key, str]:
        return values_of(self.entries)


def write_profile(given: Given, name: str, *, may_ask: bool) -> int:
    """Write the library's profile, or the one called ``name``, and tell where it lies.

    Raises DeskguideError for a value or name that cannot be, UnusablePath if the profile that is there has faults or
    cannot be changed line by line, and Unwritable. Nothing is written then.
    """
    desk = sit_down(None, (), True, "", "", False)
    path = _profile_path(name)
    values = _check_options(desk, given)
    if not values and may_ask:
        if not desk.streams.can_ask():
            raise DeskguideError(
                "nobody is there to ask; give options, such as --name and --state (deskguide init --help shows all),"
                " or --no-input for a profile to fill in by hand"
            )
        values = _ask_all(desk, path, _read_profile(desk, path))
    return _write(desk, path, name, values)


def _profile_path(name: str) -> str:
    mistake = find_name_mistake(name) if name else ""
    if mistake:
        raise DeskguideError(f"{clean(name)[:80]!r} cannot be the profile's name: {mistake}")
    config = find_places(environ).config
    if not config:
        raise Unwritable("there is no folder for the profile; set DESKGUIDE_CONFIG_DIR to the one it shall lie in")
    folder = os.path.abspath(config)
    return os.path.join(folder, "profiles", f"{name}.yaml") if name else os.path.join(folder, "profile.yaml")


def _read_profile(desk: Desk, path: str) -> _Held:
    """Return what stands at ``path``. Raises UnusablePath, its faults told, if it is not a sound profile."""
    if not os.path.lexists(path):
        return _Held(None, Entries((), 1, 1))
    if os.path.islink(path):
        target = clean(os.path.realpath(path))
        raise UnusablePath(path, f"is a link to {target}; it was left as it is: change that file itself")
    if not os.path.isfile(path):
        raise UnusablePath(path, "is not an ordinary file; move it away and run init again")
    content = read_bytes(path)
    if isinstance(content, Fault):
        raise UnusablePath(path, content.message)
    entries = parse_profile(content, path)
    faults = [entries] if isinstance(entries, Fault) else shape_profile(entries, path)[1]
    if isinstance(entries, Fault) or faults:
        for fault in faults:
            desk.streams.message(fault_line(fault))
        raise UnusablePath(
            path, f"has {count(len(faults), 'fault')} and was left as it is; mend it, then run init again"
        )
    return _Held(content, entries)


def _check_options(desk: Desk, given: Given) -> dict[Key, str]:
    """Return what the options set. Raises DeskguideError, after every other mistake in them was told."""
    values: dict[Key, str] = {}
    wrong: list[DeskguideError] = []
    for key, text in given.texts.items():
        with _collect(wrong):
            values[key,] = _checked((key,), text, _OPTIONS.get(key, f"--{key}"))
    for option, top, pairs in (("--phone", "names", given.names), ("--policy", "policies", given.links)):
        for pair in pairs:
            with _collect(wrong):
                name, text = _split_pair(option, pair)
                if (top, name) in values:
                    raise DeskguideError(f"{option} gives {name!r} twice; keep one")
                values[top, name] = _checked((top, name), text, f"{option} {name}")
    links = [key[1] for key in values if key[0] == "policies"]
    if links:
        policies = with_library(desk, Library.policies, is_quiet=True)
        for name in links:
            with _collect(wrong):
                _require_policy(name, policies)
    for error in wrong[:-1]:
        desk.streams.message(f"deskguide: {error}")
    if wrong:
        raise wrong[-1]
    return values


@contextlib.contextmanager
def _collect(wrong: list[DeskguideError]) -> Iterator[None]:
    """Add what is raised within to ``wrong``, and go on."""
    try:
        yield
    except DeskguideError as error:
        wrong.append(error)


def _split_pair(option: str, pair: str) -> tuple[str, str]:
    name, sign, text = pair.partition("=")
    name = clean(name)
    if not sign or not name:
        form = (
            "NAME=TEXT, such as front_desk=ext. 5" if option == "--phone" else "ID=URL, such as local-ill=https://..."
        )
        raise DeskguideError(f"{option} takes {form}; {clean(pair)[:80]!r} is not of that form")
    return name, text


def _checked(key: Key, text: str, where: str) -> str:
    """Return a value as it is written. Raises DeskguideError, with ``where`` it was given, if it cannot be."""
    value = clean(text)
    if key == ("state",):
        value = value.upper()
    elif key == ("review_months",) and value.isascii() and value.isdigit():
        value = value.lstrip("0") or "0"  # 012 is ten to other readers of YAML
    if not value:
        raise DeskguideError(f"{where} is empty; give its text or leave the option out")
    if key == ("state",) and value not in STATES:
        raise UnknownName("state", value[:80], nearest(value, STATES), "use its two-letter code, such as ID or NY")
    if key[0] == "names" and key[1] in PROFILE_TEXTS:
        raise DeskguideError(f"{where}: use {_OPTIONS.get(key[1], f'--{key[1]}')} for this name")
    mistake = find_mistake(key, value)
    if mistake:
        raise DeskguideError(f"{where}: {mistake}")
    return value


def _require_policy(name: str, policies: Sequence[Policy]) -> None:
    if name not in [p.id for p in policies]:
        own = [p.id for p in policies if p.kind == "local-policy"]
        raise UnknownName("policy", name[:80], nearest(name, own), "deskguide policy lists all")


def _ask_all(desk: Desk, path: str, held: _Held) -> dict[Key, str]:
    """Ask for everything that a profile holds, and return what was typed."""
    is_new = held.content is None
    enter = "Enter leaves it open" if is_new else "Enter keeps what is there"
    _tell(desk, f"{'This writes' if is_new else 'This changes'} your library's profile:")
    desk.streams.message(path)
    _tell(
        desk, f"{enter}, Ctrl-C ends and writes nothing. Without a profile the cards say “your manager” and the like."
    )
    values: dict[Key, str] = {}
    for key, question in _QUESTIONS.items():
        desk.streams.message("")
        _ask_into(desk, values, (key,), question, held)
    while True:
        desk.streams.message("")
        _tell(desk, "Other people or places that your own cards name in braces, such as: front_desk = ext. 5")
        reply = desk.streams.ask("name = text, Enter goes on: ")
        if not reply:
            break
        name, sign, text = (part.strip() for part in reply.partition("="))
        if not sign:
            _tell(desk, "Write the name, an equals sign and the text.")
            continue
        _keep(desk, values, ("names", name), text)
    _ask_policies(desk, values, held)
    return values


def _ask_policies(desk: Desk, values: dict[Key, str], held: _Held) -> None:
    policies = with_library(desk, Library.policies, is_quiet=True)
    own = [p for p in policies if p.kind == "local-policy"]
    if not own:
        return
    desk.streams.message("")
    _tell(
        desk,
        f"Cards can show the addresses of your library's own policies: {len(own)} to go through. You can also add them"
        " later, in the file.",
    )
    if desk.streams.ask("Go through them now? (y or n): ").lower() not in ("y", "yes"):
        return
    _tell(desk, "Enter skips one, a dot ends.")
    for policy in own:
        desk.streams.message("")
        _tell(desk, f"{policy.id}: {policy.title}")
        _tell(desk, policy.summary)
        if not _ask_into(desk, values, ("policies", policy.id), "Its address (https://...)", held, end="."):
            return


def _ask_into(
    desk: Desk, values: dict[Key, str], key: Key, question: str, held: _Held, *, end: str | None = None
) -> bool:
    """Ask until the reply is sound or empty. Return False if the reply was ``end``."""
    there = held.values.get(key) or held.values.get(("names", *key), "")
    shown = f" [{shorten(there, LONGEST_SHOWN_COLUMNS)}]" if there else ""
    while True:
        *lines, prompt = wrap(f"{question}{shown}:", width(desk) - 1)
        for line in lines:
            desk.streams.message(line)
        reply = desk.streams.ask(f"{prompt} ")
        if reply == end:
            return False
        if not reply or _keep(desk, values, key, reply):
            return True


def _keep(desk: Desk, values: dict[Key, str], key: Key, text: str) -> bool:
    """Keep a reply if it is sound; say what is wrong otherwise."""
    try:
        values[key] = _checked(key, text, key[-1])
    except DeskguideError as error:
        _tell(desk, str(error))
        return False
    return True


def _tell(desk: Desk, text: str) -> None:
    for line in wrap(text, width(desk)):
        desk.streams.message(line)


def _write(desk: Desk, path: str, name: str, values: Mapping[Key, str]) -> int:
    # Read again: what somebody changed in the file while questions were asked is kept.
    held = _read_profile(desk, path)
    kept = ""
    if held.content is None:
        ordered = {key: value for top in SECTIONS for key, value in values.items() if key[0] == top}
        write_whole(path, new_profile(ordered).encode("utf-8"), seen=None)
        told = "Wrote your library's profile:"
    else:
        try:
            changed = change_profile(held.content, held.entries, values)
        except NotInPlace as error:
            place = f"line {error.line}, column {error.column}"
            raise UnusablePath(path, f"{error}; change it by hand ({place}). The file was left as it is") from error
        if changed.keys:
            kept = write_whole(path, changed.content, seen=held.content)
            names = join_words([key[-1] for key in changed.keys], "and")
            told = f"Changed {names} in your library's profile:"
        else:
            told = "Your library's profile holds this already and was left as it is:"
    # A path stands on a line of its own, however narrow the page, so that it can be copied.
    lines = [*wrap(told, width(desk)), f"  {clean(path)}"]
    if kept:
        lines += ["As it was before, it is kept in:", f"  {clean(kept)}"]
    option = f" --profile {name}" if name else ""
    lines += ["", "Try next:", f"  deskguide show privacy-request{option}", f"  deskguide info{option}"]
    desk.streams.result("".join(f"{line}\n" for line in lines))
    return EXIT_WRITTEN
