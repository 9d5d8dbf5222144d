//! What to paste, for each thing that may be wrong: whose, where, what to do, the text. `/events` is the stream's path and
//! port 3000 the server's.

use super::super::product::Product::{
    Apache, Caddy, Cloudflare, Envoy, HaProxy, Nginx, Node, Spring, Traefik, Uvicorn,
};
use super::Entry;

const INGRESS: &str = "Kubernetes ingress-nginx";
const NGINX_LOCATION: (&str, &str) =
    ("in the location of the stream; then nginx -s reload", "写在流的 location 里；然后运行 nginx -s reload");
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
        ("as annotations of the Ingress", "作为 Ingress 的注解"),
        "nginx.ingress.kubernetes.io/proxy-buffering: \"off\"\nnginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
    ),
    (
        Apache,
        "Apache",
        (
            "in the virtual host, with the server's own port; and no filter, mod_deflate or mod_cache for this path",
            "写在虚拟主机里，端口改成服务器自己的；这个路径不要用过滤器、mod_deflate 或 mod_cache",
        ),
        "ProxyPass \"/events\" \"http://127.0.0.1:3000/events\" flushpackets=on timeout=3600\n\
         SetEnvIf Request_URI \"^/events\" no-gzip=1",
    ),
    (
        HaProxy,
        "HAProxy",
        (
            "in defaults or backend; without http-response wait-for-body, and no compression of text/event-stream",
            "写在 defaults 或 backend 里；不要用 http-response wait-for-body，也不要压缩 text/event-stream",
        ),
        "option http-no-delay\ntimeout server 1h",
    ),
    (
        Caddy,
        "Caddy",
        // Not with `flush_interval -1`, which keeps the server's answer open for a listener that has left.
        (
            "in the site, with the server's own port: a route without encode and without buffers for responses",
            "写在站点里，端口改成服务器自己的：这条路由不要 encode，也不要响应缓冲",
        ),
        "handle /events* {\n    reverse_proxy 127.0.0.1:3000\n}",
    ),
    (
        Cloudflare,
        "Cloudflare",
        (
            "a response with this header is passed on as it comes; turn off compression and Rocket Loader for the path",
            "带有这个头的响应会立即转发；请为这个路径关闭压缩和 Rocket Loader",
        ),
        NO_TRANSFORM,
    ),
    (
        Traefik,
        "Traefik",
        (
            "no buffering or compress middleware on the route; pass bytes on at once",
            "路由上不要用 buffering 或 compress 中间件；立即转发字节",
        ),
        "[http.services.events.loadBalancer.responseForwarding]\n  flushInterval = \"-1ms\"",
    ),
    (
        Envoy,
        "Envoy",
        (
            "no buffer or compressor filter on the route, and no route timeout",
            "路由上不要用 buffer 或 compressor 过滤器，也不要设路由超时",
        ),
        ENVOY_ROUTE,
    ),
    (
        Node,
        "Node",
        (
            "without the compression middleware on this route, and with the header sent at once",
            "这条路由不要用 compression 中间件，并立即发送应答头",
        ),
        "res.setHeader('X-Accel-Buffering', 'no');\nres.flushHeaders();",
    ),
    (
        Spring,
        "Spring",
        ("in the handler, before the emitter is returned", "写在处理方法里，在返回 emitter 之前"),
        "response.setHeader(\"X-Accel-Buffering\", \"no\");",
    ),
    (
        Uvicorn,
        "Starlette",
        (
            "without GZipMiddleware and BaseHTTPMiddleware on this route",
            "这条路由不要用 GZipMiddleware 和 BaseHTTPMiddleware",
        ),
        STARLETTE,
    ),
];

pub(super) const PATIENCE: [Entry; 7] = [
    (Nginx, "nginx", NGINX_LOCATION, "proxy_read_timeout 1h;"),
    (
        Nginx,
        INGRESS,
        ("as an annotation of the Ingress", "作为 Ingress 的注解"),
        "nginx.ingress.kubernetes.io/proxy-read-timeout: \"3600\"",
    ),
    (
        Apache,
        "Apache",
        ("in the virtual host, with the server's own port", "写在虚拟主机里，端口改成服务器自己的"),
        APACHE_PASS,
    ),
    (
        HaProxy,
        "HAProxy",
        ("in defaults or backend", "写在 defaults 或 backend 里"),
        "timeout client 1h\ntimeout server 1h",
    ),
    (
        Traefik,
        "Traefik",
        ("in the static configuration", "写在静态配置里"),
        "[entryPoints.web.transport.respondingTimeouts]\n  writeTimeout = 0\n  idleTimeout = \"1h\"",
    ),
    (Envoy, "Envoy", ("on the route", "写在路由上"), ENVOY_ROUTE),
    (
        Cloudflare,
        "Cloudflare",
        (
            "its 100 s without a byte cannot be changed on most plans: send a heartbeat",
            "多数套餐无法更改它 100 秒无数据的限制：请发送心跳",
        ),
        "",
    ),
];

