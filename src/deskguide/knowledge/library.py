"""Opens everything that the desk knows, from the compiled store if it is current, otherwise from the files."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from time import time_ns
from typing import Any, NamedTuple
from zlib import crc32

from deskguide import __version__
from deskguide.errors import UnusablePath
from deskguide.knowledge.places import PACKS, SHIPPED, FoundFile, Places, is_below, list_files, shipped_data
from deskguide.knowledge.store import (
    FORMAT,
    AllSections,
    MemorySections,
    Overlay,
    StoreDamaged,
    StoredSections,
    write_store,
)
from deskguide.model import (
    Border,
    Escalation,
    Fault,
    Policy,
    Profile,
    Reason,
    Saying,
    Scenario,
    ScenarioHead,
    Source,
    StateLaw,
)

__all__ = ["AllSections", "Change", "Library", "StoreDamaged", "compile_shipped", "open_library"]

UNSURE_NS = 2_000_000_000
"""A file changed this shortly before the store was built may change again without its time moving on: the
coarsest clock of a file system in use (FAT) ticks every two seconds. Such files are compared by content."""

Change = tuple[Scenario | None, Scenario | None]
"""A scenario as it was below, and as it is now; None is none."""

CompileIndex = Callable[[AllSections, Sequence[Change]], Mapping[tuple[str, str], bytes]]
"""Turns changes to an index into the entries that matching reads."""

NOTHING_BELOW = MemorySections({})
FEW_FILES = 100
"""With fewer files than this everything is compiled anew when one changes: that takes no second."""
MANY_CHANGED = 50
"""Files that may have changed for a store to be brought up to date; with more it is written anew."""
CHANGES = ".changes"
"""Stands after the name of a store for the one that holds what has changed since."""
COMPILED = "compiled.store"
"""The shipped layer compiled, as the wheel brings it."""


class Library(NamedTuple):
    """Everything loaded from all layers. ``unkept`` says why no store could be written, if so."""

    sections: AllSections
    places: Places
    store: str
    unkept: str

    def faults(self) -> list[Fault]:
        """Return what is wrong in the files, in the order of the layers."""
        return [Fault(*f) for f in _load(self.sections.get("library", "faults"))]

    def heads(self) -> list[ScenarioHead]:
        """Return all scenarios in short form, sorted by id."""
        return [ScenarioHead(*h) for h in _load(self.sections.get("library", "heads"))]

    def find_heads(self, ids: Sequence[str]) -> dict[str, ScenarioHead]:
        """Return those scenarios among ``ids`` that exist, in short form."""
        return {name: ScenarioHead(*_load(content)) for name, content in self.sections.get_many("head", ids).items()}

    def scenario(self, name: str) -> Scenario | None:
        """Return one scenario whole, or None."""
        content = self.sections.get("scenario", name)
        if content is None and any(h.id == name for h in self.heads()):
            raise StoreDamaged(f"scenario {name!r} is listed but not there")
        return None if content is None else _located(build_scenario(_load(content)))

    def policies(self) -> list[Policy]:
        """Return all policies, sorted by id."""
        return list(self.find_policies(self.policy_ids()).values())

    def policy_ids(self) -> list[str]:
        """Return the ids of all policies, sorted."""
        return [str(i) for i in _load(self.sections.get("library", "policy-ids"))]

    def find_policies(self, ids: Sequence[str]) -> dict[str, Policy]:
        """Return those policies among ``ids`` that exist."""
        found = self.sections.get_many("policy", ids)
        lost = set(ids) - found.keys()
        if lost and not lost.isdisjoint(self.policy_ids()):
            raise StoreDamaged(f"of the policies {sorted(lost)} some are listed but not there")
        return {i: _policy(_load(found[i])) for i in ids if i in found}

    def cited_by(self, policy: str) -> list[str]:
        """Return the ids of the scenarios that rest on a policy, sorted."""
        content = self.sections.get("cited-by", policy)
        return [] if content is None else _load(content)

    def profile(self) -> Profile:
        """Return what the library tells of itself, or an empty profile."""
        return Profile(*_load(self.sections.get("library", "profile")))


def _load(content: bytes | None) -> Any:
    if content is None:
        raise StoreDamaged("an entry is missing")
    return json.loads(content)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _located(scenario: Scenario) -> Scenario:
    """Return a scenario with whole paths: what was compiled elsewhere holds those within the shipped data."""
    if all(map(os.path.isabs, scenario.files)):
        return scenario
    return scenario._replace(files=tuple(os.path.join(str(shipped_data()), *f.split("/")) for f in scenario.files))


def build_scenario(v: Mapping[str, Any]) -> Scenario:
    return Scenario(
        id=v["id"],
        title=v["title"],
        category=v["category"],
        priority=v["priority"],
        summary=v["summary"],
        examples=tuple(v["examples"]),
        cues=tuple(v.get("cues", ())),
        do=tuple(v["do"]),
        say=tuple(Saying(**s) for s in v["say"]),
        avoid=tuple(v["avoid"]),
        offer=tuple(v.get("offer", ())),
        escalate=tuple(Escalation(**e) for e in v.get("escalate", ())),
        policies=tuple(Reason(**p) for p in v["policies"]),
        principles=v["principles"],
        not_this=tuple(Border(**b) for b in v.get("not_this", ())),
        follow_up=tuple(v.get("follow_up", ())),
        reviewed=v["reviewed"],
        owner=v.get("owner", ""),
        based_on=v.get("based_on", ""),
        sources=tuple(Source(**s) for s in v.get("sources", ())),
        source=v["source"],
        files=tuple(v["files"]),
    )


def _policy(v: Mapping[str, Any]) -> Policy:
    texts = {k: v.get(k, "") for k in ("citation", "adopted", "url")}
    states = {code: StateLaw(**law) for code, law in v.get("states", {}).items()}
    return Policy(
        id=v["id"],
        title=v["title"],
        kind=v["kind"],
        issuer=v["issuer"],
        summary=v["summary"],
        states=states,
        source=v["source"],
        **texts,
    )


def open_library(
    places: Places,
    compile_index: CompileIndex,
    *,
    index_stamp: str = "",
    compiled_stamp: str = "",
    may_read_store: bool = True,
    may_use_compiled: bool = True,
) -> Library:
    """Open all layers.

    ``compile_index`` turns the scenarios into the entries that matching reads; ``index_stamp`` changes
    when its results would, and so does ``compiled_stamp`` in the compiled form of the shipped layer. With
    ``may_read_store`` false the files are read even if a store looks current; with ``may_use_compiled`` false the
    shipped ones too, even if their compiled form looks sound.
    Raises UnusablePath if a profile was named and cannot be used.
    """
    shipped = _open_compiled(places, compiled_stamp) if may_use_compiled else None
    files, folder_faults = list_files(places, has_shipped=shipped is None)
    if shipped is not None and not files and not folder_faults:
        return Library(shipped, places, _compiled_path(), "")
    below = shipped or NOTHING_BELOW
    base = compiled_stamp if shipped else str(shipped_data())
    make = _dump([__version__, FORMAT, index_stamp, base, places.layers, folder_faults])
    signature = make + _dump(files)
    path = _store_path(places, is_over_compiled=shipped is not None)
    old = _open_store(path)
    newer = None
    try:
        if old and may_read_store:
            if _is_current(old, signature):
                return _settle(old, shipped, files, places, path)
            newer = _open_store(path + CHANGES)
            if newer and _is_current(newer, signature) and _lies_over(newer, old):
                return Library(_over(Overlay(newer, old), shipped), places, path, "")
    except (StoreDamaged, ValueError, TypeError):
        may_read_store = False
    # Before the files are read: one that changes in between is then compiled anew, not taken for current.
    unsure = _dump(_find_unsure(files))
    entries = None
    if old and may_read_store:
        try:
            entries = _bring_up_to_date(old, below, places, files, make, compile_index)
        except (StoreDamaged, ValueError, TypeError, KeyError):
            entries = None
        if entries is not None:
            entries["library", "over"] = old.get("library", "signature") or b""
    if newer:
        newer.close()
    is_whole = entries is None
    if entries is None:
        entries = _compile(places, files, folder_faults, compile_index, below)
        entries["library", "make"] = make
        entries["library", "files"] = _dump(files)
        if old:
            old.close()
    entries["library", "signature"] = signature
    entries["library", "unsure"] = unsure
    unkept = write_store(path + ("" if is_whole else CHANGES), entries) if path else "there is no folder for it"
    upper: AllSections = MemorySections(entries)
    if old and not is_whole:
        upper = Overlay(upper, old)
    return Library(_over(upper, shipped), places, path, unkept)


def _is_current(store: StoredSections, signature: bytes) -> bool:
    """Tell whether a store was made of the files as they are now."""
    if store.get("library", "signature") != signature:
        return False
    unsure: dict[str, int] = _load(store.get("library", "unsure"))
    return all(_content_checksum(path) == checksum for path, checksum in unsure.items())


def _lies_over(newer: StoredSections, old: StoredSections) -> bool:
    return newer.get("library", "over") == old.get("library", "signature")


def _open_store(path: str) -> StoredSections | None:
    if not path or path == CHANGES:
        return None
    try:
        return StoredSections(path)
    except (FileNotFoundError, StoreDamaged):
        return None


def _over(upper: AllSections, shipped: StoredSections | None) -> AllSections:
    return upper if shipped is None else Overlay(upper, shipped)


def _compiled_path() -> str:
    return os.path.join(str(shipped_data()), COMPILED)


def _open_compiled(places: Places, stamp: str) -> StoredSections | None:
    """Open the compiled form of the shipped layer, or return None if it is not wanted, not there or of another make."""
    if not places.layers or places.layers[0].name != SHIPPED:
        return None
    sections = None
    try:
        sections = StoredSections(_compiled_path())
        if sections.get("library", "signature") == _compiled_signature(stamp):
            return sections
    except (FileNotFoundError, StoreDamaged):
        pass
    if sections is not None:
        sections.close()
    return None


def _compiled_signature(stamp: str) -> bytes:
    return _dump([COMPILED, __version__, FORMAT, stamp])


def compile_shipped(path: str, places: Places, compile_index: CompileIndex, stamp: str) -> str:
    """Write the compiled form of the shipped layer to ``path``; return an empty text, or why that failed.

    ``places`` holds the shipped layer alone. Paths are kept as they lie within the shipped data.
    """
    files, faults = list_files(places)
    data = str(shipped_data())

    def shorten(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "files": [os.path.relpath(f, data).replace(os.sep, "/") for f in values["files"]]}

    entries = _compile(places, files, faults, compile_index, NOTHING_BELOW, shorten)
    entries["library", "signature"] = _compiled_signature(stamp)
    return write_store(path, entries)


def _store_path(places: Places, *, is_over_compiled: bool) -> str:
    if not places.cache:
        return ""
    # One store for each set of folders, so that two of them used in turn do not push each other out. Packs come and
    # go for good: they are not part of the name, or each set of them would leave a store behind.
    kind = COMPILED if is_over_compiled else ""
    packs = os.path.join(places.config, PACKS) if places.config else os.devnull
    layers = [layer for layer in places.layers if not is_below(layer.scenarios, packs)]
    name = "\0".join([__version__, str(FORMAT), kind, places.profile, *(p for layer in layers for p in layer[:2])])
    return os.path.join(places.cache, f"library-{crc32(name.encode('utf-8', 'surrogatepass')):08x}.store")


def _content_checksum(path: str) -> int:
    from deskguide.knowledge.read import read_bytes

    content = read_bytes(path)
    return -1 if isinstance(content, Fault) else crc32(content)


def _find_unsure(files: Sequence[FoundFile]) -> dict[str, int]:
    limit = time_ns() - UNSURE_NS
    return {f.path: _content_checksum(f.path) for f in files if max(f.stamp[1], f.stamp[2]) > limit}


def _settle(
    old: StoredSections, shipped: StoredSections | None, files: Sequence[FoundFile], places: Places, path: str
) -> Library:
    """Keep the store, and once the files have aged, write it again without the need to compare them."""
    limit = time_ns() - UNSURE_NS
    if not _load(old.get("library", "unsure")) or any(max(f.stamp[1], f.stamp[2]) > limit for f in files):
        return Library(_over(old, shipped), places, path, "")
    kinds = json.loads(old.get("library", "kinds") or b"[]")
    entries = {(kind, key): value for kind in kinds for key, value in old.get_all(kind).items()}
    entries["library", "unsure"] = _dump({})
    old.close()
    unkept = write_store(path, entries)
    return Library(_over(MemorySections(entries), shipped), places, path, unkept)


def _compile(
    places: Places,
    files: Sequence[FoundFile],
    folder_faults: Sequence[Fault],
    compile_index: CompileIndex,
    below: AllSections,
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> dict[tuple[str, str], bytes]:
    """Read the files, lay the layers over each other and over what lies ``below``, and return what that makes new."""
    from deskguide.knowledge.gather import gather

    gathered = gather(places, files, below=lambda kind, name: _find_values(below, kind, name))
    faults = [*_load(below.get("library", "faults") or b"[]"), *folder_faults, *gathered.faults]
    entries = _enter(below, gathered.scenarios, gathered.policies, compile_index, prepare)
    entries["library", "faults"] = _dump(faults)
    entries["library", "profile"] = _dump(gathered.profile)
    entries["library", "kinds"] = _dump(sorted({kind for kind, _ in entries} | {"library"}))
    return entries


def _find_values(sections: AllSections, kind: str, name: str) -> dict[str, Any] | None:
    content = sections.get(kind, name)
    found: dict[str, Any] | None = None if content is None else json.loads(content)
    if found and kind == "scenario":
        found["files"] = list(_located(build_scenario(found)).files)
    return found


def _enter(
    below: AllSections,
    scenarios: Mapping[str, dict[str, Any] | None],
    policies: Mapping[str, dict[str, Any] | None],
    compile_index: CompileIndex,
    prepare: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> dict[tuple[str, str], bytes]:
    """Return the entries that change where ``scenarios`` and ``policies`` (by id; None is gone) lie over ``below``."""
    entries: dict[tuple[str, str], bytes] = {}
    heads = {h[0]: h for h in _load(below.get("library", "heads") or b"[]")}
    changes: list[Change] = []
    cited: dict[str, set[str]] = {}
    for name, values in sorted(scenarios.items()):
        lower = _find_values(below, "scenario", name)
        old = build_scenario(lower) if lower else None
        new = build_scenario(values) if values else None
        changes.append((old, new))
        if new and values:
            entries["scenario", name] = _dump(prepare(values))
            heads[name] = ScenarioHead(
                new.id, new.title, new.category, new.priority, new.reviewed, new.summary, new.source
            )
            entries["head", name] = _dump(heads[name])
        else:
            heads.pop(name, None)
            entries["scenario", name] = entries["head", name] = b""
        for scenario in (old, new):
            for reason in scenario.policies if scenario else ():
                if reason.id not in cited:
                    cited[reason.id] = set(_load(below.get("cited-by", reason.id) or b"[]"))
                if scenario is old:
                    cited[reason.id].discard(name)
                else:
                    cited[reason.id].add(name)
    known = set(_load(below.get("library", "policy-ids") or b"[]"))
    for name, values in policies.items():
        entries["policy", name] = _dump(values) if values else b""
        known = known | {name} if values else known - {name}
    for name, ids in cited.items():
        entries["cited-by", name] = _dump(sorted(ids))
    entries["library", "heads"] = _dump([heads[name] for name in sorted(heads)])
    entries["library", "policy-ids"] = _dump(sorted(known))
    entries.update(compile_index(below, changes))
    return entries


def _bring_up_to_date(
    old: StoredSections,
    below: AllSections,
    places: Places,
    files: Sequence[FoundFile],
    make: bytes,
    compile_index: CompileIndex,
) -> dict[tuple[str, str], bytes] | None:
    """Return what the few files that changed since ``old`` was written make new over it, or None if it takes more.

    Every file that has its name in common with a changed one is read again: together they make up the scenario.
    """
    if len(files) < FEW_FILES or old.get("library", "make") != make:
        return None
    before = {f[0]: FoundFile(f[0], f[1], f[2], tuple(f[3])) for f in _load(old.get("library", "files"))}
    now = {f.path: f for f in files}
    changed = [f for path, f in (before | now).items() if before.get(path) != now.get(path)]
    if len(changed) > MANY_CHANGED or any(f.kind == "profile" for f in changed):
        return None
    from deskguide.knowledge.gather import gather

    touched = {(f.kind, _stem(f.path)) for f in changed}
    again = [f for f in files if (f.kind, _stem(f.path)) in touched]
    gathered = gather(places, again, below=lambda kind, name: _find_values(below, kind, name))

    def now_is(kind: str, found: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any] | None]:
        names = [name for k, name in touched if k == kind]
        return {name: found.get(name) or _find_values(below, kind, name) for name in names}

    over = Overlay(old, below)
    entries = _enter(over, now_is("scenario", gathered.scenarios), now_is("policy", gathered.policies), compile_index)
    paths = {f.path for f in (*changed, *again)}
    faults = [f for f in _load(old.get("library", "faults")) if f[0] not in paths]
    entries["library", "faults"] = _dump([*faults, *gathered.faults])
    return entries


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def require_profile(library: Library) -> None:
    """Raise UnusablePath if the profile, which was named on the command line, has a fault."""
    for fault in library.faults():
        if fault.file == library.places.profile:
            where = f" (line {fault.line}, column {fault.column})" if fault.line else ""
            raise UnusablePath(fault.file, fault.message + where)
