'use strict';
// Leads Node's own clients (fetch, http, https) through the proxy of the environment, for versions of Node that do not do it by NODE_USE_ENV_PROXY.
const { HTTPS_PROXY, NO_PROXY = '' } = process.env;

function connectDirectly({ hostname, port, servername }, secure, callback) {
  const done = (error) => callback(error ?? null, error ? null : socket);
  const socket = secure ? require('tls').connect({ host: hostname, port, servername: servername || hostname }) : require('net').connect(port, hostname);
  socket.once(secure ? 'secureConnect' : 'connect', () => done()).once('error', done);
}

function connectByProxy({ hostname, port, servername }, secure, callback) {
  const proxy = new URL(HTTPS_PROXY);
  const target = `${hostname}:${port}`;
  const request = require('http').request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT', path: target, headers: { host: target }, agent: false });
  request.once('error', callback).once('connect', (response, socket) => {
    if (response.statusCode !== 200) {
      socket.destroy();
      callback(new Error(`the proxy refused CONNECT ${target}: ${response.statusCode}`));
    } else if (!secure) {
      callback(null, socket);
    } else {
      const tls = require('tls').connect({ socket, servername: servername || hostname, ALPNProtocols: ['http/1.1'] });
      tls.once('secureConnect', () => callback(null, tls)).once('error', callback);
    }
  }).end();
}

function connect(options, secure, callback) {
  const hostname = options.hostname || options.host;
  const target = { hostname, port: options.port || (secure ? 443 : 80), servername: options.servername };
  (NO_PROXY.split(',').includes(hostname) ? connectDirectly : connectByProxy)(target, secure, callback);
}

function leadModule(name, secure) {
  const { globalAgent } = require(name);
  globalAgent.createConnection = (options, callback) => {
    if (options.socketPath) return require('net').connect(options.socketPath);
    connect(options, secure, callback);
  };
}

function leadFetch() {
  const fetch = globalThis.fetch;
  if (!fetch) return;
  const dispatcher = Symbol.for('undici.globalDispatcher.1');
  let led = false;
  globalThis.fetch = function (input, init) {
    if (!led) {
      led = true;
      fetch('data:,'); // loads what makes the dispatcher
      const Agent = globalThis[dispatcher].constructor;
      globalThis[dispatcher] = new Agent({ connect: (options, callback) => connect(options, options.protocol === 'https:', callback) });
    }
    return fetch(input, init);
  };
}

if (HTTPS_PROXY && !process.allowedNodeEnvironmentFlags.has('--use-env-proxy')) {
  leadModule('http', false);
  leadModule('https', true);
  leadFetch();
}
