"""``stride teach``: learn a word from clips, list, remove, export and import words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motion.core.errors import BadInput
from motion.core.progress import Progress, silent
from motion.formats.atomic import require_place, write_bytes
from motion.resources import user_folder

if TYPE_CHECKING:
    from motion.generation.taught_word import TaughtWord

#: What may be done with a word instead of learning it, each an option.
OTHERWISE = ("list", "remove", "export_to", "import_from")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """What the options ask for; the object that ``--json`` prints."""
    from motion.generation.taught_word import read_word
    from motion.generation.vocabulary import Vocabulary

    _check(options)
    vocabulary = Vocabulary.of_user()
    if options.list:
        return {"words": [described(vocabulary.read(name)) for name in vocabulary.names()]}
    if options.import_from is not None:
        word = read_word(options.import_from)
        return {"word": described(word), "file": str(vocabulary.add(word))}
    if options.remove:
        return {"removed": (gone := vocabulary.remove(options.name)).stem, "file": str(gone)}
    if options.export_to is not None:
        word = vocabulary.read(options.name)
        require_place(options.export_to)
        return {"word": described(word), "file": str(write_bytes(options.export_to, word.to_bytes()))}
    word = learn(
        options.name, options.caption, options.clips, options.model, mirror=options.mirror, seed=options.seed,
        progress=options.progress,
    )  # fmt: skip
    return {
        "word": described(word),
        "known_before": known_before(word, options.model),
        "file": str(vocabulary.add(word)),
    }


def known_before(word: TaughtWord, model: str) -> str | None:
    """A phrase of the training recordings that says the word: prompts like it now mean what was taught."""
    from motion.generation import load_generator

    known = load_generator(model).known
    return next((text for text in known.texts if word.said_in(text)), None) if known else None


def _check(options: argparse.Namespace) -> None:
    """One thing at a time, and all that it needs."""
    asked = [name for name in OTHERWISE if getattr(options, name) not in (None, False)]
    learning = [name for name in ("clips", "caption") if getattr(options, name) is not None]
    if len(asked) > 1 or (asked and learning):
        raise BadInput("teach does one thing at a time: --clips with --caption, --list, --remove, --export or --import")
    named = options.name is not None
    if asked and named != (asked[0] in ("remove", "export_to")):
        needs = "no name, the file tells it" if asked[0] == "import_from" else "no name" if named else "the word's name"
        raise BadInput(f"teach --{asked[0].partition('_')[0]} needs {needs}")
    if not asked and (not named or len(learning) < 2):
        raise BadInput('a word is taught with: stride teach NAME --clips DIR --caption "what the person does"')


def learn(
    name: str,
    caption: str,
    folder: str,
    model: str,
    *,
    mirror: bool = False,
    seed: int = 0,
    progress: Progress = silent,
) -> TaughtWord:
    """A word learnt from the clips in a folder, for a model and for the teacher that stands in for it at many steps.

    Raises:
        MotionError: a name or caption that cannot be, a folder without clips, a clip that cannot be read.
    """
    from motion.datasets.own_clips import read_own_clips
    from motion.generation import load_generator
    from motion.generation.naming import checked_name
    from motion.generation.taught_word import checked_caption
    from motion.training.teaching import MOST, teach

    name, caption = checked_name(name), checked_caption(caption)
    generator = load_generator(model)
    clips = read_own_clips(folder, generator.skeleton, most=MOST)
    generators = [generator, *([load_generator(generator.teacher)] if generator.teacher else [])]
    return teach(name, caption, list(clips.values()), generators, mirror=mirror, seed=seed, progress=progress)


def described(word: TaughtWord) -> dict[str, Any]:
    """A word in plain data."""
    content = len(word.to_bytes())
    return {
        "name": word.name, "caption": word.caption, "seconds": word.seconds, "clips": word.clips,
        "models": sorted(word.lessons), "sha256": word.sha256, "bytes": content,
    }  # fmt: skip


def words_said(prompts: Sequence[str]) -> tuple[TaughtWord, ...]:
    """The user's words that any of the prompts say; where none was taught nothing heavy is loaded."""
    if not any(Path(user_folder() / "words").glob("*.safetensors")):
        return ()
    from motion.generation.vocabulary import Vocabulary

    return Vocabulary.of_user().said_in(prompts)
