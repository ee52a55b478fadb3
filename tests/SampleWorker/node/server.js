'use strict';
// A worker on Node's own http module: what SampleWorker does, as far as the tests with Node need it.
const fs = require('node:fs');
const http = require('node:http');

const env = process.env;
const identity = {
  'X-Release': env.BLUEGREEN_RELEASE || '',
  'X-Label': env.BLUEGREEN_LABEL || '',
  'X-Worker': env.BLUEGREEN_WORKER || '',
  'X-Pid': String(process.pid),
};
const record = env.RECORD_FILE ? fs.openSync(env.RECORD_FILE, 'a', 0o600) : null; // 'a' is O_APPEND

function answer(response, status, text) {
  response.writeHead(status, {
    ...identity, 'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

function readBody(request, done) {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => done(Buffer.concat(parts)));
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://worker');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /':
      return answer(response, 200, `${identity['X-Label']} release ${identity['X-Release']} pid ${process.pid}\n`);
    case 'GET /healthz':
      return answer(response, 200, 'healthy\n');
    case 'GET /slow': {
      const ms = Number(url.searchParams.get('ms') ?? 1000);
      return setTimeout(() => answer(response, 200, `after ${ms} ms\n`), ms);
    }
    case 'POST /record':
      return readBody(request, (body) => {
        if (record === null) return answer(response, 501, 'RECORD_FILE is not set\n');
        fs.writeSync(record, Buffer.concat([body, Buffer.from('\n')])); // one write: one line
        answer(response, 200, 'recorded\n');
      });
    default:
      return answer(response, 404, 'not found\n');
  }
});

process.on('SIGTERM', () => {
  server.close(() => process.exit(0)); // requests that run are finished first
  server.closeIdleConnections();
});

if (env.SOCKET) server.listen(env.SOCKET);
else server.listen(Number(env.PORT), env.HOST || '127.0.0.1');
