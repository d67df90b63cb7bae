"""A look into a database that another process works on."""

from __future__ import annotations

from sqlalchemy import create_engine, make_url, text

_UNDONE = text("SELECT count(*), count(fault) FROM arrival WHERE done_at IS NULL")
_UNSENT = text("SELECT count(*) FROM message WHERE state IN ('pending', 'sending')")
_COUNT = text("ANALYZE")


class Glance:
    """Looks into a database that another process works on; it never writes."""

    def __init__(self, url: str) -> None:
        """Open it for reading."""
        address = make_url(url)
        if address.drivername == "sqlite":
            url = f"sqlite:///file:{address.database}?mode=ro&uri=true"
        else:
            url = address.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def undone(self) -> int:
        """Give how many events wait for their turn. Raises AssertionError where one failed."""
        with self._engine.connect() as connection:
            waiting, failed = connection.execute(_UNDONE).one()
        assert not failed, f"{failed} turns failed"
        return int(waiting)

    def unsent(self) -> int:
        """Give how many messages wait, or are on their way."""
        with self._engine.connect() as connection:
            return int(connection.execute(_UNSENT).scalar_one())

    def count(self) -> None:
        """Let PostgreSQL count its rows, as it does by itself within a minute: plans go by them."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect() as connection:
                connection.execute(_COUNT)

    def close(self) -> None:
        """Let go of it."""
        self._engine.dispose()
