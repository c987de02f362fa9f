"""Opens everything that the desk knows, from the compiled store if it is current, otherwise from the files."""

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from deskguide import __version__
from deskguide.errors import UnusablePath
from deskguide.knowledge.places import PACKS, SHIPPED, Places, is_below, shipped_data
from deskguide.knowledge.seen import (
    Seen,
    changed_in_secret,
    content_checksum,
    find_unsure,
    fingerprints_of,
    look_around,
    setting_of,
    signature_parts,
    unsure_since,
)
from deskguide.knowledge.store import (
    FORMAT,
    AllSections,
    MemorySections,
    Overlay,
    StoreDamaged,
    StoredSections,
    hold_turn,
    replace_entry,
    write_store,
)
from deskguide.knowledge.values import DAMAGE, build_policy, build_scenario, dump, load, located
from deskguide.model import (
    Fault,
    Policy,
    Profile,
    Scenario,
    ScenarioHead,
)

__all__ = ["AllSections", "Change", "Library", "StoreDamaged", "open_library"]

Change = tuple[Scenario | None, Scenario | None]
"""A scenario as it was below, and as it is now; None is none."""

CompileIndex = Callable[[AllSections, Iterable[Change]], Mapping[tuple[str, str], bytes]]
"""Turns changes to an index into the entries that matching reads."""

OnProgress = Callable[[int, int], None]
"""Is told, while a store is built, how many steps of how many are done."""

NOTHING_BELOW = MemorySections({})
FEW_FILES = 100
"""With fewer files than this everything is compiled anew when one changes: that takes no second."""
LONG_FILES = 1000
"""With this many files or more, reading all takes seconds: whoever has the last store answers from it meanwhile."""
CHANGES = ".changes"
"""Stands after the name of a store for the one that holds what has changed since."""
COMPILED = "compiled.store"
"""The shipped layer compiled, as the wheel brings it."""


class Library(NamedTuple):
    """Everything loaded from all layers. ``unkept`` says why no store could be written, if so.

    ``behind`` says why the guidance is older than the files, if it is. ``confirm`` is to be called before an answer is
    given: it returns None, or, if a library that was opened in haste has changed, what its folders hold now.
    """

    sections: AllSections
    places: Places
    store: str
    unkept: str = ""
    behind: str = ""
    confirm: Callable[[], Seen | None] = lambda: None

    def faults(self) -> list[Fault]:
        """Return what is wrong in the files, in the order of the layers."""
        return [Fault(*f) for f in load(self.sections.get("library", "faults"))]

    def heads(self) -> list[ScenarioHead]:
        """Return all scenarios in short form, sorted by id."""
        contents = self.sections.get_all("head")
        if len(contents) != load(self.sections.get("library", "scenarios")):
            raise StoreDamaged("of the scenarios some are not there")
        heads = load(b"[" + b",".join(contents.values()) + b"]")
        return [ScenarioHead(*h) for h in sorted(heads, key=itemgetter(0))]

    def find_heads(self, ids: Sequence[str]) -> dict[str, ScenarioHead]:
        """Return those scenarios among ``ids`` that exist, in short form."""
        return {name: ScenarioHead(*load(content)) for name, content in self.sections.get_many("head", ids).items()}

    def scenario(self, name: str) -> Scenario | None:
        """Return one scenario whole, or None."""
        content = self.sections.get("scenario", name)
        if content is None and self.find_heads([name]):
            raise StoreDamaged(f"scenario {name!r} is listed but not there")
        return None if content is None else located(build_scenario(load(content)))

    def policies(self) -> list[Policy]:
        """Return all policies, sorted by id."""
        return list(self.find_policies(self.policy_ids()).values())

    def policy_ids(self) -> list[str]:
        """Return the ids of all policies, sorted."""
        return [str(i) for i in load(self.sections.get("library", "policy-ids"))]

    def find_policies(self, ids: Sequence[str]) -> dict[str, Policy]:
        """Return those policies among ``ids`` that exist."""
        found = self.sections.get_many("policy", ids)
        lost = set(ids) - found.keys()
        if lost and not lost.isdisjoint(self.policy_ids()):
            raise StoreDamaged(f"of the policies {sorted(lost)} some are listed but not there")
        return {i: build_policy(load(found[i])) for i in ids if i in found}

    def cited_by(self, policy: str) -> list[str]:
        """Return the ids of the scenarios that rest on a policy, sorted."""
        content = self.sections.get("cited-by", policy)
        return [] if content is None else load(content)

    def profile(self) -> Profile:
        """Return what the library tells of itself, or an empty profile."""
        return Profile(*load(self.sections.get("library", "profile")))


