"""Seconds for people."""


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them, in two or three digits.

    >>> duration(0.0000123), duration(0.0049), duration(0.0123), duration(2.34), duration(65.0)
    ('12 µs', '4.9 ms', '12 ms', '2.3 s', '1 min 05 s')
    >>> duration(0), duration(4000.0), duration(200_000.0)
    ('0 ms', '1 h 06 min', '2 d 07 h')
    """
    if 0 < seconds < 0.0000005:
        return "<1 µs"
    if 0 < seconds < 0.0009995:
        return f"{seconds * 1e6:.0f} µs"
    if 0 < seconds < 0.00995:
        return f"{seconds * 1e3:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02d} h"
