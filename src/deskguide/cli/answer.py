"""``ask``: from words to an exit code. How the words become a page is loaded with the library: :mod:`.answering`."""

from collections.abc import Sequence

from deskguide.cli.desk import Desk, Format, with_library
from deskguide.errors import DeskguideError
from deskguide.knowledge.library import Library
from deskguide.model import Question
from deskguide.text import clean


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
        from deskguide.cli.answering import find_answer

        return find_answer(desk, library, description, category, top, is_explained=is_explained, is_full=is_full)

    code, text, question = with_library(desk, answer)
    from deskguide.cli.pages import write

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


def _go_on(desk: Desk, question: Question, is_full: bool) -> None:
    """Ask the question on the terminal and show the card that was chosen."""
    reply = desk.streams.ask(f"Number (1 to {len(question.options)}), or Enter to leave it: ")
    if not (reply.isascii() and reply.isdigit() and 1 <= int(reply[:3]) <= len(question.options)):
        return
    from deskguide.cli.answering import show_card
    from deskguide.cli.pages import write

    chosen = question.options[int(reply[:3]) - 1].id
    write(desk, with_library(desk, lambda library: show_card(desk, library, chosen, is_full=is_full), is_quiet=True))
