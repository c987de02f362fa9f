"""What belongs into each key of the files that a library writes, in plain words, with an example of each.

One table for all who tell of it: the comments in a new file, and the schema that an editor shows. Pure.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from deskguide.knowledge.shape import ADDRESS_START, DEFAULT_REVIEW_MONTHS, MAX_ID, MAX_TITLE, PRINCIPLES


class Help(NamedTuple):
    """What to write under a key, and an example in the form in which the key holds it."""

    text: str
    example: Any


SCENARIO_HELP: Mapping[str, Help] = {
    "id": Help(
        f"The card's name: small letters, digits and single dashes, {MAX_ID} at most. The file has the same name, "
        "with .yaml after it.",
        "telescope-loan",
    ),
    "title": Help(
        f"What the patron wants, as you would say it to a colleague. {MAX_TITLE} characters at most.",
        "Patron wants to borrow the telescope",
    ),
    "category": Help(
        "The group that the card is listed in, and the folder that it lies in: a shipped one, or one of your own.",
        "borrowing",
    ),
    "priority": Help(
        "How pressing it is: routine, sensitive (choose your words with care), urgent (act now and call somebody) or "
        "emergency (a life may be in danger; its cues come before everything else).",
        "routine",
    ),
    "summary": Help(
        "The situation, and what makes it hard, in one to three sentences.",
        "Someone asks for something that we don't do every day. They need a clear answer, or the name of who has one.",
    ),
    "examples": Help(
        "How staff will put it when they ask: in a hurry, in the patron's words, with the desk's abbreviations. The "
        "card is found by these. Ten or more, all in different words.",
        ["patron asks if the telescope goes out", "how long can she keep the scope", "phone: telescope, what deposit"],
    ),
    "cues": Help(
        "Words or short phrases that point here by themselves, whatever else is said. Only where a word settles it.",
        ["telescope", "star finder"],
    ),
    "do": Help(
        "What to do, one action to a line, the most pressing first.",
        [
            "Greet them, hear them out, and say back what you understood.",
            "Name what you can do right now, and do that first.",
        ],
    ),
    "say": Help(
        "Words that you would say aloud at the desk; 'when' tells the moment they are for. Two or more, each under 45 "
        "words.",
        [
            {"when": "first words", "text": "Thank you for asking. Let me see what we can do."},
            {"when": "you don't know", "text": "I'd like to get this right, so I'm going to ask {manager}."},
        ],
    ),
    "avoid": Help(
        "What not to do or say, each with its reason.",
        ["Don't promise what somebody else has to decide. A promise taken back hurts more than a wait."],
    ),
    "offer": Help(
        "What else you can give them: other materials, services and places.",
        ["A note with the name and the phone number of who can help."],
    ),
    "escalate": Help(
        "Whom to call, and when.",
        [{"to": "{manager}", "when": "they ask for what you may not decide"}],
    ),
    "policies": Help(
        "What the advice rests on: the id of a policy (deskguide policy lists them), and how it applies here. It may "
        "stay empty; deskguide check then reminds you.",
        [{"id": "ala-code-of-ethics", "why": "It asks us to serve everyone courteously and alike."}],
    ),
    "principles": Help(
        f"Which of {', '.join(PRINCIPLES[:-1])} and {PRINCIPLES[-1]} this turns on, and what each decides here.",
        {"respect": "They decide what they need. We listen first."},
    ),
    "not_this": Help(
        "The cards that this one could be mistaken for, and a fact to see or hear that tells them apart. Name "
        "this card in the other one too.",
        [{"id": "reading-recommendation", "when": "they want a good book"}],
    ),
    "follow_up": Help(
        "What to do afterwards: a note, a report, something to tell management.",
        ["Note what was asked and what you answered, without names."],
    ),
    "reviewed": Help(
        "The day on which its facts were last checked. It is shown with the answer, and marked once it is long ago.",
        "2026-03-31",
    ),
    "owner": Help("Who keeps this card right: a role or a team.", "Circulation team"),
    "based_on": Help(
        "Only in a file that changes a shipped card: the shipped card's 'reviewed' date when you wrote yours. "
        "deskguide check tells you once the shipped card has moved on.",
        "2026-03-31",
    ),
    "sources": Help(
        "What it rests on besides policies, so that somebody can look it up again.",
        [{"title": "Lending rules, Juniper Public Library", "url": f"{ADDRESS_START}library.example.org/lending"}],
    ),
}
"""All keys of a scenario file. The texts in it fit many cards, so that none misleads a desk before it is replaced."""

SCENARIO_PART_HELP: Mapping[tuple[str, str], str] = {
    ("say", "when"): "The moment that these words are for, such as: first words.",
    ("say", "text"): "The words, as you would say them aloud.",
    ("escalate", "to"): "Whom to call.",
    ("escalate", "when"): "When to call them.",
    ("policies", "id"): "The id of a policy; deskguide policy lists them.",
    ("policies", "why"): "How the policy applies here.",
    ("not_this", "id"): "The id of the other card; deskguide list shows them.",
    ("not_this", "when"): "The fact that tells that it is the other card.",
    ("principles", "decency"): "What decency decides here.",
    ("principles", "respect"): "What respect decides here.",
    ("principles", "efficiency"): "What efficiency decides here.",
    ("principles", "openness"): "What openness decides here.",
    ("sources", "title"): "The title of the document or page.",
    ("sources", "url"): f"Its address, which starts with {ADDRESS_START}",
    ("sources", "licence"): "The licence of its text, or: facts only.",
}
"""The keys inside the entries of a scenario's keys."""

