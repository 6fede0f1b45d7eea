"""How many threads the engine starts.

Workaround (no upstream issue known): the engine starts one thread for each processor that `sysconf` counts, pins them,
and lets them wait for each other by spinning. When anything else needs one of these processors, an answer takes tens of
times as long. The engine has no setting for that. On Linux we therefore write a `sysconf` of our own into the library's
table of imported functions before the engine starts; only that library sees it. Where this cannot be done (other
systems, another build of the library), nothing is changed: the engine works as it always did, and is only slower on a
busy machine. Remove when the engine takes a number of threads.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_COUNTS = frozenset(os.sysconf_names[name] for name in ("SC_NPROCESSORS_CONF", "SC_NPROCESSORS_ONLN")) if (
    sys.platform == "linux"
) else frozenset()  # fmt: skip
_SYSCONF = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_int)
_ELF64_LITTLE = b"\x7fELF\x02\x01"
_LOAD, _DYNAMIC = 1, 2
_STRINGS, _SYMBOLS, _RELA, _RELA_SIZE, _PLT_SIZE, _PLT = 5, 6, 7, 8, 2, 23
_IMPORTS = {62: (6, 7), 183: (1025, 1026)}
"""Machine → the relocation types of an imported function: x86-64 and AArch64."""
_PROT_READ_WRITE = 3

_kept: list[object] = []
"""The engine calls what is in here for as long as the process runs."""


def limit_processors(library: Path, count: int) -> bool:
    """Let the library count `count` processors; whether that worked. To be called before the engine starts."""
    if sys.platform != "linux":
        return False
    try:
        handle = ctypes.CDLL(str(library))
        slots = [_base(library) + offset for offset in import_slots(library.read_bytes(), "sysconf")]
        answer = _SYSCONF(_counting(count))
        for slot in slots:
            _write_pointer(slot, ctypes.cast(answer, ctypes.c_void_p).value or 0)
    except (OSError, ValueError):
        return False
    _kept.extend((handle, answer))
    return bool(slots)


def engine_threads(processors: int, load: float, others: int) -> int:
    """How many threads a process should use: two where at least two processors are idle besides those two and no other
    process of ours runs the engine, else one."""
    return 2 if not others and processors - load >= 4 else 1


def import_slots(elf: bytes, function: str) -> list[int]:
    """Where a shared library keeps the addresses of an imported function, counted from its beginning in memory.

    Raises `ValueError` for what is no 64-bit little-endian ELF file of a machine known here.
    """
    try:
        return list(_import_slots(elf, function))
    except (struct.error, LookupError, StopIteration, RuntimeError) as error:
        raise ValueError(f"not a library that can be read: {error!r}") from None


def _import_slots(elf: bytes, function: str) -> Iterator[int]:
    if not elf.startswith(_ELF64_LITTLE):
        raise ValueError("not an ELF file for this purpose")
    machine = struct.unpack_from("<H", elf, 18)[0]
    types = _IMPORTS.get(machine)
    if types is None:
        raise ValueError(f"machine {machine}")
    segments = list(_segments(elf))
    dynamic = next(segment for segment in segments if segment[0] == _DYNAMIC)
    found = dict(struct.iter_unpack("<qQ", elf[dynamic[1] : dynamic[1] + dynamic[3] // 16 * 16]))

    def offset(address: int) -> int:
        place = next(s for s in segments if s[0] == _LOAD and s[2] <= address < s[2] + s[3])
        return address - place[2] + place[1]

    strings, symbols = offset(found[_STRINGS]), offset(found[_SYMBOLS])
    for table, size in ((_PLT, _PLT_SIZE), (_RELA, _RELA_SIZE)):
        if found.get(table):
            start = offset(found[table])
            for address, info, _ in struct.iter_unpack("<QQq", elf[start : start + found[size]]):
                name = strings + struct.unpack_from("<I", elf, symbols + (info >> 32) * 24)[0]
                if info & 0xFFFFFFFF in types and elf[name : elf.index(b"\0", name)] == function.encode():
                    yield address


def _segments(elf: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Type, offset in the file, address, and size in the file."""
    start = struct.unpack_from("<Q", elf, 32)[0]
    size, count = struct.unpack_from("<HH", elf, 54)
    for number in range(count):
        kind, _, offset, address, _, file_size = struct.unpack_from("<IIQQQQ", elf, start + number * size)
        yield kind, offset, address, file_size


def _base(library: Path) -> int:
    """Where the library begins in memory."""
    wanted = str(library.resolve())
    for line in Path("/proc/self/maps").read_text().splitlines():
        words = line.split(maxsplit=5)
        if len(words) == 6 and words[5] == wanted and int(words[2], 16) == 0:
            return int(words[0].partition("-")[0], 16)
    raise ValueError(f"{library.name} is not in memory")


def _write_pointer(address: int, value: int) -> None:
    size = os.sysconf("SC_PAGE_SIZE")
    libc = ctypes.CDLL(None, use_errno=True)
    page = ctypes.c_void_p(address // size * size)
    if libc.mprotect(page, ctypes.c_size_t(size), _PROT_READ_WRITE):  # the table is read-only after loading
        raise OSError(ctypes.get_errno(), "mprotect")
    ctypes.c_void_p.from_address(address).value = value


def _counting(count: int) -> Callable[[int], int]:
    def answer(name: int) -> int:
        if name in _COUNTS:
            return count
        try:
            return os.sysconf(name)
        except (OSError, ValueError):
            return -1

    return answer
