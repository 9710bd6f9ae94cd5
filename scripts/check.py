# -*- coding: utf-8 -*-
"""Say clearly what is missing on this machine; with a port as argument, whether it is free. Any Python runs this."""

import errno
import os
import shutil
import socket
import sys


NEEDED = 2000  # megabytes for the virtual environment and the caches
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def problem(port):
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:2]))
        return (
            "Python 3.11 or newer is needed; %s was found. Give another: make start PYTHON=/path/to/python3.11" % found,
            "Il faut Python 3.11 ou plus récent ; trouvé : %s. make start PYTHON=/chemin/vers/python3.11" % found,
        )
    if sys.version_info[:3] == (3, 13, 0):
        return (
            "Python 3.13.0 has a defect (gh-125631) that keeps Plone from starting: take 3.13.1 or newer.",
            "Python 3.13.0 a un défaut (gh-125631) qui empêche Plone de démarrer : prenez 3.13.1 ou plus récent.",
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (
            "Python's venv module is missing: sudo apt install python3-venv",
            "Le module venv de Python manque : sudo apt install python3-venv",
        )
    needed = 200 if os.path.exists(os.path.join(ROOT, ".venv", ".installed")) else NEEDED
    free = shutil.disk_usage(ROOT).free // 10**6
    if free < needed:
        return (
            "The disk is full: %d MB are free in %s, %d MB are needed." % (free, ROOT, needed),
            "Le disque est plein : %d Mo libres dans %s, il en faut %d." % (free, ROOT, needed),
        )
    if port is None:
        return None
    if not port.isdigit() or not 0 < int(port) < 65536:
        return (
            "PORT must be a number from 1 to 65535: make start PORT=8081",
            "PORT doit être un nombre de 1 à 65535 : make start PORT=8081",
        )
    return port_problem(int(port))


def port_problem(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                return (
                    "Port %d is for administrators alone. Try another: make start PORT=8080" % port,
                    "Le port %d est réservé aux administrateurs. Essayez : make start PORT=8080" % port,
                )
            return (
                "Port %d is in use. If it is by this site, open it there; else: make start PORT=%d" % (port, port + 1),
                "Le port %d est occupé. Si c'est par ce site, ouvrez-le ; sinon : make start PORT=%d"
                % (port, port + 1),
            )
    return None


if __name__ == "__main__":
    said = problem(sys.argv[1] if len(sys.argv) > 1 else None)
    if said:
        sys.stderr.write("\n%s\n%s\n\n" % said)
        sys.exit(1)
