# SPDX-License-Identifier: GPL-2.0-or-later
"""The set-up on a machine where nothing can be installed, and commands that are not known."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

COMMANDS = (
    *("bash", "cat", "cut", "dirname", "env", "flock", "grep", "id"),
    *("ln", "mkdir", "printf", "pwd", "rm", "sha256sum", "tee", "awk"),
)


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH with the shell's everyday commands, and neither QGIS nor apt nor sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for command in COMMANDS:
        if found := shutil.which(command):
            (folder / command).symlink_to(found)
    return str(folder)


def run(script: Path, *arguments: str, path: str, environment: Path) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PATH": path, "YOCHI_ENVIRONMENT": str(environment)}
    command = [shutil.which("bash"), str(script), *arguments]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", ["setup.sh", "demo.sh", "test.sh"])
def test_where_nothing_can_be_installed_it_says_what_is_needed(root, tmp_path, bare_path, name) -> None:
    result = run(root / "scripts" / name, path=bare_path, environment=tmp_path / "環境 env")
    assert result.returncode == 1
    assert "please have this installed" in result.stderr
    for needed in ("QGIS 3.40", "python3-venv", "fonts-noto-cjk", "bookworm-backports"):
        assert needed in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1 and not result.stdout


def test_an_unknown_command_gets_the_usage(root, tmp_path, bare_path) -> None:
    result = run(root / "scripts" / "run.sh", path=bare_path, environment=tmp_path)
    assert result.returncode == 2 and result.stderr.startswith(
        "usage: scripts/run.sh {qgis|qgis_process|python|pytest}"
    )


def test_scripts_are_sound_shell(root) -> None:
    for script in [*sorted((root / "scripts").glob("*.sh")), root / ".ci" / "run"]:
        assert os.access(script, os.X_OK), script
        subprocess.run(["bash", "-n", str(script)], check=True)
