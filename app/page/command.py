"""``stride studio``: the page on this machine."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from typing import Any

from app.page.guard import LOOPBACK
from app.page.web import three_folder
from app.terminal import answer
from motion.core.errors import BadInput

#: Nothing is told to anybody; must be said before Gradio is imported.
SILENT = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def studio(options: argparse.Namespace) -> dict[str, Any]:
    """Serve until interrupted."""
    password = options.password or os.environ.get("STRIDE_PASSWORD") or None
    if options.host not in LOOPBACK and password is None:
        raise BadInput(f"whoever reaches {options.host} could use the page; give a --password, or leave --host out")
    three_folder()
    os.environ.update(SILENT)
    listening = bound(options.host, options.port)
    import uvicorn

    from app.page.server import create_app

    app = create_app(local=options.host in LOOPBACK, password=password, warm=True)
    port = listening.getsockname()[1]
    url = f"http://{'localhost' if options.host in LOOPBACK else options.host}:{port}"
    if not options.json:
        answer(f"{url}  (Ctrl+C ends it)")
        sys.stdout.flush()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    server.run(sockets=[listening])
    return {"url": url}


def bound(host: str, port: int) -> socket.socket:
    """A socket on that port; raises ``BadInput`` when somebody else has it."""
    if not 0 <= port <= 65535:
        raise BadInput(f"a port is 0 to 65535, got {port}; 7860 is usual, 0 takes any that is free")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BadInput(f"port {port} of {host} cannot be had ({error.strerror}); try another --port, or 0") from None
    return listening
