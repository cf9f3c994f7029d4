"""The server: our addresses below ``/studio``, Gradio's page at the root, one guard before both."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import VERSION
from app.page.api import add_api
from app.page.guard import Guard
from app.page.history import Entry, History
from app.page.jobs import Jobs, Work
from app.page.recipe import Recipe
from app.studio import make
from motion.core.progress import Progress
from motion.resources import user_folder

_LOG = logging.getLogger(__name__)


def create_app(
    folder: Path | None = None, *, local: bool = True, password: str | None = None, warm: bool = False
) -> ASGIApp:
    """The whole page.

    Args:
        folder: where results are kept; None: below the user's folder.
        local: whether it answers to names of this machine only.
        password: asked for when not None.
        warm: load the model in the background, so that the first clip does not wait for it.
    """
    history = History(folder or user_folder() / "studio")
    jobs = Jobs(worker(history))
    app = FastAPI(
        title="Stride", version=VERSION, docs_url=None, redoc_url=None, openapi_url="/studio/api/openapi.json"
    )
    add_api(app, history, jobs)
    from app.page.layout import mount  # Gradio takes seconds to import

    mount(app, history, jobs)
    if warm:
        threading.Thread(target=_warm, name="studio-warm", daemon=True).start()
    return Guard(app, local, password)


def worker(history: History) -> Work:
    """What is done with an order."""

    def work(recipe: Recipe, progress: Progress) -> Entry:
        return history.keep(recipe, lambda out: make(recipe.to_request(out), progress))

    return work


def _warm() -> None:
    """Load the weights and the encoder once; a fault shows again, and is told, when somebody orders."""
    try:
        from motion.generation import load_for_steps

        generator = load_for_steps("stride-nc", None)
        if generator.known is not None:
            generator.known.nearest("a person walks")
    except Exception:
        _LOG.exception("the model could not be loaded in advance")
