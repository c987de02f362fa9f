"""Placeholders in guidance, such as ``{manager}``, filled from the profile or with a plain phrase."""

import re
from collections.abc import Mapping

from deskguide.model import Escalation, Reason, Saying, Scenario, ScenarioHead

_PLACEHOLDER = re.compile(r"((?:[.?!][\"'’”]?\s+)?)\{([a-z][a-z0-9_-]*)\}")
"""A placeholder, and before it the end of the sentence that it follows, if it starts one."""

_FOR_STAFF = {
    "library": "the library",
    "manager": "your manager",
    "security": "security or the person in charge",
    "police": "the police",
}
_ALOUD = {
    "library": "the library",
    "manager": "my manager",
    "security": "security",
    "police": "the police",
}


def fill(text: str, names: Mapping[str, str], *, is_aloud: bool = False, is_title: bool = False) -> str:
    """Return ``text`` with each placeholder replaced.

    ``names`` comes from the profile. Without a name there, a placeholder reads as a plain phrase, and in
    words that are said aloud as the speaker would put it: ``my manager``, not ``your manager``. Behind the end of a
    sentence, and at the start of a title, it starts with a capital.
    """
    if "{" not in text:
        return text
    phrases = _ALOUD if is_aloud else _FOR_STAFF

    def replace(match: re.Match[str]) -> str:
        end, name = match.groups()
        words = names.get(name) or phrases.get(name) or name.replace("_", " ").replace("-", " ")
        is_first = (end or (is_title and match.start() == 0)) and words[1:2].islower()  # not "iPad desk"
        return end + (words[0].upper() + words[1:] if is_first else words)

    return _PLACEHOLDER.sub(replace, text)


def fill_scenario(scenario: Scenario, names: Mapping[str, str]) -> Scenario:
    """Return a scenario with every placeholder in its title and its guidance filled."""

    def all_of(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(fill(t, names) for t in texts)

    return scenario._replace(
        title=fill(scenario.title, names, is_title=True),
        summary=fill(scenario.summary, names),
        do=all_of(scenario.do),
        say=tuple(Saying(fill(s.when, names), fill(s.text, names, is_aloud=True)) for s in scenario.say),
        avoid=all_of(scenario.avoid),
        offer=all_of(scenario.offer),
        escalate=tuple(Escalation(fill(e.to, names), fill(e.when, names)) for e in scenario.escalate),
        policies=tuple(Reason(p.id, fill(p.why, names)) for p in scenario.policies),
        principles={k: fill(v, names) for k, v in scenario.principles.items()},
        not_this=tuple(b._replace(when=fill(b.when, names)) for b in scenario.not_this),
        follow_up=all_of(scenario.follow_up),
    )


def fill_head(head: ScenarioHead, names: Mapping[str, str]) -> ScenarioHead:
    """Return what a list tells of a scenario with every placeholder filled."""
    return head._replace(title=fill(head.title, names, is_title=True), summary=fill(head.summary, names))
