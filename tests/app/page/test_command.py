"""``stride studio``: what is refused before anything is loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from app.cli import build_parser, main
from app.page import web
from app.page.command import bound
from motion.core.errors import BadInput, MotionError


def test_others_need_a_password(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STRIDE_PASSWORD", raising=False)
    assert main(["studio", "--host", "0.0.0.0"]) == 2
    assert "--password" in capsys.readouterr().err


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port} .*another --port"):
            bound("127.0.0.1", port)
    with pytest.raises(BadInput, match="0 to 65535"):
        bound("127.0.0.1", 70_000)
    free = bound("127.0.0.1", 0)
    assert free.getsockname()[1] > 0
    free.close()


def test_without_three_js_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(web, "STATIC", tmp_path / "a" / "b" / "c")
    with pytest.raises(MotionError, match=f"npm install --prefix {tmp_path}/stride-web .*three@"):
        web.three_folder()
    module = tmp_path / "stride-web" / "node_modules" / "three" / "build" / "three.module.js"
    module.parent.mkdir(parents=True)
    module.touch()
    assert web.three_folder() == module.parents[1]


def test_the_usual_port() -> None:
    options = build_parser().parse_args(["studio"])
    assert (options.port, options.host, options.password) == (7860, "127.0.0.1", None)
