"""``check``: what an author runs before the desk relies on a card."""

import os
from collections.abc import Sequence
from os import environ

from deskguide.author.check import Checked, Known, check_files
from deskguide.cli.desk import Desk, Format
from deskguide.cli.pages import write
from deskguide.errors import UnusablePath
from deskguide.knowledge.gather import gather
from deskguide.knowledge.library import build_scenario
from deskguide.knowledge.places import FoundFile, Layer, Places, find_file, find_places, is_below, list_files
from deskguide.knowledge.shape import PROFILE_TEXTS

EXIT_SOUND = 0
EXIT_FAULTS = 1


def check_guidance(desk: Desk, paths: Sequence[str]) -> int:
    """Check everything loaded, or only ``paths``; return 0 if there is no fault (a warning is none), otherwise 1.

    Raises UnusablePath for a path that is not there, or that holds no scenario, policy or profile.
    """
    places = find_places(environ, named=desk.scenarios, has_builtin=desk.has_builtin, profile=desk.profile_name)
    wanted = [os.path.abspath(path) for path in paths]
    places, single = _add_paths(places, wanted)
    files, folder_faults = list_files(places)
    files += single

    def is_wanted(path: str) -> bool:
        return not wanted or any(is_below(path, w) for w in wanted)

    for path in wanted:
        if not any(is_below(f.path, path) for f in files) and not any(is_below(f.file, path) for f in folder_faults):
            raise UnusablePath(path, "holds no scenario, policy or profile file; their names end in .yaml")
    profile = gather(places, [f for f in files if f.kind == "profile"]).profile
    known = Known(frozenset({*PROFILE_TEXTS, *profile.names}), profile.review_months, desk.today)
    checked = check_files(places, files, folder_faults, build_scenario, known, is_wanted=is_wanted)
    _report(desk, checked)
    return EXIT_FAULTS if checked.count_severity("error") else EXIT_SOUND


def _add_paths(places: Places, wanted: Sequence[str]) -> tuple[Places, list[FoundFile]]:
    """Lay over the library what it does not hold yet: a folder as a layer of its own, a file by itself."""
    layers = list(places.layers)
    single = []
    for path in wanted:
        if not os.path.lexists(path):
            raise UnusablePath(path, "is not there; name a file, or a folder of scenario files")
        held = [folder for layer in places.layers for folder in (layer.scenarios, *layer.policies)]
        if any(is_below(path, folder) for folder in held) or path == os.path.abspath(places.profile):
            continue
        is_folder = os.path.isdir(path)
        root = path if is_folder else os.path.dirname(path)
        layers.append(Layer(root, path if is_folder else "", (os.path.join(path, "policies"),) if is_folder else ()))
        if not is_folder:
            single.append(find_file(path, len(layers) - 1))
    return places._replace(layers=tuple(layers)), single


def _report(desk: Desk, checked: Checked) -> None:
    if desk.format is Format.JSON:
        from deskguide.show.as_json import dump

        write(desk, dump({"faults": [fault._asdict() for fault in checked.faults]}))
        return
    from deskguide.show.faults import render_faults

    text = render_faults(checked.faults, checked.files, checked.scenarios, is_markdown=desk.format is Format.MARKDOWN)
    write(desk, desk.streams.fit(text))
