"""What every command shares: options to folders, folders to a library, a library to a page in the chosen format."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import Enum
from os import environ, path
from typing import NamedTuple, TypeVar

from deskguide.cli.progress import show_progress
from deskguide.cli.streams import Streams
from deskguide.errors import DeskguideError, UnknownName
from deskguide.knowledge.library import AllSections, Change, Library, open_library, require_profile
from deskguide.knowledge.places import find_places, shipped_data
from deskguide.knowledge.seen import Seen
from deskguide.match.table import WordTable, table_stamp
from deskguide.model import Profile, Sections
from deskguide.text import clean, line_width, nearest

Result = TypeVar("Result")


class Format(str, Enum):
    """How results are written."""

    RICH = "rich"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    JSON = "json"


class Desk(NamedTuple):
    """One run of one command: its options, and the streams it writes to."""

    format: Format
    streams: Streams
    scenarios: Sequence[str]
    has_builtin: bool
    profile_name: str
    state: str
    may_page: bool
    today: date


def sit_down(
    format_: Format | None,
    scenarios: Sequence[str],
    has_builtin: bool,
    profile: str,
    state: str,
    may_page: bool,
) -> Desk:
    """Return the desk for a run's options. Raises UnknownName for a state that is none."""
    streams = Streams()
    chosen = format_ or (Format.RICH if streams.is_terminal() and environ.get("TERM") != "dumb" else Format.PLAIN)
    code = state.upper()
    if code:
        from deskguide.knowledge.shape import STATES

        if code not in STATES:
            raise UnknownName("state", clean(state), nearest(code, STATES), "use its two-letter code, such as ID or NY")
    return Desk(chosen, streams, scenarios, has_builtin, profile, code, may_page, date.today())


def with_library(desk: Desk, use: Callable[[Library], Result], *, is_quiet: bool = False) -> Result:
    """Open the library, name its faulty files on standard error, and use it.

    A store that turns out to be damaged while it is read is built anew, and ``use`` is called again.
    Raises UnusablePath for folders and profiles that were named and cannot be used.
    """
    places = find_places(environ, named=desk.scenarios, has_builtin=desk.has_builtin, profile=desk.profile_name)

    def open_and_use(*, may_use_compiled: bool, may_read_store: bool, seen: Seen | None = None) -> Result:
        with show_progress(desk.streams) as on_progress:
            library = open_library(
                places,
                compile_entries,
                index_stamp=index_stamp(),
                compiled_stamp=compiled_stamp(),
                may_read_store=may_read_store,
                may_use_compiled=may_use_compiled,
                on_progress=on_progress,
                is_hasty=seen is None,
                seen=seen,
            )
        try:
            faults = library.faults()
            if desk.profile_name:
                require_profile(library)
            result = use(library)
        except DeskguideError:
            seen = library.confirm()
            if seen is None:
                raise
        else:
            seen = library.confirm()
        finally:
            library.sections.close()
        if seen is not None:
            return open_and_use(may_use_compiled=may_use_compiled, may_read_store=may_read_store, seen=seen)
        if not is_quiet:
            if library.behind:
                desk.streams.message(f"deskguide: {library.behind}")
            for fault in faults:
                where = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
                desk.streams.message(f"{where}: {fault.message}")
        return result

    # A damaged store may also lack entries without a sign, and a forged one holds anything; either may show anywhere.
    # The library's own is written anew; the compiled form of the shipped layer cannot be, so the next try has a store
    # made from the shipped files, which every later run finds.
    for may_use_compiled, may_read_store in ((True, True), (True, False), (False, True)):
        try:
            return open_and_use(may_use_compiled=may_use_compiled, may_read_store=may_read_store)
        except DeskguideError:
            raise
        except Exception:  # noqa: S112 - what is wrong with the program itself is raised again by the last run
            continue
    return open_and_use(may_use_compiled=False, may_read_store=False)


def compile_entries(below: AllSections, changes: Iterable[Change]) -> dict[tuple[str, str], bytes]:
    """Return the entries of the index that ``changes`` to the scenarios make new."""
    from deskguide.match.index import update_index

    return update_index(below, changes, WordTable(table_path()))


def table_path() -> str:
    """Return where the shipped word vectors lie."""
    return path.join(shipped_data(), "matching", "words.bin")


def learned_path() -> str:
    """Return where the shipped learned weights lie."""
    return path.join(shipped_data(), "matching", "learned.bin")


def index_stamp() -> str:
    """Return what changes when a compiled index would: its layout and the word table."""
    from deskguide.match.words import INDEX_FORMAT

    return f"{INDEX_FORMAT} {table_stamp(table_path())}"


def compiled_stamp() -> str:
    """Return what the compiled form of the shipped layer was made with: the index's layout and the size of the table.

    Not the table's time, which is that of its installation.
    """
    from deskguide.match.words import INDEX_FORMAT

    return f"{INDEX_FORMAT} {table_stamp(table_path()).partition('-')[0]}"


def chosen_profile(desk: Desk, library: Library) -> Profile:
    """Return the library's profile with the state from the command line over its own."""
    profile = library.profile()
    return profile._replace(state=desk.state) if desk.state else profile


def sections_of(library: Library) -> Sections:
    """Return what matching reads of a library."""
    return library.sections


def width(desk: Desk) -> int:
    """Return the columns to set a page in."""
    return line_width(desk.streams.columns())
