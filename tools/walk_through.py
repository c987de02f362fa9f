"""Write docs/your-library.md: from an empty machine to a library's own names, law, policies and cards, as it really goes.

    python tools/walk_through.py docs/your-library.md

Every command is run, with folders of its own, and what it prints is put in. A test compares the page with a new run.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

SHOWN_FOLDER = "~/.config/deskguide"
SHOWN_DAY = "2026-11-26"
MOST_LINES = 18

TELESCOPE = """\
id: telescope-loan
title: Patron wants to borrow the telescope
category: borrowing
priority: routine
summary: We lend one telescope for a week. It is popular, and it needs a short talk before it leaves.
examples:
- can I take the telescope home
- do you still lend out that star scope
- she wants the telescope for the meteor shower
- how long is the wait for the telescope
- asks if his kids can use the telescope at camp
- wants to look at saturn this weekend, do we have anything
- is the telescope back yet
- where do I sign up for the astronomy kit
- grandpa wants to borrow the big scope in the window
- the telescope tripod, can it go out too
cues: [telescope]
do:
- Look up when it is next free, and put them on the list.
- Show them the red-dot finder and the lens cap. It takes five minutes.
say:
- when: first words
  text: Good choice. Let me see when it is free.
- when: it is out
  text: It is out until Friday. I can put you next in line.
avoid:
- Don't promise a date. It may come back late.
policies:
- id: local-circulation-fines
  why: It says who may borrow, for how long, and what is due if something breaks.
principles:
  openness: Everyone with a card may borrow it, at any age.
not_this:
- id: library-of-things-loan
  when: they ask for some other thing that we lend
reviewed: {today}
owner: circulation desk
"""

OURS = """\
id: book-removal-request
based_on: {based_on}
offer:
- Our reconsideration form, in the blue folder at the desk, in English and Spanish.
"""

CARD = "borrowing/telescope-loan.yaml"
CHANGED = "collection/book-removal-request.yaml"
STEPS: list[tuple[str, str]] = [
    (
        "**1. Install** (in a clone of the repository; no administrator rights are needed).",
        "python3 -m venv .venv && .venv/bin/pip install . && . .venv/bin/activate",
    ),
    (
        "**2. Say who you are.** Every card then speaks with these names, shows your state's law, and links your policies. "
        "Without options, `deskguide init` asks. Run again, it changes what you give and keeps the rest.",
        'deskguide init --name "Juniper Public Library" --state ID --manager "the branch manager (ext. 12)"'
        " --policy local-reconsideration=https://library.example.org/reconsideration"
        " --policy local-collection-development=https://library.example.org/collection"
        " --policy local-circulation-fines=https://library.example.org/borrowing",
    ),
    (
        "**3. Start a card of your own.** Comments in the file say what belongs where; `--edit` opens your editor.",
        "deskguide new telescope-loan --category borrowing",
    ),
    (f"Put your words in. This one now reads:\n\n<!-- {CARD} -->", ""),
    (
        "**4. Change a shipped card.** The new file holds every key of the shipped one, commented out; keep those that you change.",
        "deskguide new book-removal-request",
    ),
    (f"This library only adds to what may be offered:\n\n<!-- {CHANGED} -->", ""),
    ("**5. Check.** Every fault and weakness comes with its line, and with what would mend it.", "deskguide check"),
    (
        "**6. Ask for the new card in other words than it holds.**",
        'deskguide ask "dad asks if the star scope is free for their camping trip"',
    ),
    ("**7. See the changed one**, with your names and addresses.", "deskguide show book-removal-request"),
    ("**8. And your state's law** on every card about privacy.", "deskguide show parent-child-record"),
]


def main() -> None:
    Path(sys.argv[1]).write_text(walk(), encoding="utf-8")


def walk() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder).resolve() / "config"
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DESKGUIDE_")},
            "DESKGUIDE_CONFIG_DIR": str(config),
            "DESKGUIDE_CACHE_DIR": str(Path(folder) / "cache"),
            "COLUMNS": "80",
            "PYTHONIOENCODING": "utf-8",
        }
        parts = [HEAD]
        for text, command in STEPS:
            parts.append(text)
            if not command:
                parts.append(edit(config, text))
            else:
                parts.append(f"```console\n$ {fold(command)}\n{show(command, config, environment)}```")
        parts.append(TAIL)
        return "\n\n".join(parts)


HEAD = """\
# Make it your library's own

From an empty machine to your library's name, your state's law, three policies of your own, one changed card and one new one that is
found by description, in eight commands. This page is made by `tools/walk_through.py`, which runs them; long results are cut at
`...`."""

TAIL = """\
## From here

- `deskguide check` is worth a run after every change; `deskguide evaluate cases.yaml --min 0.9` keeps your own test descriptions right.
- `deskguide pack FOLDER` makes one file of your cards for another library, which takes them in with `deskguide add`.
  What you changed in a pack that was added stays, in the folder `packs.old` beside `packs`, when it is replaced or removed.
- A shared drive: name its folder with `--scenarios` or in `DESKGUIDE_SCENARIOS`; it may be read-only. [One set of cards for many
  desks](many-desks.md) has the rest.
- [Completion and checks in your editor](editing.md).
"""


def edit(config: Path, text: str) -> str:
    """Write what a person would, and show it."""
    name = CARD if CARD in text else CHANGED
    path = config / "scenarios" / name
    based_on = re.search(r"based_on: (\S+)", path.read_text(encoding="utf-8"))
    written = TELESCOPE if name == CARD else OURS
    written = written.format(today=date.today().isoformat(), based_on=based_on[1] if based_on else "")
    path.write_text(written, encoding="utf-8")
    return f"```yaml\n{written.replace(date.today().isoformat(), SHOWN_DAY)}```"


def fold(command: str) -> str:
    return command.replace(" --policy", " \\\n    --policy")


def show(command: str, config: Path, environment: dict[str, str]) -> str:
    """Run a command and return what it prints, with the usual folder in place of the temporary one."""
    words = shlex.split(command)
    if words[0] != "deskguide":
        return ""
    done = subprocess.run(
        [sys.executable, "-m", "deskguide", *words[1:]],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    printed = done.stdout.replace(str(config), SHOWN_FOLDER).replace("\\", "/")
    lines = printed.replace(date.today().isoformat(), SHOWN_DAY).splitlines()
    if len(lines) > MOST_LINES:
        wanted = [n for n, line in enumerate(lines) if re.search("Idaho|blue folder|example.org|ext. 12", line)]
        kept = sorted({*range(6), *wanted})
        lines = [line for n in kept for line in ([] if n == 0 or n - 1 in kept else ["..."]) + [lines[n]]] + ["..."]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
