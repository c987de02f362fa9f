"""A small desk of the tests' own: four cards and three policies in the local folder, and ways to run the program."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import whole_scenario, write_values

CARDS: dict[str, dict[str, Any]] = {
    "seed-swap": {
        "title": "Patron wants to swap garden seeds",
        "category": "collection",
        "examples": [
            "patron wants to swap tomato seeds",
            "someone brings garden seeds to trade",
            "can we trade flower seeds here",
        ],
        "policies": [{"id": "seed-rules", "why": "It says what may be traded."}],
    },
    "umbrella-found": {
        "title": "Somebody hands in an umbrella",
        "category": "operations",
        "examples": ["black umbrella left by the door"],
        "not_this": [{"id": "umbrella-lost", "when": "They are looking for their own umbrella"}],
    },
    "umbrella-lost": {
        "title": "Patron looks for an umbrella",
        "category": "operations",
        "examples": ["black umbrella left by the door"],
        "not_this": [{"id": "umbrella-found", "when": "they hand one in"}],
    },
    "kitchen-smoke": {
        "title": "Smoke comes out of the staff kitchen",
        "category": "safety",
        "priority": "emergency",
        "cues": ["smoke"],
        "examples": ["smoke in the kitchen", "the toaster is burning"],
    },
}
POLICIES: dict[str, dict[str, Any]] = {
    "seed-rules": {
        "id": "seed-rules",
        "title": "Rules of the seed shelf",
        "kind": "local-policy",
        "issuer": "The library",
        "summary": "Seeds may be traded freely.",
    },
    "weather-law": {
        "id": "weather-law",
        "title": "Law on rain in libraries",
        "kind": "state-law",
        "issuer": "The states",
        "summary": "Most states say something of rain.",
        "states": {"ID": {"citation": "Idaho Rain Code 1", "summary": "Rain stays outside."}},
    },
}


@pytest.fixture(autouse=True)
def _fixed_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be two weeks after the cards were reviewed."""

    class FixedDate(date):
        @classmethod
        def today(cls) -> "FixedDate":
            return cls(2026, 2, 14)

    monkeypatch.setattr("deskguide.cli.desk.date", FixedDate)


@pytest.fixture
def desk(desk_home: Path) -> Path:
    """Fill the local folder with CARDS and POLICIES, and return it."""
    local = desk_home / "config" / "scenarios"
    for name, keys in CARDS.items():
        write_values(local / keys["category"] / f"{name}.yaml", whole_scenario(name, **keys))
    for name, values in POLICIES.items():
        write_values(desk_home / "config" / "policies" / f"{name}.yaml", values)
    return local


Launch = Callable[..., "subprocess.CompletedProcess[bytes]"]


def command(*arguments: str) -> list[str]:
    """Return the words that start the program in a process of its own, where a warning is an error too."""
    return [sys.executable, "-W", "error", "-m", "deskguide", *arguments]


def environment_with(changes: Mapping[str, str | None]) -> dict[str, str]:
    """Return this process's environment, UTF-8 on all streams, with ``changes``; None takes a variable away."""
    merged: dict[str, str | None] = {**os.environ, "PYTHONIOENCODING": "utf-8", **changes}
    return {name: value for name, value in merged.items() if value is not None}


@pytest.fixture
def launch(desk: Path) -> Launch:
    """Return a function that runs the program in a process of its own: launch(*args, stdin=b"", NAME=value...)."""

    def launch_process(
        *arguments: str, stdin: bytes = b"", **variables: str | None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            command(*arguments),
            input=stdin,
            capture_output=True,
            env=environment_with(variables),
            timeout=60,
            check=False,
        )

    return launch_process


def find_controls(text: str) -> list[str]:
    """Return the control and direction characters in a text, line ends aside."""
    return re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text)
