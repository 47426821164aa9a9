"""The WSGI application that granian or gunicorn serves."""

import gc
import os
import signal

from django.core.wsgi import get_wsgi_application

from . import keeper
from .processes import die_with_parent
from .serving import OUR_WORKER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
if os.environ.get(OUR_WORKER):
    die_with_parent(signal.SIGKILL)
application = get_wsgi_application()

from . import exporting  # noqa: E402  (knows the models, which are ready now)

exporting.plug()
# What the start built stays for good: the collector need not walk it again at every sweep (8 % of a submission's time).
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
keeper.start()
