"""stub"""

from django.http import HttpRequest, HttpResponse
from meldloket.web.pages import page


@page("insight.view", methods=("GET", "POST"))
def year_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
