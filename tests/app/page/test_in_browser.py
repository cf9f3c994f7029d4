"""The page in a real browser, by real clicks; what is downloaded is read back.

One page for all tests, and a generator that only walks: they are about the page, in the order of a first visit.
"""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.page.history import History
from app.page.web import three_folder
from motion.core.errors import MotionError
from motion.formats import load

sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.slow

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]

#: ms; a machine that reckons three dimensions without a graphics card may be busy with other things.
PATIENCE = 240_000


@dataclass
class Studio:
    """A running server and a page that looks at it."""

    history: History
    address: str
    page: Any
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def viewer(self) -> Any:
        """The frame of the viewer, once it answers."""
        for _ in range(600):
            for frame in self.page.frames:
                if "/studio/viewer" in frame.url and frame.evaluate("Boolean(window.stride)"):
                    return frame
            self.page.wait_for_timeout(200)  # unlike a sleep, this hears of new frames
        raise AssertionError("the viewer did not start")

    def show(self) -> Any:
        """Wait for a person, and hold the clip still."""
        viewer = self.viewer()
        viewer.wait_for_function("stride.ready() > 0")
        viewer.evaluate("stride.player.play(false)")
        return viewer

    def at(self, x: float, z: float) -> tuple[float, float]:
        """The pixel of the page at which a place on the floor is seen."""
        box = self.page.locator("#view iframe").bounding_box()
        px, py = self.viewer().evaluate(f"stride.pixel({x}, {z})")
        return box["x"] + px, box["y"] + py

    def newest(self, count: int) -> Any:
        """The newest result, once there are so many."""
        for _ in range(1200):
            if len(self.history.names()) >= count:
                return self.history.entries()[0]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"there are {len(self.history.names())} results, not {count}")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, long_walker: list[Any]) -> Iterator[Studio]:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("needs Chromium")
    try:
        three_folder()
    except MotionError as error:
        pytest.skip(str(error))
    uvicorn = pytest.importorskip("uvicorn")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("GRADIO_ANALYTICS_ENABLED", "False"), ("HF_HUB_OFFLINE", "1")):
            patch.setenv(name, value)
        from app.page.server import create_app

        folder = tmp_path_factory.mktemp("studio")
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(create_app(folder), log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        with sync_api.sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS)
            page = chromium.new_page(viewport={"width": 1280, "height": 720}, accept_downloads=True)
            page.set_default_timeout(PATIENCE)
            here = Studio(History(folder), f"http://localhost:{listening.getsockname()[1]}", page)
            page.on("request", lambda request: here.asked.append(request.url))
            page.on("pageerror", lambda error: here.faults.append(str(error)))
            page.goto(here.address, wait_until="domcontentloaded")
            page.wait_for_selector("#create textarea")
            yield here
            chromium.close()
        server.should_exit = True
        thread.join(10)


def test_one_click_and_somebody_moves_exactly_as_the_clip_says(studio: Studio) -> None:
    studio.viewer()
    studio.page.click("#generate")
    entry = studio.newest(1)
    viewer = studio.show()
    clip = studio.history.clip(entry.name, 0)
    assert entry.recipe.title == studio.page.locator("#create textarea").input_value()
    for frame in (0, 37, clip.num_frames - 1):
        viewer.evaluate(f"stride.player.go({frame})")
        told = viewer.evaluate("stride.pose()")
        assert told["frame"] == frame and told["time"] == pytest.approx(frame / clip.fps)
        places = np.array([told["joints"][name] for name in clip.skeleton.joint_names])
        assert np.abs(places - clip.joint_positions()[frame]).max() < 1e-4
    studio.page.wait_for_selector("#report .s-lights li")
    assert "m/s" in studio.page.inner_text("#report")


def test_keys_step_and_play(studio: Studio) -> None:
    viewer = studio.show()
    viewer.focus("#canvas")
    viewer.evaluate("stride.player.go(10)")
    for key, frame in (("ArrowRight", 11), ("ArrowLeft", 10), ("Shift+ArrowRight", 20), ("Home", 0)):
        studio.page.keyboard.press(key)
        assert viewer.evaluate("stride.player.frame") == frame
    studio.page.keyboard.press("Space")
    assert viewer.evaluate("stride.player.playing")
    viewer.wait_for_function("stride.player.frame > 0")
    studio.page.keyboard.press("Space")
    assert not viewer.evaluate("stride.player.playing")


