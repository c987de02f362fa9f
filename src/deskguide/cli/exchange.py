"""``pack``, ``add`` and ``remove``: scenarios from one library to another."""

import os
import re
from collections.abc import Mapping, Sequence
from os import environ
from typing import NamedTuple

from deskguide.author.check import Checked, Known, check_files
from deskguide.cli.desk import Desk
from deskguide.cli.pages import write
from deskguide.errors import DeskguideError, UnusablePath, Unwritable
from deskguide.knowledge.exchange import (
    Folder,
    Pack,
    RefusedPack,
    build_pack,
    describe,
    pack_folder,
    read_folder,
    read_pack,
    suggest_name,
    suggest_title,
    title_fault,
)
from deskguide.knowledge.packs import pack_names, put_pack, take_out_pack
from deskguide.knowledge.places import (
    ASIDE,
    LOCAL,
    PACKS,
    SHIPPED,
    FoundFile,
    Layer,
    Places,
    find_places,
    is_below,
    is_pack_name,
    list_files,
)
from deskguide.knowledge.read import read_bytes
from deskguide.knowledge.shape import DEFAULT_REVIEW_MONTHS, PROFILE_TEXTS
from deskguide.knowledge.values import build_scenario
from deskguide.knowledge.write import read_whole, write_whole
from deskguide.model import Fault
from deskguide.show.faults import render_faults
from deskguide.text import clean, count, join_words, nearest

EXIT_DONE = 0
EXIT_REFUSED = 1
MAX_NAMED = 8
"""Scenarios and policies that are named, of those that a pack changes."""


def write_pack(desk: Desk, folder: str, output: str, name: str, title: str, *, may_replace: bool) -> int:
    """Check a folder and write it as one zip file; return 1 if there are faults, with nothing written.

    Raises UnusablePath for a folder that holds nothing to pack, Unwritable for a file that is there already or
    cannot be written, DeskguideError for a name, title or file name that will not do.
    """
    chosen = _choose_name(name, folder)
    path = output or f"{chosen}.zip"
    if not path.lower().endswith(".zip"):
        raise DeskguideError(f"the name of a pack's file ends in .zip; write --output {_as_word(f'{clean(path)}.zip')}")
    seen = _read_old(path, may_replace)
    places = find_places(environ)
    # Whoever adds the pack has the shipped scenarios, and none of this library's own.
    shipped = Between(tuple(layer for layer in places.layers if layer.name == SHIPPED), ())
    try:
        found, pack, checked = _pack_folder(desk, places, shipped, folder, chosen, title)
    except RefusedPack as refused:
        desk.streams.message(f"deskguide: {refused}")
        return EXIT_REFUSED
    if pack is None:
        _report(desk, checked)
        return EXIT_REFUSED
    _tell_left_out(desk, found)
    kept = write_whole(path, build_pack(pack), seen=seen)
    lines = [f"{path}: {describe(pack)}, packed as {chosen!r}."]
    if kept:
        lines.append(f"What was there before is kept as {kept}.")
    warnings = checked.count_severity("warning")
    if warnings:
        lines.append(f"It has {count(warnings, 'warning')}; to see them: deskguide check {_as_word(folder)}")
    lines.append(f"Another library adds it with: deskguide add {_as_word(os.path.basename(path))}")
    _say(desk, lines)
    return EXIT_DONE


