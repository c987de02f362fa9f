"""Files to the entries of a store: all of them, or only what has changed since. Runs only when a store is built."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from deskguide.knowledge.gather import gather
from deskguide.knowledge.library import NOTHING_BELOW, Change, CompileIndex, OnProgress, compiled_signature
from deskguide.knowledge.places import Folder, FoundFile, Places, list_folders, shipped_data
from deskguide.knowledge.read import read_bytes
from deskguide.knowledge.store import AllSections, Overlay, write_store
from deskguide.knowledge.values import build_scenario, dump, load, located
from deskguide.model import Fault, ScenarioHead

Entries = dict[tuple[str, str], bytes]
MANY_CHANGED = 300
"""Files that may have changed for a store to be brought up to date; with more it is written anew."""


class Task(NamedTuple):
    """What every compiling needs: the folders, what lies below their layers, and what turns scenarios into an index.

    ``prepare`` changes a scenario's values before they are kept.
    """

    places: Places
    below: AllSections
    compile_index: CompileIndex
    on_progress: OnProgress = lambda _done, _total: None
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = dict


class _Steps:
    """Counts every file once as it is read, and every scenario once as it is compiled."""

    def __init__(self, files: int, on_progress: OnProgress) -> None:
        self._done, self._total, self._on_progress = 0, 2 * files, on_progress

    def read(self, path: str) -> bytes | Fault:
        self._step()
        return read_bytes(path)

    def through(self, changes: Iterable[Change]) -> Iterator[Change]:
        for change in changes:
            self._step()
            yield change

    def _step(self) -> None:
        self._done += 1
        self._on_progress(self._done, self._total)


def compile_all(task: Task, folders: Sequence[Folder]) -> Entries:
    """Read all files, lay the layers over each other and over what lies below, and return what that makes new."""
    files = [file for folder in folders for file in folder.files()]
    steps = _Steps(len(files), task.on_progress)
    gathered = gather(task.places, files, steps.read, below=lambda kind, name: _find_values(task.below, kind, name))
    folder_faults = [fault for folder in folders for fault in folder.faults]
    faults = [*load(task.below.get("library", "faults") or b"[]"), *folder_faults, *gathered.faults]
    entries = _enter(task, task.below, gathered.scenarios, gathered.policies, steps)
    entries["library", "faults"] = dump(faults)
    entries["library", "profile"] = dump(gathered.profile)
    for folder in folders:
        entries["files", folder.key] = dump(list(zip(folder.names, folder.stamps, strict=True)))
    return entries


def compile_changes(
    task: Task, old: AllSections, changed: Sequence[Folder], keys: Sequence[str], secret: Collection[str] = ()
) -> Entries | None:
    """Return what the few files that changed since ``old`` was written make new over it, or None if it takes more.

    ``changed`` are the folders that are not as they were then, ``keys`` those of all folders in order; ``secret`` are
    the paths of files that changed without a sign of it. Every file that has its name in common with a changed one is
    read again: together they make up the scenario.
    """
    listed = old.get_all("files")
    now = {folder.key: folder for folder in changed}
    differing = {file for key in {*now, *(listed.keys() - set(keys))} for file in _differing(key, listed, now)}
    if secret:
        differing |= {f for key in keys for f in _files_now(key, listed, now) if f.path in secret}
    if len({file.path for file in differing}) > MANY_CHANGED:
        return None
    touched = {(file.kind, _stem(file.path)) for file in differing}
    marks = [b'"' + dump(stem)[1:-1] + b"." for _, stem in touched]
    again = []
    for key in keys:
        if key in now or any(mark in listed.get(key, b"") for mark in marks):
            again += [file for file in _files_now(key, listed, now) if (file.kind, _stem(file.path)) in touched]
    # What is gone is not read, but taken out: there may be more of it than of what is left.
    steps = _Steps(max(len(again), len(touched)), task.on_progress)
    gathered = gather(task.places, again, steps.read, below=lambda kind, name: _find_values(task.below, kind, name))

    def now_is(kind: str, found: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any] | None]:
        names = [name for k, name in touched if k == kind]
        return {name: found.get(name) or _find_values(task.below, kind, name) for name in names}

    scenarios, policies = now_is("scenario", gathered.scenarios), now_is("policy", gathered.policies)
    entries = _enter(task, Overlay(old, task.below), scenarios, policies, steps)
    paths = {file.path for file in (*differing, *again)}
    faults = [fault for fault in load(old.get("library", "faults")) if fault[0] not in paths]
    entries["library", "faults"] = dump([*faults, *gathered.faults])
    if any(file.kind == "profile" for file in differing):
        entries["library", "profile"] = dump(gathered.profile)
    return entries


def compile_shipped(path: str, places: Places, compile_index: CompileIndex, stamp: str) -> str:
    """Write the compiled form of the shipped layer to ``path``; return an empty text, or why that failed.

    ``places`` holds the shipped layer alone. Paths are kept as they lie within the shipped data.
    """
    data = str(shipped_data())

    def shorten(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "files": [os.path.relpath(f, data).replace(os.sep, "/") for f in values["files"]]}

    task = Task(places, NOTHING_BELOW, compile_index, prepare=shorten)
    entries = compile_all(task, list(list_folders(places)))
    for key in [key for key in entries if key[0] == "files"]:
        del entries[key]
    entries["library", "signature"] = compiled_signature(stamp)
    return write_store(path, entries)


def _find_values(sections: AllSections, kind: str, name: str) -> dict[str, Any] | None:
    content = sections.get(kind, name)
    found: dict[str, Any] | None = None if content is None else json.loads(content)
    if found and kind == "scenario":
        found["files"] = list(located(build_scenario(found)).files)
    return found


def _enter(
    task: Task,
    below: AllSections,
    scenarios: Mapping[str, dict[str, Any] | None],
    policies: Mapping[str, dict[str, Any] | None],
    steps: _Steps,
) -> Entries:
    """Return the entries that change where ``scenarios`` and ``policies`` (by id; None is gone) lie over ``below``."""
    entries: Entries = {}
    number = load(below.get("library", "scenarios") or b"0")
    changes: list[Change] = []
    cited: dict[str, set[str]] = {}
    for name, values in sorted(scenarios.items()):
        lower = _find_values(below, "scenario", name)
        old = build_scenario(lower) if lower else None
        new = build_scenario(values) if values else None
        changes.append((old, new))
        number += (new is not None) - (old is not None)
        entries["scenario", name] = entries["head", name] = b""
        if new and values:
            entries["scenario", name] = dump(task.prepare(values))
            entries["head", name] = dump(
                ScenarioHead(new.id, new.title, new.category, new.priority, new.reviewed, new.summary, new.source)
            )
        for scenario in (old, new):
            for reason in scenario.policies if scenario else ():
                if reason.id not in cited:
                    cited[reason.id] = set(load(below.get("cited-by", reason.id) or b"[]"))
                if scenario is old:
                    cited[reason.id].discard(name)
                else:
                    cited[reason.id].add(name)
    known = set(load(below.get("library", "policy-ids") or b"[]"))
    for name, values in policies.items():
        entries["policy", name] = dump(values) if values else b""
        known = known | {name} if values else known - {name}
    for name, ids in cited.items():
        entries["cited-by", name] = dump(sorted(ids))
    entries["library", "scenarios"] = dump(number)
    entries["library", "policy-ids"] = dump(sorted(known))
    entries.update(task.compile_index(below, steps.through(changes)))
    return entries


def _stored(key: str, listed: Mapping[str, bytes]) -> Folder:
    """Return a folder as :func:`compile_all` kept it under its ``key``; one that it did not know is empty."""
    layer, kind, path = json.loads(key)
    pairs = load(listed.get(key, b"[]"))
    return Folder(path, layer, kind, [name for name, _ in pairs], [tuple(stamp) for _, stamp in pairs], [])


def _files_now(key: str, listed: Mapping[str, bytes], now: Mapping[str, Folder]) -> list[FoundFile]:
    return (now[key] if key in now else _stored(key, listed)).files()


def _differing(key: str, listed: Mapping[str, bytes], now: Mapping[str, Folder]) -> list[FoundFile]:
    """Return the files of a folder that came, went or changed; those that changed as they were and as they are."""
    before = _stored(key, listed)
    after = now.get(key, before._replace(names=[], stamps=[]))
    pairs = set(zip(before.names, before.stamps, strict=True)) ^ set(zip(after.names, after.stamps, strict=True))
    return before._replace(names=[name for name, _ in pairs], stamps=[stamp for _, stamp in pairs]).files()


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
