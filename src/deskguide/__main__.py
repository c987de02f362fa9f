"""Entry point of ``deskguide`` and ``python -m deskguide``.

Kept apart from :mod:`deskguide.cli` so that Ctrl-C is answered even while the program is being loaded.
"""

import gc
import sys

EXIT_INTERRUPTED = 130
"""What shells report for a program ended by Ctrl-C: 128 + SIGINT."""

GARBAGE_OBJECTS = 100_000
"""After so many more objects garbage is looked for; Python's own 700 cost a twentieth of an answer's time."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # An answer is found and the process over before looking for garbage pays off.
    gc.set_threshold(GARBAGE_OBJECTS)
    try:
        from deskguide.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
