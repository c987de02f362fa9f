"""Files of test descriptions: what somebody might type, and which scenario should answer."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from deskguide.knowledge.read import MAX_FAULTS, Entries, Items, Node, Text, parse_list, read_bytes
from deskguide.knowledge.shape import is_nothing, unknown_key
from deskguide.model import Fault
from deskguide.text import clean, nearest

Say = Callable[[str, Node], None]

KEYS = ["text", "want", "also", "want_any"]


class Case(NamedTuple):
    """A description and what should come of it.

    Without ``want`` and ``want_any`` nothing should fit. ``also`` are other scenarios that are right too;
    ``want_any`` are those that a description with several meanings should all name.
    """

    text: str
    want: str
    also: tuple[str, ...]
    want_any: tuple[str, ...]
    file: str
    line: int


class Cases(NamedTuple):
    """The cases of some files, and what is wrong in them: an error spoils its case, a warning does not."""

    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]


def read_cases(path: str, known: Collection[str]) -> Cases:
    """Read one file of cases. An id that is not among ``known`` scenarios is a warning: its case will be missed."""
    content = read_bytes(path)
    items = content if isinstance(content, Fault) else parse_list(content, path)
    if isinstance(items, Fault):
        return Cases((), (items,))
    cases: list[Case] = []
    faults: list[Fault] = []
    for node in items.values:
        if sum(fault.severity == "error" for fault in faults) >= MAX_FAULTS:
            break
        case = _read_case(node, path, known, faults)
        if case:
            cases.append(case)
    return Cases(tuple(cases), tuple(faults))


def _read_case(node: Node, path: str, known: Collection[str], faults: list[Fault]) -> Case | None:
    before = len(faults)

    def say(message: str, at: Node) -> None:
        faults.append(Fault(path, at.line, at.column, message))

    if not isinstance(node, Entries):
        say("a case holds 'text' and 'want'; write '- text: ...' and below it 'want: ' and an id", node)
        return None
    values = {key.value: value for key, value in node.values}
    for key, _ in node.values:
        if key.value not in KEYS:
            say(unknown_key(key.value, KEYS, "of a case"), key)
    text = _read_text(values.get("text", node), "text", say)
    if "want" not in values and "want_any" not in values:
        say("tells neither 'want' nor 'want_any'; write 'want: null' if nothing should fit", node)
    elif "want" in values and "want_any" in values:
        say("has both 'want' and 'want_any'; keep one", node)
    wanted = values.get("want")
    want = "" if wanted is None or is_nothing(wanted) else _read_text(wanted, "want", say)
    also = _read_ids(values.get("also"), "also", say)
    want_any = _read_ids(values.get("want_any"), "want_any", say)
    if "want_any" in values and len(want_any) < 2 and len(faults) == before:
        say("'want_any' names two or more ids: a description with several meanings", values["want_any"])
    if also and not want:
        say("'also' needs 'want': the one that is most right", values["also"])
    if len(faults) > before:
        return None
    for name in filter(None, (want, *also, *want_any)):
        if name not in known and len(faults) < MAX_FAULTS:
            near = nearest(name, known, limit=1)
            tip = f"; did you mean {near[0]!r}?" if near else "; deskguide list shows all"
            faults.append(Fault(path, node.line, node.column, f"no scenario is called {name!r}{tip}", "warning"))
    return Case(text, want, also, want_any, path, node.line)


def _read_text(node: Node, key: str, say: Say) -> str:
    if isinstance(node, Text) and not is_nothing(node) and clean(node.value):
        return clean(node.value)
    say(f"{key!r} is missing or holds no text", node)
    return ""


def _read_ids(node: Node | None, key: str, say: Say) -> tuple[str, ...]:
    if node is None or is_nothing(node):
        return ()
    if not isinstance(node, Items):
        say(f"{key!r} holds a list of ids: [first-id, second-id]", node)
        return ()
    return tuple(dict.fromkeys(_read_text(item, key, say) for item in node.values))
