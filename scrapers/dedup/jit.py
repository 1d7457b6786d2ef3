"""The decorator of the functions that numba compiles.

Compiled code is cached beside its module, or in the user's cache directory, until that module's file changes. numba
doesn't see changes in other files, so a module with compiled functions takes no constant or compiled function from
another of our modules: only this decorator and types.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

Int = Any  # an integer or a truth value in compiled code, where numpy's types are not int and bool to mypy


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, to be compiled on its first call; the machine code is cached where a file can be written."""
    try:
        dispatcher: Any = njit(cache=True)(function)
    except RuntimeError:  # neither the module's folder nor the user's cache is writable
        dispatcher = njit(function)
    return dispatcher  # type: ignore[no-any-return]
