"""Parts of an Envoy configuration that are the same for every API."""

from typing import Any, Final

Document = dict[str, Any]
# Yours take their places.
ISSUER: Final = "https://issuer.example.com"
ISSUER_HOST: Final = "issuer.example.com"
AUDIENCE: Final = "regulars"
# Links in e-mails: they hold a token of their own, which the API checks.
LINKS: Final = "/unsubscribe/"
READS_PER_SECOND, WRITES_PER_SECOND = 500, 200
EXTENSIONS: Final = "type.googleapis.com/envoy.extensions"
_HTTP: Final = f"{EXTENSIONS}.filters.http"


def tokens() -> Document:
    """
    Only tokens of the issuer get as far as the API, which judges them again.

    The first rule that matches counts; one that requires nothing asks for no token.
    """
    return {
        "name": "envoy.filters.http.jwt_authn",
        "typed_config": {
            "@type": f"{_HTTP}.jwt_authn.v3.JwtAuthentication",
            "providers": {
                "issuer": {
                    "issuer": ISSUER,
                    "audiences": [AUDIENCE],
                    "forward": True,
                    "remote_jwks": {
                        "http_uri": {
                            "uri": f"{ISSUER}/jwks",
                            "cluster": "issuer",
                            "timeout": "5s",
                        },
                        "cache_duration": "600s",
                    },
                }
            },
            "rules": [
                {"match": {"prefix": LINKS}},
                {"match": {"prefix": "/"}, "requires": {"provider_name": "issuer"}},
            ],
        },
    }


def rates() -> Document:
    """The filter that counts; how much is each route's own."""
    return {
        "name": "envoy.filters.http.local_ratelimit",
        "typed_config": {
            "@type": f"{_HTTP}.local_ratelimit.v3.LocalRateLimit",
            "stat_prefix": "all",
        },
    }


def bucket(kind: str) -> Document:
    """How much of a kind of request a route lets through."""
    rate = READS_PER_SECOND if kind == "reads" else WRITES_PER_SECOND
    whole = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return {
        "@type": f"{_HTTP}.local_ratelimit.v3.LocalRateLimit",
        "stat_prefix": kind,
        "token_bucket": {
            "max_tokens": rate,
            "tokens_per_fill": rate,
            "fill_interval": "1s",
        },
        "filter_enabled": whole,
        "filter_enforced": whole,
    }


def router() -> Document:
    """The last filter: passes on."""
    return {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{_HTTP}.router.v3.Router"},
    }


def cluster(name: str, host: str, port: int) -> Document:
    """Where requests go."""
    return {
        "name": name,
        "type": "STRICT_DNS",
        "connect_timeout": "2s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": address(host, port)}}]}
            ],
        },
    }


def tls(host: str) -> Document:
    """A connection of which the other end is checked."""
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{EXTENSIONS}.transport_sockets.tls.v3.UpstreamTlsContext",
            "sni": host,
            "auto_sni_san_validation": True,
            "common_tls_context": {
                "validation_context": {
                    "trusted_ca": {"filename": "/etc/ssl/certs/ca-certificates.crt"}
                }
            },
        },
    }


def address(host: str, port: int) -> Document:
    """Where something listens."""
    return {"socket_address": {"address": host, "port_value": port}}
