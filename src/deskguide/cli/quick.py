"""The usual commands read without typer, which takes longer to load than the answer to find.

Only what is beyond doubt is read here: a known command with known options that have known values, and help at its
usual width, which lies ready. Anything else, every mistake among it, is left to :mod:`deskguide.cli.app`, which reads
the same options; tests compare the two, option by option and page by page.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from deskguide import __version__

FLAGS = {
    "--no-builtin": "no_builtin",
    "--no-pager": "no_pager",
    "--explain": "explain",
    "--no-input": "no_input",
    "--full": "full",
    "--stale": "stale",
}
"""Options without a value, and the names that the commands know them by."""

VALUED = {
    "--format": "format_",
    "--scenarios": "scenarios",
    "--profile": "profile",
    "--state": "state",
    "--category": "category",
    "--top": "top",
    "--search": "search",
}
"""Options with a value. Only ``--scenarios`` may be given more than once."""

_EVERYWHERE = ("--format", "--scenarios", "--no-builtin", "--profile", "--state", "--no-pager")
COMMANDS = {
    "ask": (*_EVERYWHERE, "--category", "--top", "--explain", "--no-input", "--full"),
    "list": (*_EVERYWHERE, "--category", "--search", "--stale"),
    "show": _EVERYWHERE,
    "policy": _EVERYWHERE,
}
LARGEST_TOP = 9
"""How many other possibilities can be asked for at most."""

HELP_OPTIONS = ("--help", "-h")
HELP_COLUMNS = 80
"""Help is set to this width and no wider; a narrower terminal has it set anew."""

WELCOME = """\
deskguide: type what is going on, read what to do and what to say.

  deskguide ask "patron wants a book removed"
  deskguide ask someone asks what their neighbor has borrowed
  deskguide list
  deskguide show privacy-request

deskguide --help lists all commands. Nothing that you type is stored or sent anywhere.
"""


class Read(NamedTuple):
    """A command line that was understood: the command, its words, and its options by name."""

    command: str
    words: tuple[str, ...]
    options: dict[str, Any]


def read(arguments: Sequence[str]) -> Read | None:
    """Return what a command line says, or None if it takes more than this to tell."""
    if not arguments or arguments[0] not in COMMANDS:
        return None
    allowed = COMMANDS[arguments[0]]
    words: list[str] = []
    options: dict[str, Any] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        if not argument.startswith("-") or argument == "-":
            words.append(argument)
            continue
        name, has_value, value = argument.partition("=")
        if name not in allowed:
            return None
        if name in FLAGS:
            if has_value:
                return None
            options[FLAGS[name]] = True
            continue
        if not has_value:
            value = next(rest, "-")
            if value.startswith("-"):
                return None
        if name == "--scenarios":
            options.setdefault("scenarios", []).append(value)
        elif VALUED[name] in options:
            return None
        else:
            options[VALUED[name]] = value
    top = options.get("top", "3")
    if not (top.isascii() and top.isdigit() and int(top[:3]) <= LARGEST_TOP):
        return None
    options["top"] = int(top)
    command = arguments[0]
    is_fitting = {"ask": True, "list": not words, "show": bool(words), "policy": len(words) <= 1}[command]
    return Read(command, tuple(words), options) if is_fitting else None


def find(arguments: Sequence[str], columns: Callable[[], int]) -> Callable[[], int] | None:
    """Return what does a command, or None if typer has to look at the command line first.

    ``columns`` tells the width of the output, which help is set to.
    """
    if list(arguments) == ["--version"]:
        return print_version
    if not arguments:
        return lambda: _print(WELCOME)
    if arguments[-1] in HELP_OPTIONS and len(arguments) <= 2:
        page = read_help(arguments[0] if len(arguments) > 1 else "deskguide") if columns() >= HELP_COLUMNS else ""
        return (lambda: _print(page)) if page else None
    found = read(arguments)
    if found is None:
        return None
    from deskguide.cli.desk import Format

    named = found.options.get("format_")
    if named is not None and named not in [f.value for f in Format]:
        return None
    return lambda: _do(found, Format(named) if named else None)


def print_version() -> int:
    """Print the version."""
    return _print(f"deskguide {__version__}\n")


def read_help(name: str) -> str:
    """Return the page of help of a command, or of the program, as it lies ready; an empty text if there is none."""
    if not (name.isascii() and name.isalpha()):
        return ""
    from deskguide.knowledge.places import shipped_data

    try:
        return (shipped_data() / "help" / f"{name}.txt").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _print(text: str) -> int:
    from deskguide.cli.streams import Streams

    Streams().result(text)
    return 0


def _do(found: Read, format_: Any) -> int:
    from deskguide.cli.desk import sit_down

    get = found.options.get
    desk = sit_down(
        format_,
        get("scenarios", ()),
        not get("no_builtin", False),
        get("profile", ""),
        get("state", ""),
        not get("no_pager", False),
    )
    if found.command == "ask":
        from deskguide.cli.answer import answer_description

        return answer_description(
            desk,
            found.words,
            category=get("category", ""),
            top=found.options["top"],
            is_explained=get("explain", False),
            may_ask=not get("no_input", False),
            is_full=get("full", False),
        )
    from deskguide.cli import browse

    if found.command == "list":
        return browse.show_list(
            desk, category=get("category", ""), search=get("search", ""), is_stale_only=get("stale", False)
        )
    if found.command == "show":
        return browse.show_scenarios(desk, found.words)
    return browse.show_policies(desk, found.words[0] if found.words else "")
