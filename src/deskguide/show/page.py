"""What stands on a page, in order, before any format gives it its looks. Pure.

A page is blocks of items. The formats differ only in how they draw them, so that nothing is told in one
format and left out in another.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from deskguide.model import (
    Explanation,
    Fault,
    Match,
    Policy,
    Profile,
    Question,
    Scenario,
    ScenarioHead,
    StateLaw,
)
from deskguide.show.fill import fill_scenario
from deskguide.text import clean, count

LONGEST_TITLE_IN_ANSWER = 50
"""Characters of a policy's title beyond which an answer leaves its subtitle out."""

OWN_STATE = "Your state's law: add --state CODE, or set the state in the profile."
"""Follows a law that every state has its own form of, as long as no state is chosen."""

SAFETY_LINE = "If anyone is hurt or in danger, call 911 first."


class Item(NamedTuple):
    """A line of guidance. ``lead`` stands out before it (whom to call, when to say it); ``after`` follows quietly."""

    text: str
    lead: str = ""
    after: str = ""


class Block(NamedTuple):
    """A headed list. ``least`` items are always shown.

    ``kind`` is ``steps`` (numbered), ``words`` (quoted), ``points``, ``names`` (leads in a column), ``rows``
    (the same, cut to one line each) or ``choices`` (numbered names).
    """

    heading: str
    items: tuple[Item, ...]
    kind: str = "points"
    least: int = 1


class Page(NamedTuple):
    """A whole page: a title over two groups of blocks, guidance and what it rests on, and what stands below them.

    ``label`` is the short line above the title, ``note`` the one under the guidance, ``more`` the command
    that shows what was left out.
    """

    title: str
    label: str
    priority: str
    note: str
    guidance: tuple[Block, ...]
    basis: tuple[Block, ...]
    below: tuple[Block, ...]
    more: str = ""
    hint: str = ""


class Book(NamedTuple):
    """What a page may draw on: the policies and neighbors that a scenario names, the profile, and today's date."""

    policies: Mapping[str, Policy]
    neighbors: Mapping[str, ScenarioHead]
    profile: Profile
    today: date


def months_between(earlier: date, later: date) -> int:
    """Return the whole months from one date to another; negative if ``later`` comes first."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)


def is_stale(reviewed: str, profile: Profile, today: date) -> bool:
    """Tell whether a review date is further back than the profile's ``review_months``."""
    return months_between(date.fromisoformat(reviewed), today) >= profile.review_months


def state_law(policy: Policy, state: str) -> StateLaw | None:
    """Return what the chosen state's law adds to a policy, or None."""
    return policy.states.get(state) if state else None


def policy_item(policy: Policy, why: str, state: str, *, is_answer: bool = False) -> Item:
    """Return a policy as it is cited on a scenario's page: title, citation, how it applies.

    In an answer a long title is cited without its subtitle.
    """
    law = state_law(policy, state)
    citation = law.citation if law else policy.citation
    title = policy.title
    if is_answer and len(title) > LONGEST_TITLE_IN_ANSWER:
        title = title.partition(": ")[0]
    lead = f"{title} ({citation})" if citation else title
    return Item(why, lead)


def scenario_page(scenario: Scenario, book: Book, *, is_answer: bool) -> Page:
    """Return the page of one scenario: for an answer what is needed at once, otherwise all of it."""
    s = fill_scenario(scenario, book.profile.names)
    is_emergency = s.priority == "emergency"
    all_items = 1_000
    guidance = [
        Block("Do first" if is_emergency else "Do", _items(s.do), "steps", all_items),
        Block("Say", tuple(Item(w.text, w.when) for w in s.say), "words", all_items if is_emergency else 2),
        Block("Avoid", _items(s.avoid), least=all_items if is_emergency else 1),
        Block("Offer", _items(s.offer)),
        Block("Call in", tuple(Item(e.when, e.to) for e in s.escalate), least=all_items if is_emergency else 1),
    ]
    basis = [Block("Rests on", _reasons(s, book, is_answer=is_answer), "points", 2)]
    laws = _laws_of_state(s, book)
    if laws:
        basis.append(Block(f"In {book.profile.state}", laws))
    if not is_answer:
        guidance.insert(0, Block("What is going on", (Item(s.summary),), "names"))
        guidance.append(Block("Afterwards", _items(s.follow_up)))
        guidance.append(Block("Another card fits better when", _borders(s, book)))
        basis.insert(0, Block("Why we do it this way", tuple(Item(v, k.capitalize()) for k, v in s.principles.items())))
        basis.append(Block("Sources", tuple(Item(x.title, after=_source(x.url, x.licence)) for x in s.sources)))
        basis.append(Block("From", tuple(Item(clean(f)) for f in s.files)))
    return Page(
        title=s.title,
        label=f"{s.priority} · {s.id}",
        priority=s.priority,
        note=_reviewed(s.reviewed, s.owner, book),
        guidance=tuple(b for b in guidance if b.items),
        basis=tuple(b for b in basis if b.items),
        below=(),
        more=f"deskguide show {s.id}",
    )


