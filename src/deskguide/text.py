"""Text as people type and read it: cleaning, folding, wrapping, plurals, "did you mean".

Knows nothing of scenarios, files or streams.
"""

import re
from collections.abc import Iterable, Sequence

# C0 and C1 controls, line and paragraph separators, and the marks that turn the direction of text
# around (Unicode TR 36): a terminal may obey them, and a reader may be misled by them.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")

# What stands in where the output cannot show a character. Box drawing has its own, one for one.
_PLAINER = {
    "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "−": "-", "‑": "-", "•": "*", "·": "-", "…": "...", "→": "->", "←": "<-",
    "§": "Sec. ", "×": "x", "©": "(c)", "®": "(R)", "™": "(TM)", "½": "1/2", "\u00a0": " ",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
}  # fmt: skip

WIDEST_LINE_COLUMNS = 96
"""No line is set wider than this, however wide the terminal: about 85 characters of text, which still reads well."""
NARROWEST_LINE_COLUMNS = 20
"""On a terminal narrower than this, lines are set to this width and the terminal wraps them."""


def clean(text: str) -> str:
    """Return ``text`` on one line without control characters, safe to print.

    Each run of white space becomes one space; lone surrogates (bytes that were not UTF-8 on the
    command line) become ``?``; control and direction characters are dropped.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    text = _SURROGATES.sub("?", _SPACES.sub(" ", text))
    return _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()


def find_control(text: str) -> str | None:
    """Return the first control or direction character in ``text`` (line ends and tabs aside), or None."""
    for match in _CONTROLS.finditer(text):
        if match.group() not in "\n\r\t":
            return match.group()
    return None


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents and with plain quotes: the form in which words are compared."""
    if not text.isascii():
        import unicodedata

        text = text.replace("’", "'").replace("‘", "'")
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.replace("`", "'").casefold()


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``number`` and ``noun`` in agreement: ``1 fault``, ``2 faults``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def nearest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return up to ``limit`` of ``names`` that ``name`` may have been meant as, most alike first."""
    from difflib import get_close_matches

    known = {fold(n): n for n in names}
    wanted = fold(clean(name))[:80]
    found = get_close_matches(wanted, list(known), n=limit, cutoff=0.6)
    if not found and wanted:
        words = set(wanted.replace("_", "-").split("-"))
        shared = {n: len(words & set(n.split("-"))) for n in known}
        found = sorted((n for n in known if shared[n]), key=lambda n: (-shared[n], n))[:limit]
    return [known[f] for f in found]


def join_words(words: Sequence[str], last: str = "or") -> str:
    """Return ``a``, ``a or b`` or ``a, b or c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def fit_encoding(text: str, encoding: str) -> str:
    """Return ``text`` with every character that ``encoding`` lacks replaced by a plainer one, or ``?``."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_fit_character(c, encoding) for c in text)
    except LookupError:
        return fit_encoding(text, "ascii")
    return text


def _fit_character(character: str, encoding: str) -> str:
    for candidate in (character, _PLAINER.get(character, ""), _strip_accents(character)):
        if not candidate:
            continue
        try:
            candidate.encode(encoding)
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"


def _strip_accents(character: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))


def display_columns(text: str) -> int:
    """Return how many terminal columns ``text`` takes: two for each wide East Asian character."""
    if text.isascii() or max(text) < "\u1100":
        return len(text)
    import unicodedata

    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, width_columns: int, first_indent_columns: int = 0) -> list[str]:
    """Break ``text`` at spaces into lines of at most ``width_columns``; always at least one line.

    The first line is shorter by ``first_indent_columns``. A word that is longer than a line, an
    address for instance, is left whole when it has a scheme and broken otherwise.
    """
    width = max(width_columns, 1)
    lines: list[str] = []
    line, used, room = "", 0, max(width - first_indent_columns, 1)
    for whole in text.split():
        word = whole
        columns = display_columns(word)
        if line and used + 1 + columns <= room:
            line, used = f"{line} {word}", used + 1 + columns
            continue
        if line:
            lines.append(line)
            room = width
        while columns > room and "://" not in word:
            cut = _cut(word, room)
            lines.append(word[:cut])
            word, room = word[cut:], width
            columns = display_columns(word)
        line, used = word, columns
    return [*lines, line] if line or not lines else lines


def shorten(text: str, width_columns: int) -> str:
    """Return ``text``, cut at a word and marked with an ellipsis if it is wider than ``width_columns``."""
    if display_columns(text) <= width_columns:
        return text
    first = wrap(text, max(width_columns - 1, 1))[0]
    return f"{first.rstrip(' ,;:.')}…"


def _cut(word: str, columns: int) -> int:
    """Return how many characters of ``word`` fit into ``columns``; at least one."""
    if word.isascii():
        return max(columns, 1)
    used = 0
    for i, character in enumerate(word):
        used += display_columns(character)
        if used > columns:
            return max(i, 1)
    return len(word)


def line_width(columns: int) -> int:
    """Return the width to set lines in on a terminal of ``columns``."""
    return min(max(columns, NARROWEST_LINE_COLUMNS), WIDEST_LINE_COLUMNS)
