"""Completion of ids read and answered without typer, at every press of a key.

Only what is beyond doubt: the ids of ``show`` and ``policy``, in plain words. Anything else is left to typer, whose
scripts for the shells ask both; a test compares what they answer.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from deskguide.cli.complete import Choices, policy_ids, scenario_ids

_PLAIN = re.compile(r"[a-z0-9\s-]*", re.ASCII)
_ZSH_ESCAPES = str.maketrans({'"': '""', "'": "''", "$": "\\$", "`": "\\`", ":": "\\\\:"})


class _Pressed(NamedTuple):
    """A command line whose last word is to be completed: the words before it, and its begin."""

    words: list[str]
    begin: str


def find_completion(environment: Mapping[str, str]) -> Callable[[], int] | None:
    """Return what answers a shell, or None if typer has to look at the command line."""
    instruction, _, shell = environment.get("_DESKGUIDE_COMPLETE", "").partition("_")
    pressed = _read(shell, environment) if instruction == "complete" else None
    if pressed is None or pressed.begin.startswith("-") or any(w.startswith("-") for w in pressed.words):
        return None
    command, *others = pressed.words or [""]
    if command == "show":
        find: Callable[[str], Choices] = scenario_ids
    elif command == "policy" and not others:
        find = policy_ids
    else:
        return None
    if shell == "fish" and environment.get("_TYPER_COMPLETE_FISH_ACTION") != "get-args":
        if environment.get("_TYPER_COMPLETE_FISH_ACTION") != "is-args":
            return None
        return lambda: 0 if find(pressed.begin) else 1
    return lambda: _write(shell, find(pressed.begin))


def _read(shell: str, environment: Mapping[str, str]) -> _Pressed | None:
    line = environment.get("COMP_WORDS" if shell == "bash" else "_TYPER_COMPLETE_ARGS", "")
    begin = environment.get("_TYPER_COMPLETE_WORD_TO_COMPLETE", "")
    if not _PLAIN.fullmatch(line) or not _PLAIN.fullmatch(begin):
        return None
    words = line.split()
    if shell == "bash":
        place = environment.get("COMP_CWORD", "")
        if not (place.isascii() and place.isdigit()):
            return None
        number = int(place[:6])
        return _Pressed(words[1:number], words[number] if number < len(words) else "")
    if shell in ("powershell", "pwsh"):
        return _Pressed(words[1:-1] if begin else words[1:], begin)
    if shell in ("zsh", "fish"):
        is_open = len(words) > 1 and not line.endswith(" ")
        return _Pressed(words[1:-1], words[-1]) if is_open else _Pressed(words[1:], "")
    return None


def _write(shell: str, choices: Choices) -> int:
    from deskguide.cli.streams import Streams

    if shell == "bash":
        lines = [name for name, _ in choices]
    elif shell == "fish":
        lines = [f"{name}\t{title}" if title else name for name, title in choices]
    elif shell == "zsh":
        found = [f'"{_escape(name)}":"{_escape(title)}"' if title else f'"{_escape(name)}"' for name, title in choices]
        lines = ["_arguments '*: :((" + "\n".join(found) + "))'"] if found else ["_files"]
    else:
        lines = [f"{name}:::{title or ' '}" for name, title in choices]
    Streams().result("\n".join(lines) + "\n")
    return 0


def _escape(text: str) -> str:
    return text.translate(_ZSH_ESCAPES)
