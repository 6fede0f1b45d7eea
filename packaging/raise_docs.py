"""Public functions whose docstring does not name an exception that they raise themselves."""

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Said of a bug, not to a caller.
UNSAID = {"AssertionError", "NotImplementedError"}


def unnamed_raises(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each such function, with the names that are missing. `See …` points to the protocol that says it."""
    for function in _public_functions(tree):
        doc = ast.get_docstring(function) or ""
        missing = {name for name in _raised(function.body, frozenset()) if name not in doc} - UNSAID
        if missing and not doc.startswith("See "):
            yield function.lineno, f"the docstring of {function.name!r} does not name {', '.join(sorted(missing))}"


def _public_functions(node: ast.Module | ast.ClassDef) -> Iterator[Function]:
    for child in node.body:
        match child:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield from _public_functions(child)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("_") or name == "__init__":
                    yield child


def _raised(nodes: list[ast.stmt], caught: frozenset[str]) -> Iterator[str]:
    """The classes that are raised by name in these statements and not caught there. Functions inside are not looked at,
    and neither is what somebody else makes: `raise failure`."""
    for node in nodes:
        match node:
            case ast.Raise(exc=ast.Call(func=made)) | ast.Raise(exc=ast.expr() as made):
                name = ast.unparse(made).rpartition(".")[2]
                if name[:1].isupper() and name not in caught:
                    yield name
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                here = {part for handler in handlers if handler.type for part in _names(handler.type)}
                yield from _raised(body, caught | here)
                yield from _raised([*orelse, *final], caught)
                for handler in handlers:
                    yield from _raised(handler.body, caught)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                pass
            case ast.Match(cases=cases):
                for each in cases:
                    yield from _raised(each.body, caught)
            case _:
                for inner in ("body", "orelse"):
                    yield from _raised(getattr(node, inner, []), caught)


def _names(node: ast.expr) -> Iterator[str]:
    return (ast.unparse(part).rpartition(".")[2] for part in (node.elts if isinstance(node, ast.Tuple) else (node,)))
