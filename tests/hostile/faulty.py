"""Some hundred files that somebody could save by mistake or in malice, and what has to be said of each.

Hand-made kinds are written with MARK where the fault is to be found. Mutations are made from whole files with one key a
line, so that the line of each fault is known.
"""

import codecs
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from deskguide.knowledge.read import MAX_BYTES
from deskguide.knowledge.shape import MAX_ITEMS, MAX_TEXT, MAX_TITLE, PRINCIPLES

Kind = Literal["scenario", "policy", "profile", "cases"]

PATHS: dict[Kind, str] = {
    "scenario": "collection/odd-card.yaml",
    "policy": "policies/odd-rule.yaml",
    "profile": "profile.yaml",
    "cases": "cases.yaml",
}
"""Where a file of each kind is put, below a folder of its own."""

MARK = "¶"
LONG = "word " * (MAX_TEXT // 5) + "more"
UTF_16 = "is saved as UTF-16"


class Faulty(NamedTuple):
    """A file's content, the line that has to be named (0: the file as a whole), and words that have to be said."""

    name: str
    kind: Kind
    content: bytes
    line: int
    says: str
    is_error: bool = True


CARD = """\
id: odd-card
title: Patron wants to trade cuttings
category: collection
priority: routine
summary: They have too many of one and none of the other.
examples:
- has geranium slips to trade
- wants a bit of somebody's fern
do:
- Listen first.
- Then act.
say:
- when: first words
  text: How can I help?
- Let me see.
avoid:
- Don't rush. It helps nobody.
offer:
- The seed shelf.
escalate:
- to: Somebody
  when: it gets late
policies:
- id: seed-rules
  why: It says what may be traded.
principles:
  respect: Listen.
not_this:
- id: umbrella-lost
  when: it rains
follow_up:
- Sweep up.
reviewed: 2026-01-31
owner: Desk
sources:
- title: A book
  url: https://library.example/book
  licence: CC0
"""
RULE = """\
id: odd-rule
title: Rules for cuttings
kind: state-law
issuer: The library
citation: Rule 1
adopted: '2020'
url: https://library.example/rule
summary: Cuttings may be traded.
states:
  ID:
    citation: Idaho Code 1
    summary: Yes.
"""
PROFILE = """\
library: Juniper Public Library
manager: Sam
security: the guard
police: the police
state: ID
review_months: 6
names:
  front_desk: the front desk
policies:
  seed-rules: https://juniper.example/seeds
"""
CASES = """\
- text: trade tomato seeds
  want: seed-swap
  also: [umbrella-lost]
- text: what is the weather
  want: null
- text: umbrella
  want_any: [umbrella-lost, umbrella-found]
"""
WHOLE: dict[Kind, str] = {"scenario": CARD, "policy": RULE, "profile": PROFILE, "cases": CASES}


def make(name: str, kind: Kind, text: str, says: str, *, is_error: bool = True) -> Faulty:
    """Return a faulty file from a text in which MARK stands on the line of the fault."""
    line = text[: text.index(MARK)].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    return Faulty(name, kind, text.replace(MARK, "", 1).encode("utf-8", "surrogatepass"), line, says, is_error)


def swap(kind: Kind, name: str, old: str, new: str, says: str, *, is_error: bool = True) -> Faulty:
    """Return a whole file with ``new`` in place of ``old``; the fault is where MARK is, or where ``new`` starts."""
    whole = WHOLE[kind]
    assert whole.count(old) == 1, (name, old)
    marked = new if MARK in new else MARK + new
    return make(name, kind, whole.replace(old, marked), says, is_error=is_error)


def hand_made() -> Iterator[Faulty]:
    """Yield the kinds that were thought of one by one."""
    yield from _encodings()
    yield from _invisibles()
    yield from _emptiness()
    yield from _other_files()
    yield from _syntax()
    yield from _beyond_yaml()
    yield from _sizes()
    yield from _names_and_dates()
    yield from _entries()
    yield from _weaknesses()
    yield from _policies()
    yield from _profiles()
    yield from _cases()


def _encodings() -> Iterator[Faulty]:
    accented = CARD.replace("cuttings", "gr\u00f6\u00dfere")
    for name, encoding in (
        ("UTF-16 with a mark, small end first", "utf-16-le"),
        ("UTF-16 with a mark, big end first", "utf-16-be"),
    ):
        yield Faulty(name, "scenario", f"\ufeff{CARD}".encode(encoding), 1, UTF_16)
        yield Faulty(f"{name}, the mark alone", "scenario", "\ufeff".encode(encoding), 1, UTF_16)
        yield Faulty(f"{name}, the mark taken away", "scenario", CARD.encode(encoding), 1, UTF_16)
        yield Faulty(f"{name}, a profile", "profile", f"\ufeff{PROFILE}".encode(encoding), 1, UTF_16)
        yield Faulty(f"{name}, a policy", "policy", f"\ufeff{RULE}".encode(encoding), 1, UTF_16)
        yield Faulty(f"{name}, cases", "cases", f"\ufeff{CASES}".encode(encoding), 1, UTF_16)
    yield Faulty("UTF-32, small end first", "scenario", f"\ufeff{CARD}".encode("utf-32-le"), 1, "UTF-16")
    yield Faulty("UTF-32, big end first", "scenario", f"\ufeff{CARD}".encode("utf-32-be"), 1, "UTF-16")
    for encoding, byte in (("latin-1", "0xf6"), ("cp437", "0x94"), ("mac-roman", "0x9a")):
        yield Faulty(encoding, "scenario", accented.encode(encoding), 2, f"byte {byte} is not UTF-8")
    curly = CARD.replace("Don't", "Don\u2019t")
    line = CARD[: CARD.index("Don't")].count("\n") + 1
    yield Faulty("an apostrophe of Windows", "scenario", curly.encode("cp1252"), line, "byte 0x92 is not UTF-8")
    yield Faulty("Japanese", "scenario", CARD.replace("cuttings", "\u82d7").encode("shift-jis"), 2, "is not UTF-8")
    yield Faulty("a mainframe's letters", "scenario", CARD.encode("cp500"), 1, "is not UTF-8")
    yield Faulty("two thirds of a mark", "scenario", codecs.BOM_UTF8[:2] + CARD.encode(), 1, "byte 0xef is not UTF-8")
    yield Faulty("one third of a mark", "scenario", codecs.BOM_UTF8[:1] + CARD.encode(), 1, "byte 0xef is not UTF-8")
    yield Faulty("the end of a mark", "scenario", codecs.BOM_UTF8[1:] + CARD.encode(), 1, "byte 0xbb is not UTF-8")
    yield swap("scenario", "a mark in the middle", "cuttings", "\ufeffcuttings", "U+FEFF")
    broken = CARD.encode().partition(b"cuttings")
    for name, content in (
        ("a letter cut in two", b"\xc3"),
        ("a letter written too long", b"\xc0\xaf"),
        ("half of a pair", b"\xed\xa0\x80"),
        ("past the last letter", b"\xf4\x90\x80\x80"),
        ("a byte that UTF-8 never has", b"\xff"),
    ):
        yield Faulty(name, "scenario", broken[0] + content + broken[2], 2, "is not UTF-8")
    yield Faulty(
        "a letter cut at the end", "scenario", CARD.encode() + b"# \xe2\x82", CARD.count("\n") + 1, "is not UTF-8"
    )
    old_ends = CARD.replace("\n", "\r").encode().replace(b"cuttings", b"gr\xf6\xdf")
    yield Faulty("line ends of an old Macintosh, in its letters", "scenario", old_ends, 2, "byte 0xf6 is not UTF-8")
    windows = CARD.replace("\n", "\r\n").encode().replace(b"cuttings", b"gr\xf6\xdf")
    yield Faulty("line ends of Windows, in its letters", "scenario", windows, 2, "byte 0xf6 is not UTF-8")


def _invisibles() -> Iterator[Faulty]:
    yield Faulty("zero bytes only", "scenario", bytes(512), 1, UTF_16)
    zero = CARD.replace("cuttings", "cut\0tings").encode()
    yield Faulty("a zero byte in a text", "scenario", zero, 2, "holds a zero byte")
    yield Faulty("a zero byte at the end", "scenario", CARD.encode() + b"\0", CARD.count("\n") + 1, "holds a zero byte")
    yield Faulty(
        "a zero byte after line ends of an old Macintosh",
        "scenario",
        zero.replace(b"\n", b"\r"),
        2,
        "holds a zero byte",
    )
    for name, character in (
        ("an escape", "\x1b[2J"),
        ("a bell", "\x07"),
        ("a backspace", "\x08"),
        ("a form feed", "\x0c"),
        ("a vertical tab", "\x0b"),
        ("a delete", "\x7f"),
        ("an escape of eight bits", "\x9b31m"),
        ("the end of a command", "\x9c"),
        ("text turned around", "\u202e"),
        ("text held apart", "\u2066"),
        ("a mark from right to left", "\u200f"),
        ("a space of no width", "\u200b"),
        ("a joiner of words", "\u2060"),
        ("a note between lines", "\ufff9"),
        ("no character", "\ufffe"),
    ):
        code = f"U+{ord(character[0]):04X}"
        yield swap("scenario", name, "cuttings", f"cut{character}tings", code)
    for name, escaped, code in (
        ("an escape, escaped", "\\e[2J", "U+001B"),
        ("a zero, escaped", "\\0", "U+0000"),
        ("a bell, escaped", "\\a", "U+0007"),
        ("a line separator, escaped", "\\L", "U+2028"),
        ("text turned around, escaped", "\\u202e", "U+202E"),
        ("eight bits, escaped", "\\x9b", "U+009B"),
    ):
        yield swap("scenario", name, "Patron wants to trade cuttings", f'"cut{escaped}tings"', code)
    yield swap("scenario", "an escape in a key", "owner:", "ow\x1bner:", "U+001B")
    yield swap("scenario", "an escape in a remark", "owner: Desk", "owner: Desk # \x1b[2J", "U+001B")
    yield swap("policy", "an escape in a policy", "Rule 1", "Rule \x1b[31m1", "U+001B")
    yield swap("profile", "an escape in a profile", "Sam", '"Sam\\e[2J"', "U+001B")
    yield swap("cases", "an escape in a case", "trade tomato seeds", '"trade \\e[2J"', "U+001B")


def _emptiness() -> Iterator[Faulty]:
    for name, text in (
        ("nothing", ""),
        ("line ends", "\n\n\n"),
        ("spaces", "   \n  "),
        ("remarks", "# to be written\n# by Monday\n"),
        ("a line of dashes", "---\n"),
        ("an end", "---\n...\n"),
        ("a mark", "\ufeff"),
        ("null", "null\n"),
        ("a tilde", "~\n"),
    ):
        says = "holds no keys" if name in ("null", "a tilde") else "is empty"
        yield make(f"only {name}", "scenario", MARK + text, says)
    yield make("an empty mapping", "scenario", MARK + "{}\n", "the key 'id' is missing")
    yield make("an empty list", "scenario", MARK + "[]\n", "holds no keys")
    yield make("an empty policy", "policy", MARK, "is empty")
    yield make("a profile of null", "profile", MARK + "null\n", "holds no keys")
    yield make("a profile of an empty list", "profile", MARK + "[]\n", "holds no keys")
    yield make("no cases", "cases", MARK + "# later\n", "is empty")


def _other_files() -> Iterator[Faulty]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("card.yaml", CARD)
    for name, content, says in (
        ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(1, 200)), "is not UTF-8"),
        ("an archive", archive.getvalue(), "zero byte"),
        ("a compressed file", gzip.compress(CARD.encode(), mtime=0), "zero byte"),
        ("a program", b"\x7fELF\x02\x01\x01" + bytes(64), "zero byte"),
        ("a photograph", b"\xff\xd8\xff\xe0" + b"JFIF", "is not UTF-8"),
    ):
        yield Faulty(name, "scenario", content, 1, says)
    yield make("a page of the web", "scenario", f"{MARK}<!doctype html>\n<title>Hello</title>\n", "holds no keys")
    yield make("a letter", "scenario", f"{MARK}Dear team,\n\nplease read this.\n", "holds no keys")
    yield make("a table", "scenario", f"{MARK}id;title;category\nodd-card;Odd;collection\n", "holds no keys")
    yield make("settings of another kind", "scenario", f'{MARK}id = "odd-card"\ntitle = "Odd"\n', "holds no keys")
    yield make("a section of settings", "scenario", f"[card]\n{MARK}id = odd-card\n", "")
    yield make("a document of pages", "scenario", f"{MARK}%PDF-1.7\n1 0 obj\n", "")
    yield make("a program's text", "scenario", f"{MARK}import os\nos.remove('x')\n", "holds no keys")
    yield make("a number", "scenario", f"{MARK}42\n", "holds no keys")
    yield make("a quoted text", "scenario", f'{MARK}"id: odd-card"\n', "holds no keys")
    yield make("a block of text", "scenario", f"{MARK}|\n  id: odd-card\n", "holds no keys")
    yield make("a list of cards", "scenario", f"{MARK}- id: odd-card\n  title: Odd\n", "holds no keys")
    yield make("a page with a heading", "scenario", f"---\nid: odd-card\n{MARK}---\n# Odd\n", "second document")
    yield make("cases in place of a card", "scenario", MARK + CASES, "holds no keys")
    yield make("a card in place of cases", "cases", MARK + CARD, "is not a list")
    yield make("a profile in place of a card", "scenario", MARK + PROFILE, "'library' is not a key of a scenario")
    yield make(
        "a policy in place of a card", "scenario", RULE.replace("kind:", f"{MARK}kind:"), "not a key of a scenario"
    )
    yield make("a card in place of a policy", "policy", CARD.replace("category:", f"{MARK}category:"), "of a policy")
    yield make("a card in place of a profile", "profile", MARK + CARD, "'id' is not a key of a profile")


