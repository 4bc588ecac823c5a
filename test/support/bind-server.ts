import { type Server, ServerCredentials } from '@grpc/grpc-js';

/** Lets a gRPC server listen on loopback. @param port 0 for any @returns the real one */
export function bindServer(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
}
