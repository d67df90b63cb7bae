"""The story stands in modules beside its tests: a claim that fails there is told as fully."""

from __future__ import annotations

import pytest

for _chapters in ("beginning", "between", "meetings", "power_cuts", "quiet_spell", "town"):
    pytest.register_assert_rewrite(f"tests.whole.{_chapters}")
