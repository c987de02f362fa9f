import pytest

from deskguide.model import Scenario, ScenarioHead
from deskguide.show.fill import fill, fill_head, fill_scenario


@pytest.mark.parametrize(
    ("text", "names", "is_aloud", "filled"),
    [
        ("Call {manager}.", {}, False, "Call your manager."),
        ("I'll call {manager}.", {}, True, "I'll call my manager."),
        ("Call {manager}.", {"manager": "the branch head"}, True, "Call the branch head."),
        ("Ring {front_desk}.", {}, False, "Ring front desk."),
        ("Use {}, {Manager} and { manager }.", {}, False, "Use {}, {Manager} and { manager }."),
        ("{library} and {police}", {"library": ""}, False, "the library and the police"),
        ("Ring {front-desk}.", {"front-desk": "ext. 5"}, False, "Ring ext. 5."),
        ("Ring {front-desk}.", {}, False, "Ring front desk."),
        ("Again? {manager} decides.", {}, False, "Again? Your manager decides."),
        ("“Stay.” {manager} decides.", {"manager": "the head"}, False, "“Stay.” The head decides."),
        ("Stop. {manager} decides.", {"manager": "iDesk"}, False, "Stop. iDesk decides."),
        ("{manager}, in private", {}, False, "your manager, in private"),
        ("no braces", {"no": "yes"}, False, "no braces"),
    ],
)
def test_placeholders_read_naturally(text: str, names: dict[str, str], is_aloud: bool, filled: str) -> None:
    assert fill(text, names, is_aloud=is_aloud) == filled


@pytest.mark.parametrize(
    ("title", "names", "filled"),
    [
        ("{manager} is not there", {}, "Your manager is not there"),
        ("{manager} is not there", {"manager": "iDesk"}, "iDesk is not there"),
        ("Patron asks for {manager}", {"manager": "the head"}, "Patron asks for the head"),
        ("Police? {police} is here", {}, "Police? The police is here"),
    ],
)
def test_a_title_starts_with_a_capital(
    title: str, names: dict[str, str], filled: str, scenario: Scenario, heads: dict[str, ScenarioHead]
) -> None:
    assert fill_scenario(scenario._replace(title=title), names).title == filled
    head = fill_head(heads["seed-swap"]._replace(title=title, summary="At {library}."), names)
    assert (head.title, head.summary) == (filled, "At the library.")


def test_a_name_is_never_filled_into_itself() -> None:
    assert fill("{manager}", {"manager": "{manager} {police}"}) == "{manager} {police}"


def test_every_part_of_a_scenario_is_filled(scenario: Scenario) -> None:
    filled = fill_scenario(scenario, {"library": "Elm Library", "manager": "the head"})
    assert filled.summary == "Seeds change hands at the desk of Elm Library."
    assert filled.do == ("Take the seeds.", "Call the head.")
    assert filled.say[0].text == "I'll ask the head."
    assert filled.escalate[0].to == "the head"
