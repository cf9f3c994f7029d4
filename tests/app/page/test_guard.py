"""The guard: localhost only, no foreign pages, a password where there is one, nothing huge."""

from __future__ import annotations

import base64

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.page.guard import MAX_BODY, Guard

HERE = "http://localhost:7860"


def client(**options: object) -> TestClient:
    app = FastAPI(docs_url=None, redoc_url=None)

    @app.post("/studio/echo")
    @app.get("/")
    def echo() -> str:
        return "here"

    return TestClient(Guard(app, **options), base_url=HERE)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_this_machine_is_answered(host: str) -> None:
    assert client().get("/", headers={"host": host}).text == '"here"'


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:7860", ""])
def test_other_names_for_this_machine_are_not(host: str) -> None:
    assert client().get("/", headers={"host": host}).status_code == 403
    assert client(local=False).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "code"), [(HERE, 200), ("http://evil.example", 403), ("http://localhost:9999", 403), ("null", 403)]
)
def test_other_pages_cannot_order(origin: str, code: int) -> None:
    assert client().post("/studio/echo", headers={"origin": origin}).status_code == code


def test_the_password() -> None:
    locked = client(password="pass:wört")
    assert locked.get("/").status_code == 401 and "Basic" in locked.get("/").headers["www-authenticate"]
    for given, code in (("pass:wört", 200), ("wrong", 401), ("", 401)):
        word = base64.b64encode(f"anyone:{given}".encode()).decode()
        assert locked.get("/", headers={"authorization": f"Basic {word}"}).status_code == code
    assert locked.get("/", headers={"authorization": "Basic ???"}).status_code == 401


def test_nothing_huge_and_nothing_from_elsewhere() -> None:
    assert client().post("/studio/echo", content=b"x" * (MAX_BODY + 1)).status_code == 413
    policy = client().get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy and "http" not in policy
