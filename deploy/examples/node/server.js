'use strict';
const http = require('node:http');
const { setTimeout: sleep } = require('node:timers/promises');
const { Leader } = require('./leader.js');

// The job of this example: it prints a line five times a second. Put yours here.
async function job(generation, signal) {
  print('begin', generation);
  while (!signal.aborted) {
    await sleep(200, undefined, { signal }).catch(() => {}); // aborted
    if (!signal.aborted) print('tick', generation);
  }
  print('end', generation);
}

function print(what, generation) {
  console.log(`${new Date().toISOString()} ${what} pid ${process.pid} generation ${generation}`);
}

const leader = new Leader(job);
const server = http.createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/-/role') leader.handle(request, response);
  else if (request.url === '/healthz') response.end('ok\n');
  else response.end(`Hello from ${process.env.BLUEGREEN_LABEL ?? 'nowhere'}\n`);
});
server.listen(process.env.PORT ?? 3000, process.env.HOST ?? '127.0.0.1');

process.on('SIGTERM', async () => {
  server.close(); // requests that run are finished first
  await leader.stop();
  server.closeIdleConnections();
});
