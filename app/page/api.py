"""The page's HTTP interface, below ``/studio``: orders, results, files; described at ``/studio/api/openapi.json``."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from app.page.cards import cards, export
from app.page.history import History, clip_file
from app.page.jobs import Busy, Job, Jobs
from app.page.lights import lights
from app.page.recipe import Recipe
from app.page.web import STATIC, three_folder
from motion.core.errors import BadInput, MotionError

for _type, _suffix in (("model/gltf-binary", ".glb"), ("application/octet-stream", ".fbx"), ("text/plain", ".bvh")):
    mimetypes.add_type(_type, _suffix)

Json = Annotated[dict[str, Any], Body()]


def add_api(app: FastAPI, history: History, jobs: Jobs) -> None:
    """Routes, files and the words for errors."""
    app.include_router(_orders(jobs), prefix="/studio/api", tags=["orders"])
    app.include_router(_results(history), prefix="/studio/api", tags=["results"])
    app.mount("/studio/three", StaticFiles(directory=three_folder()), name="three")
    app.mount("/studio/static", StaticFiles(directory=STATIC), name="static")

    @app.get("/studio/viewer", include_in_schema=False)
    def viewer() -> FileResponse:
        return FileResponse(STATIC / "viewer.html")

    @app.exception_handler(MotionError)
    def refused(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 429 if isinstance(error, Busy) else 400)


def _orders(jobs: Jobs) -> APIRouter:
    routes = APIRouter()

    def of(name: str) -> Job:
        job = jobs.get(name)
        if job is None:
            raise BadInput(f"there is no order {name[:40]!r}")
        return job

    @routes.post("/jobs", status_code=202)
    def order(recipe: Json) -> dict[str, Any]:
        """Order a recipe: {"prompts": [{"text", "seconds"}], "seed", "variations", "speed", "steps", "path", ...}."""
        wanted = Recipe.from_json(recipe)
        wanted.check()
        return jobs.told(jobs.submit(wanted))

    @routes.get("/jobs/{job}")
    def state(job: str) -> dict[str, Any]:
        """How far an order is; ``result`` names what came of it."""
        return jobs.told(of(job))

    @routes.delete("/jobs/{job}")
    def cancel(job: str) -> dict[str, Any]:
        """Take an order back."""
        jobs.cancel(of(job).name)
        return jobs.told(of(job))

    return routes


def _results(history: History) -> APIRouter:
    routes = APIRouter()

    @routes.get("/results")
    def results() -> list[dict[str, Any]]:
        """The newest results, each with its recipe."""
        return [entry.to_json() for entry in history.entries()]

    @routes.get("/results/{name}")
    def result(name: str) -> dict[str, Any]:
        """A result, its recipe and numbers; ``view`` is what the viewer needs."""
        return {**history.entry(name).to_json(), "view": view_of(history, name)}

    @routes.delete("/results/{name}")
    def remove(name: str) -> dict[str, str]:
        """Forget a result and its files."""
        history.remove(name)
        return {"removed": name}

    @routes.get("/results/{name}/clips/{number}.glb")
    def clip(name: str, number: int) -> FileResponse:
        """The skinned clip."""
        return _sent(history, name, clip_file(history.entry(name).result, number, ".glb"), show=True)

    @routes.get("/results/{name}/clips/{number}.json")
    def facts(name: str, number: int) -> dict[str, Any]:
        """The way over the ground, its speed, where feet stand, and the traffic lights."""
        samples = history.entry(name).result.samples
        clip_file(history.entry(name).result, number, ".glb")
        return {**history.facts(name, number), "lights": lights(samples[number].report)}

    @routes.get("/results/{name}/thumbnail.png", include_in_schema=False)
    def thumbnail(name: str) -> FileResponse:
        return _sent(history, name, "thumbnail.png", show=True)

    @routes.get("/cards")
    def ways_out() -> list[dict[str, Any]]:
        """What a result can be exported for."""
        return cards()

    @routes.post("/results/{name}/exports")
    def write(name: str, wanted: Json) -> dict[str, Any]:
        """Write {"card": NAME, "clip": NUMBER}; tells the file and what reading it back said."""
        return export(history, name, _number(wanted), str(wanted.get("card", "")))

    @routes.get("/results/{name}/files/{file}")
    def download(name: str, file: str) -> FileResponse:
        """A file that was exported."""
        return _sent(history, name, file)

    return routes


def view_of(history: History, name: str) -> dict[str, Any]:
    """What the viewer shows of a result."""
    entry = history.entry(name)
    base = f"/studio/api/results/{name}"
    clips = [
        {"glb": f"{base}/clips/{number}.glb", "facts": f"{base}/clips/{number}.json"}
        for number in range(len(entry.result.samples))
    ]
    return {"name": name, "title": entry.recipe.title, "clips": clips, "picked": entry.picked}


def _number(wanted: Mapping[str, Any]) -> int:
    number = wanted.get("clip", 0)
    if isinstance(number, bool) or not isinstance(number, int):
        raise BadInput(f"clip must be a whole number, got {number!r:.60}")
    return number


def _sent(history: History, name: str, file: str, show: bool = False) -> FileResponse:
    path = history.file(name, file)
    if not path.is_file():
        raise BadInput(f"the result has no file {file[:80]!r}; export it first")
    headers = {"Cache-Control": "private, max-age=86400"} if show else None
    return FileResponse(path, filename=None if show else path.name, headers=headers)