pub(super) const LIFETIMES: [Entry; 4] = [
    (
        Spring,
        "Spring",
        ("no timeout for the emitter", "emitter 不设超时"),
        "new SseEmitter(0L)\n# or in application.properties\nspring.mvc.async.request-timeout=-1",
    ),
    (Envoy, "Envoy", ("on the route", "写在路由上"), ENVOY_ROUTE),
    (
        Traefik,
        "Traefik",
        ("in the static configuration", "写在静态配置里"),
        "[entryPoints.web.transport.respondingTimeouts]\n  writeTimeout = 0",
    ),
    (
        Uvicorn,
        "Gunicorn",
        ("workers of uvicorn, and time for them", "使用 uvicorn 的工作进程，并放宽它们的时限"),
        "gunicorn -k uvicorn.workers.UvicornWorker --timeout 0",
    ),
];

pub(super) const HEARTBEAT: [Entry; 3] = [
    (
        Node,
        "Node",
        ("send a comment every 15 s", "每 15 秒发送一条注释"),
        "const beat = setInterval(() => res.write(':\\n\\n'), 15000);\nres.on('close', () => clearInterval(beat));",
    ),
    (
        Spring,
        "Spring",
        ("send a comment every 15 s", "每 15 秒发送一条注释"),
        "emitter.send(SseEmitter.event().comment(\"\"));",
    ),
    (
        Uvicorn,
        "sse-starlette",
        ("send a ping every 15 s", "每 15 秒发送一次 ping"),
        "EventSourceResponse(events(), ping=15)",
    ),
];

pub(super) const HEADERS: [Entry; 3] = [
    (
        Node,
        "Node",
        ("before the first write", "在第一次写入之前"),
        "res.writeHead(200, {\n  'Content-Type': 'text/event-stream',\n  'Cache-Control': 'no-cache',\n  \
         'X-Accel-Buffering': 'no',\n});",
    ),
    (
        Spring,
        "Spring",
        ("on the handler", "写在处理方法上"),
        "@GetMapping(path = \"/events\", produces = MediaType.TEXT_EVENT_STREAM_VALUE)",
    ),
    (Uvicorn, "Starlette", ("for the response", "用于这个响应"), STARLETTE),
];

pub(super) const UNCOMPRESS: [Entry; 9] = [
    (
        Nginx,
        "nginx",
        (
            "in the location of the stream, or leave text/event-stream out of gzip_types",
            "写在流的 location 里，或从 gzip_types 中去掉 text/event-stream",
        ),
        "gzip off;",
    ),
    (Apache, "Apache", ("for the path of the stream", "用于流的路径"), "SetEnvIf Request_URI \"^/events\" no-gzip=1"),
    (
        HaProxy,
        "HAProxy",
        ("without text/event-stream", "不含 text/event-stream"),
        "compression type text/html text/css",
    ),
    (
        Caddy,
        "Caddy",
        ("only what is no stream", "只压缩不是流的内容"),
        "@page not path /events\nencode @page gzip zstd",
    ),
    (Cloudflare, "Cloudflare", ("have the server send", "请让服务器发送"), NO_TRANSFORM),
    (
        Node,
        "Express",
        ("leave the stream out of the compression middleware", "让 compression 中间件跳过流"),
        "app.use(compression({\n  filter: (req, res) =>\n    \
         res.getHeader('Content-Type') !== 'text/event-stream' && compression.filter(req, res),\n}));",
    ),
    (
        Spring,
        "Spring",
        (
            "in application.properties: only these, without text/event-stream",
            "写在 application.properties 里：只列这些，不含 text/event-stream",
        ),
        "server.compression.mime-types=text/html,text/css,application/json",
    ),
    (Uvicorn, "Starlette", ("mount the stream outside of GZipMiddleware", "把流挂载在 GZipMiddleware 之外"), ""),
    (
        Traefik,
        "Traefik",
        ("in the compress middleware", "写在 compress 中间件里"),
        "[http.middlewares.zip.compress]\n  excludedContentTypes = [\"text/event-stream\"]",
    ),
];

pub(super) const HTTP11: [Entry; 2] = [
    (Nginx, "nginx", NGINX_LOCATION, "proxy_http_version 1.1;\nproxy_set_header Connection \"\";"),
    (
        Apache,
        "Apache",
        ("take out what forces HTTP/1.0", "去掉强制使用 HTTP/1.0 的设置"),
        "# SetEnv force-proxy-request-1.0 1\n# SetEnv downgrade-1.0 1\n# SetEnv proxy-nokeepalive 1",
    ),
];
