"""Checks what a library has written: every fault, and every weakness that a machine can see, with its place.

Faults (severity ``error``) keep a file, or a part of the library, from working. Warnings name what makes a card hard to
find or to use. Pure but for reading the files; the command line prints.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from deskguide.author.profile_text import ADDRESS, NO_ADDRESS
from deskguide.author.template import EXAMPLE_TEXTS
from deskguide.author.wording import find_poor_words
from deskguide.knowledge.gather import Gathered, ReadBytes, gather
from deskguide.knowledge.places import SHIPPED, FoundFile, Places
from deskguide.knowledge.read import MAX_FAULTS, Entries, Items, Node, Text, parse, parse_profile, read_bytes
from deskguide.knowledge.shape import ADDRESS_START
from deskguide.model import Fault, Scenario, Severity
from deskguide.text import clean, count, fold, nearest, shorten

_ADDRESS = f"write an address that starts with {ADDRESS_START}"
FEW_EXAMPLES = 10
"""With fewer examples than this a card is often missed: docs/decisions/matching.md has the figures."""
LONG_SAYING_WORDS = 45
FEW_SAYINGS = 2
LIFE_SAVING = re.compile(
    r"\b(911|evacuat\w*|get (yourself|everyone|people|patrons)|run|leave|step back|back away)\b", re.I
)
"""What the first step of an emergency has to hold: the call for help, or getting people out of danger."""
_WORD = re.compile(r"\w+")
PLACEHOLDERS = re.compile(r"\{([^{}]*)\}")

MOST_RANKED = 1_000_000
"""Scenarios that are ranked at most, over all examples that are asked: some seconds."""

FindWinner = Callable[[Scenario, str], str | None]
"""Tells which other scenario an example of a scenario would find if it were not there itself, or None."""


class Checked(NamedTuple):
    """What was looked at, and what is wrong with it, in the order of files and lines.

    ``categories`` holds the category of each scenario of the whole library by its id. ``unasked`` is how many examples
    were too many to ask which card they find.
    """

    files: int
    scenarios: int
    faults: tuple[Fault, ...]
    categories: Mapping[str, str]
    unasked: int = 0

    def count_severity(self, severity: Severity) -> int:
        """Return how many faults are of one severity."""
        return sum(f.severity == severity for f in self.faults)


class Known(NamedTuple):
    """What texts may name: placeholders, and how old a review may be on which day."""

    placeholders: frozenset[str]
    review_months: int
    today: date


def check_files(
    places: Places,
    files: Sequence[FoundFile],
    folder_faults: Sequence[Fault],
    build_scenario: Callable[[Mapping[str, object]], Scenario],
    known: Known,
    *,
    is_wanted: Callable[[str], bool] = bool,
    prepare_winner: Callable[[Sequence[Scenario]], FindWinner] | None = None,
    read: ReadBytes = read_bytes,
) -> Checked:
    """Check the files that ``is_wanted`` tells of, as parts of everything that the layers hold.

    ``prepare_winner`` makes, from all scenarios, what is asked for each example that a library itself has written.
    ``read`` gives the content of files that lie elsewhere than on the disk.
    """
    gathered = gather(places, files, read)
    scenarios = {name: build_scenario(values) for name, values in sorted(gathered.scenarios.items())}
    find_winner: FindWinner | None = None
    sheets = _Sheets(read)
    faults = [*folder_faults, *gathered.faults]
    faults += _check_repeats(scenarios, sheets)
    faults += _check_cited(files, gathered)
    faults += _check_links(files, gathered, read)
    faults += _check_addresses([f for f in files if is_wanted(f.path)], sheets)
    inherited = _borders_of_shipped(scenarios)
    left, unasked = MOST_RANKED // max(1, len(scenarios)), 0
    for scenario in scenarios.values():
        if any(map(is_wanted, scenario.files)):
            shipped = sheets.shipped_review(scenario)
            for key, text, message, severity in _check_scenario(
                scenario, scenarios, gathered, known, shipped, inherited
            ):
                faults.append(sheets.fault(scenario, key, text, message, severity))
            if prepare_winner and scenario.source != SHIPPED:
                own = [e for e in dict.fromkeys(scenario.examples) if sheets.is_own(scenario, e)]
                asked = own[:left]
                left -= len(asked)
                unasked += len(own) - len(asked)
                if asked:
                    find_winner = find_winner or prepare_winner(list(scenarios.values()))
                    faults += _check_winners(scenario, asked, sheets, find_winner)
    wanted = [f for f in faults if is_wanted(f.file)]
    wanted.sort(key=lambda f: (f.file, f.line, f.column, f.message))
    number = sum(any(map(is_wanted, s.files)) for s in scenarios.values())
    categories = {name: scenario.category for name, scenario in scenarios.items()}
    return Checked(sum(is_wanted(f.path) for f in files), number, tuple(dict.fromkeys(wanted)), categories, unasked)


def _check_winners(
    scenario: Scenario, examples: Sequence[str], sheets: "_Sheets", find_winner: FindWinner
) -> Iterator[Fault]:
    for example in examples:
        winner = find_winner(scenario, example)
        if winner:
            message = f"{winner!r} would win this example; say what sets this case apart, or move it there"
            yield sheets.fault(scenario, "examples", example, message, "warning")


class _Sheet(NamedTuple):
    """Where things stand in one file: each key, and each text below a key, in the order of the file."""

    keys: dict[str, Text]
    texts: dict[tuple[str, str], list[Text]]


class _Sheets:
    """Files parsed once more, for the places of what is wrong in them."""

    def __init__(self, read: ReadBytes) -> None:
        self._read = read
        self._parsed: dict[str, Entries | None] = {}
        self._laid_out: dict[str, _Sheet] = {}

    def fault(
        self, scenario: Scenario, key: str, text: str, message: str, severity: Severity, *, is_last: bool = False
    ) -> Fault:
        """Return a fault at the topmost file that holds ``key``, on the line of ``text`` if it is given.

        That is the first line that holds it, or the last one.
        """
        for path in reversed(scenario.files):
            sheet = self._sheet(path)
            found = sheet.texts.get((key, text)) if text else None
            place = found[-1 if is_last else 0] if found else sheet.keys.get(key)
            if place and (found or not text):
                return Fault(path, place.line, place.column, message, severity)
        return Fault(scenario.files[-1], 1, 1, message, severity)

    def is_own(self, scenario: Scenario, example: str) -> bool:
        """Tell whether an example stands in the topmost file, not only in the shipped one below it."""
        return ("examples", example) in self._sheet(scenario.files[-1]).texts

    def shipped_review(self, scenario: Scenario) -> str:
        """Return the date of the shipped file that a library's own lies over, or an empty text."""
        if len(scenario.files) < 2 or not _is_shipped(scenario):
            return ""
        return next((text for key, text in self._sheet(scenario.files[0]).texts if key == "reviewed"), "")

    def entries(self, path: str) -> Entries | None:
        """Return what a scenario or policy file holds, or None if it cannot be read."""
        if path not in self._parsed:
            content = self._read(path)
            entries = content if isinstance(content, Fault) else parse(content, path)
            self._parsed[path] = None if isinstance(entries, Fault) else entries
        return self._parsed[path]

    def _sheet(self, path: str) -> _Sheet:
        if path not in self._laid_out:
            entries = self.entries(path)
            self._laid_out[path] = _Sheet({}, {}) if entries is None else _lay_out(entries)
        return self._laid_out[path]


