import pytest

from deskguide.text import (
    NARROWEST_LINE_COLUMNS,
    WIDEST_LINE_COLUMNS,
    clean,
    count,
    display_columns,
    find_control,
    fit_encoding,
    fold,
    join_words,
    line_width,
    nearest,
    shorten,
    wrap,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("   ", ""),
        ("plain words", "plain words"),
        ("  two   spaces  ", "two spaces"),
        ("line\r\nends\tand\ttabs\n", "line ends and tabs"),
        ("café\u00a0noir", "café noir"),
        ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
        ("ring\x07 the\x08 bell", "ring the bell"),
        ("nul\x00byte", "nulbyte"),
        ("c1\x9b31m", "c131m"),
        ("line\u2028separator", "line separator"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth", "zerowidth"),
        ("\ufeffmark first", "mark first"),
        ("a\u200e \u200f b", "a b"),
        ("byte\udcff", "byte?"),
        ("[b]bold[/b] [/x]", "[b]bold[/b] [/x]"),
    ],
)
def test_clean_text_is_one_line_that_no_terminal_obeys(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["", "plain", "lines\r\nand\ttabs", "naïve – 世界 😀", "👩\u200d🚒"])
def test_ordinary_text_holds_no_control(text: str) -> None:
    assert find_control(text) is None


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\x85", "\x9b", "\u061c", "\u200b", "\u202e", "\u2069"])
def test_a_control_is_found_behind_line_ends(control: str) -> None:
    assert find_control(f"one\n\ttwo{control}three\x07") == control


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Don't", "don't"),
        ("Don’t", "don't"),
        ("‘Don`t", "'don't"),
        ("don`t", "don't"),
        ("CAFÉ", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ｗｉｄｅ", "wide"),
        ("世界", "世界"),
    ],
)
def test_folding_makes_equal_what_reads_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("number", "noun", "plural", "text"),
    [
        (0, "fault", "", "0 faults"),
        (1, "fault", "", "1 fault"),
        (2, "fault", "", "2 faults"),
        (2, "policy", "policies", "2 policies"),
        (1, "policy", "policies", "1 policy"),
        (12345, "case", "", "12,345 cases"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, noun: str, plural: str, text: str) -> None:
    assert count(number, noun, plural) == text


IDS = ["book-removal-request", "privacy-request", "printer-jam", "Étude-room"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("privacy-requst", ["privacy-request"]),
        ("PRIVACY-REQUEST", ["privacy-request", "book-removal-request"]),
        ("etude-room", ["Étude-room"]),
        ("printer", ["printer-jam"]),
        ("jam", ["printer-jam"]),
        ("the_removal_of_it", ["book-removal-request"]),
        ("xyzzy", []),
        ("", []),
        ("\x1b\u202e", []),
        ("q" * 100_000, []),
    ],
)
def test_the_nearest_names_are_those_alike_or_else_those_that_share_a_word(name: str, found: list[str]) -> None:
    assert nearest(name, IDS) == found


def test_of_names_that_share_words_those_that_share_most_come_first() -> None:
    names = ["a-very-long-winded-book-card", "b-very-long-winded-book", "book-shelf-of-the-whole-building"]
    assert nearest("book-card", names) == names
    assert nearest("book-card", reversed(names)) == names
    assert nearest("book-card", names, limit=1) == names[:1]


@pytest.mark.parametrize(
    ("words", "joined"), [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")]
)
def test_words_are_joined_as_in_a_sentence(words: list[str], joined: str) -> None:
    assert join_words(words) == joined


def test_words_can_be_joined_by_and() -> None:
    assert join_words(["a", "b", "c"], "and") == "a, b and c"


@pytest.mark.parametrize(
    ("text", "encoding", "fitted"),
    [
        ("plain", "ascii", "plain"),
        ("“quoted” – it’s…", "ascii", '"quoted" - it\'s...'),
        ("§5 • ½", "ascii", "Sec. 5 * 1/2"),
        ("café", "ascii", "cafe"),
        ("café", "latin-1", "café"),
        ("“café”", "latin-1", '"café"'),
        ("“café” 世", "cp1252", "“café” ?"),
        ("世😀", "ascii", "??"),
        ("Łódź", "ascii", "Lodz"),
        ("bad\udcff", "utf-8", "bad?"),
        ("café", "no-such-encoding", "cafe"),
        ("plain", "no-such-encoding", "plain"),
    ],
)
def test_what_an_encoding_lacks_is_written_more_plainly(text: str, encoding: str, fitted: str) -> None:
    assert fit_encoding(text, encoding) == fitted


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("plain", 5), ("café", 4), ("世界", 4), ("世e\u0301", 3), ("Ａb", 3), ("…世", 3)]
)
def test_a_wide_character_takes_two_columns(text: str, columns: int) -> None:
    assert display_columns(text) == columns


@pytest.mark.parametrize(
    ("text", "width", "indent", "lines"),
    [
        ("", 10, 0, [""]),
        ("   ", 10, 0, [""]),
        ("one two three", 7, 0, ["one two", "three"]),
        ("one two three", 100, 0, ["one two three"]),
        ("one two three", 7, 4, ["one", "two", "three"]),
        ("one two three", 7, 100, ["o", "ne two", "three"]),
        ("abcdefghij", 4, 0, ["abcd", "efgh", "ij"]),
        ("abcdefghij", 4, 2, ["ab", "cdef", "ghij"]),
        ("to abcdefghij", 4, 0, ["to", "abcd", "efgh", "ij"]),
        ("see https://a.example/long now", 8, 0, ["see", "https://a.example/long", "now"]),
        ("abc", 1, 0, ["a", "b", "c"]),
        ("abc", 0, 0, ["a", "b", "c"]),
        ("abc", -5, 0, ["a", "b", "c"]),
        ("世界人", 4, 0, ["世界", "人"]),
        ("世界人", 3, 0, ["世", "界", "人"]),
        ("世界", 1, 0, ["世", "界"]),
        ("cafés", 3, 0, ["caf", "és"]),
    ],
)
def test_text_is_broken_at_spaces_and_only_then_in_words(text: str, width: int, indent: int, lines: list[str]) -> None:
    assert wrap(text, width, indent) == lines


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("fits", 4, "fits"),
        ("one two three", 9, "one two…"),
        ("one, two", 6, "one…"),
        ("abcdefgh", 4, "abc…"),
        ("世界人", 5, "世界…"),
        ("abc", 2, "a…"),
    ],
)
def test_what_is_too_wide_is_cut_at_a_word_and_marked(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@pytest.mark.parametrize(
    ("columns", "width"),
    [(1, NARROWEST_LINE_COLUMNS), (40, 40), (80, 80), (200, WIDEST_LINE_COLUMNS), (-1, NARROWEST_LINE_COLUMNS)],
)
def test_lines_are_neither_narrower_nor_wider_than_reads_well(columns: int, width: int) -> None:
    assert line_width(columns) == width
