from datetime import date

import pytest

from deskguide.model import (
    Evidence,
    Explanation,
    Fault,
    Match,
    Option,
    Profile,
    Question,
    Reason,
    Scenario,
    ScenarioHead,
)
from deskguide.show.page import (
    OWN_STATE,
    SAFETY_LINE,
    Block,
    Book,
    Item,
    Page,
    explanation_block,
    info_page,
    is_stale,
    list_page,
    months_between,
    nothing_page,
    other_block,
    policies_page,
    policy_page,
    question_page,
    scenario_page,
)
from tests.unit.show.conftest import LAW, TODAY

Heads = dict[str, ScenarioHead]


def _headings(page: Page) -> list[str]:
    return [b.heading for b in (*page.guidance, *page.basis, *page.below)]


def _block(page: Page, heading: str) -> Block:
    return next(b for b in (*page.guidance, *page.basis, *page.below) if b.heading == heading)


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-15", "2026-02-15", 1),
        ("2025-06-30", "2026-06-29", 11),
        ("2025-06-30", "2026-06-30", 12),
        ("2026-03-01", "2026-01-01", -2),
    ],
)
def test_months_are_counted_whole(earlier: str, later: str, months: int) -> None:
    assert months_between(date.fromisoformat(earlier), date.fromisoformat(later)) == months


def test_a_review_is_stale_once_it_is_as_old_as_the_profile_allows(profile: Profile) -> None:
    assert not is_stale("2025-07-01", profile, TODAY)
    assert is_stale("2025-06-30", profile, TODAY)
    assert is_stale("2026-01-31", profile._replace(review_months=3), TODAY)


def test_an_answer_holds_what_is_needed_at_once_in_order(scenario: Scenario, book: Book) -> None:
    page = scenario_page(scenario, book, is_answer=True)
    assert _headings(page) == ["Do", "Say", "Avoid", "Offer", "Call in", "Rests on"]
    assert page.label == "sensitive · seed-swap"
    assert page.note == "reviewed 2026-01-31"
    assert page.more == "deskguide show seed-swap"


def test_a_whole_page_holds_all_of_it(scenario: Scenario, book: Book) -> None:
    page = scenario_page(scenario, book, is_answer=False)
    assert _headings(page) == [
        "What is going on",
        "Do",
        "Say",
        "Avoid",
        "Offer",
        "Call in",
        "Afterwards",
        "Another card fits better when",
        "Why we do it this way",
        "Rests on",
        "Sources",
        "From",
    ]
    assert _block(page, "What is going on").items[0].text == "Seeds change hands at the desk of the library."
    assert _block(page, "Why we do it this way").items == (Item("Everyone may swap.", "Openness"),)
    assert _block(page, "Sources").items == (Item("A page on seeds", after="https://example.org/seeds (facts only)"),)


def test_only_neighbors_that_are_there_are_named(scenario: Scenario, book: Book) -> None:
    borders = _block(scenario_page(scenario, book, is_answer=False), "Another card fits better when")
    assert borders.items == (Item("they bring bulbs", after="bulb-swap"), Item("nobody is there"))


@pytest.mark.parametrize("is_answer", [True, False])
def test_without_a_state_the_page_tells_how_to_see_one_s_law(scenario: Scenario, book: Book, is_answer: bool) -> None:
    rests = _block(scenario_page(scenario, book, is_answer=is_answer), "Rests on")
    assert rests.items[0].after == OWN_STATE
    book = book._replace(policies={"seed-law": LAW._replace(states={})})
    rests = _block(scenario_page(scenario, book, is_answer=is_answer), "Rests on")
    assert rests.items[0].after == ("" if is_answer else "deskguide policy seed-law")


def test_a_policy_that_is_not_there_is_named_by_its_id(scenario: Scenario, book: Book) -> None:
    book = book._replace(profile=book.profile._replace(state="ID"))
    rests = _block(scenario_page(scenario, book, is_answer=False), "Rests on")
    assert rests.items[1] == Item("It is not here.", "unknown-rule")
    assert rests.items[0].after == "deskguide policy seed-law"


