"""The studio page: a server of our own with Gradio inside, its history on disk, and the viewer in ``static/``.

``command.py`` starts it, ``server.py`` puts it together, ``layout.py`` is what Gradio shows. The modules without Gradio
(recipes, jobs, history, report, exports, HTTP) work alone and hold what the page does.
"""
