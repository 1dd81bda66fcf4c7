"""Imports point one way (the table below), Qt stays in the window, and compiled code where it belongs."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "landscape"
FOUNDATION = {"errors", "writing", "seeds", "cores", "compilation", "compiled", "simd", "_version"}
ENGINE = {"data", "network", "plane", "descent", "surface", "model", "comparison", "run"}
MAY_IMPORT = {
    "data": set(),
    "network": set(),
    "plane": {"network"},
    "descent": {"network", "plane"},
    "surface": {"network", "plane"},
    "model": {"network"},
    "comparison": {"data", "network", "plane", "surface", "model"},
    "run": {"data", "network", "plane", "descent", "surface", "model"},
    "lab": ENGINE,
    "glossary": set(),
    "export": ENGINE | {"lab"},
    "gui": ENGINE | {"lab", "export", "glossary"},
    "cli": ENGINE | {"lab", "export", "glossary"},
    "__main__": {"cli", "gui"},
    "__init__": ENGINE | {"lab"},
    **{name: set() for name in FOUNDATION},
}
# The parts of the window that draw, and what each of them may import of the others: words and forms, never a view.
VIEWS = {"map_view", "relief", "inspect", "gallery", "setup", "transport", "verdict", "pace", "rival_strip", "status",
         "banner", "guide", "commands", "stage", "window"}  # fmt: skip
SHARED = {"setup.form", "setup.fold", "setup.fields", "commands.place"}
# These lay others out, or act on the window as a user would.
ABOVE = {
    "window": VIEWS,
    "stage": {"map_view", "relief"},
    "commands": {"window"},
    "gallery": {"window"},
    "guide": {"window"},
}
SLOW = ("numba", "llvmlite", "scipy", "matplotlib", "PyQt6", "pyqtgraph", "pooch", "safetensors")
MODULES = sorted(PACKAGE.rglob("*.py"))


def station(path: Path) -> str:
    """The folder or module of design that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(tree: ast.AST) -> set[str]:
    """Full names of everything that a syntax tree imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def at_module_level(tree: ast.Module) -> set[str]:
    """What is imported when the module is: not inside functions, not for the type checker alone."""

    def runs(node: ast.AST) -> bool:
        return not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))

    names = set()
    pending = [node for node in tree.body if runs(node)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= imported(node)
        pending += [child for child in ast.iter_child_nodes(node) if runs(child)]
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    here = station(path)
    assert here in MAY_IMPORT, f"{here} has no place in the table of imports yet"
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    others = {name.split(".")[1] for name in names if name.startswith("landscape.")}
    forbidden = others - MAY_IMPORT[here] - FOUNDATION - {here, "__version__"}
    assert not forbidden, f"{here} may not import {sorted(forbidden)}"


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "gui").rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_view_knows_another(path):
    room = path.relative_to(PACKAGE / "gui").parts[0].removesuffix(".py")
    if room not in VIEWS:
        return
    names = imported(ast.parse(path.read_text(encoding="utf-8")))
    others = {".".join(name.split(".")[2:4]) for name in names if name.startswith("landscape.gui.")}
    views = {name for name in others if name.split(".")[0] in VIEWS - {room} - ABOVE.get(room, set())}
    assert views <= SHARED, f"{room} may not know {sorted(views - SHARED)}: it reads the session, and asks by signals"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_slow_packages_are_imported_late_and_qt_in_the_window_alone(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    here = station(path)
    tops = {name.split(".")[0] for name in imported(tree)}
    if here != "gui":
        assert not tops & {"PyQt6", "pyqtgraph", "OpenGL"}
    early = {name.split(".")[0] for name in at_module_level(tree)} & set(SLOW)
    allowed = {"gui": {"PyQt6", "pyqtgraph"}, "export": {"matplotlib"}}.get(here, set())
    of_kernels = path.name.endswith("kernels.py") and here in ("descent", "surface")
    if of_kernels or here in ("simd", "compiled"):
        allowed = {"numba", "llvmlite"}
    assert early <= allowed, f"import {sorted(early - allowed)} where it is needed, not at the top"
    names = {name for name in at_module_level(tree) if name.startswith("landscape.")}
    if not of_kernels and any(part.endswith("kernels") or part == "simd" for name in names for part in name.split(".")):
        assert path.name == "compiled_steps.py", "kernels are imported when first needed"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_nouns_of_a_readable_length(path):
    assert path.stem not in ("utils", "helpers", "common", "misc", "base", "manager")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
