// Messages from Express, with heartbeat comments between them. Prints its port.
//
// node express.mjs [PORT [EVERY [HEARTBEAT]]]   milliseconds between two messages (1000), between two comments (15000)
import express from "express";

const [port = 0, every = 1000, heartbeat = 15_000] = process.argv.slice(2).map(Number);

const messages = [];
const clients = new Set();

setInterval(() => {
  messages.push({ number: messages.length + 1, at: Date.now() });
  for (const send of clients) send(messages.at(-1));
}, every);

const app = express();

app.get("/events", (request, response) => {
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
  const send = (message) => response.write(`id: ${message.number}\ndata: ${JSON.stringify(message)}\n\n`);
  const after = request.get("Last-Event-ID") ?? messages.length;
  messages.slice(Number(after)).forEach(send);
  clients.add(send);
  const timer = setInterval(() => response.write(": heartbeat\n\n"), heartbeat);
  response.on("close", () => {
    clients.delete(send);
    clearInterval(timer);
  });
});

const server = app.listen(port, "127.0.0.1", () => console.log(server.address().port));
