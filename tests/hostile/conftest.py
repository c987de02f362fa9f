"""A small desk that answers, for tests that do it harm and ask it again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import _fixed_date, desk, find_controls, launch
from tests.conftest import Run

__all__ = ["_fixed_date", "desk", "launch"]

ASK = ("ask", "--no-builtin", "--top", "0", "patron wants to swap tomato seeds")
"""A question that one card of the desk answers."""

StillAnswers = Callable[..., None]


@pytest.fixture
def still_answers(run: Run, desk: Path) -> StillAnswers:
    """Ask before any harm is done, and return a function that asks again: still_answers(*lines on standard error)."""
    sound = run(*ASK)
    assert (sound.code, sound.err) == (0, "")
    assert sound.out.startswith("[routine · seed-swap]\nPatron wants to swap garden seeds\n")

    def ask_again(*faults: str) -> None:
        result = run(*ASK)
        assert (result.code, result.out) == (0, sound.out)
        assert result.err.splitlines() == list(faults)
        assert find_controls(result.err) == []

    return ask_again
