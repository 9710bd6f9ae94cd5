// A directory of identities and a Bluesky server for tests, on free loopback ports; ends with its standard input.
const net = require("node:net");
const { PlcServer, MockDatabase } = require("@did-plc/server");
const { PDS, envToCfg, envToSecrets, readEnv } = require("@atproto/pds");

const free = () =>
  new Promise((resolve) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const onLoopback = (server) => {
  const listen = server.app.listen.bind(server.app);
  server.app.listen = (port) => listen(port, "127.0.0.1");
  return server;
};

(async () => {
  const [plcPort, port] = [await free(), await free()];
  await onLoopback(PlcServer.create({ db: new MockDatabase(), port: plcPort })).start();
  process.env.PDS_DID_PLC_URL = `http://localhost:${plcPort}`;
  process.env.PDS_PORT = String(port);
  const env = readEnv();
  await onLoopback(await PDS.create(envToCfg(env), envToSecrets(env))).start();
  console.log(JSON.stringify({ url: `http://localhost:${port}`, plc_url: `http://localhost:${plcPort}` }));
  process.stdin.on("end", () => process.exit(0)).resume();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
