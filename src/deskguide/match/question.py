"""The one question that tells close scenarios apart, from what their own borders say."""

from collections.abc import Sequence

from deskguide.model import Option, Question, Scenario


def ask_apart(close: Sequence[Scenario]) -> Question:
    """Return the question for two or more close scenarios: emergencies first, then as they are given.

    The text that points to one of them is what the others' ``not_this`` says of it; a scenario that no
    other draws a border to is put by its title.
    """
    options = []
    for scenario in sorted(close, key=lambda s: s.priority != "emergency"):
        facts = [b.when for other in close for b in other.not_this if b.id == scenario.id]
        options.append(Option(scenario.id, facts[0] if facts else scenario.title))
    text = "Which of these two is it?" if len(close) == 2 else "Which of these is it?"
    return Question(text, tuple(options))
