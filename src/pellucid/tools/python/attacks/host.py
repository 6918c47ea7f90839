"""Attacks on the machine around: its files, network and processes."""

from pellucid.tools.python.attacks.kinds import LANDLOCK, Attack

ENVIRONMENT = (
    "HOME LC_ALL LC_CTYPE MPLBACKEND MPLCONFIGDIR OPENBLAS_NUM_THREADS OMP_NUM_THREADS "
    "PYTHONHASHSEED TZ PYTHONHOME LD_LIBRARY_PATH PWD"
)

FILE_ATTACKS = (
    Attack(
        "environment",
        f"""
        import os
        names = set(os.environ) - set('{ENVIRONMENT}'.split())
        print('ESCAPED' if names else 'clean', names)
        """,
        quick=True,
    ),
    Attack(
        "secrets of other processes",
        """
        import os
        for p in ['1', 'self', *map(str, range(2, 400))]:
            for n in ('environ', 'cmdline', 'maps', 'mem'):
                attempt(p + n, lambda: open(f'/proc/{p}/{n}', 'rb').read(100) or 1 / 0)
        """,
        quick=True,
    ),
    Attack(
        "system files",
        """
        for p in ('/etc/shadow', '/etc/passwd', '/etc/hostname', '/root', '/home', '/var', '/sys'):
            import os; attempt(p, open, p); attempt(p, lambda: os.listdir(p)[0])
        """,
        quick=True,
    ),
    Attack(
        "a file of the host",
        """
        attempt('read', open, '@SECRET@')
        """,
        quick=True,
    ),
    Attack(
        "names in a folder of the host",
        """
        import os
        attempt('list', os.listdir, '@FOLDER@')
        """,
    ),
    Attack(
        "size and date of a file",
        """
        import os
        attempt('stat', os.stat, '@SECRET@')
        """,
        weak_at=LANDLOCK,
    ),
    Attack(
        "changing the host's files",
        """
        import os
        attempt('write', open, '@FOLDER@/w', 'w')
        attempt('append', open, '@SECRET@', 'a')
        attempt('truncate', os.truncate, '@SECRET@', 0)
        attempt('chmod', os.chmod, '@SECRET@', 0)
        attempt('date', os.utime, '@SECRET@')
        attempt('delete', os.unlink, '@SECRET@')
        attempt('rename', os.rename, '@SECRET@', '@FOLDER@/r')
        attempt('mkdir', os.mkdir, '@FOLDER@/d')
        attempt('link', os.symlink, 'x', '@FOLDER@/l')
        attempt('xattr', os.setxattr, '@SECRET@', 'user.a', b'1')
        """,
        quick=True,
    ),
    Attack(
        "changing its own system",
        """
        import sys
        places = '/ /usr/lib /dev /opt /etc /proc/sys/kernel /sys'.split()
        for p in (*places, *sys.path[:3]):
            attempt(p, open, p + '/pellucid-attack', 'w')
        """,
    ),
    Attack(
        "links",
        """
        import os
        inside = [f'/proc/{p}/etc/passwd' for p in ('1/root', 'self/root', 'self/cwd/../..')]
        targets = ('@SECRET@', '/etc/passwd', '../' * 12 + 'etc/passwd', *inside)
        for n, t in enumerate(targets):
            os.symlink(t, f'l{n}'); attempt(t, lambda: open(f'l{n}').read()[:9])
            attempt('hard ' + t, os.link, t, f'h{n}')
        """,
        quick=True,
    ),
    Attack(
        "inherited descriptors",
        """
        import os
        for fd in range(3, 1024):
            attempt(f'list {fd}', lambda: os.listdir(fd)[0])
            attempt(f'up {fd}', lambda: os.open('../../../../etc/passwd', os.O_RDONLY, dir_fd=fd))
            attempt(f'read {fd}', lambda: os.pread(fd, 10, 0))
        """,
        quick=True,
    ),
)
NETWORK_ATTACKS = (
    Attack(
        "tcp",
        """
        import socket, urllib.request
        attempt('connect', socket.create_connection, ('127.0.0.1', @PORT@), 2)
        attempt('http', urllib.request.urlopen, 'http://127.0.0.1:@PORT@/', timeout=2)
        attempt('dns', socket.getaddrinfo, 'example.com', 80)
        """,
        quick=True,
    ),
    Attack(
        "sockets of every kind",
        """
        import socket
        for f in range(1, 46):
            for k in (1, 2, 3, 5):
                attempt(f'family {f}', socket.socket, f, k)
        """,
        quick=True,
    ),
    Attack(
        "unix sockets",
        r"""
        import socket
        attempt('stream', lambda: socket.socket(socket.AF_UNIX).connect('@SOCKET@'))
        a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        attempt('datagram', a.sendto, b'x', '@DATAGRAM@')
        attempt('message', a.sendmsg, [b'x'], [], 0, '@DATAGRAM@')
        attempt('connect', a.connect, '@DATAGRAM@')
        """,
        quick=True,
    ),
)
PROCESS_ATTACKS = (
    Attack(
        "signals",
        """
        import os
        attempt('kill', os.kill, @VICTIM@, 9)
        attempt('pidfd', os.pidfd_open, @VICTIM@)
        for p in (os.getppid(), -1, *range(2, 3000)): attempt(f'signal {p}', os.kill, p, 0)
        """,
        quick=True,
    ),
    Attack(
        "fork bomb",
        """
        import os
        for _ in range(300):
            p = attempt('fork', os.fork)
            if p == 0: os._exit(0)
            if p is None: break
        """,
        quick=True,
    ),
    Attack(
        "other programs",
        """
        import os, subprocess, sys
        attempt('run', subprocess.run, [sys.executable, '-c', '1'])
        attempt('system', lambda: os.system('true') and 1 / 0)
        attempt('exec', os.execv, sys.executable, ['x'])
        attempt('spawn', os.posix_spawn, '/bin/sh', ['x'], {})
        """,
        quick=True,
    ),
    Attack(
        "walk from an object to the system",
        """
        w = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']
        attempt('system', lambda: w[0].__init__.__globals__['system']('true') and 1 / 0)
        """,
    ),
    Attack(
        "thread bomb",
        """
        import threading
        threading.stack_size(65536)
        stop = threading.Event()
        n = 0
        try:
            for n in range(1000): threading.Thread(target=stop.wait, daemon=True).start()
            print('ESCAPED', n)
        except RuntimeError: print('threads', n)
        stop.set()
        """,
        weak_at=LANDLOCK,
    ),
    Attack(
        "dangerous system calls",
        r"""
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        calls = dict(
            ptrace=(101, 0), attach=(101, 16, 1), process_vm_readv=(310, 1, 0, 0, 0, 0, 0),
            unshare=(272, 0x10000000), setns=(308, 0, 0), clone=(56, 0x10000011, 0, 0, 0, 0),
            chroot=(161, b'/'), mount=(165, b'none', b'.', b'tmpfs', 0, 0),
            fsopen=(430, b'tmpfs', 0), perf=(298, 0, 0, -1, -1, 0),
            bpf=(321, 0, 0, 0), userfaultfd=(323, 0), io_uring=(425, 1, 0),
            keyctl=(250, 0, -3, 0), open_by_handle=(304, -100, 0, 0), pidfd_open=(434, 1, 0),
            reboot=(169, 0, 0, 0, 0), init_module=(175, 0, 0, b''), kexec=(246, 0, 0, 0, 0),
            personality=(135, 0x40000), setuid=(105, 0), chown=(92, b'.', 0, 0),
            seccomp=(317, 2, 0, 0), prctl=(157, 1, 0), setrlimit=(160, 9, 0),
            prlimit=(302, 0, 9, b'\0' * 16, 0), sched=(203, 0, 8, b'\1' + b'\0' * 7),
            shmget=(29, 0, 4096, 0o1600), semget=(64, 0, 1, 0o1600), msgget=(68, 0, 0o1600),
            mq_open=(240, b'q', 0o102, 0o600, 0), memfd=(319, b'a', 0),
            tiocsti=(16, 1, 0x5412, b'x'),
            mknod=(133, b'n', 0o10600, 0), inotify=(253,), fanotify=(300, 0, 0),
            quotactl=(179, 0, 0, 0), process_madvise=(440, 0, 0, 0, 0, 0),
        )
        def raw(*given):
            kinds = (ctypes.c_long if isinstance(x, int) else ctypes.c_char_p for x in given)
            return libc.syscall(*(kind(x) for kind, x in zip(kinds, given)))
        if os.uname().machine == 'x86_64':
            for name, given in calls.items():
                if raw(*given) >= 0:
                    print('ESCAPED', name)
        """,
        quick=True,
    ),
    Attack(
        "32-bit system calls",
        r"""
        import ctypes, mmap, os
        if os.uname().machine == 'x86_64':
            m = mmap.mmap(-1, 4096, prot=7); m.write(b'\xb8\x14\0\0\0\xcd\x80\xc3')
            f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
            print('ESCAPED' if f() > 0 else 'refused')
        """,
    ),
)
