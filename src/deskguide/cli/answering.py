"""From a description to the text of an answer."""

from collections.abc import Mapping, Sequence

from deskguide.cli.desk import Desk, Format, chosen_profile, learned_path, table_path
from deskguide.cli.pages import book_for, render, scenario_value_for
from deskguide.errors import UnknownName
from deskguide.knowledge.library import Library, StoreDamaged
from deskguide.match.learned import Learned
from deskguide.match.rank import rank
from deskguide.match.table import WordTable
from deskguide.model import Question, Ranking, ScenarioHead
from deskguide.show.fill import fill_head, fill_scenario
from deskguide.show.page import (
    Page,
    explanation_block,
    nothing_page,
    other_block,
    question_page,
    scenario_page,
)
from deskguide.text import clean, nearest

EXIT_ANSWERED = 0
EXIT_NOTHING = 1
LIKELY = 0.7
"""Below this confidence the page says that it is the likely card, not that it is the card."""


def find_answer(
    desk: Desk, library: Library, description: str, category: str, top: int, *, is_explained: bool, is_full: bool
) -> tuple[int, str, Question | None]:
    """Return the exit code, the text and, if two cards fit, the question that tells them apart."""
    if category:
        _require_category(category, library.heads())
    table = WordTable(table_path())
    ranking = rank(
        description,
        library.sections,
        table,
        learned=Learned(learned_path(), table),
        categories=[category] if category else (),
        is_explained=is_explained,
    )
    names = chosen_profile(desk, library).names
    found = library.find_heads([match.id for match in ranking.matches])
    heads = {name: fill_head(head, names) for name, head in found.items()}
    if len(heads) < len(ranking.matches):
        raise StoreDamaged("the index names a scenario that is not there")
    question = _question(library, ranking, names)
    code = EXIT_NOTHING if ranking.outcome == "none" else EXIT_ANSWERED
    if desk.format is Format.JSON:
        text = _json(desk, library, ranking, heads, question, top, is_explained)
    else:
        page = _page(desk, library, ranking, heads, question, top, is_full, is_explained)
        text = render(desk, page, is_fitted=not is_full and not is_explained)
    return code, text, question


def show_card(desk: Desk, library: Library, name: str, *, is_full: bool) -> str:
    """Return a card as an answer, or an empty text if it is gone."""
    scenario = library.scenario(name)
    if scenario is None:
        return ""
    page = scenario_page(scenario, book_for(desk, library, scenario), is_answer=not is_full)
    return render(desk, page, is_fitted=not is_full)


def _require_category(category: str, heads: Sequence[ScenarioHead]) -> None:
    known = sorted({h.category for h in heads})
    if category not in known:
        raise UnknownName("category", clean(category), nearest(category, known), "deskguide list shows all")


def _question(library: Library, ranking: Ranking, names: Mapping[str, str]) -> Question | None:
    if ranking.outcome != "ambiguous":
        return None
    from deskguide.match.question import ask_apart

    close = [library.scenario(m.id) for m in ranking.matches[: ranking.close]]
    return ask_apart([fill_scenario(s, names) for s in close if s is not None])


def _json(
    desk: Desk,
    library: Library,
    ranking: Ranking,
    heads: dict[str, ScenarioHead],
    question: Question | None,
    top: int,
    is_explained: bool,
) -> str:
    from deskguide.show.as_json import answer_value, dump

    scenario = library.scenario(ranking.matches[0].id) if ranking.outcome == "match" else None
    value = scenario_value_for(desk, library, scenario) if scenario else None
    limit = max(ranking.close, 1) + top
    return dump(answer_value(ranking, heads, question, value, limit, is_explained))


def _page(
    desk: Desk,
    library: Library,
    ranking: Ranking,
    heads: dict[str, ScenarioHead],
    question: Question | None,
    top: int,
    is_full: bool,
    is_explained: bool,
) -> Page:
    rest = ranking.matches[ranking.close :][:top]
    if question:
        page = question_page(question, heads)
        if rest:
            page = page._replace(below=(*page.below, other_block(rest, heads, "Less likely")))
    elif ranking.outcome == "none":
        page = nothing_page(rest, heads)
    else:
        first = ranking.matches[0]
        scenario = library.scenario(first.id)
        assert scenario is not None, "the index names only scenarios of its library"  # noqa: S101
        page = scenario_page(scenario, book_for(desk, library, scenario), is_answer=not is_full)
        if first.confidence < LIKELY:
            page = page._replace(label=f"likely · {page.label}")
        if rest:
            page = page._replace(below=(other_block(rest, heads, "Or is it"),))
    if is_explained:
        page = page._replace(below=(*page.below, *explanation_block(ranking.explanation, ranking.matches)))
    return page
