// A stock market in Express, for those who have a JSON Web Token. Prints its port.
//
// node market.mjs [PORT [LIFE]]   LIFE is that of a token, in seconds (3600)
//   POST /api/login          gives the first token
//   POST /api/refresh-token  gives a new one for the old one, which may have ended within the last hour
//   GET /api/stream          the events: ?token=…, or Authorization: Bearer …
import cors from "cors";
import express from "express";
import helmet from "helmet";
import jwt from "jsonwebtoken";

const [port = 0, life = 3600] = process.argv.slice(2).map(Number);
const SECRET = "only for tests";
const GRACE = 3600;

const newToken = () => jwt.sign({ sub: "trader", nonce: Math.random() }, SECRET, { expiresIn: life });

function bearer(request) {
  const [kind, token] = (request.get("Authorization") ?? "").split(" ");
  return kind === "Bearer" ? token : undefined;
}

/** Lets those in who have a good token; `request.claims` is what it says. */
const signedIn = (find, options) => (request, response, next) => {
  const token = find(request);
  if (token === undefined) return response.status(401).json({ error: "a token is needed" });
  jwt.verify(token, SECRET, options, (error, claims) => {
    if (error) return response.status(403).json({ error: error.message });
    request.claims = claims;
    next();
  });
};

const events = [];
const clients = new Set();
/** What they opened at. */
const prices = { AURA: 182.5, BELL: 96.2, CYAN: 412.75 };

function tell(event, data) {
  events.push(`event: ${event}\nid: ${events.length + 1}\ndata: ${JSON.stringify(data)}\n\n`);
  for (const response of clients) response.write(events.at(-1));
}

setInterval(() => {
  for (const [symbol, opened] of Object.entries(prices)) {
    const price = Number((opened * (1 + Math.random() / 100)).toFixed(2));
    tell("price-update", { symbol, price, change_pct: (price / opened - 1) * 100, at: new Date().toISOString() });
  }
}, 200);

setInterval(() => {
  const price = prices.BELL * 0.95;
  const message = `BELL fell 5.00 % to ${price.toFixed(2)}`;
  const url = "https://dashboard.example.com/symbols/BELL";
  tell("market-alert", { symbol: "BELL", price, change_pct: -5, message, url, severity: "critical" });
}, 700);

const app = express();
app.use(helmet());
app.use(cors({ origin: "https://dashboard.example.com", allowedHeaders: ["Authorization", "Last-Event-ID"] }));

app.post("/api/login", (_request, response) => response.json({ token: newToken() }));

app.post("/api/refresh-token", signedIn(bearer, { ignoreExpiration: true }), (request, response) => {
  if (request.claims.exp + GRACE < Date.now() / 1000) return response.status(403).json({ error: "too old" });
  response.json({ token: newToken() });
});

app.get("/api/stream", signedIn((request) => request.query.token ?? bearer(request)), (request, response) => {
  response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.flushHeaders();
  events.slice(Number(request.get("Last-Event-ID") ?? events.length)).forEach((event) => response.write(event));
  clients.add(response);
  // A stream lasts no longer than its token.
  const end = setTimeout(() => response.end(), request.claims.exp * 1000 - Date.now());
  response.on("close", () => {
    clients.delete(response);
    clearTimeout(end);
  });
});

const server = app.listen(port, "127.0.0.1", () => console.log(server.address().port));
