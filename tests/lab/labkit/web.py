"""Requests of the lab itself to the servers of the lab."""
import base64
import http.client
import json
import ssl

from .tls import Certificates


def basic(username: str, password: str) -> str:
    """Return the value of an authorization header."""
    return 'Basic ' + base64.b64encode(f'{username}:{password}'.encode()).decode()


class Server:
    """One server; *certificates* are those of the lab where it uses TLS."""

    def __init__(self, host: str, port: int, certificates: Certificates | None) -> None:
        self.host, self.port, self._certificates = host, port, certificates
        self.authorization: str | None = None

    def call(self, method: str, path: str, body=None, timeout: float = 5) -> tuple[int, object]:
        """Return status and body of one request, both JSON where possible; an OSError if there is no answer.

        A *body* in bytes is a form, anything else is sent as JSON.
        """
        headers = {'Authorization': self.authorization} if self.authorization else {}
        if isinstance(body, bytes):
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        elif body is not None:
            body, headers['Content-Type'] = json.dumps(body).encode(), 'application/json'
        if self._certificates:
            context = ssl.create_default_context(cafile=self._certificates.ca)
            context.load_cert_chain(self._certificates.client, self._certificates.client_key)
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            data = response.read()
        except http.client.HTTPException as error:
            raise OSError(f'{type(error).__name__}: {error}') from error
        finally:
            connection.close()
        try:
            return response.status, json.loads(data)
        except ValueError:
            return response.status, data.decode('utf-8', 'replace')
