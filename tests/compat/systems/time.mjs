// Server-Sent Events with nothing but Node: what time it is, every second. Prints its port.
//
// node time.mjs [PORT]
import { createServer } from "node:http";

const server = createServer((request, response) => {
  if (request.url !== "/events") {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found\n");
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  const tell = () => response.write(`event: server-time\ndata: ${new Date().toISOString()}\n\n`);
  tell();
  const timer = setInterval(tell, 1000);
  response.on("close", () => clearInterval(timer));
});

server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(server.address().port));
