"""Who may talk to the page: this machine's own browser, pages that came from here, and whoever knows the password."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")

#: Bytes that may be sent to our own addresses; recipes have a few thousand. Gradio has its own limit for uploads.
MAX_BODY = 1_000_000

#: The browser itself refuses to ask anybody else for anything. Gradio writes styles and functions into the page.
POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)


@dataclass
class Guard:
    """Wraps the whole server.

    Attributes:
        app: what is guarded.
        local: answer to names of this machine only: a page elsewhere whose name suddenly points here gets nothing.
        password: asked for by the browser when not None; the user's name does not matter.
    """

    app: ASGIApp
    local: bool = True
    password: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self.refusal(scope.get("method", "GET"), scope["path"], headers)
        if refusal is None:
            await self.app(scope, receive, lambda message: send(_with_policy(message)))
        elif scope["type"] == "http":
            code, text, more = refusal
            await PlainTextResponse(text + "\n", code, more)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def refusal(self, method: str, path: str, headers: dict[str, str]) -> tuple[int, str, dict[str, str]] | None:
        """(status, message, headers) for who may not; None for who may."""
        host = headers.get("host", "")
        if self.local and _name_of(host) not in LOOPBACK:
            return 403, "this page answers to localhost only; start it with --host to open it to others", {}
        origin = headers.get("origin", "")
        if origin and origin != "null" and urlsplit(origin).netloc != host:
            return 403, "requests come from this page itself or from programs, not from other pages", {}
        if origin == "null" and method not in ("GET", "HEAD"):
            return 403, "requests come from this page itself or from programs, not from other pages", {}
        if self.password is not None and not _knows(headers.get("authorization", ""), self.password):
            return 401, "a password is needed", {"WWW-Authenticate": 'Basic realm="Stride", charset="UTF-8"'}
        length = headers.get("content-length", "0")
        if path.startswith("/studio/") and (not length.isdigit() or int(length) > MAX_BODY):
            return 413, f"at most {MAX_BODY} bytes are read", {}
        return None


def _name_of(host: str) -> str:
    """``localhost`` of ``localhost:7860``, ``::1`` of ``[::1]:7860``."""
    return urlsplit(f"//{host}").hostname or ""


def _knows(authorization: str, password: str) -> bool:
    kind, _, code = authorization.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        _, _, given = base64.b64decode(code, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return hmac.compare_digest(given.encode(), password.encode())


def _with_policy(message: Message) -> Message:
    if message["type"] == "http.response.start":
        headers = [*message.get("headers", ()), (b"content-security-policy", POLICY.encode())]
        return {**message, "headers": [*headers, (b"x-content-type-options", b"nosniff")]}
    return message
