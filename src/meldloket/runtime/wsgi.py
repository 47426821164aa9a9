"""The WSGI application that granian or gunicorn serves."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from .processes import die_with_parent
from .serving import OUR_WORKER

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meldloket.runtime.settings")
if os.environ.get(OUR_WORKER):
    die_with_parent(signal.SIGKILL)
application = get_wsgi_application()
