/** Run inside a namespace: an HTTP server on the port of the first argument that prints who asked for what, a line each. */
import { createServer } from 'node:http';

const [port = ''] = process.argv.slice(2);
createServer((request, response) => {
  process.stdout.write(`${request.socket.remoteAddress} asked for ${request.url}\n`);
  response.end('heard\n');
}).listen(Number(port), '0.0.0.0', () => process.stdout.write('listening\n'));
