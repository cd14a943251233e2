#!/usr/bin/python3
# What a server of `wait = yes` does: it accepts by itself, answers, and ends.
import socket

with socket.socket(fileno=0) as listening:
    client, _ = listening.accept()
    client.sendall(b'in\n')
    client.close()
