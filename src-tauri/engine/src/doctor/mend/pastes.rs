//! What to paste, for each thing that may be wrong: whose, where, what to do, the text. `/events` is the stream's path and
//! port 3000 the server's.

use super::super::product::Product::{
    Apache, Caddy, Cloudflare, Envoy, HaProxy, Nginx, Node, Spring, Traefik, Uvicorn,
};
use super::Entry;

const INGRESS: &str = "Kubernetes ingress-nginx";
const NGINX_LOCATION: &str = "in the location of the stream; then nginx -s reload";
const APACHE_PASS: &str = "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=3600";
const ENVOY_ROUTE: &str = "route:\n  timeout: 0s\n  idle_timeout: 1h";
const NO_TRANSFORM: &str = "Cache-Control: no-cache, no-transform";
const STARLETTE: &str = "StreamingResponse(events(), media_type=\"text/event-stream\", headers={\n    \
                         \"Cache-Control\": \"no-cache\",\n    \"X-Accel-Buffering\": \"no\",\n})";

pub(super) const UNBUFFER: [Entry; 11] = [
    (
        Nginx,
        "nginx",
        NGINX_LOCATION,
        "proxy_http_version 1.1;\nproxy_set_header Connection \"\";\nproxy_buffering off;\nproxy_cache off;\ngzip off;\n\
         proxy_read_timeout 1h;",
    ),
    (
        Nginx,
        INGRESS,
        "as annotations of the Ingress",
        "nginx.ingress.kubernetes.io/proxy-buffering: \"off\"\nnginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
    ),
    (
        Apache,
        "Apache",
        "in the virtual host, with the server's own port; and no filter, mod_deflate or mod_cache for this path",
        "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=3600\n\
         SetEnvIf Request_URI \"^/events\" no-gzip=1",
    ),
    (
        HaProxy,
        "HAProxy",
        "in defaults or backend; without http-response wait-for-body, and no compression of text/event-stream",
        "option http-no-delay\ntimeout server 1h",
    ),
    (
        Caddy,
        "Caddy",
        // Not with `flush_interval -1`, which keeps the server's answer open for a listener that has left.
        "in the site, with the server's own port: a route without encode and without buffers for responses",
        "handle /events* {\n    reverse_proxy 127.0.0.1:3000\n}",
    ),
    (
        Cloudflare,
        "Cloudflare",
        "a response with this header is passed on as it comes; turn off compression and Rocket Loader for the path",
        NO_TRANSFORM,
    ),
    (
        Traefik,
        "Traefik",
        "no buffering or compress middleware on the route; pass bytes on at once",
        "[http.services.events.loadBalancer.responseForwarding]\n  flushInterval = \"-1ms\"",
    ),
    (Envoy, "Envoy", "no buffer or compressor filter on the route, and no route timeout", ENVOY_ROUTE),
    (
        Node,
        "Node",
        "without the compression middleware on this route, and with the header sent at once",
        "res.setHeader('X-Accel-Buffering', 'no');\nres.flushHeaders();",
    ),
    (
        Spring,
        "Spring",
        "in the handler, before the emitter is returned",
        "response.setHeader(\"X-Accel-Buffering\", \"no\");",
    ),
    (Uvicorn, "Starlette", "without GZipMiddleware and BaseHTTPMiddleware on this route", STARLETTE),
];

pub(super) const PATIENCE: [Entry; 7] = [
    (Nginx, "nginx", NGINX_LOCATION, "proxy_read_timeout 1h;"),
    (Nginx, INGRESS, "as an annotation of the Ingress", "nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\""),
    (Apache, "Apache", "in the virtual host, with the server's own port", APACHE_PASS),
    (HaProxy, "HAProxy", "in defaults or backend", "timeout client 1h\ntimeout server 1h"),
    (
        Traefik,
        "Traefik",
        "in the static configuration",
        "[entryPoints.web.transport.respondingTimeouts]\n  writeTimeout = 0\n  idleTimeout = \"1h\"",
    ),
    (Envoy, "Envoy", "on the route", ENVOY_ROUTE),
    (Cloudflare, "Cloudflare", "its 100 s without a byte cannot be changed on most plans: send a heartbeat", ""),
];

