"""The text model: which category, which reason and which language a text looks like. A linear model on words, pairs of
words and pieces of words, small enough to train in seconds on a town's own machine and to explain itself word by word.

It is fitted as ridge regression in its dual form, because that gives for free what a small municipality lacks: an honest
estimate of every example as if it had not been learned (leave-one-out), on which the scores are calibrated. A text's score
is a sum over its words, so the work per known word is one look-up. docs/screening.md compares it with other models."""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .text import Word, clean, words

VERSION = 1  # of the features and the fit: another number makes old files useless
PIECES = range(2, 6)  # lengths of the pieces of a word, boundaries included
PIECE_WEIGHT = 1.75  # of a word's pieces against the word itself
PAIR_WEIGHT = 0.4
PLACE_WEIGHT = 0.65  # of a word that says where it is
BIAS = 0.3
RIDGE = 0.3
#: People write differently from us: on real reports in German and English, chances fitted on our own phrases were too high.
#: With this factor on their sharpness they are a little too low, which is the better side (benchmarks/screening.py).
OTHERS_WRITE = 0.72
CACHED_WORDS = 20_000

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A text to learn from. A head that is empty teaches nothing about that head. `own`: written for the product; words
    that occur in a single text of a citizen are not kept, so that no name ends up in the model."""

    text: str
    category: str = ""
    reason: str = ""
    language: str = ""
    weight: float = 1.0
    own: bool = True


def fingerprint(examples: Iterable[Example]) -> str:
    """A name for what was learned: the same examples give the same name, on every machine."""
    digest = hashlib.sha256(repr((VERSION, PIECE_WEIGHT, PAIR_WEIGHT, PLACE_WEIGHT, BIAS, RIDGE, OTHERS_WRITE)).encode())
    for example in examples:
        digest.update(repr(example).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:20]


def pieces(word: str) -> list[str]:
    """All pieces of a folded word with its boundaries as spaces."""
    padded = f" {word} "
    return [padded[start : start + size] for size in PIECES for start in range(len(padded) - size + 1)]


def pairs(found: Sequence[Word]) -> set[str]:
    return {f"{one.folded}_{two.folded}" for one, two in zip(found, found[1:], strict=False)}


class Features:
    """Text to weighted features. Feature names: `=word`, `=@word` for a place, ` pie`, `one_two`."""

    def __init__(self, names: list[str], rarity: Floats, unknown: float) -> None:
        self.names = names
        self.index = {name: place for place, name in enumerate(names)}
        self.rarity = rarity
        self.unknown = unknown  # rarity of a word that was never seen

    @classmethod
    def of(cls, texts: Sequence[tuple[list[Word], bool]]) -> Features:
        """The features of the examples' words. `texts`: words and whether they are our own."""
        seen: Counter[str] = Counter()
        ours: set[str] = set()
        for found, own in texts:
            folded = {word.folded for word in found}
            names = (
                {f"={word}" for word in folded | {word.key for word in found}}
                | pairs(found)
                | {piece for word in folded for piece in pieces(word)}
            )
            seen.update(names)
            if own:
                ours |= names
        kept = sorted(name for name, count in seen.items() if count > 1 or (name[0] == "=" and name in ours))
        unknown = math.log(len(texts) + 1) + 1
        rarity = np.array([math.log((len(texts) + 1) / (seen[name] + 1)) + 1 for name in kept], np.float32)
        return cls(kept, rarity, unknown)

    def of_word(self, key: str) -> tuple[list[int], list[float], float]:
        """Places, values and squared length of a word: itself and its pieces, which share the word's weight."""
        word = key.removeprefix("@")  # a place: its own feature, beside the pieces that it shares with the word
        own = self.index.get(f"={word}")
        weight = self.unknown if own is None else float(self.rarity[own])
        if key != word:
            weight *= PLACE_WEIGHT
            own = self.index.get(f"={key}")
        known = [place for place in (self.index.get(piece) for piece in pieces(word)) if place is not None]
        values = self.rarity[known]
        length = float(np.sqrt(values @ values)) if known else 1.0
        places = [*known] if own is None else [own, *known]
        shared = [float(value) * weight * PIECE_WEIGHT / length for value in values]
        return places, shared if own is None else [weight, *shared], weight * weight * (1 + PIECE_WEIGHT**2)

    def of_pairs(self, found: Sequence[Word]) -> tuple[list[int], list[float], float]:
        places = [place for place in (self.index.get(pair) for pair in sorted(pairs(found))) if place is not None]
        values = [float(self.rarity[place]) * PAIR_WEIGHT for place in places]
        return places, values, sum(value * value for value in values)


