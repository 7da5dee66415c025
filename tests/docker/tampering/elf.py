"""Make a small shared library for x86-64 without a compiler.

What loads it runs its initialiser: that writes a text to every descriptor and ends the
process with success.
"""

import base64
import struct

_HEADERS = 64 + 3 * 56
_LOAD, _DYNAMIC, _STACK = 1, 2, 0x6474E551
_INIT, _STRTAB, _SYMTAB, _STRSZ, _SYMENT = 12, 5, 6, 10, 11


def says_and_leaves(said: bytes = b"") -> bytes:
    """Return a library that writes `said` to descriptors 3 to 63, then exits with 0."""
    dynamic_at = _HEADERS
    dynamic_size = 16 * 6
    symbols_at = dynamic_at + dynamic_size
    code_at = symbols_at + 24 + 8
    program = _program(said)
    size = code_at + len(program)
    dynamic = b"".join(
        struct.pack("<QQ", tag, value)
        for tag, value in (
            (_INIT, code_at),
            (_STRTAB, symbols_at + 24),
            (_SYMTAB, symbols_at),
            (_STRSZ, 1),
            (_SYMENT, 24),
            (0, 0),
        )
    )
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack(
        "<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 3, 64, 0, 0
    )
    segments = (
        struct.pack("<IIQQQQQQ", _LOAD, 7, 0, 0, 0, size, size, 4096)
        + struct.pack(
            "<IIQQQQQQ",
            _DYNAMIC,
            6,
            dynamic_at,
            dynamic_at,
            dynamic_at,
            dynamic_size,
            dynamic_size,
            8,
        )
        + struct.pack("<IIQQQQQQ", _STACK, 6, 0, 0, 0, 0, 0, 16)
    )
    return header + segments + dynamic + bytes(24 + 8) + program


def as_command(library: bytes, path: str) -> str:
    """Return a command that puts a library in a place."""
    packed = base64.b64encode(library).decode()
    return f"echo {packed} | base64 -d > {path}; chmod 755 {path}"


def _program(said: bytes) -> bytes:
    loop = (
        b"\xb8\x01\x00\x00\x00"  # mov eax, 1 (write)
        b"\x89\xdf"  # mov edi, ebx
        b"\x48\x8d\x35%s"  # lea rsi, [rip + text]
        b"\xba%s"  # mov edx, its length
        b"\x0f\x05"  # syscall
        b"\xff\xc3"  # inc ebx
        b"\x83\xfb\x40"  # cmp ebx, 64
        b"\x75\xe4"  # jne loop
        b"\x31\xff"  # xor edi, edi
        b"\xb8\xe7\x00\x00\x00"  # mov eax, 231 (exit_group)
        b"\x0f\x05"  # syscall
    )
    # From the end of lea to the text, which follows the last syscall.
    distance = struct.pack("<i", 5 + 2 + 2 + 3 + 2 + 2 + 5 + 2)
    begin = b"\xbb\x03\x00\x00\x00"  # mov ebx, 3
    return begin + loop % (distance, struct.pack("<I", len(said))) + said
