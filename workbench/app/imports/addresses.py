"""Addresses that a document from elsewhere should not name without somebody looking: this machine, private networks."""

import ipaddress
from urllib.parse import urlsplit

_NAMES = (".local", ".internal", ".localhost", ".lan")


def inside_note(url: str) -> str:
    """What to know of an address that is not on the internet; empty for any other."""
    host = urlsplit(url).hostname or ""
    try:
        is_inside = not ipaddress.ip_address(host).is_global
    except ValueError:
        is_inside = host == "localhost" or host.endswith(_NAMES) or "." not in host
    return f"its calls go to {host}, which is this machine or a private network" if is_inside else ""
