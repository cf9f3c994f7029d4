"""The documents tell the truth: commands parse, links lead somewhere, tables list what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from app.cli import build_parser
from motion.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(ROOT.glob("*.md"))


def commands(document: Path) -> list[str]:
    """Every line of a shell block that calls stride."""
    blocks = re.findall(r"```sh\n(.*?)```", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.removeprefix("./") for line in "".join(blocks).splitlines() if re.match(r"(\./)?stride ", line)]


@pytest.mark.parametrize("line", [line for document in DOCUMENTS for line in commands(document)])
def test_commands_in_the_documents_parse(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]
    if words[0] == "test":  # the bootstrap's own
        assert "!= test" in (ROOT / "stride").read_text(encoding="utf-8")
        return
    assert build_parser().parse_args(words).command == words[0]


def test_the_readme_names_the_pinned_pytorch() -> None:
    (pin,) = re.findall(r"^torch==.*$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert f"`{pin}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_starts_with_two_commands() -> None:
    assert commands(ROOT / "README.md")[:2] == [
        'stride generate "a person walks forward and waves" --out clip.glb', "stride test",
    ]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_table_of_formats_is_that_of_the_code() -> None:
    rows = re.findall(
        r"^\| `(\.\w+)` \|[^|]*\| (\w+) \| (\w+) \|$", (ROOT / "README.md").read_text(), flags=re.MULTILINE
    )
    expected = [(suffix, "yes" if entry.read else "no", "yes") for suffix, entry in FORMATS.items()]
    assert sorted(rows) == sorted(expected)


def test_the_map_names_every_package() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for top in ("motion", "scenes", "app"):
        folders = [path.parent.name for path in (ROOT / top).glob("*/__init__.py")]
        missing = [name for name in [top, *folders] if f"{name}/" not in text]
        assert not missing, f"ARCHITECTURE.md does not name {missing}"
