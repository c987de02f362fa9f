"""``new`` and ``schema``: what starts a scenario file, and what tells an editor how one is written."""

import os
from collections.abc import Collection
from os import environ
from typing import Any

from deskguide.author.template import Wanted, words_of, write_blank, write_changes, write_copy
from deskguide.cli.desk import Desk, width
from deskguide.errors import DeskguideError, UnknownName, UnusablePath, Unwritable
from deskguide.knowledge.places import LOCAL, SHIPPED, Places, find_places, is_device, list_files
from deskguide.knowledge.read import parse, read_bytes
from deskguide.knowledge.shape import ID, MAX_ID, MAX_TEXT, MAX_TITLE, shape_scenario
from deskguide.knowledge.write import write_whole
from deskguide.model import CATEGORIES, Fault
from deskguide.text import clean, fold, nearest, wrap

EXIT_DONE = 0
EXIT_NOTHING = 1
DEFAULT_CATEGORY = "local"
POLICY_FOLDER = "policies"


def start_scenario(
    desk: Desk, name: str, *, origin: str, category: str, title: str, owner: str, is_edited: bool, may_ask: bool
) -> int:
    """Write a new scenario file into the local folder, tell where it lies, and open it if ``is_edited``.

    ``origin`` is the shipped card to start from, or empty. Returns 1 if there is no such card, and after editing if
    the file has faults. Raises DeskguideError for names that cannot be used and where a file is there already, and
    Unwritable.
    """
    _require_name(name, "id")
    if category:
        _require_name(category, "category")
    title, owner = _read_option(title, "title", MAX_TITLE), _read_option(owner, "owner", MAX_TEXT)
    places = find_places(environ)
    local = next((os.path.abspath(layer.scenarios) for layer in places.layers if layer.name == LOCAL), "")
    if not local:
        raise Unwritable("there is no folder for your library's own cards; name one in DESKGUIDE_CONFIG_DIR")
    path = _find_there(places, [LOCAL]).get(name, "")
    if path and not is_edited:
        raise DeskguideError(f"{path} is there already; nothing was written. deskguide new {name} --edit opens it")
    if not path:
        shipped = _find_there(places, [SHIPPED])
        if origin and origin not in shipped:
            hint = "deskguide list shows all"
            desk.streams.message(
                f"deskguide: {UnknownName('shipped card', clean(origin), nearest(origin, shipped), hint)}"
            )
            return EXIT_NOTHING
        if origin and name in shipped and name != origin:
            raise DeskguideError(
                f"{name!r} is a shipped card itself; choose another id for the copy, or leave --from out to change it"
            )
        below = _read_shipped(shipped[origin or name]) if origin or name in shipped else {}
        if not category:
            category = below.get("category") or _ask_category(desk, may_ask)
        path = os.path.join(local, category, f"{name}.yaml")
        if os.path.lexists(path):
            raise DeskguideError(f"{path} is there already, but is no file that can be read; move it away first")
        _warn_of_category(desk, category, local)
        _warn_of_others(desk, name, places)
        wanted = Wanted(name, category, title, owner, desk.today.isoformat())
        if not below:
            text = write_blank(wanted)
        else:
            text = write_changes(wanted, below) if below["id"] == name else write_copy(wanted, below)
        write_whole(path, text.encode("utf-8"), seen=None)
    code = _edit(desk, path) if is_edited else EXIT_DONE
    desk.streams.result(
        f"Your card lies here:\n  {clean(path)}\nNext: put your words in, then\n  deskguide check\n"
        f'  deskguide ask "{words_of(name)}"\n'
    )
    return code