def test_an_export_is_downloaded_and_is_the_clip(studio: Studio, tmp_path: Path) -> None:
    studio.show()
    studio.page.get_by_role("tab", name="Export").click()
    studio.page.locator("[data-card=unreal] > button").click()
    link = studio.page.locator("[data-card=unreal] .s-done a")
    with studio.page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(tmp_path / "back.fbx")
    clip = studio.history.clip(studio.history.names()[0], 0)
    assert load(tmp_path / "back.fbx").num_frames == clip.num_frames
    assert "passed" in studio.page.inner_text("[data-card=unreal]")


def test_a_path_lands_where_it_is_clicked_and_is_walked(studio: Studio) -> None:
    page = studio.page
    page.get_by_role("tab", name="Direct").click()
    page.click("#draw-path")
    viewer = studio.viewer()
    viewer.wait_for_function("stride.waypoints.drawing")
    wanted = [(-1.0, 0.5), (0.5, 1.5), (1.5, 0.2)]
    for place in wanted:
        page.mouse.click(*studio.at(*place))
    page.mouse.move(*studio.at(0.5, 1.5))
    page.mouse.down()
    page.mouse.move(*studio.at(0.3, 1.2))
    page.mouse.move(*studio.at(0.2, 1.1))
    page.mouse.up()
    viewer.wait_for_function("stride.waypoints.held < 0")
    wanted[1] = (0.2, 1.1)
    page.wait_for_function("JSON.parse(localStorage.getItem('stride-recipe') ?? '{}').path?.length === 3")
    page.keyboard.press("Control+Enter")
    entry = studio.newest(2)
    assert np.abs(np.array(entry.recipe.path) - wanted).max() < 0.02


def test_takes_stand_side_by_side_and_a_click_picks_one(studio: Studio) -> None:
    page = studio.page
    page.get_by_role("tab", name="Create").click()
    page.get_by_role("button", name="2", exact=True).click()
    page.locator("#create textarea").fill("a person juggles")
    page.click("#generate")
    entry = studio.newest(3)
    viewer = studio.viewer()
    viewer.wait_for_function("stride.ready() === 2")
    viewer.evaluate("stride.player.play(false)")
    box = page.locator("#view iframe").bounding_box()
    where = (
        "const place = stride.cast.people[1].hips.matrixWorld.elements; stride.stage.pixelOf(...place.slice(12, 15))"
    )
    px, py = viewer.evaluate(f"(() => {{ {where.replace('; ', '; return ')} }})()")
    page.mouse.click(box["x"] + px, box["y"] + py)
    viewer.wait_for_function("stride.cast.picked === 1")
    page.wait_for_function("document.querySelector('#report')?.innerText.includes('take 2')")
    assert studio.history.entry(entry.name).picked == 1
    page.locator("#progress .s-chip").first.click()  # nothing like it was recorded: what is known instead
    assert page.locator("#create textarea").input_value() == "walking"


def test_nothing_is_lost_on_a_reload(studio: Studio) -> None:
    page = studio.page
    before = json.loads(page.evaluate("localStorage.getItem('stride-recipe')"))
    page.locator(".s-past").nth(1).wait_for()
    page.reload(wait_until="domcontentloaded")
    page.locator(".s-past").nth(1).wait_for()
    assert json.loads(page.evaluate("localStorage.getItem('stride-recipe')")) == before
    viewer = studio.show()
    assert viewer.evaluate("stride.waypoints.points") == before["path"]
    frames = studio.history.clip(studio.history.names()[0], 0).num_frames
    assert viewer.evaluate("stride.player.frames") == frames


def test_nothing_was_asked_of_anybody_else(studio: Studio) -> None:
    assert studio.asked
    assert [url for url in studio.asked if not url.startswith((studio.address, "data:", "blob:"))] == []
    assert studio.faults == []
