"""Commands that are killed at any moment leave the state before or the state after, and a desk that answers."""

from pathlib import Path

import pytest
from benchmarks.kills import COMMANDS, Command, Trial

pytestmark = pytest.mark.slow

EXACT, TIMED = 14, 6
"""Kills before calls and at moments; half of them for a command that takes long."""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_that_is_killed_leaves_the_old_or_the_new_state(command: Command, tmp_path: Path) -> None:
    trial = Trial(command, tmp_path)
    assert trial.calls > 1
    parts = 2 if command.is_long else 1
    states = [*trial.exact(EXACT // parts), *trial.timed(TIMED // parts)]
    assert set(states) <= {"old", "new"}
    assert states[0] == "old"
