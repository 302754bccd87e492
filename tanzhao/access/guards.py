"""The guard on every page: nobody gets past it without the grant it names."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action


class GuardedView(Protocol):
    required_action: Action

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def requires(action: Action) -> Callable[[Callable[..., HttpResponseBase]], GuardedView]:
    """Let only signed-in holders of `action` reach the view: sign-in page, or 403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> GuardedView:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            signed_in = cast("SignedInRequest", request)
            if not signed_in.user.holds(action):
                raise PermissionDenied
            return view(signed_in, *args, **kwargs)

        guard = cast("GuardedView", guarded)
        guard.required_action = action
        return guard

    return decorate
