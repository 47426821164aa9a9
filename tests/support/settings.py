"""The product's own settings under the environment of a test run: a fresh home, the demonstration's keys, Lindekerke."""

import os
import tempfile
from pathlib import Path

for name in [
    name for name in os.environ if name.startswith(("MELDLOKET_", "ACMIDM_", "MAGDA_", "DOSIS_", "SMTP_", "SMS_"))
]:
    del os.environ[name]
os.environ.pop("DATABASE_URL", None)
TEST_HOME = Path(tempfile.mkdtemp(prefix="meldloket-test-"))
TEST_HOME.chmod(0o755)  # the embedded server runs as another user when we are root
(TEST_HOME / "static").mkdir()
os.environ.update(
    MELDLOKET_DEMO="1",
    MELDLOKET_LOG_LEVEL="ERROR",
    MELDLOKET_HOME=str(TEST_HOME),
    MELDLOKET_ORGANISATION_CODE="0207123456",
    DOSIS_SOURCE="urn://lindekerke/meldingen",
)

from meldloket.runtime.settings import *  # noqa: E402, F403
