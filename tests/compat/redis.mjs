// SSE pushed from a Redis stream: each entry of `events` is an event, its id is the entry's. Prints its port.
//
// node redis.mjs PORT-OF-REDIS [PORT]
import { createServer } from "node:http";
import { connect } from "node:net";

const [redis, port = "0"] = process.argv.slice(2).map(Number);

const server = createServer((request, response) => {
  let last = request.headers["last-event-id"] ?? "0";
  const connection = connect(redis, "127.0.0.1");
  const ask = () => connection.write(`XREAD COUNT 100 BLOCK 0 STREAMS events ${last}\r\n`);
  let received = Buffer.alloc(0);

  connection.on("connect", () => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.flushHeaders();
    ask();
  });
  connection.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const reply = parse(received, 0);
    if (reply === undefined) return;
    received = received.subarray(reply.end);
    // [[ "events", [ [ id, [ "data", text ] ], … ] ]]
    for (const [id, fields] of reply.value[0][1]) {
      response.write(`id: ${id}\ndata: ${fields[1]}\n\n`);
      last = id;
    }
    ask();
  });
  // Without Redis there is nothing to say: the client comes again.
  connection.on("error", () => {});
  connection.on("close", () => (response.headersSent ? response.destroy() : response.writeHead(503).end()));
  response.on("close", () => connection.destroy());
});

/** The RESP value at `at` and where it ends; undefined while it is not complete. */
function parse(bytes, at) {
  const line = bytes.indexOf("\r\n", at);
  if (line < 0) return undefined;
  const head = bytes.toString("utf8", at + 1, line);
  const next = line + 2;
  switch (String.fromCharCode(bytes[at])) {
    case "$": {
      const end = next + Number(head);
      return bytes.length < end + 2 ? undefined : { value: bytes.toString("utf8", next, end), end: end + 2 };
    }
    case "*": {
      const value = [];
      let end = next;
      for (let left = Number(head); left > 0; left -= 1) {
        const item = parse(bytes, end);
        if (item === undefined) return undefined;
        value.push(item.value);
        end = item.end;
      }
      return { value, end };
    }
    default:
      return { value: head, end: next };
  }
}

server.listen(port, "127.0.0.1", () => console.log(server.address().port));