def test_a_long_title_of_a_policy_is_cited_without_its_subtitle_in_an_answer(scenario: Scenario, book: Book) -> None:
    assert _block(scenario_page(scenario, book, is_answer=True), "Rests on").items[0].lead == LAW.title
    long = LAW._replace(title=f"Law on Seeds: {'What May Be Planted ' * 3}".strip())
    book = book._replace(policies={"seed-law": long})
    assert _block(scenario_page(scenario, book, is_answer=True), "Rests on").items[0].lead == "Law on Seeds"
    assert _block(scenario_page(scenario, book, is_answer=False), "Rests on").items[0].lead == long.title


def test_the_law_of_the_state_stands_on_the_page(scenario: Scenario, book: Book) -> None:
    book = book._replace(profile=book.profile._replace(state="ID"))
    page = scenario_page(scenario, book, is_answer=True)
    assert _block(page, "In ID").items == (Item("Seeds are free. Minors may plant.", "Idaho Code 1-1"),)
    assert _block(page, "Rests on").items[0].lead == f"{LAW.title} (Idaho Code 1-1)"


def test_the_library_s_own_document_is_linked(scenario: Scenario, book: Book) -> None:
    link = "https://example.org/ours"
    book = book._replace(profile=book.profile._replace(links={"seed-law": link}))
    for is_answer in (True, False):
        assert _block(scenario_page(scenario, book, is_answer=is_answer), "Rests on").items[0].after == link


def test_an_answer_names_what_has_an_address_right_behind_the_weightiest_reason(scenario: Scenario, book: Book) -> None:
    reasons = tuple(Reason(name, f"why {name}") for name in ("seed-law", "a-rule", "b-rule"))
    scenario = scenario._replace(policies=reasons)
    policies = {name: LAW._replace(id=name, title=name, states={}) for name in ("seed-law", "a-rule", "b-rule")}
    profile = book.profile._replace(links={"b-rule": "https://library.example/b"})
    book = book._replace(policies=policies, profile=profile)

    def order(*, is_answer: bool) -> list[str]:
        return [
            i.text for i in scenario_page(scenario, book, is_answer=is_answer).basis[-3 if not is_answer else 0].items
        ]

    assert order(is_answer=True) == ["why seed-law", "why b-rule", "why a-rule"]
    assert order(is_answer=False) == ["why seed-law", "why a-rule", "why b-rule"]


def test_old_guidance_is_marked_not_hidden(scenario: Scenario, book: Book) -> None:
    page = scenario_page(scenario._replace(reviewed="2025-01-31", owner="the branch"), book, is_answer=True)
    assert page.note == (
        "reviewed 2025-01-31 by the branch · OUT OF DATE: over 12 months old, check before you rely on it"
    )


def test_an_emergency_is_never_cut(scenario: Scenario, book: Book) -> None:
    page = scenario_page(scenario._replace(priority="emergency"), book, is_answer=True)
    assert page.guidance[0].heading == "Do first"
    for heading in ("Do first", "Say", "Avoid", "Call in"):
        assert _block(page, heading).least >= len(_block(page, heading).items)


def test_parts_that_are_empty_have_no_heading(scenario: Scenario, book: Book) -> None:
    page = scenario_page(scenario._replace(offer=(), escalate=(), policies=()), book, is_answer=True)
    assert _headings(page) == ["Do", "Say", "Avoid"]


def test_nothing_fits_names_the_nearest_and_what_to_do_in_danger(heads: Heads) -> None:
    page = nothing_page([Match("bulb-swap", 0.1), Match("gone", 0.1)], heads)
    assert page.title == "No card fits this."
    assert page.note.startswith(SAFETY_LINE)
    assert _block(page, "The nearest cards are").items == (Item("Patron wants to swap bulbs", "bulb-swap"),)
    assert page.guidance == ()


def test_nothing_near_points_to_the_list() -> None:
    assert nothing_page([], {}).below == ()
    assert nothing_page([], {}).hint == "deskguide list shows all cards."