def open_library(
    places: Places,
    compile_index: CompileIndex,
    *,
    index_stamp: str = "",
    compiled_stamp: str = "",
    may_read_store: bool = True,
    may_use_compiled: bool = True,
    on_progress: OnProgress = lambda _done, _total: None,
    is_hasty: bool = False,
    seen: Seen | None = None,
) -> Library:
    """Open all layers.

    ``compile_index`` turns the scenarios into the entries that matching reads; ``index_stamp`` changes
    when its results would, and so does ``compiled_stamp`` in the compiled form of the shipped layer. With
    ``may_read_store`` false the files are read even if a store looks current; with ``may_use_compiled`` false the
    shipped ones too, even if their compiled form looks sound. With ``is_hasty`` a large library's last store may be
    used while its folders are still looked at; ``confirm`` of the result then tells what was ``seen``, if they have
    changed, for a second opening.
    Raises UnusablePath if a profile was named and cannot be used.
    """
    shipped = _open_compiled(places, compiled_stamp) if may_use_compiled else None
    path = _store_path(places, is_over_compiled=shipped is not None)
    old = _open_store(path) if may_read_store else None
    base = compiled_stamp if shipped else str(shipped_data())
    make = dump([__version__, FORMAT, index_stamp, base])
    hasty = _open_hasty(old, make, places, shipped, path) if old and is_hasty else None
    if hasty:
        return hasty
    seen = seen or look_around(places, fingerprints_of(old), make, has_shipped=shipped is None)
    if shipped is not None and not seen.files and not seen.faults:
        if old:
            old.close()
        return Library(shipped, places, _compiled_path())
    was_made = was_for = b""
    unsure: dict[str, list[int]] = {}
    if old:
        try:
            found = _find_current(old, seen, path)
            if found:
                return Library(_over(found, shipped), places, path)
            was_made, was_for, _ = signature_parts(old)
            unsure = load(old.get("library", "unsure"))
        except DAMAGE:
            old.close()
            old = None
    from deskguide.knowledge.build import Task, compile_all, compile_changes

    task = Task(places, shipped or NOTHING_BELOW, compile_index, on_progress)
    if old and (was_made, was_for) == (make, seen.setting) and seen.files >= FEW_FILES:
        # Before the files are read: one that changes in between is then compiled anew, not taken for current.
        secret = changed_in_secret(unsure)
        still_unsure = {p: [content_checksum(p), t] for p, (_, t) in unsure.items() if t > unsure_since()}
        still_unsure = {p: v for p, v in still_unsure.items() if os.path.exists(p)} | find_unsure(seen.changed)
        try:
            changes = compile_changes(task, old, seen.changed, list(seen.fingerprints), secret)
        except DAMAGE:
            changes = None
        if changes is not None:
            changes["library", "over"] = old.get("library", "signature") or b""
            unkept = _keep(path + CHANGES, changes, seen, still_unsure)
            return Library(_over(Overlay(MemorySections(changes), old), shipped), places, path, unkept)
    with hold_turn(path if seen.files >= LONG_FILES else "") as turn:
        if old and turn.problem and was_made == make:
            newer = _open_changes(old, path)
            last = Overlay(newer, old) if newer else old
            return Library(_over(last, shipped), places, path, behind=turn.problem)
        if old:
            old.close()
        seen = look_around(places, {}, make, has_shipped=shipped is None)
        still_unsure = find_unsure(seen.changed)
        entries = compile_all(task._replace(on_progress=turn.renewing(on_progress)), seen.changed)
        unkept = _keep(path, entries, seen, still_unsure)
    return Library(_over(MemorySections(entries), shipped), places, path, unkept)


