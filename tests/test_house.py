"""The rules of the house, read off the sources. `docs/architecture.md` gives their reasons."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "adapters", "storage", "config")

LADDER = (
    "bot.refs",
    "bot.policy",
    "bot.cards",
    "bot.events",
    "bot.incident",
    "bot.evolve",
    "bot.refusals",
    "bot.posts",
    "bot.messages",
    "bot.promises",
    "bot.deadlines",
    "bot.announce",
    "bot.commands.spec",
    "bot.commands.VERB",
    "bot.catalog",
    "bot.commands.parse",
    "bot.forms",
    "bot.decide",
    "bot.ports",
    "bot.service",
)
"""From the bottom up: a module imports nothing from a rung above its own. What is not named here may stand anywhere."""

MAY_IMPORT = {
    "bot": {"bot"},
    "storage": {"bot", "storage"},
    "config": {"bot", "config"},
    "adapters": {"bot", "adapters", "storage", "config"},
}
CHATS = ("slack", "teams", "local")
KNOWS_EVERYTHING = ("adapters.app", "adapters.cli")
"""The composition root and the terminal: these, and files named after them, may join chats, storage and settings."""

LATE_IMPORTS: dict[str, str] = {
    "adapters.app_late": "a chat's SDK is loaded only where that chat is configured",
}
"""Modules that may import inside a function, each with its reason."""

LONGER_FILES: dict[str, str] = {
    "bot/events.py": "one dataclass for each thing that can happen; a list, read by looking up",
}
LONGER_FUNCTIONS: dict[str, str] = {}

UNSAFE = {"pickle", "cPickle", "dill", "jsonpickle", "marshal", "shelve", "yaml"}
UNFIT_FOR_THE_CORE = {
    "asyncio",
    "random",
    "secrets",
    "uuid",
    "time",
    "socket",
    "threading",
    "os",
    "subprocess",
    "logging",
}
"""The core waits for nothing, draws nothing, asks no clock and touches no machine."""
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter"}

CHAT_WORDS = re.compile(r"slack|msteams|\bteams\b|block.?kit|adaptive.?card|thread_ts|mrkdwn", re.IGNORECASE)

WEAK_NAMES = re.compile(r"(Manager|Helper|Helpers|Util|Utils|Base)$")
WEAK_MODULES = re.compile(r"^(util|utils|helper|helpers|common|misc|base|manager)s?$")


def test_the_core_imports_only_the_standard_library() -> None:
    allowed = (sys.stdlib_module_names | {"bot"}) - UNFIT_FOR_THE_CORE

    strangers = [
        f"{module} imports {name}" for module, name in _all_imports("bot") if name.split(".")[0] not in allowed
    ]

    assert strangers == []


def test_nothing_below_the_adapters_is_async() -> None:
    kinds = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)

    found = [
        _at(path, node)
        for package in ("bot", "storage", "config")
        for path in _files(package)
        for node in ast.walk(_tree(path))
        if isinstance(node, kinds)
    ]

    assert found == []


def test_the_core_never_asks_what_time_it_is() -> None:
    asked = [
        _at(path, node)
        for path in _files("bot")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]

    assert asked == []


def test_the_core_names_no_chat() -> None:
    named = [
        f"{_at(path, node)}: {words}"
        for path in _files("bot")
        for node, words in _spoken(_tree(path))
        if CHAT_WORDS.search(words)
    ]

    assert named == []


def test_packages_import_in_one_direction() -> None:
    wrong = [
        f"{module} imports {name}"
        for package in PACKAGES
        for module, name in _all_imports(package)
        if name.split(".")[0] in PACKAGES and name.split(".")[0] not in MAY_IMPORT[package]
    ]

    assert wrong == []


def test_a_chat_knows_neither_storage_nor_another_chat() -> None:
    wrong = [
        f"{module} imports {name}"
        for chat in CHATS
        for module, name in _all_imports(f"adapters/{chat}")
        if name.split(".")[0] in {"storage", "config"}
        or _is_one_of(name, KNOWS_EVERYTHING)
        or _is_one_of(name, tuple(f"adapters.{other}" for other in CHATS if other != chat))
    ]

    assert wrong == []


def test_only_the_composition_root_knows_chats_and_storage() -> None:
    joined = (*(f"adapters.{chat}" for chat in CHATS), "storage")

    wrong = [
        f"{module} imports {name}"
        for module, name in _all_imports("adapters")
        if _is_one_of(name, joined)
        and not any(module.startswith(root) for root in KNOWS_EVERYTHING)
        and not any(module.startswith(f"adapters.{chat}") and name.startswith(f"adapters.{chat}") for chat in CHATS)
    ]

    assert wrong == []


def test_the_core_is_a_ladder() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, name in _our_imports("bot")
        if (own := _rung(module)) is not None and (other := _rung(name)) is not None and other > own
    ]

    assert wrong == []


def test_no_imports_go_round_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for package in PACKAGES:
        for module, name in _our_imports(package):
            graph.setdefault(module, set()).add(name)

    assert _circle(graph) == []


def test_nothing_is_imported_inside_a_function() -> None:
    late = [
        _at(path, inner)
        for package in PACKAGES
        for path in _files(package)
        if _name(path) not in LATE_IMPORTS
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    ]

    assert late == []


def test_nothing_is_read_back_as_code() -> None:
    unsafe = [
        f"{module} imports {name}"
        for package in PACKAGES
        for module, name in _all_imports(package)
        if name.split(".")[0] in UNSAFE
    ]
    run = [
        _at(path, node)
        for package in PACKAGES
        for path in _files(package)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "__import__"}
    ]

    assert unsafe + run == []


def test_files_stay_short() -> None:
    long = [
        f"{_short(path)} {lines}"
        for package in PACKAGES
        for path in _files(package)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300 and _short(path) not in LONGER_FILES
    ]

    assert long == []


def test_functions_stay_short() -> None:
    long = [f"{name} {length}" for name, length in _lengths() if length > 50 and name not in LONGER_FUNCTIONS]

    assert long == []


def test_every_exception_to_a_length_is_still_needed() -> None:
    short = [name for name in LONGER_FILES if len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 300]
    lengths = dict(_lengths())
    short += [name for name in LONGER_FUNCTIONS if lengths.get(name, 0) <= 50]

    assert short == []


def test_nothing_of_ours_inherits_from_ours_but_exceptions() -> None:
    classes = {node.name: node for package in PACKAGES for path in _files(package) for node in _classes(path)}

    wrong = [
        f"{node.name} inherits from {base}"
        for node in classes.values()
        for base in _bases(node)
        if base in classes and not _is_exception(base, classes)
    ]

    assert wrong == []


def test_names_say_what_a_thing_is() -> None:
    weak = [
        node.name
        for package in PACKAGES
        for path in _files(package)
        for node in _classes(path)
        if WEAK_NAMES.search(node.name)
    ]
    weak += [_short(path) for package in PACKAGES for path in _files(package) if WEAK_MODULES.match(path.stem)]

    assert weak == []


def test_nothing_is_kept_in_a_module() -> None:
    kept = [
        _at(path, node)
        for package in PACKAGES
        for path in _files(package)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Global)
    ]

    assert kept == []


def test_the_try_out_chats_page_writes_no_markup_and_loads_nothing_from_elsewhere() -> None:
    markup = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|Function\("
    )
    elsewhere = re.compile(r"""(?:src|href|url|import|fetch)\s*[=(]?\s*["'(]?(?:https?:)?//""")
    inline = re.compile(r"<[a-z][^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)")

    found = [
        f"{_short(path)}:{number}: {line.strip()[:100]}"
        for path in sorted((ROOT / "adapters" / "local" / "page").iterdir())
        if path.suffix in {".js", ".html", ".css"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if markup.search(line) or elsewhere.search(line) or (path.suffix == ".html" and inline.search(line))
    ]

    assert found == []


def test_acceptance_tests_see_only_the_outside() -> None:
    inside = [
        f"{_short(path)} imports {name}"
        for folder in ("acceptance", "teams", "campaign")
        for path in sorted((ROOT / "tests" / folder).glob("*.py"))
        for name in _names(_tree(path), f"tests.{folder}")
        if name.split(".")[0] in PACKAGES
    ]

    assert inside == []


def test_the_project_speaks_of_itself_alone() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "registry." + "npmjs")
    places = ("/" + "work/", "/" + "root/", "/" + "home/", "/opt/" + "pypi", "../" + "shared")
    ways = (
        r"(this|another|the same|a later|an earlier|my|your) session\b",
        r"\b(coding|sub-?) ?agents?\b",
        r"\bhelper (session|agent)",
        r"language model",
        r"\b(in|by|per) (the|our|my) brief\b",
    )
    forbidden = re.compile("|".join([*map(re.escape, (*hosts, *places)), *ways]), re.IGNORECASE)

    found = [
        f"{_short(path)}:{number}: {line.strip()[:120]}"
        for path in _texts()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if forbidden.search(line)
    ]

    assert found == []


def _files(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def _lengths() -> Iterator[tuple[str, int]]:
    """Every function, by file and name, and how many lines it has."""
    for package in PACKAGES:
        for path in _files(package):
            for node in ast.walk(_tree(path)):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield f"{_short(path)} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _texts() -> Iterator[Path]:
    kinds = {
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".json",
        ".mjs",
        ".js",
        ".yml",
        ".yaml",
        ".svg",
        ".html",
        ".mako",
        ".ini",
        ".cfg",
    }
    plain = {"Makefile", "Dockerfile", ".dockerignore", ".gitignore", "run"}
    skipped = {".venv", ".git", "node_modules", ".hypothesis", "build"}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.is_file() and not skipped.intersection(parts) and (path.suffix in kinds or path.name in plain):
            yield path


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _at(path: Path, node: ast.AST) -> str:
    return f"{_short(path)}:{getattr(node, 'lineno', 0)}"


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _all_imports(folder: str) -> Iterator[tuple[str, str]]:
    """Module, and what it imports, for every module in the folder."""
    for path in _files(folder):
        package = _name(path) if path.name == "__init__.py" else _name(path).rpartition(".")[0]
        for name in _names(_tree(path), package):
            yield _name(path), name


def _our_imports(folder: str) -> Iterator[tuple[str, str]]:
    modules = {_name(path) for package in PACKAGES for path in _files(package)}
    for module, name in _all_imports(folder):
        known = name if name in modules else name.rpartition(".")[0]
        if known in modules and known != module:
            yield module, known


def _names(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) + 1 - node.level]) if node.level else ""
            source = ".".join(part for part in (above, node.module or "") if part)
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _is_one_of(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _rung(module: str) -> int | None:
    for rung, name in enumerate(LADDER):  # files that grew out of one stand on its rung
        if module == name or module.startswith((f"{name}.", f"{name}_")):
            return rung
    return LADDER.index("bot.commands.VERB") if module.startswith("bot.commands.") else None


def _circle(graph: dict[str, set[str]]) -> list[str]:
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> list[str]:
        if module in trail:
            return [*trail[trail.index(module) :], module]
        if module in done:
            return []
        for name in sorted(graph.get(module, ())):
            if found := visit(name, (*trail, module)):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(graph) if (found := visit(module, ()))), [])


def _spoken(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every name and every string that the program uses; strings that stand alone explain and are left out."""
    explaining = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in explaining:
            yield node, node.value
        if isinstance(node, ast.Name):
            yield node, node.id
        if isinstance(node, ast.Attribute):
            yield node, node.attr
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node, node.name


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, ast.ClassDef))


def _bases(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        if isinstance(base, ast.Name):
            yield base.id
        if isinstance(base, ast.Attribute):
            yield base.attr


def _is_exception(name: str, classes: dict[str, ast.ClassDef]) -> bool:
    if name not in classes:
        return name.endswith(("Exception", "Error"))
    return any(_is_exception(base, classes) for base in _bases(classes[name]))