def _lay_out(entries: Entries) -> _Sheet:
    sheet = _Sheet({name.value: name for name, _ in entries.values}, {})
    for name, node in entries.values:
        for text in _texts(node):
            sheet.texts.setdefault((name.value, clean(text.value)), []).append(text)
    return sheet


def _texts(node: Node) -> Iterator[Text]:
    """Yield every scalar that is a value, in the order of the file."""
    if isinstance(node, Text):
        yield node
        return
    for below in node.values if isinstance(node, Items) else [value for _, value in node.values]:
        yield from _texts(below)


Remark = tuple[str, str, str, Severity]
"""The key and the text that are meant, what is wrong, and how much it matters."""


Borders = frozenset[tuple[str, str]]
"""Entries of ``not_this``: the id of the other card, and the fact that tells."""


def _borders_of_shipped(scenarios: Mapping[str, Scenario]) -> Borders:
    return frozenset((b.id, b.when) for s in scenarios.values() if _is_shipped(s) for b in s.not_this)


def _is_shipped(scenario: Scenario) -> bool:
    """Tell whether a card is shipped, whatever lies over it."""
    return scenario.source.split(" + ")[0] == SHIPPED


def _check_scenario(
    scenario: Scenario,
    scenarios: Mapping[str, Scenario],
    gathered: Gathered,
    known: Known,
    shipped: str,
    inherited: Borders,
) -> Iterator[Remark]:
    yield from _check_references(scenario, scenarios, gathered)
    yield from _check_borders(scenario, scenarios, inherited)
    yield from _check_dates(scenario, known, shipped)
    yield from _check_use(scenario)
    yield from islice(_check_wording(scenario, known), MAX_FAULTS)


