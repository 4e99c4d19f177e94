"""The project around the code: names users type, commands the README promises, pages that tell the truth."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

import renkei
from renkei.cli import COMMANDS, app

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
MODULES = sorted((ROOT / "src").rglob("*.py"))
OWN_TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".csv", ".html", ".j2", ".css", ".js", ".sh", ".json", ""}


def tracked() -> list[Path]:
    """All files of the project: what Git tracks or would, or everything but what tools leave behind."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    folders = ("src", "tests", "docs", "tools", "benchmarks", ".ci")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
    return [path for path in [*files, *ROOT.iterdir()] if path.is_file()]


def snippets(page: Path, language: str) -> list[str]:
    """Fenced blocks of a language on a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def command_lines(page: Path) -> list[str]:
    """Lines of a page's shell blocks that call renkei."""
    texts = [text for language in ("bash", "sh", "console") for text in snippets(page, language)]
    lines = [line.removeprefix("$ ") for text in texts for line in text.splitlines()]
    return [line for line in lines if line.startswith("renkei ")]


def test_what_users_type_in_python():
    runs = ["operating_curve", "run_floor", "simulate", "start_floor", "study"]
    assert renkei.__all__ == ["InputError", "RunError", "compare_floors", "load", "load_fab", *runs]
    assert dir(renkei) == sorted(["__version__", *renkei.__all__])
    importlib.import_module("renkei.simulate")
    for name in renkei.__all__:
        assert callable(getattr(renkei, name))
    with pytest.raises(renkei.InputError):
        renkei.load("no-such-alliance")
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        renkei.lode  # noqa: B018


def test_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == renkei.__version__


def test_every_module_says_what_it_is_for():
    silent = [str(path.relative_to(ROOT)) for path in MODULES if not is_described(path)]
    assert silent == []


def is_described(path: Path) -> bool:
    """A file with code in it begins with a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return not tree.body or bool(ast.get_docstring(tree))


def test_readme_names_only_targets_of_the_makefile():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:^ {4}|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"run", "test"} <= named <= targets


def test_links_between_pages_lead_somewhere():
    dead = [
        f"{page.name}: {link}"
        for page in PAGES
        for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not link.startswith("http") and not (page.parent / link).exists()
    ]
    assert dead == []


def test_readme_lists_every_page():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in ROOT.glob("docs/*.md") if f"docs/{page.name}" not in readme] == []


@pytest.mark.parametrize("page", [page for page in PAGES if snippets(page, "python")], ids=lambda page: page.name)
def test_python_on_pages_uses_what_there_is(page):
    for text in snippets(page, "python"):
        names = {
            node.attr
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "renkei"
        }
        assert names <= set(dir(renkei))


@pytest.mark.parametrize("page", [page for page in PAGES if command_lines(page)], ids=lambda page: page.name)
def test_commands_on_pages_have_these_options(page):
    for line in command_lines(page):
        words = shlex.split(line, comments=True)[1:]
        at = next((n for n, word in enumerate(words) if word.startswith("-")), len(words))
        depth = 2 if words[0] == "fab" else 1
        told = CliRunner().invoke(app, [*words[:depth], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        assert told.exit_code == 0, line
        assert depth <= at, line
        for option in (word for word in words if word.startswith("--")):
            assert option in told.output, line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    told = CliRunner().invoke(app, [name, "--help"])
    assert told.exit_code == 0, told.output
    if name != "fab":
        assert f"Example: renkei {name}" in " ".join(told.output.replace("`", "").split())


def test_the_command_line_waits_for_no_heavy_import():
    heavy = "numba", "pandas", "altair", "pydantic"
    code = f"import sys, renkei.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_constraints_pin_what_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pins = {plain(pin.name): pin for pin in map(Requirement, lines)}
    assert len(pins) == len(lines)
    assert all(re.fullmatch(r"==[^*]+", str(pin.specifier)) for pin in pins.values())
    declared = project["project"]["dependencies"] + project["build-system"]["requires"]
    for extra in project["project"]["optional-dependencies"].values():
        declared += extra
    for requirement in map(Requirement, declared):
        version = str(pins[plain(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), requirement


def plain(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_file_depends_on_a_machine():
    """No absolute path of somebody's machine, no host of a package registry."""
    homes = r"/(?:home|root|Users|work|tmp|opt|mnt)/[A-Za-z0-9._-]+"
    hosts = r"(?:py" + r"pi\.org|python" + r"hosted\.org|conda\.an" + r"aconda|registry\.np" + r"mjs)"
    found = []
    for path in tracked():
        if path.suffix not in OWN_TEXT or path.name == "LICENSE":
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {hit}" for hit in re.findall(rf"(?<![\w.~$)}}/-]){homes}|{hosts}", text)]
    assert found == []


def test_no_lock_of_another_tool():
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock"})
