import { expect } from 'chai';
import { messageTypeOf, messageTypes, optionTable } from '../../../../../services/dhcp/wire/codes.ts';
import { leftOutCodes } from '../../../../../services/dhcp/wire/options.ts';
import { nameOf } from '../../../../../services/dhcp/wire/print.ts';

describe('services/dhcp/wire/codes', () => {
  it('has every code once, none of PAD and END, each with its source', () => {
    const codes = Object.values(optionTable).map(({ code }) => code);
    expect(new Set(codes).size).to.equal(codes.length);
    for (const { code, rfc } of Object.values(optionTable)) {
      expect(code).to.be.within(1, 254);
      expect(rfc).to.match(/^(RFC \d+|iPXE)/);
    }
  });

  it('names codes both ways', () => {
    expect(nameOf(121)).to.equal('staticRoutes');
    expect(nameOf(224)).to.equal(undefined);
    for (const [name, code] of Object.entries(messageTypes)) expect(messageTypeOf(code)).to.equal(name);
    expect(messageTypeOf(200)).to.equal(undefined);
  });

  it('never leaves out who answers what, and for how long', () => {
    const { messageType, serverId, leaseTime, subnetMask } = optionTable;
    for (const { code } of [messageType, serverId, leaseTime, subnetMask])
      expect(leftOutCodes).to.not.include(code);
  });
});
