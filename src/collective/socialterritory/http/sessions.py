"""OAuth sessions of requests-oauthlib that have no sockets of their own: whatever they ask goes through `Http`.

Only the signing and the grammar of OAuth are theirs; addresses, deadlines, caps and errors are those of the door.
"""

from collections.abc import Sequence
from collective.socialterritory.http.door import Http
from collective.socialterritory.http.wire import Answer
from requests import PreparedRequest
from requests import Response
from requests import Session
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth1Session
from requests_oauthlib import OAuth2Session
from typing import Any

import logging


for _name in ("oauthlib", "requests_oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)  # below it they write keys, codes and tokens into the log


class Guarded(BaseAdapter):
    """The adapter that is mounted for every address. Raises the errors of `Http`, not those of requests."""

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        answer = self._http.request(request.method or "GET", request.url or "", data=body, headers=headers)
        return _response(request, answer)

    def close(self) -> None:
        """No connection is kept."""


def _response(request: PreparedRequest, answer: Answer) -> Response:
    """Without `location`: the door has followed what may be followed."""
    response = Response()
    response.request, response.url, response.status_code = request, answer.url, answer.status
    response.headers.update({name: value for name, value in answer.headers.items() if name != "location"})
    response._content = answer.body
    return response


def answered(response: Response) -> Answer:
    """What a session got, as `Http` gives it."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content, response.url)


def oauth1(http: Http, api_key: str, api_secret: str, access_token: str, access_secret: str) -> Any:
    """Signs with HMAC-SHA1 in the header: https://www.rfc-editor.org/rfc/rfc5849#section-3.4

    Of bodies, forms alone are signed: JSON and multipart are not.
    """
    return guarded(http, OAuth1Session(api_key, api_secret, access_token, access_secret))


def oauth2(http: Http, client_id: str, redirect_uri: str, scopes: Sequence[str]) -> OAuth2Session:
    """For the authorization code grant: https://requests-oauthlib.readthedocs.io/en/latest/oauth2_workflow.html"""
    return guarded(http, OAuth2Session(client_id, redirect_uri=redirect_uri, scope=list(scopes)))


def guarded(http: Http, session: Session) -> Any:
    session.trust_env = False  # no proxy, no netrc of the environment
    session.headers.clear()  # the door sets those that it can keep
    for scheme in ("https://", "http://"):
        session.mount(scheme, Guarded(http))
    return session
