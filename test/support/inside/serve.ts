/**
 * Run inside a namespace: an HTTP server on the port of the first argument that has one text, the second, at every path that
 * ends in `.ipxe`, nothing elsewhere, and prints who asked for what, a line each.
 */
import { createServer } from 'node:http';

const [port = '', script = ''] = process.argv.slice(2);
createServer((request, response) => {
  process.stdout.write(`${request.socket.remoteAddress} asked for ${request.url}\n`);
  response.statusCode = request.url?.endsWith('.ipxe') ? 200 : 404;
  response.end(response.statusCode === 200 ? script : '');
}).listen(Number(port), '0.0.0.0', () => process.stdout.write('listening\n'));
