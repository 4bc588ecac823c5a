/**
 * Run inside a namespace: the least that a service on node:http can do. Answers every request with the same bytes.
 *
 *     constant-http.ts <address> <port> <file>
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [address, port, file = ''] = process.argv.slice(2);
const body = readFileSync(file);
const head = { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length };

createServer({ noDelay: true }, (_request, response) => {
  response.writeHead(200, head);
  response.end(body);
}).listen(Number(port), address);
