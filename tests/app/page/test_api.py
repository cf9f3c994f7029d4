"""The HTTP interface: order, ask, fetch, export, all without a browser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.page import api
from app.page.history import History
from app.page.jobs import Jobs
from app.page.server import worker
from motion.formats import load

WALK = {"prompts": [{"text": "a person walks", "seconds": 2}], "variations": 2, "seed": 5}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, walker: list[object]) -> TestClient:
    three = tmp_path / "three"
    three.mkdir()
    monkeypatch.setattr(api, "three_folder", lambda: three)
    history = History(tmp_path / "studio")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/studio/api/openapi.json")
    api.add_api(app, history, Jobs(worker(history)))
    return TestClient(app)


def ordered(client: TestClient) -> str:
    answer = client.post("/studio/api/jobs", json=WALK)
    assert answer.status_code == 202
    for _ in range(400):
        told = client.get(f"/studio/api/jobs/{answer.json()['job']}").json()
        if told["state"] not in ("waiting", "working"):
            break
        time.sleep(0.05)
    assert told["state"] == "done", told
    return str(told["result"])


def test_from_an_order_to_a_file(client: TestClient, tmp_path: Path) -> None:
    name = ordered(client)
    result = client.get(f"/studio/api/results/{name}").json()
    assert [len(result["view"]["clips"]), result["recipe"]["seed"]] == [2, 5]
    clip, facts = (client.get(result["view"]["clips"][1][kind]) for kind in ("glb", "facts"))
    (tmp_path / "back.glb").write_bytes(clip.content)
    assert load(tmp_path / "back.glb").num_frames == facts.json()["frames"] == result["result"]["frames"]
    assert {"Speed", "Duration"} <= {light["name"] for light in facts.json()["lights"]}
    done = client.post(f"/studio/api/results/{name}/exports", json={"card": "unity", "clip": 1}).json()
    file = client.get(f"/studio/api/results/{name}/files/{done['file']}")
    assert done["ok"] and len(file.content) == done["bytes"] and "attachment" in file.headers["content-disposition"]
    assert client.get(f"/studio/api/results/{name}/thumbnail.png").content[:4] == b"\x89PNG"
    assert [entry["name"] for entry in client.get("/studio/api/results").json()] == [name]
    assert client.delete(f"/studio/api/results/{name}").json() == {"removed": name}
    assert client.get("/studio/api/results").json() == []


def test_what_is_wrong_is_said(client: TestClient) -> None:
    for wrong, words in (({}, "say what the person does"), ({**WALK, "out": ["/tmp/x.glb"]}, "out"),
                         ({**WALK, "path": [[0, 0], [0, 0]]}, "path")):  # fmt: skip
        answer = client.post("/studio/api/jobs", json=wrong)
        assert answer.status_code == 400 and words in answer.json()["error"]
    for address in ("jobs/none", "results/none", "results/20260101-000000-abcdef/files/..%2fentry.json"):
        assert client.get(f"/studio/api/{address}").status_code in (400, 404)
    assert (
        client.post("/studio/api/jobs", content=b"[1", headers={"content-type": "application/json"}).status_code == 422
    )


def test_the_interface_describes_itself_and_asks_nobody_else(client: TestClient) -> None:
    told = client.get("/studio/api/openapi.json").json()
    assert {"/studio/api/jobs", "/studio/api/results/{name}/exports"} <= told["paths"].keys()
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404  # they would load from elsewhere


def test_no_page_of_ours_names_another_place() -> None:
    foreign = [
        (file.name, line)
        for file in api.STATIC.rglob("*")
        if file.suffix in (".html", ".js", ".css")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "://" in line
    ]
    assert foreign == []
