"""``ask``: from words to guidance."""

from collections.abc import Mapping, Sequence

from deskguide.cli.desk import Desk, Format, chosen_profile, learned_path, table_path, with_library
from deskguide.cli.pages import book_for, render, scenario_value_for, write
from deskguide.errors import DeskguideError, UnknownName
from deskguide.knowledge.library import Library, StoreDamaged
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


def answer_description(
    desk: Desk,
    words: Sequence[str],
    *,
    category: str,
    top: int,
    is_explained: bool,
    may_ask: bool,
    is_full: bool,
) -> int:
    """Answer a description and return the exit code: 0 if any card fits, 1 if none does."""
    can_ask = may_ask and desk.format is not Format.JSON and desk.streams.can_ask()
    description = _read_description(desk, words, can_ask)

    def answer(library: Library) -> tuple[int, str, Question | None]:
        # Loaded here, while a large library's folders are still looked at.
        from deskguide.match.learned import Learned
        from deskguide.match.rank import rank
        from deskguide.match.table import WordTable

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

    code, text, question = with_library(desk, answer)
    write(desk, text)
    if question and can_ask:
        _go_on(desk, question, is_full)
    return code


def _read_description(desk: Desk, words: Sequence[str], can_ask: bool) -> str:
    if list(words) == ["-"]:
        description = desk.streams.read_input()
    elif words:
        description = " ".join(words)
    elif can_ask:
        description = desk.streams.ask("What is going on? ")
    else:
        raise DeskguideError('say what is going on, for example: deskguide ask "patron wants a book removed"')
    description = clean(description)
    if not description:
        raise DeskguideError("there are no words to go by; say in a few words what is going on")
    return description


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


def _go_on(desk: Desk, question: Question, is_full: bool) -> None:
    """Ask the question on the terminal and show the card that was chosen."""
    reply = desk.streams.ask(f"Number (1 to {len(question.options)}), or Enter to leave it: ")
    if not (reply.isascii() and reply.isdigit() and 1 <= int(reply[:3]) <= len(question.options)):
        return
    chosen = question.options[int(reply[:3]) - 1].id

    def show(library: Library) -> str:
        scenario = library.scenario(chosen)
        if scenario is None:
            return ""
        page = scenario_page(scenario, book_for(desk, library, scenario), is_answer=not is_full)
        return render(desk, page, is_fitted=not is_full)

    write(desk, with_library(desk, show, is_quiet=True))
