"""Descriptions to words: tokens, desk abbreviations, stems."""

import re
from collections.abc import Sequence
from functools import lru_cache

from deskguide.text import fold

MAX_WORDS = 250
"""A description is read up to here; one that goes on has long said what it is about."""

INDEX_FORMAT = 6
"""Number of the index's layout and of the rules by which texts become words; a change compiles every index anew."""

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_SHORT = re.compile(r"[^aeiou][aeiouy][^aeiouwxy]")
_NUMBER = re.compile(r"[0-9]+(?:st|nd|rd|th|am|pm|yo|yr|yrs)?")

# What staff write in a hurry, with what it means. Only forms that mean one thing at a desk.
_ABBREVIATIONS = {
    "acct": "account", "accts": "accounts", "addr": "address", "appt": "appointment", "asap": "now",
    "bc": "because", "bday": "birthday", "bldg": "building", "bk": "book", "bks": "books",
    "circ": "circulation", "cust": "patron", "customer": "patron",
    "customers": "patrons", "dept": "department", "govt": "government", "hw": "homework",
    "info": "information", "kiddo": "child", "lib": "library", "mgmt": "management",
    "mgr": "manager", "mtg": "meeting", "pc": "computer", "pcs": "computers", "ph": "phone", "pic": "picture",
    "pics": "pictures", "pkg": "package", "ppl": "people", "pt": "patron", "pts": "patrons", "ptn": "patron",
    "ref": "reference", "rm": "room", "sb": "somebody", "sbdy": "somebody", "smb": "somebody",
    "smth": "something", "supv": "supervisor", "thru": "through", "tix": "tickets",
    "w": "with", "wo": "without", "wifi": "wifi", "wi-fi": "wifi", "yo": "year", "yr": "year", "yrs": "years",
    "dont": "don't", "doesnt": "doesn't", "cant": "can't", "wont": "won't", "isnt": "isn't",
    "didnt": "didn't", "wasnt": "wasn't", "arent": "aren't", "couldnt": "couldn't", "wouldnt": "wouldn't",
    "shouldnt": "shouldn't", "havent": "haven't", "hasnt": "hasn't", "ive": "i've", "im": "i'm", "thats": "that's",
    "whats": "what's", "theyre": "they're", "youre": "you're", "hes": "he's", "shes": "she's", "theres": "there's",
}  # fmt: skip

STOP_WORDS = frozenset(
    "a an and are as at be been but by did do does for from had has have he her hers him his i if in into is it"
    " its just me my of on or our she so some than that the their them then there these they this those to us"
    " was we were what when where which who whom will with would you your am i'm i've he's she's it's that's"
    " they're you're we're there's what's says say said asks asking ask wants want wanting patron patrons"
    " someone somebody person man woman guy lady can could should may might how why".split()
)
"""Words too common at a desk to tell one situation from another by being shared; they still shape a vector."""


def tokenize(text: str) -> list[str]:
    """Return the words of ``text``: folded, abbreviations written out, MAX_WORDS at most."""
    folded = fold(text).replace("w/o", "without ").replace("w/", "with ").replace("wi-fi", "wifi")
    words = []
    for match in _TOKEN.finditer(folded):
        words.append(_ABBREVIATIONS.get(match.group(), match.group()))
        if len(words) >= MAX_WORDS:
            break
    return words


def is_number(word: str) -> bool:
    """Tell whether a word is a number or an age, which says little about what is going on."""
    return _NUMBER.fullmatch(word) is not None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the form in which inflections of a word meet: ``fines``, ``fined`` and ``fining`` give ``fine``.

    A light suffix stripper for plural, past and -ing forms, after step 1 of Porter (1980), Program 14(3).
    """
    word = word.partition("'")[0]
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ied", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            base = word[: -len(suffix)]
            if not any(c in "aeiouy" for c in base):
                break
            if suffix == "ied":
                return base + "y"
            if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
                return base[:-1]
            return base + "e" if _SHORT.fullmatch(base) else base.removesuffix("e")
    if len(word) > 4 and word.endswith("e"):
        return word[:-1]
    return word


def terms(words: Sequence[str]) -> list[str]:
    """Return the stems that count as evidence: no stop words, no bare numbers."""
    return [stem(w) for w in words if w not in STOP_WORDS and not is_number(w)]


def pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return the stems of neighboring words, two by two, leaving out pairs of words that say nothing.

    Stop words count here: ``find my`` and ``find their`` differ, as do ``not breathing`` and ``breathing``.
    """
    stems = [stem(w) for w in words]
    telling = [w not in STOP_WORDS and not is_number(w) for w in words]
    return [(stems[i], stems[i + 1]) for i in range(len(words) - 1) if telling[i] or telling[i + 1]]
