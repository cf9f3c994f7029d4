"""What the page's buttons do, and what each panel is told; the work itself is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from app.page.api import view_of
from app.page.cards import export
from app.page.history import Entry, History
from app.page.jobs import Job, Jobs
from app.page.lights import lights
from app.page.recipe import Recipe
from motion.core.errors import MotionError

#: Seconds between two words about progress.
TELL = 0.3

#: Everything a running order changes: progress, both buttons, viewer, report, export, history.
Told = tuple[Any, ...]

Value = dict[str, Any]


class Actions:
    """The functions behind one page."""

    model = "stride-nc"
    licence = "weights for non-commercial use (CC BY-NC 4.0)"

    def __init__(self, history: History, jobs: Jobs) -> None:
        self.history = history
        self.jobs = jobs

    def generate(self, recipe: Any) -> Iterator[Told]:
        """Order what the panel holds, and tell how far it is until it is done."""
        try:
            wanted = Recipe.from_json(recipe)
            wanted.check()
            job = self.jobs.submit(wanted)
        except MotionError as error:
            yield self._running({"state": "failed", "message": str(error)}, False)
            return
        yield from self.told(job)

    def resume(self, event: gr.EventData) -> Iterator[Told]:
        """Take up an order again that was running when the page was left."""
        job = self.jobs.get(str(event.job))
        if job is None:
            yield self._running({"state": "failed", "message": "The studio was restarted; generate again."}, False)
        else:
            yield from self.told(job)

    def told(self, job: Job) -> Iterator[Told]:
        """How far an order is, again and again; in the end what came of it."""
        while not job.ended.wait(TELL):
            yield self._running(self.jobs.told(job), True)
        told = self.jobs.told(job)
        if job.result is None:
            yield self._running(told, False)
            return
        entry = self.history.entry(job.result)
        report = entry.result.report
        told |= {"known": list(entry.result.known), "far": bool(report.get("far_from_training"))}
        yield (*self._running(told, False)[:3], *self._shown(entry))

    def cancel(self, progress: Any) -> None:
        """Take the order back that the progress tells of."""
        if isinstance(progress, Mapping):
            self.jobs.cancel(str(progress.get("job")))

    def open(self, event: gr.EventData) -> Told:
        """Show a result again; without a name, or where it is gone, the newest."""
        for name in (str(event.name), *self.history.names()[:1]):
            try:
                return self._shown(self.history.entry(name))
            except MotionError:
                continue
        return gr.skip(), gr.skip(), gr.skip(), self._past(None)

    def pick(self, event: gr.EventData) -> Told:
        """Another of the clips side by side is the one meant."""
        entry = self.history.pick(str(event.name), int(event.number))
        return self._report(entry), self._export(entry)

    def star(self, past: Any, event: gr.EventData) -> Value:
        """Give or take a star."""
        self.history.star(str(event.name), bool(event.star))
        return self._past((past or {}).get("current"))

    def remove(self, past: Any, event: gr.EventData) -> Value:
        """Forget a result."""
        self.history.remove(str(event.name))
        return self._past((past or {}).get("current"))

    def export(self, before: Any, event: gr.EventData) -> Value:
        """Write a clip for a tool; the panel keeps what was written before."""
        name, number, card = str(event.name), int(event.number), str(event.card)
        try:
            done = self.export_clip(name, number, card)
        except MotionError as error:
            done = {"error": str(error)}
        return {**before, "done": {**(before.get("done") or {}), card: done}}

    def generate_clip(self, recipe: dict) -> dict:
        """For programs: a recipe in, the result out, as the HTTP interface has them."""
        job = self.jobs.submit(Recipe.from_json(recipe))
        job.ended.wait()
        if job.result is None:
            raise gr.Error(job.message or "cancelled", print_exception=False)
        return self.history.entry(job.result).to_json()

    def export_clip(self, name: str, number: int, card: str) -> dict:
        """For programs: write a clip of a result as a card says; ``url`` is where the file is."""
        done = export(self.history, name, number, card)
        return {**done, "url": f"/studio/api/results/{name}/files/{done['file']}"}

    def _running(self, told: Value, running: bool) -> Told:
        generate = gr.update(interactive=not running, value="Generating …" if running else "Generate")
        return told, generate, gr.update(visible=running), *(gr.skip() for _ in range(4))

    def _shown(self, entry: Entry) -> Told:
        return view_of(self.history, entry.name), self._report(entry), self._export(entry), self._past(entry.name)

    def _report(self, entry: Entry) -> Value:
        result, take = entry.result, f" · take {entry.picked + 1}" if len(entry.result.samples) > 1 else ""
        seconds = sum(result.seconds.values())
        facts = f"{result.duration_s:.2f} s at {result.fps:g} fps · seed {result.seed}{take} · made in {seconds:.1f} s"
        return {"title": entry.recipe.title, "facts": facts, "lights": lights(result.samples[entry.picked].report)}

    def _export(self, entry: Entry) -> Value:
        return {"name": entry.name, "number": entry.picked, "done": {}}

    def _past(self, current: str | None) -> Value:
        entries = [
            {
                "name": entry.name, "title": entry.recipe.title, "star": entry.star, "recipe": entry.recipe.to_json(),
                "about": about(entry),
            }
            for entry in self.history.entries()
        ]  # fmt: skip
        return {"entries": entries, "current": current}


def about(entry: Entry) -> str:
    """A few figures under a thumbnail."""
    takes = len(entry.result.samples)
    return f"{entry.result.duration_s:.1f} s" + (f" · {takes} takes" if takes > 1 else "")