def _syntax() -> Iterator[Faulty]:
    def card(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, old, new, says)

    yield card("a tab before a dash", "- Listen first.", "\t- Listen first.", "indent with spaces")
    yield card("a tab before a key", "  text: How", f"{MARK}\ttext: How", "")
    yield card("a tab before the first key", "id: odd-card", "\tid: odd-card", "indent with spaces")
    yield card("a quote never closed", "reviewed: 2026-01-31", f"reviewed: {MARK}'2026-01-31", "never closed")
    yield card("a double quote never closed", "reviewed: 2026-01-31", f'reviewed: {MARK}"2026-01-31', "never closed")
    yield card(
        "an apostrophe in quotes", "Patron wants to trade cuttings", "'Patron's cuttings'", "the quotes of this line"
    )
    yield card(
        "text after a quote", "Patron wants to trade cuttings", '"Patron" wants cuttings', "the quotes of this line"
    )
    yield card(
        "a wrong escape", "Patron wants to trade cuttings", '"C:\\quick"', "for a backslash, or use single quotes"
    )
    yield card(
        "a colon in a text", "Patron wants to trade cuttings", "Patron: trade cuttings", "put the text in quotes"
    )
    yield card("a colon in a step", "- Listen first.", "- Listen: first.", "'do' holds one text; put it in quotes")
    yield card("a colon in an example", "- has geranium", "- phone: has geranium", "put it in quotes")
    yield card("no space after a colon", "owner: Desk", "owner:Desk", "may lack its colon")
    yield card("no colon", "owner: Desk", "owner Desk", "may lack its colon")
    yield card(
        "an at sign first", "Patron wants to trade cuttings", "@patron cuttings", "quote a text that starts with @"
    )
    yield card(
        "a backtick first", "Patron wants to trade cuttings", "`patron` cuttings", "quote a text that starts with @"
    )
    yield card(
        "a percent sign first", "Patron wants to trade cuttings", "% of cuttings", "quote a text that starts with @"
    )
    yield card("an exclamation mark first", "Patron wants to trade cuttings", "!Patron cuttings", "tag")
    yield card("an asterisk first", "Patron wants to trade cuttings", "*Patron* cuttings", "")
    yield card("an ampersand first", "Patron wants to trade cuttings", "&Patron cuttings", "anchor")
    yield card("a brace first", "Patron wants to trade cuttings", f"{MARK}{{manager}} cuttings", "quotes of this line")
    yield card("a bracket first", "Patron wants to trade cuttings", f"{MARK}[Urgent] cuttings", "quotes of this line")
    yield card("a bracket never closed", "- Sweep up.", "- [Sweep up", "never closed")
    yield card("a brace never closed", "- Sweep up.", "- {to: Sweep up", "never closed")
    yield card("a bracket closed only", "- Sweep up.", "- ]Sweep up.", "")
    yield card("a brace closed only", "- Sweep up.", "- }Sweep up.", "")
    yield card("a comma in place of a colon", "owner: Desk", "owner, Desk: {,}", "")
    yield card("a key further in", "category: collection", " category: collection", "")
    yield card("a key further out", "  why: It says what", f"{MARK} why: It says what", "")
    yield card("a dash in front of a key", "owner: Desk", "- owner: Desk", "indentation")
    yield card("a key among dashes", "- Then act.", f"{MARK}then: act", "is not a key of a scenario")
    yield card("a dash without a space", "- Then act.", "-Then act.", "")
    yield card("a star for a dash", "- Then act.", "* Then act.", "")
    yield card("a bullet for a dash", "- Then act.", "\u2022 Then act.", "may lack its colon")
    yield card("a long dash for a dash", "- Then act.", "\u2013 Then act.", "may lack its colon")
    yield card("a wide colon", "owner: Desk", "owner\uff1a Desk", "may lack its colon")
    yield card("a wrong block", "They have too many of one and none of the other.", "|x", "")
    yield card("a block indented by zero", "They have too many of one and none of the other.", ">0", "")
    yield card("a mapping as a key", "owner: Desk", "{a: b}: Desk", "a key must be a plain word")
    yield card("a list as a key", "owner: Desk", "[a]: Desk", "a key must be a plain word")
    yield card("a long key", "owner: Desk", "? - a\n  - b\n: Desk", "a key must be a plain word")
    yield card("no key", "owner: Desk", ": Desk", "did not find expected key")
    yield card("a tilde as a key", "owner: Desk", "~: Desk", "'~' is not a key of a scenario")
    yield card("marks of a merge", "owner: Desk", "<<<<<<< mine\nowner: Desk\n=======", "may lack its colon")
    yield card("curly quotes around a key", "owner: Desk", "\u201cowner\u201d: Desk", "did you mean 'owner'?")


