"""Which addresses may be connected to: those that the whole internet sees, and no others.

Every notation of a host ends here as an address (the resolver reads "2130706433" and "0x7f.1" as
it reads a name), and every address in its plain form: an IPv4 address that is wrapped in an IPv6
one is judged by what it wraps, or refused.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

TRANSLATED = tuple(
    map(
        ip_network,
        (
            "::/96",  # IPv4-compatible (RFC 4291, deprecated)
            "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
            "64:ff9b::/96",  # NAT64 (RFC 6052)
            "64:ff9b:1::/48",  # NAT64 in local use (RFC 8215)
            "2001::/32",  # Teredo (RFC 4380)
            "2002::/16",  # 6to4 (RFC 3056)
        ),
    )
)
"""IPv6 networks whose addresses lead to IPv4 ones, which may be anybody's."""

NOT_GLOBAL = (ip_network("192.88.99.0/24"), ip_network("5f00::/16"))
"""Networks of no public host that `ipaddress` takes to be global (RFC 7526, RFC 9602)."""


def public(address: str) -> bool:
    """Whether an address, as a resolver gives it, is a public host's."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return _ordinary(found) and not any(
        found in network
        for network in (*TRANSLATED, *NOT_GLOBAL)
        if network.version == found.version
    )


def _ordinary(found: IPv4Address | IPv6Address) -> bool:
    local = isinstance(found, IPv6Address) and found.is_site_local
    return found.is_global and not (found.is_multicast or found.is_reserved or local)
