"""``check`` and ``evaluate``: what an author runs before the desk relies on a card."""

import os
from collections.abc import Sequence
from os import environ

from deskguide.author.cases import read_cases
from deskguide.author.check import Checked, FindWinner, Known, check_files
from deskguide.author.evaluate import Evaluated, evaluate_cases, evaluate_examples, sum_up
from deskguide.author.report import evaluation_value, render_evaluation
from deskguide.cli.desk import Desk, Format, learned_path, table_path, with_library
from deskguide.cli.pages import write
from deskguide.errors import DeskguideError, UnusablePath
from deskguide.knowledge.gather import gather
from deskguide.knowledge.library import Library
from deskguide.knowledge.places import (
    FoundFile,
    Layer,
    Places,
    find_file,
    find_places,
    is_below,
    list_files,
)
from deskguide.knowledge.shape import PROFILE_TEXTS
from deskguide.knowledge.store import MemorySections
from deskguide.knowledge.values import build_scenario
from deskguide.match.index import compile_index
from deskguide.match.learned import Learned
from deskguide.match.leave_out import LeftOut
from deskguide.match.rank import rank
from deskguide.match.table import WordTable
from deskguide.model import Fault, Ranking, Scenario, Sections
from deskguide.show.faults import fault_line
from deskguide.text import count

EXIT_SOUND = 0
EXIT_FAULTS = 1
EXIT_UNUSABLE = 3
SURE = 0.7
"""An example is said to be another card's if that card would come first with this confidence or more."""


def check_guidance(desk: Desk, paths: Sequence[str]) -> int:
    """Check everything loaded, or only ``paths``; return 0 if there is no fault (a warning is none), otherwise 1.

    Raises UnusablePath for a path that is not there, or that holds no scenario, policy or profile.
    """
    places = find_places(environ, named=desk.scenarios, has_builtin=desk.has_builtin, profile=desk.profile_name)
    wanted = [os.path.abspath(path) for path in paths]
    own = len(places.layers)
    places, single = _add_paths(places, wanted)
    files, folder_faults = list_files(places)
    files = _each_once([*files, *single], own)

    def is_wanted(path: str) -> bool:
        return not wanted or any(is_below(path, w) for w in wanted)

    for path in wanted:
        if not any(is_below(f.path, path) for f in files) and not any(is_below(f.file, path) for f in folder_faults):
            raise UnusablePath(path, "holds no scenario, policy or profile file; their names end in .yaml")
    profile = gather(places, [f for f in files if f.kind == "profile"]).profile
    known = Known(frozenset({*PROFILE_TEXTS, *profile.names}), profile.review_months, desk.today)
    checked = check_files(
        places, files, folder_faults, build_scenario, known, is_wanted=is_wanted, prepare_winner=_prepare_winner
    )
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


def _each_once(files: Sequence[FoundFile], own: int) -> list[FoundFile]:
    """Return files as what they are, each once, however often its folders were named.

    ``own`` is how many layers the library has itself; theirs come first. The folder of the configuration, and a copy
    of one, hold profiles, policies and the folders of layers.
    """
    found: dict[str, FoundFile] = {}
    for file in files:
        path = os.path.normcase(os.path.abspath(file.path))
        if file.kind == "profile":  # the chosen one comes last, and so it is the one that counts
            found.pop(path, None)
        is_named = file.kind == "scenario" and file.layer >= own
        found.setdefault(path, find_file(file.path, file.layer) if is_named else file)
    return list(found.values())


def _prepare_winner(scenarios: Sequence[Scenario]) -> FindWinner:
    """Return what tells which other card would surely win an example that its own card did not hold."""
    table = WordTable(table_path())
    left_out = LeftOut(MemorySections(compile_index(scenarios, table)), table)

    def find_winner(scenario: Scenario, example: str) -> str | None:
        ranking = rank(example, left_out.without(scenario, example), table)
        first = ranking.matches[0] if ranking.matches else None
        is_sure = first is not None and ranking.outcome == "match" and first.confidence >= SURE
        return first.id if first and is_sure and first.id != scenario.id else None

    return find_winner


def _report(desk: Desk, checked: Checked) -> None:
    if checked.unasked:
        desk.streams.message(
            f"deskguide: {count(checked.unasked, 'example')} more are too many to ask here which card they find; "
            "'deskguide evaluate --examples' asks all"
        )
    if desk.format is Format.JSON:
        from deskguide.show.as_json import dump

        write(desk, dump({"faults": [fault._asdict() for fault in checked.faults]}))
        return
    from deskguide.show.faults import render_faults

    text = render_faults(checked.faults, checked.files, checked.scenarios, is_markdown=desk.format is Format.MARKDOWN)
    write(desk, desk.streams.fit(text))


def evaluate_guidance(desk: Desk, paths: Sequence[str], least: float, *, is_of_examples: bool) -> int:
    """Ask files of test descriptions, or every card's own examples, and print how many were answered right.

    Returns 1 if the share of right ones is below ``least`` (0 to 1), and 3 if a file holds a faulty case:
    figures from a part of the cases would mislead.
    """
    if not paths and not is_of_examples:
        raise DeskguideError("name a file of test descriptions, or --examples to ask every card's own examples")
    if paths and is_of_examples:
        raise DeskguideError("--examples asks the cards' own examples; leave the files out")

    def evaluate(library: Library) -> tuple[Evaluated | None, list[Fault]]:
        heads = library.heads()
        emergencies = {h.id for h in heads if h.priority == "emergency"}
        table = WordTable(table_path())
        if is_of_examples:
            scenarios = [s for s in (library.scenario(h.id) for h in heads) if s is not None]
            left_out = LeftOut(library.sections, table)

            def ask(text: str, *, sections: Sections) -> Ranking:
                return rank(text, sections, table)

            return sum_up(list(evaluate_examples(scenarios, left_out, ask)), emergencies), []
        read = [read_cases(path, {h.id for h in heads}) for path in paths]
        faults = [fault for cases in read for fault in cases.faults]
        if any(fault.severity == "error" for fault in faults):
            return None, faults
        every = [case for cases in read for case in cases.cases]
        learned = Learned(learned_path(), table)
        asked = evaluate_cases(
            every, lambda text: rank(text, library.sections, table, learned=learned, is_explained=True)
        )
        return sum_up(list(asked), emergencies), faults

    evaluated, faults = with_library(desk, evaluate)
    for fault in faults:
        desk.streams.message(fault_line(fault))
    if evaluated is None:
        return EXIT_UNUSABLE
    if desk.format is Format.JSON:
        from deskguide.show.as_json import dump

        write(desk, dump(evaluation_value(evaluated)))
    else:
        is_markdown = desk.format is Format.MARKDOWN
        text = render_evaluation(evaluated, is_markdown=is_markdown, has_misses=not is_of_examples)
        write(desk, desk.streams.fit(text))
    return EXIT_SOUND if (evaluated.right.value or 0.0) >= least or not evaluated.right.of else EXIT_FAULTS
