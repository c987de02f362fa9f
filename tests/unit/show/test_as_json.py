import json

from deskguide.model import Evidence, Explanation, Match, Option, Profile, Question, Ranking, Scenario, ScenarioHead
from deskguide.show.as_json import answer_value, dump, head_value, policy_value, scenario_value
from tests.unit.show.conftest import LAW

RANKING = Ranking(
    "swap",
    "match",
    (Match("seed-swap", 0.9), Match("bulb-swap", 0.1)),
    1,
    Explanation((("a", "b"),), ("q",), (Evidence("seed-swap", ("swap",), (("swap", 0.98765),), ("cue",)),)),
)


def test_a_value_is_one_line_of_ascii_with_the_schema_s_number() -> None:
    text = dump({"name": "Café ✓"})
    assert text == '{"schema": 1, "name": "Caf\\u00e9 \\u2713"}\n'
    assert json.loads(text) == {"schema": 1, "name": "Café ✓"}


def test_a_scenario_has_the_keys_of_its_file(scenario: Scenario, profile: Profile) -> None:
    value = json.loads(dump(scenario_value(scenario, {}, profile)))
    assert value["say"][0] == {"when": "first words", "text": "I'll ask {manager}."}
    assert value["not_this"][0] == {"id": "bulb-swap", "when": "they bring bulbs"}
    assert value["principles"] == {"openness": "Everyone may swap."}
    assert value["source"] == "shipped"


def test_a_head_has_what_the_contract_lists(heads: dict[str, ScenarioHead]) -> None:
    assert set(head_value(heads["seed-swap"])) >= {"id", "title", "category", "priority", "source"}


def test_a_scenario_tells_what_library_and_state_make_of_its_policies(scenario: Scenario, profile: Profile) -> None:
    links = {"unknown-rule": "https://example.org/own"}
    own = profile._replace(state="ID", links=links)
    law = {"state": "ID", "citation": "Idaho Code 1-1", "summary": "Seeds are free.", "minors": "Minors may plant."}
    assert scenario_value(scenario, {"seed-law": LAW}, own)["policies"] == [
        {
            "id": "seed-law",
            "why": "It says what may grow.",
            "link": "",
            "law": {**law, "url": "https://example.org/id"},
        },
        {"id": "unknown-rule", "why": "It is not here.", "link": "https://example.org/own", "law": None},
    ]
    for state in ("", "NY"):
        value = scenario_value(scenario, {"seed-law": LAW}, own._replace(state=state))
        assert value["policies"][0]["law"] is None


def test_an_answer_has_its_matches_in_order(
    scenario: Scenario, heads: dict[str, ScenarioHead], profile: Profile
) -> None:
    value = answer_value(RANKING, heads, None, scenario_value(scenario, {}, profile), 2, is_explained=False)
    assert (value["query"], value["outcome"], value["question"]) == ("swap", "match", None)
    assert [m["id"] for m in value["matches"]] == ["seed-swap", "bulb-swap"]
    assert set(value["matches"][0]) == {"id", "title", "category", "priority", "confidence", "source"}
    assert value["scenario"]["id"] == "seed-swap"
    assert "explanation" not in value


def test_no_more_matches_are_named_than_asked_for(heads: dict[str, ScenarioHead]) -> None:
    assert len(answer_value(RANKING, heads, None, None, 1, is_explained=False)["matches"]) == 1


def test_a_question_and_an_explanation_are_told_whole(heads: dict[str, ScenarioHead]) -> None:
    question = Question("Which?", (Option("seed-swap", "they bring seeds"),))
    value = answer_value(RANKING, heads, question, None, 2, is_explained=True)
    assert value["question"] == {"text": "Which?", "options": [{"id": "seed-swap", "text": "they bring seeds"}]}
    assert value["scenario"] is None
    assert value["explanation"]["corrections"] == [["a", "b"]]
    assert value["explanation"]["evidence"][0]["examples"] == [{"text": "swap", "similarity": 0.988}]


def test_a_policy_tells_its_states_and_who_rests_on_it(profile: Profile) -> None:
    own = profile._replace(state="ID", links={"seed-law": "https://example.org/own"})
    value = json.loads(dump(policy_value(LAW, ["seed-swap"], own)))
    assert value["link"] == "https://example.org/own"
    assert value["law"] == {"state": "ID", **value["states"]["ID"]}
    assert value["states"]["ID"]["citation"] == "Idaho Code 1-1"
    assert value["cited_by"] == ["seed-swap"]
