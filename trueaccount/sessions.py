"""Sessions that a server begins by itself, before the page that it sends asks for one.

A page asks for its kernel when it has loaded all that it is made of. A kernel takes as long to
start, and to import what exercises are made of: so both are done at the same time.
"""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from queue import Empty
from typing import Any
from weakref import WeakValueDictionary

from jupyter_server.services.sessions.sessionmanager import SessionManager

LATEST = 60  # s, in which a kernel has started and done what it was given to do


class Sessions(SessionManager):
    """Jupyter's sessions. Whoever asks for a notebook's while it is being made gets that one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._making: WeakValueDictionary[str | None, asyncio.Lock] = WeakValueDictionary()
        self._begun: set[asyncio.Task[None]] = set()

    async def create_session(
        self, path: str | None = None, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the session of what is at `path`, made now if there is none."""
        async with self._making.setdefault(path, asyncio.Lock()):
            if await self.session_exists(path):
                found: dict[str, Any] = await self.get_session(path=path)
                return found
            return await super().create_session(path, *args, **kwargs)

    def begin(self, path: str, kernel: str | None, code: str) -> None:
        """Make the session of the notebook at `path`, and run `code` in it; not if it has one.

        Returns at once. Where it fails, the page fares as if nothing had been tried.
        """
        task = asyncio.create_task(self._begin(path, kernel, code))
        self._begun.add(task)  # a task that nobody knows may be forgotten before it is done
        task.add_done_callback(self._begun.discard)

    async def _begin(self, path: str, kernel: str | None, code: str) -> None:
        try:
            if await self.session_exists(path):
                return
            name = PurePosixPath(path).name
            session = await self.create_session(path, name, "notebook", kernel)
            client = self.kernel_manager.get_kernel(session["kernel"]["id"]).client()
            client.start_channels(iopub=False, stdin=False, hb=False, control=False)
            try:
                await client.execute(code, silent=True, reply=True, timeout=LATEST)
            finally:
                client.stop_channels()
        except (Empty, TimeoutError):  # it was ended in the meantime
            self.log.debug("The kernel of %s does not reply", path)
        except Exception as problem:  # the page asks again, and then Jupyter tells whoever waits
            self.log.warning("No kernel could be begun for %s: %r", path, problem)