class Model:
    """A fitted model. `heads`: labels per head; the columns of `weights` follow them in order."""

    def __init__(self, features: Features, weights: Floats, heads: dict[str, list[str]], facts: dict[str, Any]) -> None:
        self.features = features
        self.weights = weights
        self.heads = heads
        self.facts = facts
        self.bias = weights[-1] * BIAS
        self.columns: dict[str, slice] = {}
        start = 0
        for head, labels in heads.items():
            self.columns[head] = slice(start, start + len(labels))
            start += len(labels)
        self._known: dict[str, tuple[Floats, float]] = {}

    def _word(self, word: str) -> tuple[Floats, float]:
        known = self._known.get(word)
        if known is None:
            places, values, square = self.features.of_word(word)
            known = (np.asarray(values, np.float32) @ self.weights[places] if places else self.bias * 0, square)
            if len(self._known) >= CACHED_WORDS:
                self._known = {}
            self._known[word] = known
        return known

    def scores(self, found: Sequence[Word]) -> tuple[Floats, dict[str, Floats]]:
        """Raw scores of every column, and each word's part in them."""
        parts: dict[str, Floats] = {}
        square = 0.0
        total = self.bias * 0
        for folded in dict.fromkeys(word.key for word in found):
            vector, length = self._word(folded)
            parts[folded] = vector
            total = total + vector
            square += length
        places, values, length = self.features.of_pairs(found)
        if places:
            total = total + np.asarray(values, np.float32) @ self.weights[places]
            square += length
        norm = math.sqrt(square) or 1.0
        return total / norm + self.bias, {word: vector / norm for word, vector in parts.items()}

    def probabilities(self, head: str, scores: Floats, allowed: set[str] | None = None) -> list[tuple[str, float]]:
        """Labels of a head, likeliest first, with their chance (0..1); only the allowed ones, which add up to 1."""
        labels = self.heads[head]
        rows = [
            (label, float(score) * self.facts["sharpness"][head])
            for label, score in zip(labels, scores[self.columns[head]], strict=True)
            if allowed is None or label in allowed
        ]
        top = max((score for _, score in rows), default=0.0)
        powers = [(label, math.exp(score - top)) for label, score in rows]
        total = sum(power for _, power in powers)
        return sorted(((label, power / total) for label, power in powers), key=lambda row: (-row[1], row[0]))

    def save(self, path: Path) -> None:
        """Writes one .npz file (numbers and text only, nothing that can run), complete or not at all."""
        about = {"version": VERSION, "unknown": self.features.unknown, "heads": self.heads, "facts": self.facts}
        content = io.BytesIO()
        np.savez(
            content,
            about=np.frombuffer(json.dumps(about).encode(), np.uint8),
            names=np.frombuffer("\n".join(self.features.names).encode(), np.uint8),
            rarity=self.features.rarity,
            weights=self.weights.astype(np.float16),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{hashlib.sha256(repr(id(self)).encode()).hexdigest()[:8]}.part")
        partial.write_bytes(content.getvalue())
        partial.replace(path)

    @classmethod
    def load(cls, path: Path) -> Model:
        """Reads what `save` wrote. Raises ValueError, KeyError or OSError when the file is none of ours."""
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(file["about"].tobytes())
            if about["version"] != VERSION:
                raise ValueError(f"{path}: version {about['version']}, expected {VERSION}")
            names = file["names"].tobytes().decode().split("\n")
            features = Features(names, file["rarity"], about["unknown"])
            return cls(features, file["weights"].astype(np.float32), about["heads"], about["facts"])


def train(examples: Sequence[Example]) -> Model:
    """Fits all heads at once. Raises ValueError without examples."""
    if not examples:
        raise ValueError("A model needs examples.")
    texts = [(words(clean(example.text)), example.own) for example in examples]
    features = Features.of(texts)
    matrix = _matrix(features, [found for found, _ in texts])
    heads = {head: sorted({getattr(row, head) for row in examples} - {""}) for head in ("category", "reason", "language")}
    targets = np.hstack([_targets([getattr(row, head) for row in examples], labels) for head, labels in heads.items()])
    root = np.sqrt(np.array([row.weight for row in examples]))
    weights, left_out = _fit(matrix, targets, root)
    sharpness, accuracy = {}, {}
    start = 0
    for head, labels in heads.items():
        rows = [place for place, row in enumerate(examples) if getattr(row, head) and row.weight >= 1]
        truth = np.array([labels.index(getattr(examples[place], head)) for place in rows])
        scores = left_out[rows, start : start + len(labels)]
        sharpness[head] = _sharpness(scores, truth) * (OTHERS_WRITE if head == "category" else 1.0)
        accuracy[head] = round(float((scores.argmax(axis=1) == truth).mean()), 4)
        start += len(labels)
    facts = {"sharpness": sharpness, "accuracy": accuracy, "examples": len(examples), "made_of": fingerprint(examples)}
    return Model(features, weights, heads, facts)


def _matrix(features: Features, texts: list[list[Word]]) -> Any:
    """Sparse rows of unit length, with the constant feature last."""
    from scipy.sparse import csr_matrix

    places: list[int] = []
    values: list[float] = []
    ends = [0]
    known: dict[str, tuple[list[int], list[float], float]] = {}
    for found in texts:
        row = [features.of_pairs(found)]
        for folded in dict.fromkeys(word.key for word in found):
            if folded not in known:
                known[folded] = features.of_word(folded)
            row.append(known[folded])
        norm = math.sqrt(sum(square for _, _, square in row)) or 1.0
        for these, those, _ in row:
            places.extend(these)
            values.extend(value / norm for value in those)
        places.append(len(features.names))
        values.append(BIAS)
        ends.append(len(places))
    matrix = csr_matrix((np.array(values, np.float32), places, ends), shape=(len(texts), len(features.names) + 1))
    matrix.sum_duplicates()
    return matrix


def _targets(labels: list[str], known: list[str]) -> npt.NDArray[np.float64]:
    """One for the label, and an equal share for all where nothing is known, which pulls to no side."""
    targets = np.full((len(labels), len(known)), 0.0)
    for place, label in enumerate(labels):
        if label:
            targets[place, known.index(label)] = 1.0
        else:
            targets[place] = 1.0 / len(known)
    return targets


def _fit(
    matrix: Any, targets: npt.NDArray[np.float64], root: npt.NDArray[np.float64]
) -> tuple[Floats, npt.NDArray[np.float64]]:
    """Weights per feature, and what each example would score had it been left out (in closed form). One square matrix of
    the number of examples is held in memory, changed in place: 8,000 examples take 256 MB while it lasts."""
    from scipy.linalg import lapack
    from scipy.sparse import diags

    scaled = diags(root.astype(np.float32)) @ matrix
    gram = np.asfortranarray((scaled @ scaled.T).toarray())
    gram[np.diag_indices_from(gram)] += RIDGE
    factor, problem = lapack.spotrf(gram, lower=1, overwrite_a=1)
    if problem:
        raise ValueError(f"The examples can't be fitted ({problem}).")
    dual, _ = lapack.spotrs(factor, np.asfortranarray(targets * root[:, None], np.float32), lower=1)
    inverse, _ = lapack.strtri(factor, lower=1, overwrite_c=1)
    diagonal = np.array([column @ column for column in (inverse[at:, at] for at in range(len(root)))])
    left_out = targets - dual / diagonal[:, None] / root[:, None]
    return np.asarray(matrix.T @ (dual * root[:, None].astype(np.float32)), np.float32), left_out


def _sharpness(scores: npt.NDArray[np.float64], truth: npt.NDArray[np.int_]) -> float:
    """The factor that makes the left-out scores into chances that come true as often as they say (least log loss)."""
    best, least = 1.0, math.inf
    for factor in np.geomspace(1, 60, 40):
        scaled = scores * factor
        top = scaled.max(axis=1)
        loss = float(
            np.mean(top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - scaled[np.arange(len(truth)), truth])
        )
        if loss < least:
            best, least = float(factor), loss
    return best