def _open_hasty(
    old: StoredSections, make: bytes, places: Places, shipped: StoredSections | None, path: str
) -> Library | None:
    """Return what a large library's last store holds, to be confirmed later, or None if there is no need for haste."""
    try:
        if load(old.get("library", "scenarios")) < LONG_FILES:
            return None
        newer = _open_changes(old, path)
        last = newer or old
        expected = last.get("library", "signature")
        unsure = load(last.get("library", "unsure"))
    except DAMAGE:
        return None
    # What has aged is to be written down as such, which takes a quiet moment.
    has_aged = unsure and all(changed <= unsure_since() for _, changed in unsure.values())
    if not expected or not expected.startswith(make + b"\n") or has_aged or changed_in_secret(unsure):
        if newer:
            newer.close()
        return None
    from deskguide.knowledge.ahead import begin

    before = fingerprints_of(old)  # the copy of this process must not touch its connection to the store
    wait = begin(lambda: look_around(places, before, make, has_shipped=shipped is None).pack())

    def confirm() -> Seen | None:
        seen = Seen.unpack(make, b"", wait())
        seen = seen._replace(setting=setting_of(places, seen.faults))
        return None if seen.signature == expected else seen

    sections = Overlay(newer, old) if newer else old
    return Library(_over(sections, shipped), places, path, confirm=confirm)


def _find_current(old: StoredSections, seen: Seen, path: str) -> AllSections | None:
    """Return what was made of the files as they are now: the store, or it and the store of changes over it, or None."""
    if _is_current(old, seen):
        return _settle(old, path)
    newer = _open_changes(old, path)
    if newer:
        with contextlib.suppress(*DAMAGE):
            if _is_current(newer, seen):
                return Overlay(_settle(newer, path + CHANGES), old)
        newer.close()
    return None


def _open_changes(old: StoredSections, path: str) -> StoredSections | None:
    """Open the store of changes, if there is one and it was made over this one."""
    newer = _open_store(path + CHANGES)
    if newer:
        with contextlib.suppress(*DAMAGE):
            if newer.get("library", "over") == old.get("library", "signature"):
                return newer
        newer.close()
    return None


def _is_current(store: StoredSections, seen: Seen) -> bool:
    """Tell whether a store was made of the files as they are now."""
    if store.get("library", "signature") != seen.signature:
        return False
    return not changed_in_secret(load(store.get("library", "unsure")))


def _settle(old: StoredSections, path: str) -> StoredSections:
    """Return the store, and once the files have aged, write down that they need not be compared.

    Raises StoreDamaged if another process has put one of other files into its place meanwhile.
    """
    was, made = old.get("library", "unsure") or b"", _made_of(old)
    unsure = load(was)
    if not unsure or any(changed > unsure_since() for _, changed in unsure.values()):
        return old
    old.close()
    replace_entry(path, "library", "unsure", was, dump({}))
    settled = _open_store(path)
    if settled is None:
        raise StoreDamaged("it is gone")
    if _made_of(settled) != made:
        settled.close()
        raise StoreDamaged("another process has written it")
    return settled


def _made_of(store: StoredSections) -> list[bytes | None]:
    return [store.get("library", key) for key in ("signature", "over")]


def _keep(path: str, entries: dict[tuple[str, str], bytes], seen: Seen, unsure: Mapping[str, Sequence[int]]) -> str:
    """Write a store; return an empty text, or why it was not kept."""
    entries["library", "signature"] = seen.signature
    entries["library", "unsure"] = dump(unsure)
    return write_store(path, entries) if path not in ("", CHANGES) else "there is no folder for it"


def _open_store(path: str) -> StoredSections | None:
    if path in ("", CHANGES):
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
        if sections.get("library", "signature") == compiled_signature(stamp):
            return sections
    except (FileNotFoundError, StoreDamaged):
        pass
    if sections is not None:
        sections.close()
    return None


def compiled_signature(stamp: str) -> bytes:
    """Return the signature of the compiled form of the shipped layer, with the stamp of its index."""
    return dump([COMPILED, __version__, FORMAT, stamp])


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


def require_profile(library: Library) -> None:
    """Raise UnusablePath if the profile, which was named on the command line, has a fault."""
    for fault in library.faults():
        if fault.file == library.places.profile:
            where = f" (line {fault.line}, column {fault.column})" if fault.line else ""
            raise UnusablePath(fault.file, fault.message + where)
