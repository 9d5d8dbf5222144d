// An SSE server as people write them: numbered events, resumed after Last-Event-ID. Prints its port.
//
// node server.mjs [PORT]
//   ?total=N   the last number (100)            ?pause=MS     between events (5)
//   ?each=N    closes each answer after N       ?hold=N       falls silent after N of each answer
//   ?silent=N  the first N requests get no answer at all
//   ?direct    asks nginx not to buffer         ?listeners    is answered with how many there are
import { createServer } from "node:http";

let asked = 0;
let listeners = 0;

const server = createServer((request, response) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  if (query.has("listeners")) return response.end(String(listeners));
  const number = (name, otherwise) => Number(query.get(name) ?? otherwise);
  asked += 1;
  listeners += 1;
  response.on("close", () => (listeners -= 1));
  if (asked <= number("silent", 0)) return;

  const first = Number(request.headers["last-event-id"] ?? 0);
  const total = number("total", 100);
  const held = first + number("hold", Infinity);
  const closed = first + number("each", Infinity);
  let last = first;

  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache",
    ...(query.has("direct") ? { "X-Accel-Buffering": "no" } : {}),
  });
  response.flushHeaders();
  const timer = setInterval(() => {
    if (last < Math.min(total, held)) {
      last += 1;
      response.write(`event: price-update\nid: ${last}\ndata: ${last}\n\n`);
    }
    if (last >= closed) response.end();
  }, number("pause", 5));
  response.on("close", () => clearInterval(timer));
});

server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(server.address().port));
