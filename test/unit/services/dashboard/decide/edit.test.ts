import { expect } from 'chai';
import { createdRecord, editedRecord, fieldsOf } from '../../../../../services/dashboard/decide/edit.ts';

type Record = Parameters<typeof editedRecord>[0];

const record = {
  name: 'm1',
  revision: 3,
  annotations: { kept: 'yes' },
  interfaces: [
    { dhcp: { mac: 'aa', leaseTime: 60, ip: { address: '10.0.0.1', netmask: '255.0.0.0', family: 4 } } },
    { dhcp: { mac: 'bb' }, netboot: { allowPxe: false, ipxe: { contents: 'secret' } } },
  ],
} as unknown as Record;
const fields = {
  address: '10.0.0.9',
  netmask: '255.0.0.0',
  gateway: '',
  hostname: 'h',
  arch: 'x86_64',
  allowPxe: true,
  disableDhcp: false,
};

describe('services/dashboard/decide/edit', () => {
  it('changes the interface with that MAC, and keeps everything that it was not told', () => {
    const edited = editedRecord(record, 'bb', fields);
    expect(edited).to.deep.equal({
      ...record,
      interfaces: [
        record.interfaces[0],
        {
          disableDhcp: false,
          dhcp: {
            mac: 'bb',
            hostname: 'h',
            arch: 'x86_64',
            ip: { address: '10.0.0.9', netmask: '255.0.0.0', gateway: '' },
          },
          netboot: { allowPxe: true, ipxe: { contents: 'secret' } },
        },
      ],
    });
    expect(editedRecord(record, 'aa', fields)?.interfaces?.[0]?.dhcp).to.deep.include({
      mac: 'aa',
      leaseTime: 60,
    });
  });

  it('knows no interface of another MAC', () =>
    expect(editedRecord(record, 'cc', fields)).to.equal(undefined));

  it('reads back what it has written', () => {
    const created = createdRecord({ name: 'n', mac: 'dd', fields });
    expect(created.name).to.equal('n');
    expect(fieldsOf(created.interfaces?.[0] as Record['interfaces'][0])).to.deep.equal(fields);
  });
});
