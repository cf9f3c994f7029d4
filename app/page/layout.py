"""What Gradio shows: panels of our own around the viewer, and what happens when something in them is clicked."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr
from fastapi import FastAPI

from app.page.actions import Actions
from app.page.cards import cards
from app.page.examples import EXAMPLES
from app.page.history import History
from app.page.jobs import Jobs

HEAD = """
<link rel="stylesheet" href="/studio/static/theme.css">
<link rel="stylesheet" href="/studio/static/page.css">
<script>document.title = "Stride"</script>
"""

#: Bytes of an upload.
MAX_UPLOAD = "50mb"


def mount(app: FastAPI, history: History, jobs: Jobs) -> None:
    """Put the page at the root of a server that has our addresses already."""
    fonts = ["ui-sans-serif", "system-ui", "sans-serif"]
    gr.mount_gradio_app(
        app, build(Actions(history, jobs)), path="/", head=HEAD, footer_links=[], ssr_mode=False, show_error=True,
        max_file_size=MAX_UPLOAD, theme=gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"]),
    )  # fmt: skip


def build(actions: Actions) -> gr.Blocks:
    """The page."""
    with gr.Blocks(title="Stride", analytics_enabled=False, fill_width=True) as page:
        panel("header", model=actions.model, licence=actions.licence)
        with gr.Row(elem_id="studio"):
            with gr.Column(elem_id="left"):
                with gr.Tabs(elem_id="left-tabs"):
                    with gr.Tab("Create"):
                        recipe = panel("create", examples=list(EXAMPLES))
                    with gr.Tab("Direct", render_children=True):
                        panel("direct")
                with gr.Column(elem_id="run"):
                    progress = panel("progress", "resume")
                    with gr.Row():
                        generate = gr.Button("Generate", variant="primary", elem_id="generate")
                        cancel = gr.Button("Cancel", elem_id="cancel", visible=False)
            with gr.Column(elem_id="middle"):
                view = panel("view", "pick", body='<iframe title="The clip" allow="fullscreen"></iframe>')
            with gr.Column(elem_id="right"), gr.Tabs(elem_id="right-tabs"):
                with gr.Tab("Report"):
                    report = panel("report")
                with gr.Tab("Export", render_children=True):
                    export = panel("export", "export", cards=cards())
        past = panel("history", "open", "star", "remove")

        shown = [view, report, export, past]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        running = {**quiet, "concurrency_limit": None}
        outputs = [progress, generate, cancel, *shown]
        generate.click(actions.generate, recipe, outputs, trigger_mode="once", **running)
        progress.resume(actions.resume, None, outputs, **running)
        cancel.click(actions.cancel, progress, None, **quiet)
        view.pick(actions.pick, None, [report, export], **quiet)
        past.open(actions.open, None, shown, **quiet)
        past.star(actions.star, past, past, **quiet)
        past.remove(actions.remove, past, past, **quiet)
        export.export(actions.export, export, export, **quiet)
        gr.api(actions.generate_clip, api_name="generate")
        gr.api(actions.export_clip, api_name="export")
    page.queue(max_size=64)
    return page


def panel(name: str, *events: str, body: str = "", **given: Any) -> gr.HTML:
    """A panel of ours, drawn by ``static/panels/<name>.js``.

    Args:
        name: of the module, and the element's id.
        events: what the panel may tell.
        body: what is in it before it is drawn.
        given: what it is given once; properties of a component are lost when it changes before its tab is opened.
    """
    script = (
        f"const events = {list(events)!r}, given = {json.dumps(given)}; import('/studio/static/panels/{name}.js')"
        ".then((panel) => panel.mount({ element, props, trigger, watch, given }));"
    )
    return gr.HTML(
        value=None, html_template=f'<div class="s-root">{body}</div>', js_on_load=script, elem_id=name,
        apply_default_css=False,
    )  # fmt: skip
