import { fileURLToPath } from 'node:url';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  loadFileDescriptorSetFromBuffer,
  loadSync,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';

export type ReflectionVersion = 'v1' | 'v1alpha';

interface Response {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] };
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
  readonly errorResponse?: { readonly errorMessage: string };
}

/** What `grpcurl` does without a proto file: asks the server itself what it speaks. */
export class ReflectionClient implements Disposable {
  readonly #client: Client;
  readonly #method: ServiceDefinition[string];

  constructor(port: number, version: ReflectionVersion) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const proto = `@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`;
    const types = loadSync(fileURLToPath(import.meta.resolve(proto)));
    this.#method = serviceIn(types, `grpc.reflection.${version}.ServerReflection`).ServerReflectionInfo!;
  }

  async services(): Promise<readonly string[]> {
    const { listServicesResponse } = await this.#ask({ listServices: '' });
    return listServicesResponse?.service.map(({ name }) => name) ?? [];
  }

  /** The types of the file that defines a symbol, and of the files that it imports. */
  async load(symbol: string): Promise<PackageDefinition> {
    const { fileDescriptorResponse } = await this.#ask({ fileContainingSymbol: symbol });
    const files = fileDescriptorResponse?.fileDescriptorProto ?? [];
    // A google.protobuf.FileDescriptorSet: every file as field 1.
    const set = files.flatMap((file) => [Buffer.of(0x0a), varint(file.length), file]);
    return loadFileDescriptorSetFromBuffer(Buffer.concat(set), { longs: Number, enums: String });
  }

  /** A unary call by nothing but what reflection has told. */
  async call(
    types: PackageDefinition,
    service: string,
    rpc: string,
    request: object,
  ): Promise<object | undefined> {
    const { path, requestSerialize, responseDeserialize } = serviceIn(types, service)[rpc]!;
    const { promise, resolve, reject } = Promise.withResolvers<object | undefined>();
    const done = (error: ServiceError | null, response?: object) =>
      error === null ? resolve(response) : reject(error);
    this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, done);
    return await promise;
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async #ask(request: object): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = this.#method;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const stream = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      new Metadata(),
    );
    stream.on('data', (response: Response) => {
      resolve(response);
      stream.end();
    });
    stream.on('error', reject);
    stream.write(request);
    const response = await promise;
    if (response.errorResponse != null) throw new Error(response.errorResponse.errorMessage);
    return response;
  }
}

function serviceIn(types: PackageDefinition, name: string): ServiceDefinition {
  return types[name] as ServiceDefinition;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
