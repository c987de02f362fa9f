"""The values that the parts of deskguide hand to each other. They hold facts and do nothing.

Named tuples rather than dataclasses: they are as immutable and as typed, and cost an eighth of the
time to define (0.05 ms against 0.38 ms each on the machine where this was measured), which every start pays.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

Priority = Literal["routine", "sensitive", "urgent", "emergency"]
PRIORITIES: tuple[Priority, ...] = ("routine", "sensitive", "urgent", "emergency")

Outcome = Literal["match", "ambiguous", "none"]
Severity = Literal["error", "warning"]

CATEGORIES = (
    "collection",
    "privacy",
    "internet",
    "accounts",
    "borrowing",
    "rooms-and-events",
    "behavior",
    "safety",
    "youth",
    "community-needs",
    "access",
    "reference",
    "operations",
)
"""The categories of the shipped scenarios, in the order in which ``list`` prints them."""

POLICY_KINDS = (
    "local-policy",
    "professional-standard",
    "guideline",
    "model-policy",
    "federal-law",
    "state-law",
    "court-case",
)
"""The kinds of policy, in the order in which ``policy`` prints them."""


class Fault(NamedTuple):
    """Something wrong in a file. ``line`` and ``column`` count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    message: str
    severity: Severity = "error"


class Saying(NamedTuple):
    """Words to use. ``when`` tells the moment they are for, and may be empty."""

    when: str
    text: str


class Escalation(NamedTuple):
    """Whom to call, and at what point."""

    to: str
    when: str


class Reason(NamedTuple):
    """A policy that a scenario rests on, by id, and how it applies there."""

    id: str
    why: str


class Border(NamedTuple):
    """A neighboring scenario, by id, and the observable fact that makes it the right one instead."""

    id: str
    when: str


class Source(NamedTuple):
    """What a scenario's facts were taken from."""

    title: str
    url: str
    licence: str


class Scenario(NamedTuple):
    """One situation at the desk with its guidance, as merged from all layers.

    ``reviewed`` is an ISO date. ``source`` names the layers that it came from, lowest first, joined by
    `` + ``; ``files`` holds their paths in the same order.
    """

    id: str
    title: str
    category: str
    priority: str
    summary: str
    examples: tuple[str, ...]
    cues: tuple[str, ...]
    do: tuple[str, ...]
    say: tuple[Saying, ...]
    avoid: tuple[str, ...]
    offer: tuple[str, ...]
    escalate: tuple[Escalation, ...]
    policies: tuple[Reason, ...]
    principles: Mapping[str, str]
    not_this: tuple[Border, ...]
    follow_up: tuple[str, ...]
    reviewed: str
    owner: str
    based_on: str
    sources: tuple[Source, ...]
    source: str
    files: tuple[str, ...]


class ScenarioHead(NamedTuple):
    """What a list needs of a scenario, without its guidance."""

    id: str
    title: str
    category: str
    priority: str
    reviewed: str
    summary: str
    source: str


class StateLaw(NamedTuple):
    """What one state's law adds to a policy of kind ``state-law``."""

    citation: str
    summary: str
    minors: str
    url: str


class Policy(NamedTuple):
    """A policy, standard or law that guidance rests on. Texts that do not apply are empty.

    ``states`` maps two-letter codes to that state's law; only policies of kind ``state-law`` have any.
    """

    id: str
    title: str
    kind: str
    issuer: str
    citation: str
    adopted: str
    url: str
    summary: str
    states: Mapping[str, StateLaw]
    source: str


class Profile(NamedTuple):
    """What a library tells about itself. Empty texts and maps stand for what it has not told.

    ``names`` maps placeholder names (``manager``) to the words that fill them; ``links`` maps ids of
    local policies to the library's own addresses. ``review_months`` is the age at which guidance is stale.
    """

    names: Mapping[str, str]
    state: str
    review_months: int
    links: Mapping[str, str]
    path: str


class Match(NamedTuple):
    """A scenario that may be meant. ``confidence`` is the calibrated share (0 to 1) of such answers that are right."""

    id: str
    confidence: float


class Option(NamedTuple):
    """One answer to a question: the scenario it leads to, and the fact that points there."""

    id: str
    text: str


class Question(NamedTuple):
    """The one question that tells scenarios apart which fit about equally well."""

    text: str
    options: tuple[Option, ...]


class Evidence(NamedTuple):
    """Why one scenario was ranked where it is. ``examples`` pairs texts with cosine similarity (-1 to 1)."""

    id: str
    words: tuple[str, ...]
    examples: tuple[tuple[str, float], ...]
    cues: tuple[str, ...]


class Explanation(NamedTuple):
    """What matching saw: words it corrected, words it knows nothing of, and evidence for each match."""

    corrections: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Ranking(NamedTuple):
    """What matching found in a description: an outcome, and scenarios from the most to the least likely.

    ``close`` counts the leading matches that an ambiguous description may mean (0 or 1 otherwise).
    """

    query: str
    outcome: Outcome
    matches: tuple[Match, ...]
    close: int
    explanation: Explanation


class Sections(Protocol):
    """Read access to the compiled index: small byte strings by kind and key, wherever they lie."""

    def get(self, kind: str, key: str) -> bytes | None:
        """Return one entry, or None if there is none."""
        ...

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return those entries of one kind that exist."""
        ...