def test_a_question_names_each_card_with_the_fact_that_points_to_it(heads: Heads) -> None:
    question = Question("Which?", (Option("seed-swap", "They bring seeds"), Option("gone", "ID is shown")))
    page = question_page(question, heads)
    (block,) = page.below
    assert block.items == (
        Item("Patron wants to swap seeds", "seed-swap", "when they bring seeds"),
        Item("", "gone", "when ID is shown"),
    )
    assert block.kind == "choices"
    assert page.note == SAFETY_LINE


def test_other_possibilities_have_a_line_each(heads: Heads) -> None:
    block = other_block([Match("bulb-swap", 0.3), Match("gone", 0.1)], heads, "Or")
    assert block == Block("Or", (Item("Patron wants to swap bulbs", "bulb-swap"),), "rows", 1)


def test_an_explanation_shows_how_words_were_read_and_what_decided() -> None:
    evidence = Evidence("seed-swap", ("seeds",), (("wants to swap seeds", 0.987),), ("seed swap",))
    blocks = explanation_block(Explanation((("sedes", "seeds"),), ("qqqq",), (evidence,)), [Match("seed-swap", 0.91)])
    assert [b.heading for b in blocks] == ["How the description was read", "Why seed-swap (0.91)"]
    assert blocks[0].items == (Item("sedes as seeds", "Read"), Item("qqqq", "Unknown words"))
    assert blocks[1].items == (
        Item("seed swap", "Cues"),
        Item("seeds", "Words"),
        Item("wants to swap seeds", "0.99"),
    )


def test_an_explanation_without_corrections_or_words() -> None:
    blocks = explanation_block(Explanation((), (), (Evidence("x", (), (), ()),)), [])
    assert [b.heading for b in blocks] == ["Why x (0.00)"]
    assert blocks[0].items == (Item("none in common", "Words"),)


def test_a_list_has_known_categories_first_and_marks_what_is_not_routine(heads: Heads, profile: Profile) -> None:
    other = heads["seed-swap"]._replace(category="zoo", priority="emergency", reviewed="2020-01-01")
    page = list_page([other, heads["bulb-swap"]], ("collection",), profile, TODAY)
    assert [b.heading for b in page.below] == ["collection", "zoo"]
    assert page.below[1].items[0].after == "emergency, OUT OF DATE, reviewed 2020-01-01"
    assert page.below[0].items[0].after == ""
    assert page.title == "2 scenarios"


def test_policies_are_listed_by_kind_with_the_citation_of_the_state() -> None:
    page = policies_page([LAW], ("federal-law", "state-law"), "ID")
    assert [b.heading for b in page.below] == ["state law"]
    assert page.below[0].items == (Item(LAW.title, "seed-law", "Idaho Code 1-1"),)
    assert page.title == "1 policy"


def test_a_policy_shows_its_reference_and_who_rests_on_it(profile: Profile, heads: Heads) -> None:
    page = policy_page(LAW, [heads["seed-swap"]], profile._replace(links={"seed-law": "https://example.org/ours"}))
    leads = [i.lead for i in _block(page, "Reference").items]
    assert leads == ["Kind", "Issued by", "Adopted", "Address", "Your library's own"]
    assert _block(page, "Scenarios that rest on it").items[0].lead == "seed-swap"
    assert "--state" in _block(page, "In your state").items[0].text


def test_a_policy_shows_the_law_of_the_state_or_says_that_none_is_at_hand(profile: Profile) -> None:
    idaho = _block(policy_page(LAW, [], profile._replace(state="ID")), "In ID")
    assert [i.lead for i in idaho.items] == ["Citation", "", "Minors", "Address"]
    texas = _block(policy_page(LAW, [], profile._replace(state="TX")), "In TX")
    assert texas.items == (Item("No verified citation is at hand; ask your state library."),)


def test_info_counts_what_was_left_out() -> None:
    assert info_page([("Version", "1")], []).guidance[0].items == (Item("1", "Version"),)
    faults = [Fault("x.yaml", 1, 1, "is empty")]
    assert info_page([], faults).guidance[0].items == (Item("1 fault in the files; they are named above", "Left out"),)
