// A certified OAuth 2 server that has X's addresses and rights, on a free loopback port; ends with its standard input.
const { once } = require("node:events");
const http = require("node:http");

const configuration = {
  routes: { authorization: "/i/oauth2/authorize", token: "/2/oauth2/token", revocation: "/2/oauth2/revoke", registration: "/apps" },
  scopes: ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"],
  pkce: { required: () => true },
  issueRefreshToken: (ctx, client, code) => code.scopes.has("offline.access"),
  rotateRefreshToken: true,
  ttl: { AccessToken: 7200 },
  features: { registration: { enabled: true }, revocation: { enabled: true } },
};

// Whose token it is, as X tells it.
const me = (provider) => async (ctx, next) => {
  if (ctx.path !== "/2/users/me") return next();
  const token = await provider.AccessToken.find(ctx.get("authorization").replace("Bearer ", ""));
  ctx.status = token ? 200 : 401;
  ctx.body = token ? { data: { id: token.accountId, username: token.accountId } } : { title: "Unauthorized" };
};

(async () => {
  const { Provider } = await import(require.resolve("oidc-provider"));
  const server = http.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, configuration);
  provider.use(me(provider));
  server.on("request", provider.callback());
  console.log(JSON.stringify({ url }));
  process.stdin.on("end", () => process.exit(0)).resume();
})();
