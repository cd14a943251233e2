# Connects as /mnt/plan.json says, and writes into /mnt/results.json what came of it. Runs within the base, beside the daemon.
import json
import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

PATIENCE = 12
# The sentinel answers one at a time.
one_datagram = Lock()


def family_of(address):
    return socket.AF_INET6 if ':' in address else socket.AF_INET


def here(address):
    return '::1' if ':' in address else '127.0.0.1'


def minute():
    now = time.gmtime()
    return now.tm_hour * 60 + now.tm_min


def connect(port, source):
    client = socket.socket(family_of(source))
    client.settimeout(PATIENCE)
    client.bind((source, 0))
    client.connect((here(source), port))
    return client


def knock(port, source):
    """in: a byte came. out: none did, or the port is closed."""
    began = minute()
    try:
        with connect(port, source) as client:
            answer = client.recv(1)
    except (ConnectionRefusedError, ConnectionResetError, BrokenPipeError):
        answer = b''
    except TimeoutError:
        raise TimeoutError(f'port {port} says nothing to {source}') from None
    return {'in': answer != b'', 'minutes': sorted({began, minute()})}


def answer_of(client, port, source):
    """Behind one that it has answered, the daemon throws away what else has come (util.c, drain): so, again."""
    client.settimeout(0.05)
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        client.sendto(b'?', (here(source), port))
        try:
            client.recv(1)
            return
        except TimeoutError:
            pass
    raise TimeoutError(f'no datagram from port {port} to {source}')


def knock_by_datagram(port, sentinel, source):
    """The sentinel lets everyone in and comes after in the daemon's list: by its answer, the other has decided."""
    began = minute()
    with one_datagram, \
            socket.socket(family_of(source), socket.SOCK_DGRAM) as asked, \
            socket.socket(family_of(source), socket.SOCK_DGRAM) as other:
        for client in (asked, other):
            client.bind((source, 0))
        # Not connected, so that a closed port is no error.
        asked.sendto(b'?', (here(source), port))
        # poll(2) looks at one socket after another, so that the first answer may be of a round that had not seen the other.
        for _ in range(2):
            answer_of(other, sentinel, source)
        asked.setblocking(False)
        try:
            answer = asked.recv(1)
        except BlockingIOError:
            answer = b''
    return {'in': answer != b'', 'minutes': sorted({began, minute()})}


def stay(port, source):
    """A session with cat; None when there is none."""
    try:
        client = connect(port, source)
        client.sendall(b'in\n')
        if client.recv(1) != b'':
            return client
        client.close()
    except (ConnectionRefusedError, ConnectionResetError, BrokenPipeError):
        pass
    return None


def probe(one):
    if 'sentinel' in one:
        return [knock_by_datagram(one['port'], one['sentinel'], source) for source in one['from']]
    return [knock(one['port'], source) for source in one['from']]


def sessions(one):
    """All that get in stay until the end."""
    held = [stay(one['port'], source) for source in one['from']]
    for client in held:
        if client is not None:
            client.close()
    return [client is not None for client in held]


def dump():
    with open('/run/pid') as file:
        pid = int(file.read())
    if os.path.exists('/run/xinetd.dump'):
        os.remove('/run/xinetd.dump')
    os.kill(pid, signal.SIGUSR1)
    text = ''
    limit = time.monotonic() + PATIENCE
    while 'END OF DUMP' not in text and time.monotonic() < limit:
        time.sleep(0.01)
        if os.path.exists('/run/xinetd.dump'):
            with open('/run/xinetd.dump', errors='replace') as file:
                text = file.read()
    return text


def pause(one):
    """Connects until the daemon has had enough, and then until it has opened the port again."""
    source, port = one['from'], one['port']
    limit = time.monotonic() + PATIENCE
    answered = 0
    while knock(port, source)['in'] and time.monotonic() < limit:
        answered += 1
    began = time.time()
    seen = dump()
    still = knock(port, source)['in']
    while not knock(port, source)['in'] and time.monotonic() < limit:
        time.sleep(0.02)
    return {'answered': answered, 'began': began, 'dump': seen, 'still': still, 'ended': time.time()}


def refused_at(one):
    """Somebody who is refused, until the daemon has said so. The connection stays."""
    kind = socket.SOCK_DGRAM if one['datagram'] else socket.SOCK_STREAM
    client = socket.socket(family_of(one['from']), kind)
    client.bind((one['from'], 0))
    client.connect((here(one['from']), one['port']))
    if one['datagram']:
        client.send(b'?')
    limit = time.monotonic() + PATIENCE
    said = ''
    while f"FAIL: {one['id']} " not in said and time.monotonic() < limit:
        time.sleep(0.01)
        with open('/run/services.log') as file:
            said = file.read()
    return client


def name_of(address):
    try:
        return socket.getnameinfo((address, 0), socket.NI_NAMEREQD)[0]
    except socket.gaierror:
        return None


def resolves(name):
    try:
        return socket.getaddrinfo(name, None) != []
    except socket.gaierror:
        return False


with open('/mnt/plan.json') as file:
    plan = json.load(file)
names = {address: name_of(address) for address in plan['addresses']}
mapped = {address: None if ':' in address else name_of('::ffff:' + address) for address in plan['addresses']}
with ThreadPoolExecutor(8) as pool:
    probes = list(pool.map(probe, plan['probes']))
    held = list(pool.map(sessions, plan['sessions']))
clients = [refused_at(one) for one in plan['refused']]
afterwards = {
    'dump': dump(),
    'sockets': subprocess.run(['ss', '-H', '-lntu'], capture_output=True, text=True, check=True).stdout,
}
paused = [pause(one) for one in plan['pauses']]
# Whoever comes to a sensor is out everywhere: last, and from addresses of its own.
for one in plan['sensors']:
    knock(one['port'], one['from'])
with ThreadPoolExecutor(8) as pool:
    banned = list(pool.map(probe, plan['banned']))
with open('/mnt/results.json', 'w') as file:
    json.dump({
        'names': names,
        'mapped': mapped,
        'resolved': {name: resolves(name) for name in plan['names']},
        'probes': probes,
        'sessions': held,
        'pauses': paused,
        'banned': banned,
        'afterwards': afterwards,
    }, file)