POLICY_HELP: Mapping[str, Help] = {
    "id": Help(
        "The policy's name: small letters, digits and single dashes. The file has the same name, with .yaml after it.",
        "telescope-rules",
    ),
    "title": Help("What the document is called.", "Rules for lending the telescope"),
    "kind": Help("What sort of document it is: a law, a standard, or a policy of the library's own.", "local-policy"),
    "issuer": Help("Who adopted or published it.", "The library's board of trustees"),
    "citation": Help("Where in the document, or how a law is cited.", "Section 4"),
    "adopted": Help("When it was adopted or last changed, as its issuer puts it.", "2024"),
    "url": Help(
        f"Its address, which starts with {ADDRESS_START}", f"{ADDRESS_START}library.example.org/telescope-rules"
    ),
    "summary": Help(
        "What it says that matters at a desk, in two or three sentences of your own.",
        "The telescope goes out for a week to adults with a card. The deposit is returned with the telescope.",
    ),
    "states": Help(
        "For a law that differs by state: the two-letter code of each state, and its law.",
        {"ID": {"citation": "Idaho Code § 1", "summary": "What the law says, in a sentence or two."}},
    ),
}
"""All keys of a policy file."""

LAW_HELP: Mapping[str, str] = {
    "citation": "How this state's law is cited.",
    "summary": "What it says that matters at a desk.",
    "minors": "What it says of children's and teenagers' records, if it does.",
    "url": f"Its address, which starts with {ADDRESS_START}",
}
"""The keys of one state's law."""

PROFILE_HELP: Mapping[str, Help] = {
    "library": Help("Your library's name. It stands where a text has {library}.", "Juniper Public Library"),
    "manager": Help(
        "Whom staff call when they need someone in charge. It stands where a text has {manager}.",
        "the branch manager (ext. 12)",
    ),
    "security": Help("Whom staff call to keep order. It stands where a text has {security}.", "security (ext. 40)"),
    "police": Help(
        "Whom staff call when it is no emergency. It stands where a text has {police}.", "the police desk, 555-0100"
    ),
    "state": Help("The two-letter code of your state. Its law is then shown with the answers.", "ID"),
    "review_months": Help(
        f"After how many months a card is marked as due for review. {DEFAULT_REVIEW_MONTHS} unless you say otherwise.",
        DEFAULT_REVIEW_MONTHS,
    ),
    "names": Help(
        "Names of your own that texts may use in braces: with front_desk here, {front_desk} is filled.",
        {"front_desk": "the front desk (ext. 1)"},
    ),
    "policies": Help(
        "Where your own policies lie: the id of a policy, and the address of yours.",
        {"local-meeting-rooms": f"{ADDRESS_START}library.example.org/meeting-rooms"},
    ),
}
"""All keys of a profile file."""
