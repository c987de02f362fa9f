"""Opens everything that the desk knows, from the compiled store if it is current, otherwise from the files."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from time import time_ns
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from deskguide import __version__
from deskguide.errors import UnusablePath
from deskguide.knowledge.places import PACKS, FoundFile, Places, is_below, list_files, shipped_data
from deskguide.knowledge.store import (
    FORMAT,
    MemorySections,
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

__all__ = ["Library", "StoreDamaged", "open_library"]

UNSURE_NS = 2_000_000_000
"""A file changed this shortly before the store was built may change again without its time moving on: the
coarsest clock of a file system in use (FAT) ticks every two seconds. Such files are compared by content."""

CompileIndex = Callable[[Sequence[Scenario]], Mapping[tuple[str, str], bytes]]


class AllSections(Protocol):
    """Compiled entries, wherever they lie."""

    def close(self) -> None:
        """Let go of the file, if there is one."""
        ...

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None."""
        ...

    def get_many(self, kind: str, keys: Any) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        ...

    def get_all(self, kind: str) -> dict[str, bytes]:
        """Return every entry of one kind."""
        ...


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

    def scenario(self, name: str) -> Scenario | None:
        """Return one scenario whole, or None."""
        content = self.sections.get("scenario", name)
        if content is None and any(h.id == name for h in self.heads()):
            raise StoreDamaged(f"scenario {name!r} is listed but not there")
        return None if content is None else build_scenario(_load(content))

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
    may_read_store: bool = True,
) -> Library:
    """Open all layers.

    ``compile_index`` turns the scenarios into the entries that matching reads; ``index_stamp`` changes
    when its results would. With ``may_read_store`` false the files are read even if a store looks current.
    Raises UnusablePath if a profile was named and cannot be used.
    """
    files, folder_faults = list_files(places)
    signature = _dump([__version__, FORMAT, index_stamp, str(shipped_data()), places.layers, files, folder_faults])
    path = _store_path(places)
    old: StoredSections | None = None
    if path:
        try:
            old = StoredSections(path)
            if may_read_store and old.get("library", "signature") == signature:
                unsure = _load(old.get("library", "unsure"))
                if not unsure:
                    return Library(old, places, path, "")
                if all(_content_checksum(p) == c for p, c in unsure.items()):
                    return _settle(old, files, places, path)
        except (FileNotFoundError, StoreDamaged, ValueError, TypeError):
            if old is not None:
                old.close()
            old = None
    # Before the files are read: one that changes in between is then compiled anew, not taken for current.
    unsure = _dump(_find_unsure(files))
    entries = _compile(places, files, folder_faults, compile_index)
    entries["library", "signature"] = signature
    entries["library", "unsure"] = unsure
    if old is not None:
        old.close()
    unkept = write_store(path, entries) if path else "there is no folder for it"
    return Library(MemorySections(entries), places, path, unkept)


def _store_path(places: Places) -> str:
    if not places.cache:
        return ""
    # One store for each set of folders, so that two of them used in turn do not push each other out. Packs come and
    # go for good: they are not part of the name, or each set of them would leave a store behind.
    packs = os.path.join(places.config, PACKS) if places.config else os.devnull
    layers = [layer for layer in places.layers if not is_below(layer.scenarios, packs)]
    name = "\0".join([__version__, str(FORMAT), places.profile, *(p for layer in layers for p in layer[:2])])
    return os.path.join(places.cache, f"library-{crc32(name.encode('utf-8', 'surrogatepass')):08x}.store")


def _content_checksum(path: str) -> int:
    from deskguide.knowledge.read import read_bytes

    content = read_bytes(path)
    return -1 if isinstance(content, Fault) else crc32(content)


def _find_unsure(files: Sequence[FoundFile]) -> dict[str, int]:
    limit = time_ns() - UNSURE_NS
    return {f.path: _content_checksum(f.path) for f in files if max(f.stamp[1], f.stamp[2]) > limit}


def _settle(old: StoredSections, files: Sequence[FoundFile], places: Places, path: str) -> Library:
    """Keep the store, and once the files have aged, write it again without the need to compare them."""
    limit = time_ns() - UNSURE_NS
    if any(max(f.stamp[1], f.stamp[2]) > limit for f in files):
        return Library(old, places, path, "")
    kinds = json.loads(old.get("library", "kinds") or b"[]")
    entries = {(kind, key): value for kind in kinds for key, value in old.get_all(kind).items()}
    entries["library", "unsure"] = _dump({})
    old.close()
    unkept = write_store(path, entries)
    return Library(MemorySections(entries), places, path, unkept)


def _compile(
    places: Places,
    files: Sequence[FoundFile],
    folder_faults: Sequence[Fault],
    compile_index: CompileIndex,
) -> dict[tuple[str, str], bytes]:
    """Read every file and lay the layers over each other."""
    from deskguide.knowledge.gather import gather

    gathered = gather(places, files)
    entries: dict[tuple[str, str], bytes] = {}
    scenarios = []
    for name, values in sorted(gathered.scenarios.items()):
        entries["scenario", name] = _dump(values)
        scenarios.append(build_scenario(values))
    cited: dict[str, list[str]] = {}
    for scenario in scenarios:
        for reason in scenario.policies:
            cited.setdefault(reason.id, []).append(scenario.id)
    for name, values in gathered.policies.items():
        entries["policy", name] = _dump(values)
    for name, ids in cited.items():
        entries["cited-by", name] = _dump(ids)
    heads = [ScenarioHead(s.id, s.title, s.category, s.priority, s.reviewed, s.summary, s.source) for s in scenarios]
    entries["library", "heads"] = _dump(heads)
    entries["library", "policy-ids"] = _dump(sorted(gathered.policies))
    entries["library", "faults"] = _dump([*folder_faults, *gathered.faults])
    entries["library", "profile"] = _dump(gathered.profile)
    entries.update(compile_index(scenarios))
    entries["library", "kinds"] = _dump(sorted({kind for kind, _ in entries} | {"library"}))
    return entries


def require_profile(library: Library) -> None:
    """Raise UnusablePath if the profile, which was named on the command line, has a fault."""
    for fault in library.faults():
        if fault.file == library.places.profile:
            where = f" (line {fault.line}, column {fault.column})" if fault.line else ""
            raise UnusablePath(fault.file, fault.message + where)
