"""Attacks on what a session may use, and on how it reports."""

from pellucid.tools.python.attacks.kinds import LANDLOCK, Attack, capped, must_end

RESOURCE_ATTACKS = (
    Attack(
        "memory",
        """
        import mmap
        a = []
        try:
            for _ in range(256): a.append(mmap.mmap(-1, 64 << 20))
            print('ESCAPED')
        except OSError: pass
        a.clear()
        try: b = b'x' * (16 << 30); print('ESCAPED')
        except MemoryError: pass
        """,
        quick=True,
    ),
    Attack(
        "memory that is not released",
        """
        keep = []
        while True: keep.append(' ' * 10000)
        """,
        must_end("error", "killed"),
        seconds=20,
    ),
    Attack(
        "disk",
        """
        try:
            for n in range(64):
                with open(f'f{n}', 'wb') as f: f.write(b'0' * (16 << 20))
            print('ESCAPED')
        except OSError as error: print(error)
        """,
        quick=True,
    ),
    Attack(
        "disk, by files deleted while open",
        """
        import os
        keep = []
        try:
            for n in range(24):
                keep.append(open('f', 'wb', 0)); os.unlink('f')
                keep[-1].write(b'0' * (8 << 20))
            print('ESCAPED')
        except OSError as error: print(error)
        """,
        weak_at=LANDLOCK,
    ),
    Attack(
        "many files",
        """
        try:
            for n in range(20000): open(f'i{n}', 'w').close()
            print('ESCAPED')
        except OSError as error: print(error)
        """,
    ),
    Attack(
        "folders too deep to walk",
        """
        import os
        try:
            for n in range(3000): os.mkdir('d' * 100); os.chdir('d' * 100)
        except OSError as error: print(error)
        """,
    ),
    Attack(
        "unreadable folders",
        """
        import os
        os.mkdir('d', 0o300); open('d/f', 'w').write('x'); os.mkdir('e', 0)
        """,
    ),
    Attack(
        "descriptors",
        """
        open('f', 'w').close()
        keep = []
        try:
            for _ in range(5000): keep.append(open('f'))
            print('ESCAPED')
        except OSError as error: print(error)
        """,
    ),
    Attack(
        "output",
        """
        for _ in range(400): print('y' * 100_000)
        """,
        capped,
        quick=True,
    ),
    Attack(
        "output on every descriptor",
        """
        import os
        for fd in range(256):
            try:
                for _ in range(40): os.write(fd, b'z' * 1_000_000)
            except OSError: pass
        """,
        must_end("killed"),
    ),
    Attack(
        "endless loop",
        """
        while True: pass
        """,
        must_end("timeout", within=3),
        1.0,
        quick=True,
    ),
    Attack(
        "loop that swallows everything",
        """
        import signal
        for s in range(1, 32):
            try: signal.signal(s, signal.SIG_IGN)
            except (OSError, ValueError): pass
        while True:
            try:
                while True: pass
            except BaseException: pass
        """,
        must_end("timeout", within=3),
        1.0,
    ),
    Attack(
        "endless number",
        """
        9 ** 9 ** 9
        """,
        must_end("timeout", "error", within=3),
        1.0,
        quick=True,
    ),
    Attack(
        "endless pattern",
        """
        import re
        re.match('(a+)+$', 'a' * 40 + 'b')
        """,
        must_end("timeout", within=3),
        1.0,
    ),
    Attack(
        "endless sleep",
        """
        import time
        time.sleep(1000)
        """,
        must_end("timeout", within=3),
        0.5,
    ),
)
PROTOCOL_ATTACKS = (
    Attack(
        "forged report",
        r"""
        import os, json
        line = json.dumps(dict(nonce='0' * 32, outcome='ok', result='FORGED', error='', files=[]))
        for fd in range(3, 256):
            try: os.write(fd, line.encode() + b'\n')
            except OSError: pass
        """,
        must_end("killed"),
        quick=True,
    ),
    Attack(
        "broken report",
        r"""
        import os
        for fd in range(3, 256):
            try: os.write(fd, b'[' * 100_000 + b'\n')
            except OSError: pass
        """,
        must_end("killed"),
    ),
    Attack(
        "broken interpreter",
        """
        import builtins, sys, os
        sys.stdout = sys.stderr = None
        os.write = os.dup2 = None
        for n in list(vars(builtins)): delattr(builtins, n)
        """,
    ),
    Attack(
        "crash",
        """
        import ctypes
        ctypes.string_at(0)
        """,
        must_end("killed"),
        quick=True,
    ),
    Attack(
        "abort",
        """
        import os
        os.abort()
        """,
        must_end("killed"),
    ),
    Attack(
        "sudden exit",
        """
        import os
        os._exit(0)
        """,
        must_end("killed"),
        quick=True,
    ),
    Attack(
        "recursion",
        """
        def f(): return f()
        try: f()
        except RecursionError: print('contained')
        """,
    ),
    Attack(
        "C stack overflow",
        """
        import sys
        sys.setrecursionlimit(10 ** 9)
        x, y = [], []
        for _ in range(1_000_000): x, y = [x], [y]
        x == y
        """,
        must_end("killed", "error"),
    ),
)
