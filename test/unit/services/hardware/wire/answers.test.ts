import { expect } from 'chai';
import { type HardwareInput, HardwareService } from '#shared/hardware/contract.ts';
import { encodeHardware } from '../../../../../services/hardware/store/codec.ts';
import { applyResponse, listResponse, watchResponse } from '../../../../../services/hardware/wire/answers.ts';
import { throughTheWire } from '../../../../support/contract.ts';

const { ListHardware, WatchHardware, ApplyHardware } = HardwareService.service;
const records: HardwareInput[] = [
  { name: 'a', revision: 1, labels: { x: '1' } },
  {
    name: 'b',
    revision: 2 ** 53 - 1,
    interfaces: [{ dhcp: { mac: '52:54:00:77:00:07', hostname: 'ä'.repeat(200) } }],
  },
];
const bytes = records.map(encodeHardware);
const expected = records.map(throughTheWire);

describe('services/hardware/wire/answers.ts', () => {
  it('writes a list as the contract reads it', () => {
    expect(ListHardware.responseDeserialize(Buffer.from(listResponse(bytes, 'next', 300)))).to.deep.equal({
      hardware: expected,
      nextPageToken: 'next',
      revision: 300,
    });
    expect(ListHardware.responseDeserialize(Buffer.from(listResponse([], '', 0)))).to.deep.equal({
      hardware: [],
    });
  });

  it('writes a watch batch as the contract reads it', () => {
    const batch = watchResponse('store', [
      { type: 'ADDED', revision: 1, bytes: bytes[0]! },
      { type: 'MODIFIED', revision: 2 ** 40, bytes: bytes[1]! },
      { type: 'DELETED', revision: 3, bytes: bytes[0]! },
      { type: 'SYNCED', revision: 0 },
    ]);
    expect(WatchHardware.responseDeserialize(Buffer.from(batch))).to.deep.equal({
      storeId: 'store',
      events: [
        { type: 'ADDED', revision: 1, hardware: expected[0] },
        { type: 'MODIFIED', revision: 2 ** 40, hardware: expected[1] },
        { type: 'DELETED', revision: 3, hardware: expected[0] },
        { type: 'SYNCED' },
      ],
    });
  });

  it('writes an apply as the contract reads it', () => {
    for (const created of [true, false]) {
      const read = ApplyHardware.responseDeserialize(Buffer.from(applyResponse(bytes[0]!, created)));
      expect(read).to.deep.equal({ hardware: expected[0], ...(created ? { created } : {}) });
    }
  });
});
