"""Stops with a clear message where the port cannot be had: `check_port.py PORT`. Standard library only."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from language import _


def main(argument: str) -> None:
    port = int(argument) if argument.isascii() and argument.isdigit() else 0
    if not 0 < port < 65536:
        sys.exit(_("PORT={port} không phải số cổng. Ví dụ: make run PORT=8502").format(port=argument))
    with socket.socket() as probe:
        # As the server does: a port that is only waiting out its last connections can be had.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(
                _(
                    "Cổng {port} đang có chương trình khác dùng. Dừng chương trình ấy, hoặc: make run PORT={other}"
                ).format(port=port, other=port + 1)
            )


if __name__ == "__main__":
    main(sys.argv[1])
