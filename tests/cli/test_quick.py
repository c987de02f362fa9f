"""The usual commands are read without typer: what is read must be what typer would have read."""

from collections.abc import Sequence
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from deskguide.cli import quick
from deskguide.cli.app import app

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
WORD = st.sampled_from(
    ["patron", "book", "privacy-request", "-", "--", "-x", "--full", "--top", "9", "12", "plain", "", "a=b"]
)
OPTION = st.sampled_from(
    [*quick.FLAGS, *quick.VALUED, "--format=plain", "--top=2", "--full=1", "--help", "-h", "--min"]
)


def read_with_typer(arguments: Sequence[str]) -> tuple[str, dict[str, Any]] | None:
    """Return the command and the parameters that typer makes of a command line, or None if it refuses it."""
    name, *rest = arguments
    command = COMMANDS[name]
    try:
        context = command.make_context(name, list(rest), resilient_parsing=False)
    except (typer.TyperException, typer.Exit):
        return None
    return name, context.params


@pytest.mark.parametrize("name", quick.COMMANDS)
def test_the_options_of_a_command_are_those_of_typer(name: str) -> None:
    theirs = {o: p for p in COMMANDS[name].params for o in p.opts if o.startswith("--") and o != "--help"}
    assert set(quick.COMMANDS[name]) == set(theirs)
    for option, parameter in theirs.items():
        known = quick.FLAGS if parameter.is_flag else quick.VALUED
        assert known[option] == parameter.name


@given(st.sampled_from(list(quick.COMMANDS)), st.lists(WORD | OPTION, max_size=5))
def test_what_is_read_is_what_typer_reads(name: str, rest: list[str]) -> None:
    read = quick.read([name, *rest])
    if read is None or read.options.get("format_", "plain") not in ("plain", "rich", "markdown", "json"):
        return
    theirs = read_with_typer([name, *rest])
    assert theirs is not None
    parameters = theirs[1]
    words = parameters.get("words") or parameters.get("ids") or ([parameters["id_"]] if parameters.get("id_") else [])
    assert [w for w in read.words if w or name != "policy"] == list(words)
    for parameter in COMMANDS[name].params:
        if parameter.name not in ("words", "ids", "id_", "help"):
            got = read.options.get(parameter.name, parameter.default)
            wanted = parameters[parameter.name]
            if parameter.name == "scenarios":
                assert list(got or ()) == list(wanted or ())
            else:
                assert str(got or "") == str(getattr(wanted, "value", wanted) or ""), parameter.name


@pytest.mark.parametrize(
    "arguments",
    [
        ["asks"],
        ["asks", "--help"],
        ["ask", "words", "--help"],
        ["ask", "--format"],
        ["ask", "--format", "pdf", "a"],
        ["ask", "--format", "plain", "--format", "json"],
        ["ask", "--top", "10", "a"],
        ["ask", "--full=yes", "a"],
        ["ask", "--", "--full"],
        ["list", "words"],
        ["show"],
        ["policy", "one", "two"],
    ],
    ids=" ".join,
)
def test_what_is_in_doubt_is_left_to_typer(arguments: list[str]) -> None:
    assert quick.find(arguments, lambda: 80) is None
