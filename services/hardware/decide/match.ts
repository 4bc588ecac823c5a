import { formatIp4, parseIp4 } from '#shared/ip4.ts';
import { parseMac } from '#shared/mac.ts';
import type { Violation } from '../wire/status.ts';
import { ip4, line, mac } from './rules.ts';

/** What a GetHardware asks for; `key` says which of the others is meant. */
interface Asked {
  readonly key?: 'name' | 'mac' | 'ip' | 'agentId';
  readonly name?: string;
  readonly mac?: string;
  readonly ip?: string;
  readonly agentId?: string;
}

/** What a record is asked for by, in canonical form; or what is wrong with the question. */
export type Matched =
  | { readonly key: { readonly field: 'name' | 'mac' | 'ip' | 'agent_id'; readonly value: string } }
  | { readonly violation: Violation };

/** The key of a GetHardware. A MAC may be spelled in any way; an empty key is nobody's. */
export function matchKey(request: Asked): Matched {
  switch (request.key) {
    case 'name':
      return keyOf('name', request.name, line(253)(request.name ?? ''));
    case 'agentId':
      return keyOf('agent_id', request.agentId, line(255)(request.agentId ?? ''));
    case 'mac':
      return keyOf('mac', request.mac, mac(request.mac ?? ''), parseMac(request.mac ?? ''));
    case 'ip': {
      const address = parseIp4(request.ip ?? '');
      return keyOf('ip', request.ip, ip4(request.ip ?? ''), address === undefined ? '' : formatIp4(address));
    }
    default:
      return { violation: { field: 'key', description: 'is required: name, mac, ip or agent_id' } };
  }
}

/** What is wrong with the name of a record that is to be deleted: an empty one is nobody's, and never everybody's. */
export function checkName(name: string): Violation | undefined {
  const matched = matchKey({ key: 'name', name });
  return 'violation' in matched ? matched.violation : undefined;
}

function keyOf(
  field: 'name' | 'mac' | 'ip' | 'agent_id',
  value = '',
  wrong?: string,
  canonical: string = value,
): Matched {
  if (value === '') return { violation: { field, description: 'must not be empty' } };
  return wrong === undefined
    ? { key: { field, value: canonical } }
    : { violation: { field, description: wrong } };
}
