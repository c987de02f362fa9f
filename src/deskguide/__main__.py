"""Entry point of ``deskguide`` and ``python -m deskguide``.

Kept apart from :mod:`deskguide.cli` so that Ctrl-C is answered even while the program is being loaded.
"""

import sys

EXIT_INTERRUPTED = 130
"""What shells report for a program ended by Ctrl-C: 128 + SIGINT."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        from deskguide.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
