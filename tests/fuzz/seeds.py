"""What the harnesses share: seeds and words on disk, and the start of libFuzzer."""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris


def write_words(folder: str, words: Iterable[str]) -> str:
    """Write a dictionary for libFuzzer and return its path."""
    path = Path(folder, "words.dict")
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' for word in dict.fromkeys(words))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return str(path)


def start(check: Callable[[bytes], None], seeds: Iterable[bytes], folder: str, usual: list[str]) -> None:
    """Run ``check`` on mutations of ``seeds``, or of the folder or files named on the command line.

    ``usual`` are options of libFuzzer; those of the command line come after them and win.
    """
    given = sys.argv[1:]
    if all(argument.startswith("-") for argument in given):
        corpus = Path(folder, "corpus")
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / f"seed-{number:04}").write_bytes(seed)
        given = [*given, str(corpus)]
    atheris.Setup([sys.argv[0], *usual, *given], check)
    atheris.Fuzz()