def _require_name(name: str, key: str) -> None:
    """Raise DeskguideError for what cannot be an id or category, or not everywhere be the name of a file."""
    if len(name) > MAX_ID or not ID.fullmatch(name):
        better = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(clean(name))).split())
        tip = f", such as {better!r}" if better and len(better) <= MAX_ID else ""
        rule = f"small letters, digits and single dashes, {MAX_ID} at most"
        raise DeskguideError(f"{clean(name)[:MAX_ID]!r} cannot be the {key}; it takes {rule}{tip}")
    if is_device(name):
        raise DeskguideError(f"{name!r} cannot be the {key}: Windows keeps that name for itself; add a word to it")
    if key == "category" and name == POLICY_FOLDER:
        raise DeskguideError(f"{name!r} cannot be the {key}: that folder holds policy files; choose another name")


def _read_option(text: str, key: str, limit: int) -> str:
    text = clean(text)
    if len(text) > limit:
        raise DeskguideError(f"the {key} has {len(text):,} characters; {limit:,} is the limit")
    return text


def _find_there(places: Places, layers: Collection[str]) -> dict[str, str]:
    """Return the paths of the scenario files of some layers by the names of the files without .yaml."""
    only = places._replace(layers=tuple(each for each in places.layers if each.name in layers), profile="")
    files, _ = list_files(only)
    return {
        os.path.splitext(os.path.basename(f.path))[0]: os.path.abspath(f.path) for f in files if f.kind == "scenario"
    }


def _read_shipped(path: str) -> dict[str, Any]:
    """Return the values of a shipped scenario file. Raises UnusablePath if it is damaged."""
    content = read_bytes(path)
    entries = content if isinstance(content, Fault) else parse(content, path)
    if isinstance(entries, Fault):
        raise UnusablePath(path, entries.message)
    draft, faults = shape_scenario(entries, path)
    if draft is None:
        raise UnusablePath(path, faults[0].message)
    return dict(draft.values)


def _ask_category(desk: Desk, may_ask: bool) -> str:
    """Return the category that somebody at a terminal chooses, or DEFAULT_CATEGORY."""
    if not may_ask or not desk.streams.can_ask():
        return DEFAULT_CATEGORY
    for line in wrap(f"The categories are {', '.join(CATEGORIES)}; a new one will do too.", width(desk)):
        desk.streams.message(line)
    category = desk.streams.ask(f"Category (Enter for {DEFAULT_CATEGORY}): ") or DEFAULT_CATEGORY
    _require_name(category, "category")
    return category


def _warn_of_category(desk: Desk, category: str, local: str) -> None:
    """Say so if a category that is new here looks like a slip of the pen."""
    if category in (*CATEGORIES, DEFAULT_CATEGORY) or os.path.isdir(os.path.join(local, category)):
        return
    near = nearest(category, CATEGORIES, limit=1)
    tip = f"; if you meant {near[0]!r}, move the file there and change its 'category'" if near else ""
    desk.streams.message(f"deskguide: {category!r} is a new category{tip}")


def _warn_of_others(desk: Desk, name: str, places: Places) -> None:
    """Say so if a pack, or a folder of DESKGUIDE_SCENARIOS, has a card of this id."""
    others = {layer.name for layer in places.layers} - {SHIPPED, LOCAL}
    path = _find_there(places, others).get(name)
    if path:
        desk.streams.message(f"deskguide: {path} has this id too; the two are shown as one card")


def _edit(desk: Desk, path: str) -> int:
    """Open a file, then check it; return the exit code of the check."""
    from deskguide.cli.editor import open_in_editor

    if not open_in_editor(path, desk.streams):
        return EXIT_DONE
    if not os.path.lexists(path):
        raise UnusablePath(path, "is no longer there, so it was not checked")
    from deskguide.cli.authoring import check_guidance

    return check_guidance(desk, [path])


def show_schema(desk: Desk, kind: str) -> int:
    """Print the JSON Schema of one kind of file."""
    from deskguide.author.schema import KINDS, render_schema

    for known in KINDS:
        if known == kind:
            desk.streams.result(render_schema(known))
            return EXIT_DONE
    raise UnknownName("kind of file", clean(kind), nearest(kind, KINDS), f"the kinds are {', '.join(KINDS)}")