def _items(texts: Sequence[str]) -> tuple[Item, ...]:
    return tuple(Item(t) for t in texts)


def _source(url: str, licence: str) -> str:
    return f"{url} ({licence})" if url and licence else url or licence


def _reviewed(reviewed: str, owner: str, book: Book) -> str:
    text = f"reviewed {reviewed}" + (f" by {owner}" if owner else "")
    if is_stale(reviewed, book.profile, book.today):
        text += f" · OUT OF DATE: over {count(book.profile.review_months, 'month')} old, check before you rely on it"
    return text


def _reasons(s: Scenario, book: Book, *, is_answer: bool) -> tuple[Item, ...]:
    items = []
    reasons = list(s.policies)
    if is_answer:  # The first weighs most; then those with an address, for an answer shows the first few.
        reasons[1:] = sorted(reasons[1:], key=lambda r: not book.profile.links.get(r.id))
    for reason in reasons:
        policy = book.policies.get(reason.id)
        if policy is None:
            items.append(Item(reason.why, reason.id))
            continue
        item = policy_item(policy, reason.why, book.profile.state, is_answer=is_answer)
        items.append(item._replace(after=_way_on(policy, book.profile, is_answer=is_answer)))
    return tuple(items)


def _way_on(policy: Policy, profile: Profile, *, is_answer: bool) -> str:
    """Return where to read on: the library's own document, how to see one's state's law, or the policy's page."""
    link = profile.links.get(policy.id, "")
    if link:
        return link
    if policy.states and not profile.state:
        return OWN_STATE
    return "" if is_answer else f"deskguide policy {policy.id}"


def _laws_of_state(s: Scenario, book: Book) -> tuple[Item, ...]:
    items = []
    for reason in s.policies:
        policy = book.policies.get(reason.id)
        law = state_law(policy, book.profile.state) if policy else None
        if law:
            items.append(Item(" ".join(t for t in (law.summary, law.minors) if t), law.citation))
    return tuple(items)


def _borders(s: Scenario, book: Book) -> tuple[Item, ...]:
    return tuple(Item(b.when, after=b.id if b.id in book.neighbors else "") for b in s.not_this)


def other_block(matches: Sequence[Match], heads: Mapping[str, ScenarioHead], heading: str) -> Block:
    """Return other possibilities, a line each."""
    items = tuple(Item(heads[m.id].title, m.id) for m in matches if m.id in heads)
    return Block(heading, items, "rows", len(items))


def nothing_page(matches: Sequence[Match], heads: Mapping[str, ScenarioHead]) -> Page:
    """Return the page that says that no scenario fits, and names the nearest."""
    below = (other_block(matches, heads, "The nearest cards are"),)
    return Page(
        title="No card fits this.",
        label="",
        priority="",
        note=f"{SAFETY_LINE} Otherwise say it in other words, or ask a colleague.",
        guidance=(),
        basis=(),
        below=tuple(b for b in below if b.items),
        hint="deskguide show ID shows one of them." if below[0].items else "deskguide list shows all cards.",
    )


