"""Words that guidance does not use, and what to say instead: person-first, plain, never a label for a person.

After the plain-language and person-first advice that librarians and public agencies give each other. Examples and
cues are free of this: they hold what people type in a hurry.
"""

import re
from collections.abc import Iterator

_BETTER = """
addict = person who uses drugs
addicts = people who use drugs
alcoholic = person who drinks a lot
bum = person without a home
commit suicide = die by suicide
committed suicide = died by suicide
confined to a wheelchair = uses a wheelchair
crazy = what the person does
customer = patron
customers = patrons
derelict = person without a home
elderly = older people
ensure = make sure
ex-con = person who was in prison
ex-convict = person who was in prison
facilitate = help
failed attempt = attempt
felon = person with a conviction
handicapped = disabled
hearing impaired = hard of hearing
hearing-impaired = hard of hearing
homeless man = man without a home
homeless patron = patron without a home
homeless patrons = patrons without a home
homeless people = people without a home
homeless person = person without a home
homeless woman = woman without a home
hysterical = very upset
illegal alien = person without papers
illegal aliens = people without papers
illegal immigrant = person without papers
illegal immigrants = people without papers
in order to = to
insane = what the person does
junkie = person who uses drugs
leverage = use
mentally ill = person with a mental illness
normal people = people
oriental = Asian
problem patron = what the patron does
psycho = what the person does
retarded = person with an intellectual disability
schizophrenic = person with schizophrenia
senile = person with dementia
sexual preference = sexual orientation
suffering from = with
suffers from = has
the blind = blind people
the deaf = deaf people
the disabled = disabled people
the homeless = people without a home
the poor = people with little money
transgendered = transgender
transient = person without a home
transients = people without a home
utilize = use
vagrant = person without a home
vagrants = people without a home
wheelchair bound = uses a wheelchair
wheelchair-bound = uses a wheelchair
"""

BETTER_WORDS = dict(line.split(" = ") for line in _BETTER.strip().splitlines())
"""What not to write, in small letters, and what to write instead."""

_ANY = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, BETTER_WORDS), key=len, reverse=True))})(?![\w-])", re.I
)


def find_poor_words(text: str) -> Iterator[tuple[str, str]]:
    """Yield each phrase of ``text`` that has a better one, with it."""
    for match in _ANY.finditer(text):
        yield match.group(), BETTER_WORDS[match.group().lower()]
