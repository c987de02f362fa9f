"""What the laws are tried on: text from harmless to hostile, whole cards, and values that no card may hold."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from deskguide.model import PRIORITIES
from deskguide.text import clean
from tests.conftest import whole_scenario

moderate = settings(max_examples=60, deadline=None, derandomize=True, database=None)
"""Enough to meet the usual edges on every run; the same on every machine."""
brief = settings(moderate, max_examples=30)
"""For laws whose every example writes files or runs a whole command."""

HOSTILE = (
    "\x00", "\udc80", "\x07", "\x08", "\x1b[2J", "\x1b]0;title\x07", "\x7f", "\x85", "\x9b31m", "\xad", "\u200b",
    "\u2028", "\u202e", "\u2066", "\ufeff", "\r\n", "\t", "[b]", "[/x]", "[link=x]", "{manager}", "{", "*", "`", "# ",
    "<b>", "&amp;", "…", "’", "ß", "e\u0301", "世界", "\u1100\u1161", "👩\u200d👧", "\ufe0f", "٣", "ﬁ", "İ", "://",
    "https://a.example/b",
)  # fmt: skip
"""What terminals obey, markup that renderers obey, and what is wider, narrower or longer than it looks."""

any_text = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=12), max_size=8).map("".join)
"""Any text at all, lone surrogates among it: bytes on a command line that are not UTF-8."""

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))

plain_text = (
    st.text(_LETTERS | st.sampled_from("  \"'#:-,{}[]&*!|>%@`~?\\"), min_size=1, max_size=60).map(clean).filter(bool)
)
"""Text that a card may hold, with everything in it that means something to YAML."""

words = st.sampled_from(
    "bag blue book bottle box bread bus cat chair clock coat cup dog door drum fish flag fork garden glass glove"
    " hat horse jar kettle key knife lake lamp leaf map mirror moon mouse nail needle paint paper pear pen pig"
    " plate pump rain ring river road rope salt sand ship shoe snow soap spoon star stone table tent tree".split()
)
"""Plain nouns that no list of stop words and no desk abbreviation holds."""

phrases = st.lists(words, min_size=2, max_size=8).map(" ".join)

ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,4}", fullmatch=True)

dates = st.dates().map(lambda d: d.isoformat())


def _records(**keys: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(keys), max_size=3)


def _references(key: str) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries({"id": ids, key: plain_text}), max_size=3, unique_by=lambda r: r["id"])


texts = st.lists(plain_text, min_size=1, max_size=4)

scenarios: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": ids,
        "title": plain_text,
        "category": ids,
        "priority": st.sampled_from(PRIORITIES),
        "summary": plain_text,
        "examples": texts,
        "do": texts,
        "say": st.lists(st.fixed_dictionaries({"when": plain_text, "text": plain_text}), min_size=1, max_size=3),
        "avoid": texts,
        "policies": _references("why"),
        "principles": st.dictionaries(st.sampled_from(("decency", "respect", "efficiency", "openness")), plain_text),
        "reviewed": dates,
    },
    optional={
        "cues": texts,
        "offer": texts,
        "escalate": _records(to=plain_text, when=plain_text),
        "not_this": _references("when"),
        "follow_up": texts,
        "owner": plain_text,
        "based_on": dates,
        "sources": _records(title=plain_text, url=plain_text, licence=plain_text),
    },
)
"""The values of a whole, sound scenario file."""


def write_lines(values: Mapping[str, Any]) -> bytes:
    """Return values as YAML with each key on a line of its own, so that a fault's line tells its key."""
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()).encode()


def stored_scenario(name: str, **keys: Any) -> dict[str, Any]:
    """Return a sound scenario's values as a store holds them: those of a file, with where they came from."""
    values = whole_scenario(name, **keys)
    values["say"] = [{"when": "first words", "text": "How can I help?"}]
    return {**values, "source": "local", "files": [f"{name}.yaml"]}
