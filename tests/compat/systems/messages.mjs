// What is published on the Redis channel `messages`, for every client; the recent ones first. Prints its port.
// Several of these may share one Redis.
//
// node messages.mjs PORT-OF-REDIS [PORT]
//   GET /stream    the events
//   POST /publish  publishes the body
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { createClient } from "redis";

// Numbers a message, keeps it among the last hundred and publishes it: all at once, so that the numbers come in order.
const PUBLISH = `
  local message = cjson.encode({ id = redis.call("INCR", "messages:count"), text = ARGV[1] })
  redis.call("RPUSH", "messages:recent", message)
  redis.call("LTRIM", "messages:recent", -100, -1)
  return redis.call("PUBLISH", "messages", message)`;

const [redisPort, port = 0] = process.argv.slice(2).map(Number);

const redis = (options) =>
  createClient({ socket: { host: "127.0.0.1", port: redisPort, ...options }, disableOfflineQueue: true });

const commands = redis().on("error", () => {});
await commands.connect();

/** Each client has a subscription of its own, which ends with it; and where that breaks, the client comes again. */
async function stream(response) {
  const subscriber = redis({ reconnectStrategy: false }).on("error", () => leave(response));
  response.on("close", () => subscriber.isOpen && subscriber.destroy());
  await subscriber.connect();

  let last = 0;
  const send = (message) => {
    const { id, text } = JSON.parse(message);
    if (id <= last) return;
    last = id;
    response.write(`id: ${id}\ndata: ${text}\n\n`);
  };
  // What comes while the recent ones are read goes after them.
  const waiting = [];
  let listener = (message) => waiting.push(message);
  await subscriber.subscribe("messages", (message) => listener(message));
  const recent = await commands.lRange("messages:recent", 0, -1);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.write(": welcome\n\n");
  [...recent, ...waiting].forEach(send);
  listener = send;
}

/** Without Redis there is nothing to say. */
function leave(response) {
  if (response.headersSent) response.end();
  else response.writeHead(503).end();
}

async function answer(request, response) {
  switch (`${request.method} ${request.url}`) {
    case "GET /stream":
      return stream(response);
    case "POST /publish":
      await commands.eval(PUBLISH, { arguments: [await text(request)] });
      return response.writeHead(204).end();
    default:
      return response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => leave(response));
});

server.listen(port, "127.0.0.1", () => console.log(server.address().port));
