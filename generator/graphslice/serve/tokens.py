"""Signed access tokens (JWT, ES256) for the emulator's own token endpoint."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Claims = dict[str, Any]
_ECDSA = ec.ECDSA(SHA256())
_WIDTH = 32


class TokenKey:
    """A key that lives as long as the service and is never written anywhere."""

    def __init__(self) -> None:
        """Make a new key."""
        self._private = ec.generate_private_key(ec.SECP256R1())
        numbers = self._private.public_key().public_numbers()
        self._point = {"x": _encode(numbers.x.to_bytes(_WIDTH, "big")), "y": _encode(numbers.y.to_bytes(_WIDTH, "big"))}
        self.id = _encode(hashlib.sha256(json.dumps(self._point).encode()).digest()[:16])

    def public(self) -> Claims:
        """Give the public half as a JSON Web Key."""
        return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id, **self._point}

    def sign(self, claims: Claims) -> str:
        """Make a token of claims."""
        head = {"typ": "JWT", "alg": "ES256", "kid": self.id}
        signed = ".".join(_encode(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
        r, s = decode_dss_signature(self._private.sign(signed.encode(), _ECDSA))
        return f"{signed}.{_encode(r.to_bytes(_WIDTH, 'big') + s.to_bytes(_WIDTH, 'big'))}"

    def read(self, token: str) -> Claims | None:
        """Give the claims of a token that this key has signed, None of any other."""
        signed, _, signature = token.rpartition(".")
        try:
            raw = _decode(signature)
            if len(raw) != 2 * _WIDTH:
                return None
            r, s = int.from_bytes(raw[:_WIDTH], "big"), int.from_bytes(raw[_WIDTH:], "big")
            self._private.public_key().verify(encode_dss_signature(r, s), signed.encode(), _ECDSA)
            claims = json.loads(_decode(signed.partition(".")[2]))
        except (InvalidSignature, ValueError, binascii.Error, UnicodeEncodeError):
            return None
        return claims if isinstance(claims, dict) else None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
