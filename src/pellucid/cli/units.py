"""Numbers with units, for people."""


def size(count: float) -> str:
    """Bytes in decimal units: `98 MB`, `1.12 GB`."""
    for factor, unit, digits in ((1e9, "GB", 2), (1e6, "MB", 0), (1e3, "kB", 0)):
        if count >= factor:
            return f"{count / factor:,.{digits}f} {unit}"
    return f"{count:.0f} B"


def duration(seconds: float) -> str:
    """`4 ms`, `1.2 s`, `3 min 05 s`, `2 h 10 min`."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 100:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
