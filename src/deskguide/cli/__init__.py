"""The command line: the only typer, the only reading of environment and clock, the only writing to streams."""

from collections.abc import Callable, Sequence
from os import environ

from deskguide.cli.streams import Streams
from deskguide.errors import DeskguideError, UnusablePath, Unwritable

EXIT_ANSWERED = 0
EXIT_NOTHING = 1
EXIT_USAGE = 2
EXIT_UNUSABLE = 3
EXIT_INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing that a person or file can cause gets out as a traceback."""
    words = _as_words(arguments)
    streams = Streams()
    if "_DESKGUIDE_COMPLETE" in environ:
        from deskguide.cli.quick_complete import find_completion

        command = find_completion(environ)
    else:
        from deskguide.cli.quick import find

        command = find(words, streams.columns)
    return _do(command, streams) if command is not None else _run_with_typer(words, streams)


def _do(command: Callable[[], int | None], streams: Streams) -> int:
    try:
        result = command()
    except KeyboardInterrupt:
        streams.message("")
        return EXIT_INTERRUPTED
    except (UnusablePath, Unwritable) as error:
        streams.message(f"deskguide: {error}")
        return EXIT_UNUSABLE
    except DeskguideError as error:
        streams.message(f"deskguide: {error}")
        return EXIT_USAGE
    return result if isinstance(result, int) else EXIT_ANSWERED


def _run_with_typer(words: Sequence[str], streams: Streams) -> int:
    import typer

    from deskguide.cli.app import app

    def command() -> int | None:
        try:
            result: int | None = typer.main.get_command(app).main(
                args=list(words), prog_name="deskguide", standalone_mode=False
            )
        except typer.TyperException as error:
            return _report_usage(error, streams)
        except typer.Abort:
            raise KeyboardInterrupt from None
        return result

    return _do(command, streams)


def _as_words(arguments: Sequence[str]) -> list[str]:
    """Return arguments with the dash taken from what ``ask`` is told as pasted text ("- he says ..."), not options."""
    if not arguments or arguments[0] != "ask":
        return list(arguments)
    return [a.lstrip("- ") if a.startswith("-") and _is_text(a) else a for a in arguments]


def _is_text(argument: str) -> bool:
    first, _, rest = argument.partition(" ")
    return bool(rest.strip()) and "=" not in first


def _report_usage(error: Exception, streams: Streams) -> int:
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "deskguide"
    describe = getattr(error, "format_message", None)
    streams.message(f"deskguide: {describe() if describe else error}")
    streams.message(f"Try '{where} --help'.")
    return int(getattr(error, "exit_code", EXIT_USAGE))
