"""What ``stride studio`` takes. Standard library only: ``stride --help`` is instant."""

from __future__ import annotations

import argparse

from app.arguments import common


def studio(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=7860, metavar="N", help="where (default 7860; 0: any free one)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS",
        help="who may reach it: this machine alone (default), or an address others see, which needs a password",
    )  # fmt: skip
    parser.add_argument(
        "--password", metavar="WORD", help="asked for by the browser; STRIDE_PASSWORD does the same unseen by others"
    )
    common(parser)