pub(super) const LIFETIMES: [Entry; 4] = [
    (
        Spring,
        "Spring",
        "no timeout for the emitter",
        "new SseEmitter(0L)\n# or in application.properties\nspring.mvc.async.request-timeout=-1",
    ),
    (Envoy, "Envoy", "on the route", ENVOY_ROUTE),
    (
        Traefik,
        "Traefik",
        "in the static configuration",
        "[entryPoints.web.transport.respondingTimeouts]\n  writeTimeout = 0",
    ),
    (
        Uvicorn,
        "Gunicorn",
        "workers of uvicorn, and time for them",
        "gunicorn -k uvicorn.workers.UvicornWorker --timeout 0",
    ),
];

pub(super) const HEARTBEAT: [Entry; 3] = [
    (
        Node,
        "Node",
        "send a comment every 15 s",
        "const beat = setInterval(() => res.write(':\\n\\n'), 15000);\nres.on('close', () => clearInterval(beat));",
    ),
    (Spring, "Spring", "send a comment every 15 s", "emitter.send(SseEmitter.event().comment(\"\"));"),
    (Uvicorn, "sse-starlette", "send a ping every 15 s", "EventSourceResponse(events(), ping=15)"),
];

pub(super) const HEADERS: [Entry; 3] = [
    (
        Node,
        "Node",
        "before the first write",
        "res.writeHead(200, {\n  'Content-Type': 'text/event-stream',\n  'Cache-Control': 'no-cache',\n  \
         'X-Accel-Buffering': 'no',\n});",
    ),
    (
        Spring,
        "Spring",
        "on the handler",
        "@GetMapping(path = \"/events\", produces = MediaType.TEXT_EVENT_STREAM_VALUE)",
    ),
    (Uvicorn, "Starlette", "for the response", STARLETTE),
];

pub(super) const UNCOMPRESS: [Entry; 9] = [
    (Nginx, "nginx", "in the location of the stream, or leave text/event-stream out of gzip_types", "gzip off;"),
    (Apache, "Apache", "for the path of the stream", "SetEnvIf Request_URI \"^/events\" no-gzip=1"),
    (HaProxy, "HAProxy", "without text/event-stream", "compression type text/html text/css"),
    (Caddy, "Caddy", "only what is no stream", "@page not path /events\nencode @page gzip zstd"),
    (Cloudflare, "Cloudflare", "have the server send", NO_TRANSFORM),
    (
        Node,
        "Express",
        "leave the stream out of the compression middleware",
        "app.use(compression({\n  filter: (req, res) =>\n    \
         res.getHeader('Content-Type') !== 'text/event-stream' && compression.filter(req, res),\n}));",
    ),
    (
        Spring,
        "Spring",
        "in application.properties: only these, without text/event-stream",
        "server.compression.mime-types=text/html,text/css,application/json",
    ),
    (Uvicorn, "Starlette", "mount the stream outside of GZipMiddleware", ""),
    (
        Traefik,
        "Traefik",
        "in the compress middleware",
        "[http.middlewares.zip.compress]\n  excludedContentTypes = [\"text/event-stream\"]",
    ),
];

pub(super) const HTTP11: [Entry; 2] = [
    (Nginx, "nginx", NGINX_LOCATION, "proxy_http_version 1.1;\nproxy_set_header Connection \"\";"),
    (
        Apache,
        "Apache",
        "take out what forces HTTP/1.0",
        "# SetEnv force-proxy-request-1.0 1\n# SetEnv downgrade-1.0 1\n# SetEnv proxy-nokeepalive 1",
    ),
];
