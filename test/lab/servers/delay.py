"""Holds frames back between two network interfaces, where the kernel has no netem.

    python3 delay.py OUTER INNER DELAY_MS JITTER_MS

Each direction takes half of the delay, and up to half of the jitter, a new one for each frame; the order of frames stays.
Frames carry their virtio header along, so that checksums and segments that the kernel left for later survive.
"""
import collections
import random
import select
import socket
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_VNET_HDR = 15
PACKET_IGNORE_OUTGOING = 23
LONGEST = 10 + 65550
MOST_WAITING = 20000


def opened(name):
    """Not bound to a protocol before it is set up: else frames without the header could be waiting already."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    raw.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    raw.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    raw.bind((name, ETH_P_ALL))
    raw.setblocking(False)
    return raw


def main(outer, inner, delay_ms, jitter_ms):
    ends = {end.fileno(): end for end in (opened(outer), opened(inner))}
    first, second = ends.values()
    other = {first: second, second: first}
    waiting = {first: collections.deque(), second: collections.deque()}
    poller = select.epoll()
    for number in ends:
        poller.register(number, select.EPOLLIN)
    print("ready", flush=True)
    while True:
        due = [queue[0][0] for queue in waiting.values() if queue]
        # epoll counts in whole milliseconds here: rather a little late than a busy loop.
        patience = max(0.001, min(due) - time.monotonic()) if due else -1
        for number, _ in poller.poll(patience):
            end = ends[number]
            drain(end, waiting[other[end]], delay_ms / 2000, jitter_ms / 2000)
        now = time.monotonic()
        for end, queue in waiting.items():
            while queue and queue[0][0] <= now:
                send(end, queue.popleft()[1])


def drain(end, queue, delay, jitter):
    for _ in range(64):
        try:
            frame = end.recv(LONGEST)
        except BlockingIOError:
            return
        except OSError:
            return  # the interface is down
        if len(queue) >= MOST_WAITING:
            continue
        at = time.monotonic() + delay + random.random() * jitter
        queue.append((max(at, queue[-1][0]) if queue else at, frame))


def send(end, frame):
    try:
        end.send(frame)
    except OSError:
        pass  # down, or its queue is full: lost, as on any wire


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