def _check_wording(scenario: Scenario, known: Known) -> Iterator[Remark]:
    for key, text in guidance(scenario):
        if text in EXAMPLE_TEXTS and scenario.source != SHIPPED:
            yield key, text, "is still the text that 'deskguide new' put there; write your own", "warning"
        for found, better in find_poor_words(text):
            yield key, text, f"write {better!r} rather than {found!r}", "warning"
        for name in PLACEHOLDERS.findall(text):
            if name not in known.placeholders:
                near = nearest(name, known.placeholders, limit=1)
                tip = f"did you mean {{{near[0]}}}?" if near else "add it to 'names' in the profile"
                yield key, text, f"nothing fills {{{clean(name)}}}; {tip}", "warning"


def _check_references(scenario: Scenario, scenarios: Mapping[str, Scenario], gathered: Gathered) -> Iterator[Remark]:
    yield from islice(_check_unknown(scenario, scenarios, gathered), MAX_FAULTS)
    if not scenario.policies:
        yield "policies", "", "no policy stands behind this card; name the one it rests on", "warning"
    if not scenario.not_this and len(scenarios) > 1:
        yield (
            "id",
            "",
            "has no 'not_this'; name the card that it could be mistaken for, and the fact that tells",
            "warning",
        )
    for source in scenario.sources:
        if source.url and not source.url.startswith(ADDRESS_START):
            yield "sources", source.url, _ADDRESS, "warning"


def _check_borders(scenario: Scenario, scenarios: Mapping[str, Scenario], inherited: Borders) -> Iterator[Remark]:
    """Yield the borders that the other card does not name back."""
    for border in scenario.not_this:
        other = scenarios.get(border.id, scenario)
        if other is scenario or scenario.id in {b.id for b in other.not_this}:
            continue
        # A copy of a shipped card has its borders too. They hold as they are, and nobody names each copy back.
        if not _is_shipped(scenario) and (border.id, border.when) in inherited:
            continue
        message = f"the border runs one way; add {scenario.id!r} to 'not_this' of {border.id!r} too"
        if other.source == SHIPPED and not _is_shipped(scenario):
            message += f" (deskguide new {border.id} starts the file for it)"
        yield "not_this", border.id, message, "warning"


def _check_unknown(scenario: Scenario, scenarios: Mapping[str, Scenario], gathered: Gathered) -> Iterator[Remark]:
    """Yield the entries that lead nowhere."""
    for border in scenario.not_this:
        if border.id == scenario.id:
            yield "not_this", border.id, "a card has no border with itself; delete this entry", "error"
        elif border.id not in scenarios:
            yield "not_this", border.id, _no_such("scenario", border.id, scenarios), "error"
    for reason in scenario.policies:
        if reason.id not in gathered.policies:
            yield "policies", reason.id, _no_such("policy", reason.id, gathered.policies), "error"


def _no_such(kind: str, name: str, known: Mapping[str, object]) -> str:
    near = nearest(name, known, limit=1)
    return f"no {kind} is called {name!r}; " + (f"did you mean {near[0]!r}?" if near else "mend it or delete the entry")


def _check_dates(scenario: Scenario, known: Known, shipped: str) -> Iterator[Remark]:
    reviewed = date.fromisoformat(scenario.reviewed)
    if reviewed > known.today:
        yield "reviewed", "", f"{scenario.reviewed} lies in the future; write the day of the last check", "error"
    months = (known.today.year - reviewed.year) * 12 + known.today.month - reviewed.month
    if months - (known.today.day < reviewed.day) >= known.review_months:
        message = f"last checked {scenario.reviewed}, {count(months, 'month')} ago; check its facts and renew the date"
        yield "reviewed", "", message, "warning"
    if scenario.based_on and shipped > scenario.based_on:
        message = (
            f"the shipped card was renewed on {shipped}, after this file was written against {scenario.based_on}; "
            f"compare the two (the shipped one is {scenario.files[0]}), then set 'based_on' to the new date"
        )
        yield "based_on", "", message, "warning"


