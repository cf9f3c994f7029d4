"""The command line: parse, call, print. Heavy imports happen inside the command that needs them."""

from __future__ import annotations

import argparse
import sys
from importlib import metadata


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of ``stride``."""
    parser = argparse.ArgumentParser(prog="stride", description="A studio for human motion.")
    parser.add_argument("--version", action="version", version=f"stride {metadata.version('stride-studio')}")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    build_parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    return 0