def question_page(question: Question, heads: Mapping[str, ScenarioHead]) -> Page:
    """Return the page that names close scenarios with the question that tells them apart."""
    facts = tuple(Item(o.text, o.id) for o in question.options)
    titles = {o.id: heads[o.id].title for o in question.options if o.id in heads}
    items = tuple(i._replace(text=titles.get(i.lead, ""), after=f"when {_lower(i.text)}") for i in facts)
    return Page(
        title=question.text,
        label="",
        priority="",
        note=SAFETY_LINE,
        guidance=(),
        basis=(),
        below=(Block("Cards that fit", items, "choices", len(items)),),
        hint="deskguide show ID shows one of them.",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def explanation_block(explanation: Explanation, matches: Sequence[Match]) -> tuple[Block, ...]:
    """Return what decided: corrections, words, examples and cues of the best matches."""
    confidence = {m.id: m.confidence for m in matches}
    blocks = []
    general = []
    if explanation.corrections:
        general.append(Item(", ".join(f"{a} as {b}" for a, b in explanation.corrections), "Read"))
    if explanation.unknown:
        general.append(Item(", ".join(explanation.unknown), "Unknown words"))
    if general:
        blocks.append(Block("How the description was read", tuple(general), "names", 9))
    for e in explanation.evidence:
        items = [Item(", ".join(e.words) or "none in common", "Words")]
        if e.cues:
            items.insert(0, Item(", ".join(e.cues), "Cues"))
        items += [Item(text, f"{value:.2f}") for text, value in e.examples]
        blocks.append(Block(f"Why {e.id} ({confidence.get(e.id, 0):.2f})", tuple(items), "rows", 9))
    return tuple(blocks)


def list_page(heads: Sequence[ScenarioHead], order: Sequence[str], profile: Profile, today: date) -> Page:
    """Return all scenarios by category, known categories first, in ``order``."""
    by_category: dict[str, list[Item]] = {}
    for h in heads:
        marks = [] if h.priority == "routine" else [h.priority]
        if is_stale(h.reviewed, profile, today):
            marks.append(f"OUT OF DATE, reviewed {h.reviewed}")
        by_category.setdefault(h.category, []).append(Item(h.title, h.id, ", ".join(marks)))
    known = [c for c in order if c in by_category]
    names = known + sorted(set(by_category) - set(known))
    blocks = tuple(Block(c, tuple(by_category[c]), "names", len(by_category[c])) for c in names)
    return Page(
        f"{count(len(heads), 'scenario')}",
        "",
        "",
        "",
        (),
        (),
        blocks,
        hint="deskguide show ID shows one whole.",
    )


def policies_page(policies: Sequence[Policy], kinds: Sequence[str], state: str) -> Page:
    """Return all policies by kind."""
    blocks = []
    for kind in kinds:
        items = []
        for policy in policies:
            if policy.kind == kind:
                law = state_law(policy, state)
                items.append(Item(policy.title, policy.id, law.citation if law else policy.citation))
        if items:
            blocks.append(Block(kind.replace("-", " "), tuple(items), "names", len(items)))
    return Page(
        count(len(policies), "policy", "policies"),
        "",
        "",
        "",
        (),
        (),
        tuple(blocks),
        hint="deskguide policy ID shows one whole.",
    )


def policy_page(policy: Policy, cited_by: Sequence[ScenarioHead], profile: Profile) -> Page:
    """Return one policy with its citation, address and the scenarios that rest on it."""
    law = state_law(policy, profile.state)
    facts = [
        Item(policy.kind.replace("-", " "), "Kind"),
        Item(policy.issuer, "Issued by"),
        Item(policy.citation, "Citation"),
        Item(policy.adopted, "Adopted"),
        Item(policy.url, "Address"),
        Item(profile.links.get(policy.id, ""), "Your library's own"),
    ]
    blocks = [
        Block("What it says", (Item(policy.summary),), "names"),
        Block("Reference", tuple(i for i in facts if i.text), "names"),
    ]
    if law:
        items = (
            Item(law.citation, "Citation"),
            Item(law.summary),
            Item(law.minors, "Minors"),
            Item(law.url, "Address"),
        )
        blocks.append(Block(f"In {profile.state}", tuple(i for i in items if i.text), "names"))
    elif policy.states and not profile.state:
        blocks.append(
            Block(
                "In your state",
                (Item("--state CODE (for example --state NY) shows your state's law."),),
                "names",
            )
        )
    elif policy.states:
        blocks.append(
            Block(
                f"In {profile.state}",
                (Item("No verified citation is at hand; ask your state library."),),
                "names",
            )
        )
    cited = tuple(Item(h.title, h.id) for h in cited_by)
    blocks.append(Block("Scenarios that rest on it", cited, "names", len(cited)))
    return Page(policy.title, policy.id, "", "", tuple(b for b in blocks if b.items), (), ())


def info_page(rows: Sequence[tuple[str, str]], faults: Sequence[Fault]) -> Page:
    """Return what ``info`` tells, with the number of files that were left out."""
    items = [Item(value, name) for name, value in rows]
    if faults:
        items.append(Item(f"{count(len(faults), 'fault')} in the files; they are named above", "Left out"))
    return Page("deskguide", "", "", "", (Block("Here", tuple(items), "names", len(items)),), (), ())