def _check_use(scenario: Scenario) -> Iterator[Remark]:
    if len(scenario.examples) < FEW_EXAMPLES:
        message = (
            f"has {count(len(scenario.examples), 'example')}; {FEW_EXAMPLES} or more, in different words, make it found"
        )
        yield "examples", "", message, "warning"
    if len(scenario.say) < FEW_SAYINGS:
        yield "say", "", "give a second thing to say: for first contact, and for when it is refused", "warning"
    for saying in scenario.say:
        words = len(saying.text.split())
        if words > LONG_SAYING_WORDS:
            message = f"has {words} words; cut it to {LONG_SAYING_WORDS}, or nobody says it aloud"
            yield "say", saying.text, message, "warning"
    if scenario.priority == "emergency":
        if not LIFE_SAVING.search(scenario.do[0]):
            message = "an emergency starts with the act that saves a life: call 911, or get people out of danger"
            yield "do", scenario.do[0], message, "warning"
        if not scenario.cues:
            yield (
                "priority",
                "",
                "an emergency needs 'cues': words that bring it first whatever else is said",
                "warning",
            )


def guidance(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield each text that a person reads, with the key that it stands under."""
    yield "title", scenario.title
    yield "summary", scenario.summary
    for key, texts in (
        ("do", scenario.do),
        ("say", [s.text for s in scenario.say]),
        ("say", [s.when for s in scenario.say]),
        ("avoid", scenario.avoid),
        ("offer", scenario.offer),
        ("escalate", [e.to for e in scenario.escalate]),
        ("escalate", [e.when for e in scenario.escalate]),
        ("policies", [p.why for p in scenario.policies]),
        ("principles", list(scenario.principles.values())),
        ("not_this", [b.when for b in scenario.not_this]),
        ("follow_up", scenario.follow_up),
    ):
        yield from ((key, text) for text in texts if text)


def _check_cited(files: Sequence[FoundFile], gathered: Gathered) -> Iterator[Fault]:
    """Warn of policy files that no scenario cites: nobody at a desk will ever see them."""
    cited = {reason["id"] for values in gathered.scenarios.values() for reason in values.get("policies", ())}
    for file in files:
        name = os.path.splitext(os.path.basename(file.path))[0]
        if file.kind == "policy" and name in gathered.policies and name not in cited:
            yield Fault(file.path, 1, 1, f"no scenario cites {name!r}; cite it where it applies, or drop it", "warning")


def _check_addresses(files: Sequence[FoundFile], sheets: _Sheets) -> Iterator[Fault]:
    """Warn of addresses in policy files, those of a state's law among them, that anybody on the way could change."""
    for file in files:
        entries = sheets.entries(file.path) if file.kind == "policy" else None
        for name, node in _pairs(entries) if entries else ():
            if name == "url" and isinstance(node, Text) and not node.value.startswith(ADDRESS_START):
                yield Fault(file.path, node.line, node.column, _ADDRESS, "warning")


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield every key with its value, however deep."""
    if isinstance(node, Entries):
        for name, value in node.values:
            yield name.value, value
            yield from _pairs(value)


def _check_links(files: Sequence[FoundFile], gathered: Gathered, read: ReadBytes) -> Iterator[Fault]:
    """Warn of addresses in a profile that no card will ever show, and of those that nobody can open."""
    for file in files:
        if file.kind != "profile":
            continue
        content = read(file.path)
        entries = parse_profile(content, file.path) if isinstance(content, bytes) else content
        links = [n for k, n in entries.values if k.value == "policies"] if isinstance(entries, Entries) else []
        pairs = [pair for node in links if isinstance(node, Entries) for pair in node.values]
        for name in islice((n for n, _ in pairs if n.value not in gathered.policies), MAX_FAULTS):
            message = _no_such("policy", clean(name.value), gathered.policies)
            yield Fault(file.path, name.line, name.column, message, "warning")
        # One that does not start as it has to is a fault of its own.
        texts = [n for _, n in pairs if isinstance(n, Text) and n.value.startswith(ADDRESS_START)]
        for node in islice((n for n in texts if not ADDRESS.fullmatch(clean(n.value))), MAX_FAULTS):
            yield Fault(file.path, node.line, node.column, NO_ADDRESS, "warning")


def _check_repeats(scenarios: Mapping[str, Scenario], sheets: _Sheets) -> Iterator[Fault]:
    """Warn of examples that stand in two places, and of cues that point to two cards."""
    seen: dict[tuple[str, str], str] = {}
    for scenario in scenarios.values():
        for key, texts in (("examples", scenario.examples), ("cues", scenario.cues)):
            for text in texts:
                place = key, " ".join(_WORD.findall(fold(text)))
                if place not in seen:
                    seen[place] = scenario.id
                else:
                    is_own = seen[place] == scenario.id
                    where = "above" if is_own else f"in {seen[place]!r}"
                    message = f"{shorten(text, 50)!r} stands {where} too; keep it where it belongs"
                    yield sheets.fault(scenario, key, text, message, "warning", is_last=is_own)
