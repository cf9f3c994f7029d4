"""The words that a user taught, each in a file of one folder: listed, read, added and removed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from motion.core.errors import BadFile, UnknownName
from motion.formats.atomic import write_bytes
from motion.generation.checkpoint import Generator
from motion.generation.naming import NAME, checked_name, said
from motion.generation.taught_word import TaughtWord, read_word
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
        return tuple(sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if NAME.fullmatch(path.stem)))

    def read(self, name: str) -> TaughtWord:
        """A word; raises ``UnknownName`` where there is none of that name, and ``BadFile``."""
        path = self._found(name)
        word = read_word(path)
        if word.name != path.stem:
            raise BadFile(path, f"holds the word {word.name!r}, not the one its name says")
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
        path = self._found(name)
        try:
            os.unlink(path)
        except OSError as error:
            raise BadFile(path, f"cannot be removed: {error.strerror or error}") from error
        return path

    def said_in(self, prompts: Sequence[str]) -> tuple[TaughtWord, ...]:
        """The words that any of the prompts say; no other file is read."""
        names = (name for name in self.names() if any(said(name).search(prompt) for prompt in prompts))
        return tuple(self.read(name) for name in names)

    def _path(self, name: str) -> Path:
        return self.folder / f"{checked_name(name)}{SUFFIX}"

    def _found(self, name: str) -> Path:
        path, names = self._path(name), self.names()
        if path.stem not in names:
            raise UnknownName("taught word", name, names)
        return path


def with_words(generator: Generator, words: Sequence[TaughtWord]) -> Generator:
    """The model with words beside; raises ``BadInput`` for one that it was not taught."""
    if not words:
        return generator
    for word in words:
        word.lesson_of(generator.info)
    known = generator.known and generator.known.with_words([word.name for word in words])
    return replace(generator, words=tuple(words), known=known)
