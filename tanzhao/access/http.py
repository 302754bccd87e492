"""The request of somebody who has signed in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from tanzhao.access.models import User


class SignedInRequest(HttpRequest):
    user: User  # the guard lets nobody else through
    htmx: HtmxDetails