def _beyond_yaml() -> Iterator[Faulty]:
    def title(name: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, "Patron wants to trade cuttings", new, says)

    tag = "a tag (!...) is not read here"
    yield title("an object", "!!python/object:os.system {}", tag)
    yield title("a call", "!!python/object/apply:os.system [echo]", tag)
    yield title("a new object", "!!python/object/new:os.mkdir [x]", tag)
    yield title("a name", "!!python/name:os.system", tag)
    yield title("a module", "!!python/module:os", tag)
    yield title("bytes", "!!binary aGVsbG8=", tag)
    yield title("a text, by a tag", "!!str Patron", tag)
    yield title("a set", "!!set {a}", tag)
    yield title("a whole tag", "!<tag:yaml.org,2002:str> Patron", tag)
    yield title("a tag of one's own", "!include secret.yaml", tag)
    yield title("a tag of no handle", "!desk!card Patron", "put a text that starts with ! in quotes")
    yield title("an anchor", "&title Patron", "an anchor (&name) is not read here")
    yield title("an alias of nothing", "*nothing", "an alias (*name) is not read here")
    yield swap("scenario", "an anchor on a list", "policies:\n", f"policies: {MARK}&p\n", "an anchor")
    yield make("a tag on the whole", "scenario", f"{MARK}!!map\n{CARD}", tag)
    yield make("a tag on a key", "scenario", CARD.replace("owner:", f"{MARK}!!str owner:"), tag)
    yield make("a bomb of aliases", "scenario", f"{MARK}a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "an anchor")
    yield make("an alias to itself", "scenario", f"id: odd-card\n{MARK}do: &do [*do]\n", "an anchor")
    yield swap(
        "scenario", "a merge of a mapping", "owner: Desk", "<<: {owner: Desk}", "'<<' is not a key of a scenario"
    )
    yield swap("scenario", "a merge of an alias", "owner: Desk", "<<: *base", "an alias")
    yield swap("scenario", "a key twice", "owner: Desk", f"owner: Desk\n{MARK}owner: Door", "stands here twice")
    yield swap("scenario", "a key twice, once in quotes", "owner: Desk", f"owner: Desk\n{MARK}'owner': Door", "twice")
    yield swap("scenario", "a key twice in an entry", "  why: It", f"  why: x\n{MARK}  why: It", "stands here twice")
    yield make("a second card", "scenario", f"{CARD}{MARK}---\n{CARD}", "a second document starts here")
    yield make(
        "a second card after an end", "scenario", f"{CARD}...\n{MARK}---\n{CARD}", "a second document starts here"
    )
    yield make("an empty second document", "scenario", f"{CARD}{MARK}---\n", "a second document starts here")
    yield make("text after the end", "scenario", f"{CARD}...\n{MARK}more\n", "")
    yield make("a version of its own", "scenario", f"{MARK}%YAML 9.9\n---\n{CARD}", "")
    yield make("two versions", "scenario", f"%YAML 1.1\n{MARK}%YAML 1.1\n---\n{CARD}", "")
    yield make("a directive without its end", "scenario", f"%YAML 1.1\n{MARK}{CARD}", "")
    yield make("a directive of tags", "scenario", f"%TAG ! tag:x,2002:\n---\n{MARK}!card\n{CARD}", tag)
    yield make("brackets within brackets", "scenario", f"id: odd-card\n{MARK}do: {'[' * 5000}", "nested more than")
    yield make("braces within braces", "scenario", MARK + "{a: " * 5000, "nested more than")
    yield make("dashes within dashes", "scenario", f"id: odd-card\ndo:\n{MARK}{'- ' * 5000}x\n", "nested more than")
    steps = "".join(f"{' ' * depth}a:\n" for depth in range(12))
    yield make("steps down and down", "scenario", f"{steps}{MARK}{' ' * 12}a: x\n", "nested more than")
    yield make("brackets in a profile", "profile", f"{MARK}manager: {'[' * 5000}", "nested more than")
    yield make("brackets in cases", "cases", MARK + "[" * 5000, "nested more than")
    yield swap("policy", "an object in a policy", "Rule 1", "!!python/name:os.system x", tag)
    yield swap("profile", "an object in a profile", "Sam", "!!python/name:os.system x", tag)
    yield swap("cases", "an object in a case", "trade tomato seeds", "!!python/name:os.system x", tag)


def _sizes() -> Iterator[Faulty]:
    def card(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, old, new, says)

    limit = f"{MAX_TEXT:,} is the limit"
    yield card("a text too long", "They have too many of one and none of the other.", LONG, limit)
    yield card("a step as long as a book", "Then act.", "word " * 100_000, limit)
    yield card("a word as long as a book", "Then act.", "w" * 900_000, limit)
    yield card("a block too long", "They have too many of one and none of the other.", f">-\n  {LONG}", limit)
    yield card("one step too many", "- Listen first.", "- Act.\n" * MAX_ITEMS + "- Act.", f"{MAX_ITEMS:,} is the limit")
    yield card(
        "a great many examples", "- has geranium slips", "- x\n" * 100_000 + "- y", f"{MAX_ITEMS:,} is the limit"
    )
    yield card("a great many empty entries", "- Sweep up.", f"- [{'a,' * 200_000}]", "holds one text, not a list")
    keys = "".join(f"k{number}: x\n" for number in range(60_000))
    yield make("a great many keys", "scenario", f"{CARD}{MARK}{keys}", "is not a key of a scenario")
    borders = "".join(f"- id: zebra-number-{number}\n  when: it rains\n" for number in range(MAX_ITEMS - 1))
    yield card(
        "a great many borders with nobody", "- id: umbrella-lost", f"{borders}- id: umbrella-lost", "zebra-number-0"
    )
    reasons = "".join(f"- id: moon-rules-{number}\n  why: It says so.\n" for number in range(MAX_ITEMS - 1))
    yield card("a great many policies of no file", "- id: seed-rules", f"{reasons}- id: seed-rules", "moon-rules-0")
    wrong = "".join(f"- to{number}: x\n" for number in range(MAX_ITEMS - 1))
    yield card("a great many calls", "- to: Somebody", f"{wrong}- to: Somebody", "is not a key in 'escalate'")
    codes = "".join(f"  Z{number}: x\n" for number in range(60_000))
    yield swap("policy", "a great many states", "  ID:", f"{codes}  ID:", "is not a key in 'states'")
    names = "".join(f"  N{number}: x\n" for number in range(60_000))
    yield swap("profile", "a great many names", "  front_desk:", f"{names}  front_desk:", "must be small letters")
    yield make("a great many keys of a profile", "profile", f"{PROFILE}{MARK}{keys}", "is not a key of a profile")
    yield make("a great many keys of a policy", "policy", f"{RULE}{MARK}{keys}", "is not a key of a policy")
    many = "".join(f"- text: a\n  wants: b{number}\n" for number in range(30_000))
    yield make("a great many wrong cases", "cases", f"- text: a\n{MARK}  wants: b\n{many}", "did you mean 'want'?")
    yield card("a title too long", "Patron wants to trade cuttings", "t" * (MAX_TITLE + 1), f"{MAX_TITLE} is the limit")
    large = CARD.encode() + b"#" * MAX_BYTES
    yield Faulty("a file too large", "scenario", large, 0, "is larger than")
    yield Faulty("a profile too large", "profile", PROFILE.encode() + b"#" * MAX_BYTES, 0, "is larger than")
    yield Faulty("cases too large", "cases", CASES.encode() + b"#" * MAX_BYTES, 0, "is larger than")
    yield Faulty("white space too large", "policy", b" " * (MAX_BYTES + 1), 0, "is larger than")


def _names_and_dates() -> Iterator[Faulty]:
    def card(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, old, new, says)

    for name in (
        "Odd-Card", "odd_card", "odd card", "odd--card", "-odd-card", "odd-card-", "../odd-card", "/etc/passwd",
        "C:odd", "odd.card", "odd-card.yaml", "..", "\u00f6dd-card", "o" * 61, "'odd/card'", "odd\\card",
        "\uff4fdd-card", "CON",
    ):  # fmt: skip
        yield card(f"the id {name}", "id: odd-card", f"id: {name}", "cannot be the id; it takes small letters")
    yield card("another id than the file's name", "id: odd-card", "id: even-card", "must be the same")
    yield card("a number as the id", "id: odd-card", "id: 7", "must be the same")
    for name in ("Rooms and events", "rooms/events", "..", "c" * 61):
        yield card(f"the category {name}", "category: collection", f"category: {name}", "cannot be the category")
    for name, says in (
        ("high", "choose routine, sensitive, urgent or emergency"),
        ("urgant", "did you mean 'urgent'?"),
        ("Emergency", "did you mean 'emergency'?"),
        ("1", "is not a priority"),
        ("routine sensitive", "is not a priority"),
    ):
        yield card(f"the priority {name}", "priority: routine", f"priority: {name}", says)
    for day in (
        "2026-13-01", "2026-02-30", "2025-02-29", "2026-00-10", "2026-1-3", "31.1.2026", "01/31/2026", "January 2026",
        "today", "20260131", "2026-W05-6", "2026-01-31T10:00", "2026-01", "0000-01-01", "-2026-01-31",
        "\uff12\uff10\uff12\uff16-01-31", "2026-01-31 to 2026-02-28", "'2026\u201101\u201131'",
    ):  # fmt: skip
        yield card(f"the date {day}", "reviewed: 2026-01-31", f"reviewed: {day}", "is not a date; write it as")
    yield card("a date to come", "reviewed: 2026-01-31", "reviewed: 2026-02-15", "lies in the future")
    yield card("a date far off", "reviewed: 2026-01-31", "reviewed: 9999-12-31", "lies in the future")
    yield card("a wrong date of the base", "owner: Desk", "based_on: soon", "is not a date")
    for old, new, near in (
        ("title: Patron", "titel: Patron", "title"),
        ("examples:", "example:", "examples"),
        ("avoid:", "aviod:", "avoid"),
        ("follow_up:", "follow-up:", "follow_up"),
        ("not_this:", "not this:", "not_this"),
        ("policies:", "policy:", "policies"),
        ("owner:", "Owner:", "owner"),
        ("reviewed:", "review:", "reviewed"),
        ("sources:", "source:", "sources"),
        ("escalate:", "escalation:", "escalate"),
    ):
        yield card(f"the key {new}", old, new, f"did you mean {near!r}?")
    yield card("a key of another tool", "owner: Desk", "colour: red", "is not a key of a scenario")
    yield card("a key as long as a text", "owner: Desk", f"{'key' * 300}: red", "is not a key of a scenario")


def _entries() -> Iterator[Faulty]:
    def card(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, old, new, says)

    yield card("an empty title", "title: Patron wants to trade cuttings", "title:", "'title' is empty")
    yield card("a title of quotes only", "Patron wants to trade cuttings", '""', "'title' is empty")
    yield card("a title of spaces only", "Patron wants to trade cuttings", '"  "', "'title' is empty")
    yield card("a step without words", "- Listen first.", "-", "'do' is empty")
    yield card("a list in a list", "- Listen first.", "- - Listen first.", "holds one text, not a list")
    saying = "- when: first words\n  text: How can I help?"
    yield card("words without a text", saying, "- when: first words", "lacks 'text'")
    yield card("words with an empty text", saying, f"- when: first words\n{MARK}  text:", "'text' is empty")
    yield card("words with an empty moment", saying, "- when:\n  text: How can I help?", "'when' is empty")
    yield card("words with a wrong key", saying, f"- {MARK}wen: first words\n  text: Hello.", "did you mean 'when'?")
    yield card("words in a list", saying, "- [first words, Hello.]", "each entry of 'say' holds text and when")
    yield card("words with a list as text", saying, "- text: [Hello., Hi.]", "holds one text, not a list")
    yield card("words of two colons", "- Let me see.", "- Say: Let me see.", "'Say' is not a key in 'say'")
    yield card("words as one text", f"say:\n{saying}\n- Let me see.", "say: Hello.", "'say' holds a list")
    reason = "- id: seed-rules\n  why: It says what may be traded."
    yield card("a policy as a word", reason, "- seed-rules", "each entry of 'policies' holds id and why")
    yield card("a policy without a reason", reason, "- id: seed-rules", "this entry of 'policies' lacks 'why'")
    yield card("a policy without an id", reason, "- why: It says so.", "this entry of 'policies' lacks 'id'")
    yield card("a policy with a wrong id", reason, "- id: Seed Rules\n  why: It says so.", "is not an id")
    yield card(
        "a policy of no file", reason, "- id: moon-rules\n  why: It says so.", "no policy is called 'moon-rules'"
    )
    yield card("a policy nearly right", reason, "- id: seed-rulez\n  why: It says so.", "did you mean 'seed-rules'?")
    yield card(
        "a policy twice", reason, f"{MARK}{reason}\n- id: seed-rules\n  why: Again.", "stands twice in 'policies'"
    )
    yield card("a policy with a page", reason, f"{reason}\n{MARK}  page: 7", "'page' is not a key in 'policies'")
    yield card("a policy with an empty reason", reason, f"- id: seed-rules\n{MARK}  why: ~", "'why' is empty")
    yield card(
        "policies as a mapping", f"policies:\n{reason}", "policies: {seed-rules: yes}", "'policies' holds a list"
    )
    border = "- id: umbrella-lost\n  when: it rains"
    yield card("a border with itself", border, "- id: odd-card\n  when: it rains", "no border with itself")
    yield card("a border with nobody", border, "- id: zebra\n  when: it rains", "no scenario is called 'zebra'")
    yield card("a border nearly right", border, "- id: umbrela-lost\n  when: it rains", "did you mean 'umbrella-lost'?")
    yield card("a border without a fact", border, "- id: umbrella-lost", "this entry of 'not_this' lacks 'when'")
    yield card("a border twice", border, f"{MARK}{border}\n{border}", "stands twice in 'not_this'")
    yield card("a border as a word", border, "- umbrella-lost", "each entry of 'not_this' holds id and when")
    call = "- to: Somebody\n  when: it gets late"
    yield card("a call to nobody", call, "- when: it gets late", "lacks 'to'")
    yield card("a call at no time", call, "- to: Somebody", "lacks 'when'")
    yield card("a call as a text", call, "- Somebody, when it gets late", "each entry of 'escalate' holds to and when")
    yield card("a call with a phone", call, f"{call}\n{MARK}  phone: 911", "'phone' is not a key in 'escalate'")
    yield card("a principle of no name", "  respect: Listen.", "  kindness: Listen.", "is not a key in 'principles'")
    yield card("a principle nearly right", "  respect: Listen.", "  respekt: Listen.", "did you mean 'respect'?")
    yield card("a principle without words", "  respect: Listen.", "  respect:", "'respect' is empty")
    yield card("principles as a list", "  respect: Listen.", "- respect", "each entry of 'principles' holds")
    book = "- title: A book\n  url: https://library.example/book\n  licence: CC0"
    yield card("a source without a title", book, "- url: https://library.example/book", "lacks 'title'")
    yield card("a source spelled otherwise", book, f"- title: A book\n{MARK}  license: CC0", "did you mean 'licence'?")
    yield card("a source as an address", book, "- https://library.example/book", "each entry of 'sources' holds")
    yield card(
        "steps as a text", "do:\n- Listen first.\n- Then act.", "do: Listen first. Then act.", "'do' holds a list"
    )
    yield card(
        "steps as numbers",
        "do:\n- Listen first.\n- Then act.",
        f"do:\n{MARK}  1: Listen.\n  2: Act.",
        "'do' holds a list",
    )
    yield card("steps in a block", "do:\n- Listen first.\n- Then act.", "do: |\n  Listen.\n  Act.", "'do' holds a list")
    yield card("an owner as a list", "owner: Desk", "owner: [Desk, Door]", "'owner' holds one text, not a list")


def _weaknesses() -> Iterator[Faulty]:
    """Yield what is told of and does not keep a file from working."""

    def card(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("scenario", name, old, new, says, is_error=False)

    reason = "policies:\n- id: seed-rules\n  why: It says what may be traded."
    yield card("cites no policy", reason, "policies: []", "no policy stands behind this card")
    yield card(
        "a link that anybody can change", "https://library.example/book", "http://library.example/book", "https://"
    )
    yield card("a link that runs", "https://library.example/book", "javascript:alert(1)", "https://")
    yield card("a link to a file", "https://library.example/book", "file:///etc/passwd", "https://")
    yield card("a name that nobody fills", "- Then act.", "- 'Call {goat}.'", "nothing fills {goat}")
    yield card("a name nearly right", "- Then act.", "- 'Call {manger}.'", "did you mean {manager}?")
    yield card("an empty name", "- Then act.", "- 'Call {}.'", "nothing fills {}")
    yield card(
        "a name with a tail", "- Then act.", "- 'Call {manager.__class__}.'", "nothing fills {manager.__class__}"
    )
    fills = "".join(f"- '{''.join(f'{{g{number}x{n}}}' for n in range(200))}'\n" for number in range(400))
    yield card(
        "a great many names that nobody fills", "- Then act.", f"{MARK}{fills}- Then act.", "nothing fills {g0x0}"
    )
    poor = f"- {'utilize ' * 249}\n" * 480
    yield card(
        "a great many poor words", "- Then act.", f"{MARK}{poor}- Then act.", "write 'use' rather than 'utilize'"
    )
    twice = "- has geranium slips to trade\n" * (MAX_ITEMS - 2)
    yield card("an example a thousand times", "- wants a bit", f"{twice}- wants a bit", "stands above")
    yield card("words that nobody says aloud", "- Let me see.", f"- {'so ' * 46}", "has 46 words; cut it to 45")
    yield card("a date long ago", "reviewed: 2026-01-31", "reviewed: 1999-12-31", "check its facts and renew the date")
    border = "not_this:\n- id: umbrella-lost\n  when: it rains\n"
    yield make("no border", "scenario", MARK + CARD.replace(border, ""), "has no 'not_this'", is_error=False)
    yield card("a border one way", "- id: umbrella-lost", "- id: umbrella-lost", "the border runs one way")
    yield card(
        "an example twice", "- wants a bit of somebody's fern", "- has geranium slips to trade", "stands above too"
    )
    yield card(
        "another card's example", "- wants a bit", "- smoke in the kitchen\n- wants a bit", "in 'kitchen-smoke' too"
    )
    yield card("few examples", "examples:", "examples:", "has 2 examples; 10 or more")
    yield card("a poor word", "- Then act.", "- Utilize the shelf.", "write 'use' rather than 'Utilize'")
    yield card("an emergency without cues", "priority: routine", "priority: emergency", "an emergency needs 'cues'")
    yield make(
        "an emergency that starts with words",
        "scenario",
        CARD.replace("routine", "emergency").replace("- Listen first.", f"- {MARK}Listen first."),
        "starts with the act that saves a life",
        is_error=False,
    )
    yield make("a policy that nobody cites", "policy", MARK + RULE, "no scenario cites 'odd-rule'", is_error=False)
    yield swap(
        "policy", "a policy's link that anybody can change", "https://library.example/rule", "http://library.example/rule",
        "https://", is_error=False,
    )  # fmt: skip
    yield swap(
        "policy", "a state's link that runs", "    summary: Yes.", f"    summary: Yes.\n{MARK}    url: javascript:x",
        "https://", is_error=False,
    )  # fmt: skip


def _policies() -> Iterator[Faulty]:
    def rule(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("policy", f"policy: {name}", old, new, says)

    yield rule("another id than the file's name", "id: odd-rule", "id: even-rule", "must be the same")
    yield rule("an id of capitals", "id: odd-rule", "id: Odd-Rule", "cannot be the id")
    yield rule("a kind of no name", "state-law", "rumor", "is not a kind; choose local-policy")
    yield rule("a kind nearly right", "state-law", "state law", "did you mean 'state-law'?")
    yield rule("a key spelled otherwise", "issuer:", "isuer:", "did you mean 'issuer'?")
    yield rule("a key of a card", "citation: Rule 1", "do: Rule 1", "is not a key of a policy")
    yield rule("no issuer", "The library", "", "'issuer' is empty")
    yield rule("a title as a list", "Rules for cuttings", "[Rules, Cuttings]", "'title' holds one text, not a list")
    yield rule("a colon in the title", "Rules for cuttings", "Rules: cuttings", "put the text in quotes")
    yield rule("a title in quotes of two kinds", "Rules for cuttings", "\"Rules'", "never closed")
    yield rule("the year as a mapping", "'2020'", "{year: 2020}", "'adopted' holds one text")
    yield rule("a key twice", "citation: Rule 1", f"citation: x\n{MARK}citation: y", "stands here twice")
    law = "  ID:\n    citation: Idaho Code 1\n    summary: Yes."
    yield rule("a state of no name", law, law.replace("ID:", "XX:"), "'XX' is not a key in 'states'")
    yield rule("a state in small letters", law, law.replace("ID:", "id:"), "did you mean 'ID'?")
    yield rule("a state written out", law, law.replace("ID:", "Idaho:"), "'Idaho' is not a key in 'states'")
    yield rule("a state as no", law, law.replace("ID:", "no:"), "is not a key in 'states'")
    yield rule("a state twice", law, f"{law}\n{MARK}{law}", "stands here twice")
    yield rule("a law as a text", law, "  ID: Idaho Code 1", "each entry of 'ID' holds")
    yield rule("a law as a list", law, "  ID: [Idaho Code 1]", "each entry of 'ID' holds")
    yield rule("a law of nothing", law, "  ID:", "each entry of 'ID' holds")
    yield rule(
        "a law without a citation", law, f"  ID:\n{MARK}    summary: Yes.", "this entry of 'ID' lacks 'citation'"
    )
    yield rule("a law without a summary", law, f"  ID:\n{MARK}    citation: x", "this entry of 'ID' lacks 'summary'")
    yield rule("a law of another key", law, f"{law}\n{MARK}    minor: no", "did you mean 'minors'?")
    yield rule("a law with an empty key", law, f"{law}\n{MARK}    minors:", "'minors' is empty")
    yield rule("a law too long", law, law.replace("Yes.", MARK + LONG), f"{MAX_TEXT:,} is the limit")
    yield rule("states as a list", law, "- ID", "'states' maps two-letter codes")
    yield rule("states as a text", f"states:\n{law}", "states: ID", "'states' maps two-letter codes")


def _profiles() -> Iterator[Faulty]:
    def profile(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("profile", f"profile: {name}", old, new, says)

    for key in ("library", "manager", "security", "police"):
        line = next(line for line in PROFILE.splitlines() if line.startswith(key))
        yield profile(f"{key} left empty", line, f"{key}:", f"{key!r} is empty")
        yield profile(f"{key} as a list", line, f"{key}: [a, b]", f"{key!r} holds one text, not a list")
        yield profile(f"{key} as a mapping", line, f"{key}: {{phone: x}}", f"{key!r} holds one text")
        yield profile(f"{key} too long", line, f"{key}: {LONG}", f"{MAX_TEXT:,} is the limit")
    for near, key in (
        ("manger", "manager"),
        ("libary", "library"),
        ("review_month", "review_months"),
        ("name", "names"),
    ):
        line = next(line for line in PROFILE.splitlines() if line.startswith(f"{key}:"))
        yield profile(f"the key {near}", line, line.replace(key, near), f"did you mean {key!r}?")
    yield profile("a key of no name", "manager: Sam", "colour: red", "is not a key of a profile")
    for code in ("Idaho", "XX", "I", "ID NY", "UK"):
        yield profile(f"the state {code}", "state: ID", f"state: {code}", "is not the two-letter code of a state")
    yield profile("states in a list", "state: ID", "state: [ID, NY]", "holds one text, not a list")
    yield profile("a state left empty", "state: ID", "state:", "'state' is empty")
    for months in ("0", "-1", "1.5", "twelve", "601", "1e1", "12 months", "\u0661\u0662", "99999999999"):
        yield profile(f"{months} as months", "months: 6", f"months: {months}", "is a number of months from 1 to 600")
    yield profile("months in a list", "months: 6", "months: [6]", "holds one text, not a list")
    yield profile("months left empty", "months: 6", "months:", "'review_months' is empty")
    name = "  front_desk: the front desk"
    yield profile("names as a list", name, "- front_desk", "'names' holds lines of the form")
    yield profile("names as a text", f"names:\n{name}", "names: front_desk", "'names' holds lines of the form")
    yield profile("a name of capitals", name, "  Front Desk: x", "must be small letters")
    yield profile("a name of braces", name, "  '{front_desk}': x", "must be small letters")
    yield profile("a name that starts with a digit", name, "  2nd: x", "must be small letters")
    yield profile("a name for nothing", name, "  front_desk:", "'front_desk' is empty")
    yield profile("a name for a list", name, "  front_desk: [x]", "holds one text, not a list")
    yield profile("a name too long", name, f"  front_desk: {LONG}", f"{MAX_TEXT:,} is the limit")
    yield profile("a name twice", name, f"{name}\n{MARK}{name}", "stands here twice")
    link = "https://juniper.example/seeds"
    for address in (
        "http://juniper.example/seeds",
        "juniper.example",
        "javascript:alert(1)",
        "file:///seeds",
        "HTTPS:/x",
    ):
        yield profile(f"the address {address}", link, address, "must start with https://")
    yield profile("an address in a list", link, f"[{link}]", "holds one text, not a list")
    yield profile("an address left empty", link, "", "'seed-rules' is empty")
    yield profile("an address of no id", "seed-rules:", "Seed Rules:", "must be small letters")
    yield profile("addresses in a list", f"  seed-rules: {link}", f"- {link}", "'policies' holds lines of the form")
    yield profile("a key twice", "manager: Sam", f"manager: Sam\n{MARK}manager: Kim", "stands here twice")
    yield profile("a tab", "manager: Sam", "\tmanager: Sam", "")
    yield make("a profile as a list", "profile", f"{MARK}- library: Juniper\n", "holds no keys")
    yield make("a profile as a sentence", "profile", f"{MARK}Juniper Public Library\n", "holds no keys")


def _cases() -> Iterator[Faulty]:
    def case(name: str, old: str, new: str, says: str) -> Faulty:
        return swap("cases", f"case: {name}", old, new, says)

    first = "- text: trade tomato seeds\n  want: seed-swap\n  also: [umbrella-lost]\n"
    yield case("a text alone", first, "- trade tomato seeds\n", "a case holds 'text' and 'want'")
    yield case("a list", first, "- [trade tomato seeds, seed-swap]\n", "a case holds 'text' and 'want'")
    yield case("nothing", first, "-\n", "a case holds 'text' and 'want'")
    yield case("no text", first, "- want: seed-swap\n", "'text' is missing or holds no text")
    yield case("an empty text", first, "- text:\n  want: seed-swap\n", "'text' is missing or holds no text")
    yield case("a list as text", first, "- text: [a]\n  want: seed-swap\n", "'text' is missing or holds no text")
    yield case("nothing wanted", first, "- text: a\n", "tells neither 'want' nor 'want_any'")
    yield case("two things wanted", first, "- {text: a, want: b, want_any: [b, c]}\n", "has both 'want' and 'want_any'")
    yield case("a list wanted", first, f"- text: a\n{MARK}  want: [b]\n", "'want' is missing or holds no text")
    yield case("a mapping wanted", first, f"- text: a\n{MARK}  want: {{id: b}}\n", "'want' is missing or holds no text")
    yield case("any of one", first, f"- text: a\n{MARK}  want_any: [b]\n", "names two or more ids")
    yield case("any of the same", first, f"- text: a\n{MARK}  want_any: [b, b]\n", "names two or more ids")
    yield case("any of a text", first, f"- text: a\n{MARK}  want_any: b\n", "'want_any' holds a list of ids")
    yield case("any of nothing", first, f"- text: a\n{MARK}  want_any: []\n", "names two or more ids")
    yield case("also without the first", first, f"- text: a\n  want: null\n{MARK}  also: [b]\n", "'also' needs 'want'")
    yield case("also as a text", first, f"- text: a\n  want: b\n{MARK}  also: c\n", "'also' holds a list of ids")
    yield case(
        "also of a list", first, f"- text: a\n  want: b\n{MARK}  also: [[c]]\n", "'also' is missing or holds no text"
    )
    yield case("a wrong key", first, f"- text: a\n{MARK}  wants: b\n", "did you mean 'want'?")
    yield case("a wrong key beside", first, f"{first}{MARK}  note: x\n", "is not a key of a case")
    yield case("a key twice", first, f"- text: a\n{MARK}  text: b\n", "stands here twice")
    yield case("a tab", first, f"- text: a\n{MARK}\twant: b\n", "")
    yield case("an alias", first, "- *first\n", "an alias")
    yield make("case: a second document", "cases", f"{CASES}{MARK}---\n{CASES}", "a second document starts here")
    yield make("case: a sentence", "cases", f"{MARK}trade seeds\n", "is not a list")
    yield make("case: a mapping", "cases", f"{MARK}cases:\n{CASES}", "is not a list")


TEXT, TEXTS, RECORDS, NAMES = "one text", "a list of texts", "a list of entries", "a mapping"
VALUES: dict[Kind, dict[str, Any]] = {
    "scenario": {
        "id": "odd-card",
        "title": "Patron wants to trade cuttings",
        "category": "collection",
        "priority": "routine",
        "summary": "They have too many of one and none of the other.",
        "examples": ["has geranium slips to trade", "wants a bit of somebody's fern"],
        "cues": ["cuttings"],
        "do": ["Listen first.", "Then act."],
        "say": [{"when": "first words", "text": "How can I help?"}],
        "avoid": ["Don't rush. It helps nobody."],
        "offer": ["The seed shelf."],
        "escalate": [{"to": "Somebody", "when": "it gets late"}],
        "policies": [{"id": "seed-rules", "why": "It says what may be traded."}],
        "principles": {"respect": "Listen."},
        "not_this": [{"id": "umbrella-lost", "when": "it rains"}],
        "follow_up": ["Sweep up."],
        "reviewed": "2026-01-31",
        "owner": "Desk",
        "based_on": "2026-01-31",
        "sources": [{"title": "A book"}],
    },
    "policy": {
        "id": "odd-rule",
        "title": "Rules for cuttings",
        "kind": "state-law",
        "issuer": "The library",
        "citation": "Rule 1",
        "adopted": "2020",
        "url": "https://library.example/rule",
        "summary": "Cuttings may be traded.",
        "states": {"ID": {"citation": "Idaho Code 1", "summary": "Yes."}},
    },
    "profile": {
        "library": "Juniper Public Library",
        "manager": "Sam",
        "security": "the guard",
        "police": "the police",
        "state": "ID",
        "review_months": "6",
        "names": {"front_desk": "the front desk"},
        "policies": {"seed-rules": "https://juniper.example/seeds"},
    },
}
NEEDED: dict[Kind, str] = {
    "scenario": "id title category priority summary examples do say avoid policies principles reviewed",
    "policy": "id title kind issuer summary",
    "profile": "",
}
OWN_RULES = ("id", "priority", "reviewed", "based_on", "kind", "state")
"""Keys of one text for which a number will not do either."""


def one_a_line(values: Mapping[str, Any]) -> str:
    """Return a file with each key on a line of its own."""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items())


def mutations() -> Iterator[Faulty]:
    """Yield whole files with one thing wrong: every key of every kind of file, in every way that applies to it."""
    for kind, values in VALUES.items():
        for number, (key, value) in enumerate(values.items(), 1):
            place = f"{kind}, {key}"
            if key in NEEDED[kind].split():
                rest = {k: v for k, v in values.items() if k != key}
                says = f"the key {key!r} is missing"
                yield Faulty(f"{place} missing", kind, one_a_line(rest).encode(), 1, says)
            for name, text in (("with a letter lost", key[:-1]), ("in capitals", key.upper())):
                content = (
                    one_a_line(values).replace(f"{key}: ", f"{text}: ", 1)
                    if number == 1
                    else (one_a_line(values).replace(f"\n{key}: ", f"\n{text}: ", 1))
                )
                says = f"{text!r} is not a key of a {kind}"
                yield Faulty(f"{place} {name}", kind, content.encode(), number, says)
            content = one_a_line(values) + f"{key}: {json.dumps(value)}\n"
            yield Faulty(
                f"{place} twice", kind, content.encode(), len(values) + 1, f"the key {key!r} stands here twice"
            )
            for name, wrong, says in _wrong_values(kind, key, value):
                content = one_a_line({**values, key: wrong})
                yield Faulty(f"{place} {name}", kind, content.encode(), number, says)


def _wrong_values(kind: Kind, key: str, value: Any) -> Iterator[tuple[str, Any, str]]:
    """Yield what is wrong, the value, and what has to be said of it."""
    quoted = repr(key)
    limit = f"{MAX_TEXT:,} is the limit"
    if isinstance(value, str):
        yield "as a list", [value], f"{quoted} holds one text, not a list"
        yield "as an empty list", [], f"{quoted} holds one text, not a list"
        yield "as a mapping", {"text": value}, f"{quoted} holds one text"
        yield "as nothing", None, f"{quoted} is empty"
        yield "as an empty text", "", f"{quoted} is empty"
        yield "as spaces", " \t ", f"{quoted} is empty"
        yield "too long", LONG, limit
        if key in OWN_RULES:
            yield "as a number", 7, "7"
            yield "as a yes", True, "TRUE" if key == "state" else "true"
            yield "as a sentence", "It depends.", "IT DEPENDS." if key == "state" else "It depends."
        return
    if isinstance(value, dict):
        of = {"principles": "each entry of 'principles' holds", "states": "'states' maps"}.get(
            key, f"{quoted} holds lines"
        )
        yield "as a text", "Listen.", of
        yield "as a number", 7, of
        yield "as a list", list(value), of
        name, inner = next(iter(value.items()))
        if key == "principles":
            yield "as nothing", None, "is empty; it needs at least one entry"
            yield "as an empty mapping", {}, "is empty; it needs at least one entry"
            for principle in (p for p in PRINCIPLES if p != name):
                yield f"with {principle} as a list", {principle: ["a"]}, f"{principle!r} holds one text, not a list"
                yield f"with {principle} as nothing", {principle: None}, f"{principle!r} is empty"
        if key == "states":
            yield from _wrong_records("with a law", lambda law: {name: law}, name, inner, ("citation", "summary"))
            return
        yield "with a list below", {name: [inner]}, f"{name!r} holds one text, not a list"
        yield "with a mapping below", {name: {"a": inner}}, f"{name!r} holds one text"
        yield "with nothing below", {name: None}, f"{name!r} is empty"
        yield "with too long a text below", {name: LONG}, limit
        return
    yield "as a text", "Listen.", f"{quoted} holds a list"
    yield "as a number", 7, f"{quoted} holds a list"
    yield "as a mapping", {"a": "b"}, f"{quoted} holds a list"
    yield "with too many entries", value * (MAX_ITEMS + 1), f"{MAX_ITEMS:,} is the limit"
    if key in NEEDED[kind].split() and key != "policies":
        yield "as nothing", None, "is empty; it needs at least one entry"
        yield "as an empty list", [], "is empty; it needs at least one entry"
    if isinstance(value[0], str):
        yield "with a list in it", [value], f"{quoted} holds one text, not a list"
        yield "with a mapping in it", [{"text": "x"}], f"{quoted} holds one text"
        yield "with nothing in it", [None], f"{quoted} is empty"
        yield "with an empty text in it", [""], f"{quoted} is empty"
        yield "with too long a text in it", [LONG], limit
        return
    required = {"say": ("text",), "sources": ("title",)}.get(key, tuple(value[0]))
    yield from _wrong_records("with an entry", lambda entry: [entry], key, value[0], required)


def _wrong_records(
    name: str, put: Callable[[Any], Any], key: str, record: Mapping[str, Any], required: tuple[str, ...]
) -> Iterator[tuple[str, Any, str]]:
    if key != "say":
        yield f"{name} as a text", put("Listen."), f"each entry of {key!r} holds"
        yield f"{name} as nothing", put(None), f"each entry of {key!r} holds"
    else:
        yield f"{name} as nothing", put(None), "'say' is empty"
    yield f"{name} as a list", put(["Listen."]), f"each entry of {key!r} holds"
    yield f"{name} empty", put({}), f"this entry of {key!r} lacks {required[0]!r}"
    yield f"{name} with a key too many", put({**record, "zebra": "x"}), f"'zebra' is not a key in {key!r}"
    for inner, value in record.items():
        if inner in required and len(record) > 1:
            rest = {k: v for k, v in record.items() if k != inner}
            yield f"{name} without {inner}", put(rest), f"this entry of {key!r} lacks {inner!r}"
        yield f"{name} with a list as {inner}", put({**record, inner: [value]}), f"{inner!r} holds one text, not a list"
        yield f"{name} with a mapping as {inner}", put({**record, inner: {"a": value}}), f"{inner!r} holds one text"
        yield f"{name} with nothing as {inner}", put({**record, inner: None}), f"{inner!r} is empty"
        yield f"{name} with too long a {inner}", put({**record, inner: LONG}), f"{MAX_TEXT:,} is the limit"


HAND_MADE = tuple(hand_made())
MUTATIONS = tuple(mutations())