def add_pack(desk: Desk, source: str, name: str, *, may_replace: bool) -> int:
    """Check a pack or a folder, all of it, and put it into place; return 1 if it is refused, with nothing written.

    Raises UnusablePath for a file that is no zip file, or a folder that holds nothing, Unwritable for a pack that
    is there already or cannot be written, DeskguideError for a name that will not do.
    """
    if name:
        _choose_name(name, "")
    places = find_places(environ)
    if not os.path.lexists(source):
        raise UnusablePath(source, "is not there; name a pack (a file that ends in .zip) or a folder of scenarios")
    try:
        if os.path.isdir(source):
            chosen = _choose_name(name, source)
            between = _between(places, chosen)
            found, pack, checked = _pack_folder(desk, places, between, source, chosen, "")
            _tell_left_out(desk, found)
        else:
            pack = read_pack(source)
            chosen = name or pack.name
            between = _between(places, chosen)
            checked = _check_pack(desk, pack, chosen, between)
    except RefusedPack as refused:
        desk.streams.message(f"deskguide: {refused}")
        return EXIT_REFUSED
    if pack is None or checked.count_severity("error"):
        _report(desk, checked)
        desk.streams.message(f"deskguide: {source}: was not added, because of its faults; ask its author to mend them")
        return EXIT_REFUSED
    replaced, kept = put_pack(places.config, chosen, pack, desk.today.isoformat(), may_replace=may_replace)
    what = "Put in place of the one before" if replaced else "Added"
    _say(
        desk,
        [
            f"{what}: {pack.title}, {describe(pack)}, as {chosen!r}.",
            *map(_tell_kept, kept),
            *_tell_changes(pack, between.below),
            f"Your own files lie over it. To take it out: deskguide remove {chosen}",
        ],
    )
    return EXIT_DONE


def remove_pack(desk: Desk, name: str) -> int:
    """Take a pack out; return 1 and name the nearest if there is none of this name.

    Raises Unwritable if it cannot be taken out.
    """
    config = find_places(environ).config
    names = pack_names(config)
    if name not in names:
        near = nearest(name, names)
        known = f"those added are {join_words(names, 'and')}" if names else "none was added yet"
        tip = f"did you mean {join_words(near)}?" if near else known
        desk.streams.message(f"deskguide: no pack is called {clean(name)[:80]!r}; {tip}")
        return EXIT_REFUSED
    is_gone, kept = take_out_pack(config, name)
    _say(desk, [f"Taken out: {name}.", *map(_tell_kept, kept)])
    if not is_gone:
        desk.streams.message(
            f"deskguide: {os.path.join(config, PACKS)}: some of its files could not be deleted yet; nothing reads "
            "them, and the next add or remove tries again"
        )
    return EXIT_DONE


def _tell_kept(folder: str) -> str:
    return f"It was not as it had been added, so what was there is kept in {folder}"


def _tell_changes(pack: Pack, below: tuple[Layer, ...]) -> list[str]:
    """Return a line on what a pack lies over: a stranger's words now stand where others did."""
    there = {(f.kind, _stem(f.path)) for f in list_files(Places(below, "", "", ""))[0]}
    names = sorted({_stem(file.place) for file in pack.files if (file.kind, _stem(file.place)) in there})
    if not names:
        return []
    shown, more = names[:MAX_NAMED], len(names) - MAX_NAMED
    return [f"It changes {join_words([*shown, f'{more:,} more'] if more > 0 else shown, 'and')}."]


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _choose_name(name: str, folder: str) -> str:
    """Return the name from the command line, or the one that follows from a folder's."""
    wanted = name or os.path.basename(os.path.abspath(folder))
    chosen = name or suggest_name(wanted)
    if is_pack_name(chosen):
        return chosen
    better = suggest_name(wanted)
    tip = f", such as --name {better}" if is_pack_name(better) else ""
    raise DeskguideError(
        f"{clean(wanted)[:80]!r} cannot be the name of a pack; give it one of small letters, digits and single dashes"
        + (tip or ", with --name")
    )


def _as_word(path: str) -> str:
    """Return a path as one word of a command line, in quotes if a shell would read more into it."""
    import shlex

    if not re.search(r"[^\w./:-]", path.replace(os.sep, "/")):
        return path
    return f'"{path}"' if os.name == "nt" else shlex.quote(path)


