/**
 * Asks a gRPC server what it speaks, and calls it by nothing but the answer: no proto file, no generated code.
 *
 *   npm run reflect
 *   npm run reflect -- 192.168.77.1:50051
 *
 * It prints the server's services, then every record that `smee.hardware.v1.HardwareService/ListHardware` gives.
 */
import { Client, credentials, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import {
  fromJSON,
  loadFileDescriptorSetFromBuffer,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';

const wanted = 'smee.hardware.v1.HardwareService';

/** What of the reflection protocol (grpc.reflection.v1) is used here: the numbers are its fields'. */
const reflection = fromJSON({
  nested: {
    grpc: {
      nested: {
        reflection: {
          nested: {
            v1: {
              nested: {
                ServerReflection: {
                  methods: {
                    ServerReflectionInfo: {
                      requestType: 'Request',
                      requestStream: true,
                      responseType: 'Response',
                      responseStream: true,
                      comment: '',
                    },
                  },
                },
                Request: {
                  fields: {
                    fileContainingSymbol: { id: 4, type: 'string', options: { proto3_optional: true } },
                    listServices: { id: 7, type: 'string', options: { proto3_optional: true } },
                  },
                },
                Response: {
                  fields: {
                    fileDescriptorResponse: { id: 4, type: 'Files' },
                    listServicesResponse: { id: 6, type: 'Services' },
                    errorResponse: { id: 7, type: 'Failure' },
                  },
                },
                Files: { fields: { fileDescriptorProto: { id: 1, type: 'bytes', rule: 'repeated' } } },
                Services: { fields: { service: { id: 1, type: 'Service', rule: 'repeated' } } },
                Service: { fields: { name: { id: 1, type: 'string' } } },
                Failure: { fields: { errorMessage: { id: 2, type: 'string' } } },
              },
            },
          },
        },
      },
    },
  },
});

interface Reflected {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Buffer[] } | null;
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] } | null;
  readonly errorResponse?: { readonly errorMessage: string } | null;
}

/** One question on a stream of its own. */
async function reflect(client: Client, question: object): Promise<Reflected> {
  const { path, requestSerialize, responseDeserialize } = methodOf(
    reflection,
    'grpc.reflection.v1.ServerReflection',
    'ServerReflectionInfo',
  );
  const { promise, resolve, reject } = Promise.withResolvers<Reflected>();
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  stream.on('data', (answer: Reflected) => {
    resolve(answer);
    stream.end();
  });
  stream.on('error', reject);
  stream.write(question);
  const answer = await promise;
  if (answer.errorResponse) throw new Error(answer.errorResponse.errorMessage);
  return answer;
}

/** The types of the file that defines a symbol, and of all that it imports. */
async function typesOf(client: Client, symbol: string): Promise<PackageDefinition> {
  const { fileDescriptorResponse } = await reflect(client, { fileContainingSymbol: symbol });
  const files = fileDescriptorResponse?.fileDescriptorProto ?? [];
  // A google.protobuf.FileDescriptorSet holds every file as its field 1: tag, length, bytes.
  const set = Buffer.concat(files.flatMap((file) => [Buffer.of(0x0a), varint(file.length), file]));
  return loadFileDescriptorSetFromBuffer(set, { longs: Number, enums: String });
}

function varint(value: number): Buffer {
  return value < 0x80
    ? Buffer.of(value)
    : Buffer.concat([Buffer.of((value & 0x7f) | 0x80), varint(value >>> 7)]);
}

function methodOf(types: PackageDefinition, service: string, name: string): MethodDefinition<object, object> {
  const methods = types[service] as ServiceDefinition | undefined;
  const method = methods?.[name];
  if (method === undefined) throw new Error(`${service} has no ${name}`);
  return method;
}

interface Page {
  readonly hardware?: readonly { readonly name: string; readonly interfaces?: readonly unknown[] }[];
  readonly nextPageToken?: string;
}

async function call(
  client: Client,
  method: MethodDefinition<object, object>,
  request: object,
): Promise<Page> {
  const { path, requestSerialize, responseDeserialize } = method;
  const { promise, resolve, reject } = Promise.withResolvers<Page>();
  const done = (error: ServiceError | null, answer?: object) =>
    error === null ? resolve(answer ?? {}) : reject(error);
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, done);
  return await promise;
}

const [address = '127.0.0.1:50051'] = process.argv.slice(2);
const client = new Client(address, credentials.createInsecure());
try {
  const { listServicesResponse } = await reflect(client, { listServices: '' });
  for (const { name } of listServicesResponse?.service ?? []) process.stdout.write(`service ${name}\n`);
  const list = methodOf(await typesOf(client, wanted), wanted, 'ListHardware');
  let pageToken: string | undefined = '';
  do {
    const page: Page = await call(client, list, { pageSize: 100, pageToken });
    for (const record of page.hardware ?? []) process.stdout.write(`${JSON.stringify(record)}\n`);
    pageToken = page.nextPageToken;
  } while (pageToken);
} catch (error) {
  process.stderr.write(`${address}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  client.close();
}
