"""Keeps a Home Assistant under test on this machine. It is on its PYTHONPATH.

Connections to anything but the loopback range are refused at once and names other than localhost do not resolve, so that
nothing waits for the Internet and nothing reaches it."""

import errno
import socket


def is_local(address):
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    return host in ("", "localhost", "::1", "0.0.0.0", "::") or host.startswith("127.")


def refuse_remote(name):
    original = getattr(socket.socket, name)

    def guarded(self, address, *args):
        if not is_local(address):
            raise OSError(errno.ECONNREFUSED, f"guard: {address} is not local")
        return original(self, address, *args)

    setattr(socket.socket, name, guarded)


refuse_remote("connect")
refuse_remote("connect_ex")
socket_sendto = socket.socket.sendto
socket_setsockopt = socket.socket.setsockopt
resolve = socket.getaddrinfo


def sendto(self, payload, *args):
    if not is_local(args[-1]):
        return len(payload)  # a datagram may get lost
    return socket_sendto(self, payload, *args)


def setsockopt(self, level, option, *args):
    # The HTTP client always makes a zeroconf instance, which would join multicast groups.
    if (level, option) in (
        (socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP),
        (socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP),
    ):
        return None
    return socket_setsockopt(self, level, option, *args)


def getaddrinfo(host, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    if name is not None and not is_local((name, 0)):
        raise socket.gaierror(socket.EAI_NONAME, f"guard: {name} is not local")
    return resolve(host, *args, **kwargs)


socket.socket.sendto = sendto
socket.socket.setsockopt = setsockopt
socket.getaddrinfo = getaddrinfo

try:
    import pycares
except ImportError:
    pass  # this interpreter has no Home Assistant yet
else:
    OriginalChannel = pycares.Channel

    class Channel(OriginalChannel):
        """aiodns resolves in C: it asks a port where nobody answers."""

        def __init__(self, **kwargs):
            kwargs.update(servers=["127.0.0.1"], timeout=0.2, tries=1)
            super().__init__(**kwargs)

    pycares.Channel = Channel