def _read_old(path: str, may_replace: bool) -> bytes | None:
    """Return what is to be replaced at ``path``, or None if nothing is there."""
    if not os.path.lexists(path):
        return None
    if not os.path.isfile(path):
        raise UnusablePath(path, "is not an ordinary file; choose another --output")
    if not may_replace:
        raise Unwritable(f"{path}: is there already; choose another --output, or --replace it (a copy is kept)")
    try:
        return read_whole(path)
    except OSError as error:
        raise UnusablePath(path, f"cannot be read: {error.strerror or error}") from error


class Between(NamedTuple):
    """The layers that a pack will lie over and under. The library's own are not among them: a pack stands by itself."""

    below: tuple[Layer, ...]
    above: tuple[Layer, ...]


def _between(places: Places, name: str) -> Between:
    """Return the shipped layer and the other packs, around where one called ``name`` will be."""
    folder = os.path.join(places.config, PACKS)
    below: list[Layer] = []
    above: list[Layer] = []
    for layer in places.layers:
        other = os.path.basename(os.path.dirname(layer.scenarios)).removeprefix(ASIDE)
        if layer.name == SHIPPED:
            below.append(layer)
        elif places.config and is_below(layer.scenarios, folder) and other != name:
            (below if other < name else above).append(layer)
    return Between(tuple(below), tuple(above))


def _pack_folder(
    desk: Desk, places: Places, between: Between, folder: str, name: str, title: str
) -> tuple[Folder, Pack | None, Checked]:
    """Return what a folder holds, its pack if it has no fault, and what is wrong with it."""
    title = clean(title) or suggest_title(name)
    if title_fault(title):
        raise DeskguideError(title_fault(title))
    local = next((layer for layer in places.layers if layer.name == LOCAL), None)
    found = read_folder(folder, local)
    checked = _check(desk, between, name, found.files, found.contents, found.faults)
    if checked.count_severity("error"):
        return found, None, checked
    return found, pack_folder(name, title, found, checked.categories), checked


def _check_pack(desk: Desk, pack: Pack, name: str, between: Between) -> Checked:
    files = [FoundFile(file.origin, 0, file.kind, (0, 0, 0, 0, 0)) for file in pack.files]
    return _check(desk, between, name, files, {file.origin: file.content for file in pack.files}, ())


def _check(
    desk: Desk,
    between: Between,
    name: str,
    own: Sequence[FoundFile],
    contents: Mapping[str, bytes],
    folder_faults: Sequence[Fault],
) -> Checked:
    """Check files as a layer called ``name`` between others."""

    def read(path: str) -> bytes | Fault:
        return contents[path] if path in contents else read_bytes(path)

    names = {file.path for file in own} | {fault.file for fault in folder_faults}
    places = Places((*between.below, Layer(name, "", ()), *between.above), "", "", "")
    number = len(between.below)
    mine = [file._replace(layer=number) for file in own]
    held = {(file.kind, os.path.basename(file.path)) for file in mine}
    # What is wrong in the other layers is told by every other command. What lies over a file would hide its faults.
    others = [f for f in list_files(places)[0] if f.layer < number or (f.kind, os.path.basename(f.path)) not in held]
    files = sorted([*others, *mine], key=lambda file: file.layer)
    known = Known(frozenset(PROFILE_TEXTS), DEFAULT_REVIEW_MONTHS, desk.today)
    return check_files(places, files, folder_faults, build_scenario, known, is_wanted=names.__contains__, read=read)


def _report(desk: Desk, checked: Checked) -> None:
    write(desk, desk.streams.fit(render_faults(checked.faults, checked.files, checked.scenarios)))


def _tell_left_out(desk: Desk, found: Folder) -> None:
    for path in found.left_out:
        desk.streams.message(f"{path}: lies behind a link that leads out of the folder; it was left out")


def _say(desk: Desk, lines: Sequence[str]) -> None:
    desk.streams.result(desk.streams.fit("".join(f"{clean(line)}\n" for line in lines)))
