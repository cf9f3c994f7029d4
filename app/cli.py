"""The command line: parse, call, print. Heavy imports happen inside the command that needs them.

Exit codes: 0 done, 2 bad input (one line on stderr says what is wrong), 130 interrupted, 1 a fault of ours.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from app import VERSION, arguments, forecast_arguments, page_arguments, scene_arguments, terminal
from app.batch import arguments as batch_arguments


@dataclass(frozen=True)
class Command:
    """One row of the table: what ``--help`` says, how its arguments are declared, who runs it.

    ``run`` names a function of ``app.commands``, or of another module of ``app`` as ``module:function``:
    ``run(options) -> dict`` of what ``--json`` prints.
    """

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: str


COMMANDS: dict[str, Command] = {
    "generate": Command("make a clip from a sentence", arguments.generate, "generate"),
    "teach": Command("learn a new word from a few clips, for use in prompts", arguments.teach, "teach"),
    "convert": Command("read a clip from one file format and write another", arguments.convert, "convert"),
    "check": Command("read an exported file back and report every conformance item", arguments.check, "check"),
    "batch": Command(
        "make a data set of many clips, from a file of requests", batch_arguments.batch, "batch.command:batch"
    ),
    "rig": Command("say which bone of your own character is which", arguments.rig, "characters:rig"),
    "scene": Command("say what is understood of a mesh as a place", scene_arguments.scene, "scene_commands:scene"),
    "plan": Command("plan a route through a scene", scene_arguments.plan, "scene_commands:plan"),
    "forecast": Command("say where people walk next", forecast_arguments.forecast, "forecast:forecast"),
    "studio": Command(
        "open the studio page: make, direct, look at and export clips", page_arguments.studio, "page.command:studio"
    ),
    "data": Command("build recorded motion into a training set", arguments.data, "data_build"),
    "train": Command("train a generator; stop and resume as often as you like", arguments.train, "train"),
    "evaluate": Command("judge a model: a table of its motion beside real motion", arguments.evaluate, "evaluate"),
    "bench": Command("compare with baselines and time it, in one run", arguments.bench, "bench"),
}


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def build_parser(table: Mapping[str, Command] = COMMANDS) -> argparse.ArgumentParser:
    """The whole grammar of ``stride``."""
    parser = OneLineParser(prog="stride", description="A studio for human motion.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"stride {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=OneLineParser)
    for name, command in table.items():
        one = commands.add_parser(name, help=command.help, description=command.help, allow_abbrev=False)
        command.declare(one)
        one.set_defaults(run=command.run)
    return parser


def main(words: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    line = "\rstride: %(message)s" if sys.stderr.isatty() else "stride: %(message)s"  # over the line of progress
    logging.basicConfig(stream=sys.stderr, format=line, level=logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that half-written files are removed on the way out
    intruder = foreign_package()
    if intruder:
        return terminal.fail(intruder)
    options = build_parser().parse_args(words)
    try:
        answer = run(options)
    except KeyboardInterrupt:
        return terminal.fail("interrupted", code=130)
    except Exception as error:
        if options.debug:
            traceback.print_exc()
        return explain(error)
    if options.json:
        sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
    return terminal.fail("not everything is as it should be") if answer.get("ok") is False else 0


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Call the command's function."""
    module, _, function = options.run.rpartition(":")
    commands = importlib.import_module(f"app.{module or 'commands'}")
    answer: dict[str, Any] = getattr(commands, function)(options)
    return answer


def explain(error: Exception) -> int:
    """Say in one line what went wrong; the exit code that goes with it."""
    from motion.core.errors import MotionError
    from motion.core.progress import Cancelled

    if isinstance(error, Cancelled):
        return terminal.fail("interrupted", code=130)
    if isinstance(error, MotionError):
        return terminal.fail(str(error))
    kind = type(error).__name__
    return terminal.fail(f"unexpected {kind}: {error} (--debug shows where)", code=1)


def foreign_package() -> str | None:
    """What to say when another distribution has put its own ``motion``, ``scenes`` or ``app`` over ours.

    PyPI has such distributions, and pip overwrites silently. Looked at, not imported: nobody knows what it would run.
    """
    for name in ("motion", "scenes", "app"):
        spec = find_spec(name)
        file = Path(spec.origin) if spec and spec.origin else None
        if file is None or 'DISTRIBUTION = "stride-studio"' not in file.read_text(encoding="utf-8", errors="replace"):
            return f"the package {name!r} of Stride is {culprit(name, file)}"
    return None


def culprit(name: str, file: Path | None) -> str:
    """Whose package ``name`` is instead of ours, and how to repair it."""
    from importlib import metadata  # slow to load, and seldom needed

    others = sorted(set(metadata.packages_distributions().get(name, [])) - {"stride-studio"})
    install = "pip install --force-reinstall --no-deps stride-studio (or from its folder: .)"
    if others:
        return f"hidden by {' and '.join(others)}; repair: pip uninstall {' '.join(others)}, then {install}"
    return f"hidden by {file.parent}; remove or rename that folder" if file else f"damaged; repair: {install}"
