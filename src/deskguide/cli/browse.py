"""``list``, ``show``, ``policy`` and ``info``: looking things up by name."""

import os
from collections.abc import Sequence

from deskguide import __version__
from deskguide.cli.desk import Desk, Format, chosen_profile, with_library
from deskguide.cli.pages import book_for, render, scenario_value_for, write
from deskguide.errors import UnknownName
from deskguide.knowledge.library import Library
from deskguide.knowledge.places import PACKS, Layer, is_below, shipped_data
from deskguide.model import CATEGORIES, POLICY_KINDS, ScenarioHead
from deskguide.show.fill import fill_head
from deskguide.show.page import (
    info_page,
    is_stale,
    list_page,
    policies_page,
    policy_page,
    scenario_page,
)
from deskguide.text import clean, fold, join_words, nearest

EXIT_ANSWERED = 0
EXIT_NOTHING = 1


def show_list(desk: Desk, *, category: str, search: str, is_stale_only: bool) -> int:
    """List scenarios, narrowed by the options."""

    def build(library: Library) -> str:
        profile = chosen_profile(desk, library)
        heads = [fill_head(h, profile.names) for h in library.heads()]
        if category:
            known = sorted({h.category for h in heads})
            if category not in known:
                raise UnknownName("category", clean(category), nearest(category, known), "deskguide list shows all")
            heads = [h for h in heads if h.category == category]
        wanted = fold(clean(search)).split()
        heads = [h for h in heads if _mentions(h, wanted)]
        if is_stale_only:
            heads = [h for h in heads if is_stale(h.reviewed, profile, desk.today)]
        if desk.format is Format.JSON:
            from deskguide.show.as_json import dump, head_value

            return dump({"scenarios": [head_value(h) for h in heads]})
        return render(desk, list_page(heads, CATEGORIES, profile, desk.today))

    write(desk, with_library(desk, build))
    return EXIT_ANSWERED


def _mentions(head: ScenarioHead, words: Sequence[str]) -> bool:
    text = fold(f"{head.id} {head.title} {head.category} {head.summary}")
    return all(word in text for word in words)


def show_scenarios(desk: Desk, ids: Sequence[str]) -> int:
    """Show scenarios whole; name the nearest for each id that is none."""

    def build(library: Library) -> tuple[str, list[str]]:
        wanted = list(dict.fromkeys(ids))
        found = [s for s in map(library.scenario, wanted) if s is not None]
        missing = sorted(set(wanted) - {s.id for s in found}, key=wanted.index)
        known = [h.id for h in library.heads()] if missing else []
        problems = [_no_such("scenario", m, known, "deskguide list shows all") for m in missing]
        if desk.format is Format.JSON:
            from deskguide.show.as_json import dump

            return dump({"scenarios": [scenario_value_for(desk, library, s) for s in found]}), problems
        pages = [scenario_page(s, book_for(desk, library, s), is_answer=False) for s in found]
        return "\n".join(render(desk, p) for p in pages), problems

    return _finish(desk, *with_library(desk, build))


def show_policies(desk: Desk, name: str) -> int:
    """Show all policies, or one."""

    def build(library: Library) -> tuple[str, list[str]]:
        profile = chosen_profile(desk, library)
        policies = library.policies() if not name else list(library.find_policies([name]).values())
        problems = []
        if name and not policies:
            problems = [_no_such("policy", name, library.policy_ids(), "deskguide policy shows all")]
        if desk.format is Format.JSON:
            from deskguide.show.as_json import dump, policy_value

            values = [policy_value(p, library.cited_by(p.id), profile) for p in policies]
            return dump({"policies": values}), problems
        if problems:
            return "", problems
        if not name:
            return render(desk, policies_page(policies, POLICY_KINDS, profile.state)), problems
        cited = set(library.cited_by(name))
        heads = [fill_head(h, profile.names) for h in library.heads() if h.id in cited]
        return render(desk, policy_page(policies[0], heads, profile)), problems

    return _finish(desk, *with_library(desk, build))


def _no_such(kind: str, name: str, known: Sequence[str], hint: str) -> str:
    near = nearest(name, known)
    tip = f"did you mean {join_words(near)}? " if near else ""
    return f"deskguide: no {kind} is called {clean(name)[:80]!r}; {tip}{hint}"


def _finish(desk: Desk, text: str, problems: Sequence[str]) -> int:
    if text:
        write(desk, text)
    for problem in problems:
        desk.streams.message(problem)
    return EXIT_NOTHING if problems else EXIT_ANSWERED


def show_info(desk: Desk) -> int:
    """Tell version, folders and counts."""

    def build(library: Library) -> str:
        profile = library.profile()
        places = library.places
        counts: dict[str, int] = {}
        for head in library.heads():
            counts[head.source] = counts.get(head.source, 0) + 1
        faults = library.faults()
        policies = len(library.policy_ids())
        titles = [_title(layer, places.config) for layer in places.layers]
        if desk.format is Format.JSON:
            from deskguide.show.as_json import dump

            return dump(
                {
                    "version": __version__,
                    "data": str(shipped_data()),
                    "layers": [
                        {"name": layer.name, "folder": layer.scenarios, "title": title or None}
                        for layer, title in zip(places.layers, titles, strict=True)
                    ],
                    "profile": profile.path or None,
                    "profile_folder": places.config or None,
                    "cache": places.cache or None,
                    "store": library.store or None,
                    "store_kept": not library.unkept,
                    "scenarios": counts,
                    "policies": policies,
                    "faults": len(faults),
                }
            )
        rows = [("Version", __version__), ("Data", str(shipped_data()))]
        layers = zip(places.layers, titles, strict=True)
        rows += [(f"Layer {n}", _layer(layer, title)) for n, (layer, title) in enumerate(layers, 1)]
        rows.append(("Profile", profile.path or f"none (it would be {places.profile})"))
        kept = f" (not kept: {library.unkept})" if library.unkept else ""
        rows.append(("Cache", (places.cache or "none") + kept))
        rows += [("Scenarios", f"{number} {source}") for source, number in sorted(counts.items())]
        rows.append(("Policies", str(policies)))
        rows = [(name, clean(value)) for name, value in rows]
        return render(desk, info_page(rows, faults))

    write(desk, with_library(desk, build))
    return EXIT_ANSWERED


def _title(layer: Layer, config: str) -> str:
    """Return the title of the pack that a layer is, or an empty text."""
    from deskguide.knowledge.packs import pack_title

    is_pack = config and layer.name != layer.scenarios and is_below(layer.scenarios, os.path.join(config, PACKS))
    return pack_title(os.path.dirname(layer.scenarios)) if is_pack else ""


def _layer(layer: Layer, title: str) -> str:
    about = f" ({title})" if title else ""
    missing = "" if os.path.isdir(layer.scenarios) else " (not there)"
    name = "" if layer.name == layer.scenarios else f"{layer.name}{about}: "
    return f"{name}{layer.scenarios}{missing}"
