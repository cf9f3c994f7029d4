"""The words that a user taught, each in a file of one folder: listed, read, added and removed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from motion.core.errors import BadFile, UnknownName
from motion.formats.atomic import write_bytes
from motion.generation.checkpoint import Generator
from motion.generation.taught_word import TaughtWord, checked_name, read_word
from motion.resources import user_folder

SUFFIX = ".safetensors"


@dataclass(frozen=True)
class Vocabulary:
    """The words in a folder, which need not exist yet."""

    folder: Path

    @classmethod
    def of_user(cls) -> Vocabulary:
        """That of whoever runs this."""
        return cls(user_folder() / "words")

    def names(self) -> tuple[str, ...]:
        """Of all words, in order."""
        return tuple(sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if not path.name.startswith(".")))

    def read(self, name: str) -> TaughtWord:
        """A word; raises ``UnknownName`` where there is none of that name, and ``BadFile``."""
        names = self.names()
        if name.lower() not in names:
            raise UnknownName("taught word", name, names)
        word = read_word(self._path(name.lower()))
        if word.name != name.lower():
            raise BadFile(self._path(name.lower()), f"holds the word {word.name!r}, not the one its name says")
        return word

    def add(self, word: TaughtWord) -> Path:
        """Keep a word, in place of one of the same name; returns its file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadFile(self.folder, f"cannot be made: {error.strerror or error}") from error
        return write_bytes(self._path(word.name), word.to_bytes())

    def remove(self, name: str) -> Path:
        """Forget a word; returns the file that is gone. Raises ``UnknownName``."""
        if name.lower() not in self.names():
            raise UnknownName("taught word", name, self.names())
        path = self._path(name.lower())
        try:
            os.unlink(path)
        except OSError as error:
            raise BadFile(path, f"cannot be removed: {error.strerror or error}") from error
        return path

    def said_in(self, prompts: Sequence[str]) -> tuple[TaughtWord, ...]:
        """The words that any of the prompts say; a file is read only where its name may be said."""
        low = " ".join(prompts).lower()
        words = (self.read(name) for name in self.names() if name in low)
        return tuple(word for word in words if any(word.said_in(prompt) for prompt in prompts))

    def _path(self, name: str) -> Path:
        return self.folder / f"{checked_name(name)}{SUFFIX}"


def with_words(generator: Generator, words: Sequence[TaughtWord]) -> Generator:
    """The model with words beside; raises ``BadInput`` for one that it was not taught."""
    if not words:
        return generator
    for word in words:
        word.lesson_of(generator.info)
    known = generator.known and generator.known.with_phrases([word.name for word in words])
    return replace(generator, words=tuple(words), known=known)
