# SPDX-License-Identifier: Apache-2.0
"""Lets a client keep its real URLs while every host of them is this machine: names, certificates and sessions.

``cryptography`` and aiohttp, which come with ccxt, are imported where they are needed.
"""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import tempfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LOOPBACK = "127.0.0.1"
_VALID = dt.timedelta(days=2)


class LocalAuthority:
    """A certificate authority of one process, which only the contexts that it hands out trust.

    Args:
        hosts: whom the server stands for; ``*.binance.com`` is one label deep.
    """

    def __init__(self, hosts: Iterable[str] = ("*.binance.com", "localhost")) -> None:
        self.hosts = tuple(hosts)

    @cached_property
    def client_context(self) -> ssl.SSLContext:
        """Trusts this authority and nobody else."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return ssl.create_default_context(cadata=self._root[0].public_bytes(Encoding.PEM).decode())

    @cached_property
    def server_context(self) -> ssl.SSLContext:
        """Has a certificate for the hosts."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        root, root_key = self._root
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _signed("loopback server", key, root, root_key, self.hosts)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # The standard library reads keys from files only.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "server.pem"
            file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
            context.load_cert_chain(file)
        return context

    @cached_property
    def _root(self) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        return _signed("loopback authority", key, None, key), key


class LoopbackResolver(AbstractResolver):
    """Answers every name with one port of this machine, whatever port the URL has; ``asked`` are the names."""

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host, host=LOOPBACK, port=self._port, family=socket.AF_INET, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


class TlsServer(Protocol):
    """What a session is led to."""

    @property
    def authority(self) -> LocalAuthority | None: ...

    @property
    def tls_port(self) -> int: ...


def loopback_session(server: TlsServer) -> ClientSession:
    """A session in which every host is the server; whoever asks for it closes it."""
    if server.authority is None:
        raise ValueError("the server speaks no TLS: give it an authority")
    connector = TCPConnector(resolver=LoopbackResolver(server.tls_port), ssl=server.authority.client_context)
    return ClientSession(connector=connector)


def _signed(
    name: str,
    key: EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: EllipticCurvePrivateKey,
    hosts: Iterable[str] = (),
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    extensions: list[tuple[Any, bool]] = [
        (x509.BasicConstraints(ca=issuer is None, path_length=None), True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False),
    ]
    if issuer is not None:
        extensions.append((x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), False))
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _VALID)
        .not_valid_after(now + _VALID)
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(issuer_key, hashes.SHA256())
