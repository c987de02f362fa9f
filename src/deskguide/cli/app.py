"""The commands. Each body reads as one sentence: folders, library, answer, page, stream."""

from typing import Annotated

import typer

from deskguide.cli import complete
from deskguide.cli.desk import Format
from deskguide.cli.quick import LARGEST_TOP, WELCOME, print_version

app = typer.Typer(
    name="deskguide",
    help="Guidance for a library's desk: type what is going on, read what to do and what to say.",
    epilog="Nothing that you type is stored or sent anywhere.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="How to write the result. Default: rich on a terminal, plain elsewhere."),
]
ScenariosOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scenarios",
        metavar="DIR",
        help="Lay a folder of scenario files over the others. May be given more than once. [env: DESKGUIDE_SCENARIOS]",
    ),
]
BuiltinOption = Annotated[bool, typer.Option("--no-builtin", help="Leave the shipped scenarios out.")]
ProfileOption = Annotated[str, typer.Option("--profile", metavar="NAME", help="Use this profile of the library.")]
StateOption = Annotated[
    str,
    typer.Option("--state", metavar="CODE", help="Show this state's law, such as ID.", autocompletion=complete.states),
]
PagerOption = Annotated[bool, typer.Option("--no-pager", help="Never show a long page through a pager.")]


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        print_version()
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Show how to begin when no command is given."""
    if context.invoked_subcommand is None:
        from deskguide.cli.streams import Streams

        Streams().result(WELCOME)


@app.command()
def ask(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS...", help="What is going on; - reads it from standard input.", show_default=False
        ),
    ] = None,
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    category: Annotated[
        str,
        typer.Option("--category", metavar="NAME", help="Look only here.", autocompletion=complete.categories),
    ] = "",
    top: Annotated[
        int, typer.Option("--top", min=0, max=LARGEST_TOP, help="How many other possibilities to name.")
    ] = 3,
    explain: Annotated[bool, typer.Option("--explain", help="Tell which words and examples decided.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask back.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Show all of the guidance, not one screen of it.")] = False,
    no_pager: PagerOption = False,
) -> int:
    """Find the card for a description and show its guidance.

    For example: deskguide ask "patron wants a book removed"
    """
    from deskguide.cli.answer import answer_description
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return answer_description(
        desk,
        words or [],
        category=category,
        top=top,
        is_explained=explain,
        may_ask=not no_input,
        is_full=full,
    )


@app.command("list")
def list_scenarios(
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    category: Annotated[
        str,
        typer.Option("--category", metavar="NAME", help="Only this category.", autocompletion=complete.categories),
    ] = "",
    search: Annotated[str, typer.Option("--search", metavar="WORDS", help="Only those that mention all words.")] = "",
    stale: Annotated[bool, typer.Option("--stale", help="Only those whose last review is too long ago.")] = False,
    no_pager: PagerOption = False,
) -> int:
    """List the scenarios by category."""
    from deskguide.cli.browse import show_list
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return show_list(desk, category=category, search=search, is_stale_only=stale)


@app.command()
def show(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID...", help="The scenarios to show.", autocompletion=complete.scenario_ids),
    ],
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    no_pager: PagerOption = False,
) -> int:
    """Show scenarios whole."""
    from deskguide.cli.browse import show_scenarios
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return show_scenarios(desk, ids)


@app.command()
def policy(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="[ID]", help="The policy to show.", autocompletion=complete.policy_ids, show_default=False
        ),
    ] = "",
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    no_pager: PagerOption = False,
) -> int:
    """Show the policies that the guidance rests on: all, or one with its citation and address."""
    from deskguide.cli.browse import show_policies
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return show_policies(desk, id_)


@app.command()
def info(
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    no_pager: PagerOption = False,
) -> int:
    """Tell the version, where files lie, and how many scenarios came from where."""
    from deskguide.cli.browse import show_info
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return show_info(desk)


@app.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH]...", help="Files and folders to check; all that is loaded if none is named."),
    ] = None,
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    no_pager: PagerOption = False,
) -> int:
    """Check scenario, policy and profile files, and report every fault with its place and how to mend it."""
    from deskguide.cli.authoring import check_guidance
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return check_guidance(desk, paths or [])


@app.command()
def evaluate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CASES.yaml]...", help="Files of test descriptions with the card that each should find."
        ),
    ] = None,
    least: Annotated[
        float, typer.Option("--min", metavar="SHARE", min=0, max=1, help="End with 1 if fewer are right, such as 0.9.")
    ] = 0.0,
    examples: Annotated[
        bool, typer.Option("--examples", help="Ask every card's own examples, each left out in turn.")
    ] = False,
    format_: FormatOption = None,
    scenarios: ScenariosOption = None,
    no_builtin: BuiltinOption = False,
    profile: ProfileOption = "",
    state: StateOption = "",
    no_pager: PagerOption = False,
) -> int:
    """Ask test descriptions and print how many found their card, with each miss and why.

    A file of cases is a YAML list: "- text: wants a book gone", and under it "  want: book-removal-request".
    """
    from deskguide.cli.authoring import evaluate_guidance
    from deskguide.cli.desk import sit_down

    desk = sit_down(format_, scenarios or (), not no_builtin, profile, state, not no_pager)
    return evaluate_guidance(desk, paths or [], least, is_of_examples=examples)


@app.command()
def new(
    id_: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="The new card's id, such as telescope-loan, or a shipped card's to change it."
        ),
    ],
    origin: Annotated[
        str,
        typer.Option(
            "--from", metavar="ID", help="Start from this shipped card.", autocompletion=complete.scenario_ids
        ),
    ] = "",
    category: Annotated[
        str,
        typer.Option(
            "--category",
            metavar="NAME",
            help="The folder for the card. Default: the shipped card's, or asked on a terminal, or local.",
            autocompletion=complete.categories,
        ),
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What the patron wants.")] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="TEXT", help="Who keeps the card right.")] = "",
    edit: Annotated[bool, typer.Option("--edit", help="Open the file in VISUAL or EDITOR, then check it.")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
) -> int:
    """Start a card of your own, with a comment on what belongs where.

    For example: deskguide new telescope-loan --category borrowing
    """
    from deskguide.cli.authoring_new import start_scenario
    from deskguide.cli.desk import sit_down

    desk = sit_down(None, (), True, "", "", True)
    return start_scenario(
        desk,
        id_,
        origin=origin,
        category=category,
        title=title,
        owner=owner,
        is_edited=edit,
        may_ask=not no_input,
    )


@app.command()
def schema(
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="scenario, policy or profile.")] = "scenario",
) -> int:
    """Print the JSON Schema of a scenario file, which helps an editor to help you.

    For example: deskguide schema > scenario.schema.json
    """
    from deskguide.cli.authoring_new import show_schema
    from deskguide.cli.desk import sit_down

    return show_schema(sit_down(None, (), True, "", "", False), kind)


@app.command()
def init(
    name: Annotated[str | None, typer.Option("--name", metavar="TEXT", help="The library's name.")] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state", metavar="CODE", help="Its state, such as ID: cards show its law.", autocompletion=complete.states
        ),
    ] = None,
    manager: Annotated[
        str | None,
        typer.Option("--manager", metavar="TEXT", help='Whom staff turn to first: "the branch manager (ext. 12)".'),
    ] = None,
    security: Annotated[
        str | None, typer.Option("--security", metavar="TEXT", help="Who keeps order in the building.")
    ] = None,
    police: Annotated[
        str | None, typer.Option("--police", metavar="TEXT", help='The police: "the police (555-0100)".')
    ] = None,
    phone: Annotated[
        list[str] | None,
        typer.Option(
            "--phone",
            metavar="NAME=TEXT",
            help="Another name that your cards use in braces. May be given more than once.",
        ),
    ] = None,
    policy_: Annotated[
        list[str] | None,
        typer.Option(
            "--policy",
            metavar="ID=URL",
            help="The address of a policy of your own; deskguide policy lists the ids. May be given more than once.",
        ),
    ] = None,
    review_months: Annotated[
        str | None,
        typer.Option("--review-months", metavar="N", help="After how many months a card is marked as out of date."),
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", metavar="NAME", help="Write this profile, of a branch for instance.")
    ] = "",
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask.")] = False,
) -> int:
    """Write your library's profile: its name, state, phone numbers and the addresses of its own policies.

    Without options it asks, on a terminal; with options it asks nothing. Run again, it changes the keys that you give
    and keeps everything else as it is.

    For example: deskguide init --name "Juniper Public Library" --state ID --manager "the branch manager (ext. 12)"
    """
    from deskguide.cli.setting_up import Given, write_profile

    texts = {
        "library": name,
        "state": state,
        "manager": manager,
        "security": security,
        "police": police,
        "review_months": review_months,
    }
    given = {key: text for key, text in texts.items() if text is not None}
    return write_profile(Given(given, phone or (), policy_ or ()), profile, may_ask=not no_input)


@app.command()
def pack(
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="The folder of scenario files to give away.")],
    output: Annotated[
        str, typer.Option("--output", metavar="FILE.zip", help="The file to write. Default: the pack's name, here.")
    ] = "",
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What to call the pack. Default: the folder's name.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is, in a few words.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a file that is there; a copy is kept.")
    ] = False,
) -> int:
    """Check a folder of scenarios and policies, and make one file of it for another library.

    For example: deskguide pack winter-cards --title "Winter at Juniper Public Library"
    """
    from deskguide.cli.desk import sit_down
    from deskguide.cli.exchange import write_pack

    return write_pack(sit_down(None, (), True, "", "", True), folder, output, name, title, may_replace=replace)


@app.command()
def add(
    source: Annotated[
        str, typer.Argument(metavar="PACK-OR-FOLDER", help="A file made by 'deskguide pack', or a folder of scenarios.")
    ],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What to call it here. Default: its own name.")
    ] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Put it in place of the one of this name.")] = False,
) -> int:
    """Check another library's scenarios and add them, between the shipped ones and your own.

    For example: deskguide add winter-cards.zip
    """
    from deskguide.cli.desk import sit_down
    from deskguide.cli.exchange import add_pack

    return add_pack(sit_down(None, (), True, "", "", True), source, name, may_replace=replace)


@app.command()
def remove(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The pack; deskguide info lists them.", autocompletion=complete.pack_names),
    ],
) -> int:
    """Take out scenarios that were added from another library.

    For example: deskguide remove winter-cards
    """
    from deskguide.cli.desk import sit_down
    from deskguide.cli.exchange import remove_pack

    return remove_pack(sit_down(None, (), True, "", "", True), name)
