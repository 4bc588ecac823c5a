import type { Facts, RuleFact } from '../facts.ts';
import { type Finding, found } from '../findings.ts';

/** Whether what machines send arrives: by the rules of this host, and by what a machine of our own saw. */
export function judgeFirewall({ rules, guests, tftp, services }: Facts): readonly Finding[] {
  const dropped = rules.filter(({ verdict }) => verdict === 'dropped');
  const byRule = Object.values(Object.groupBy(dropped, (one) => `${one.interface} ${one.rule}`));
  const read = byRule.flatMap((group = []) => {
    const [first] = group;
    if (first === undefined) return [];
    const ports = group.map(nameOf).join(', ');
    return [
      found('firewall-drops', `What comes in by ${first.interface} to ${ports} is dropped: ${first.rule}.`),
    ];
  });
  // The rules may say nothing (another table, another program): then the machine has the word.
  const served = new Set(tftp.filter(({ answers }) => answers).map(({ where }) => where));
  const unread = guests.filter(
    ({ small, server, interface: name }) =>
      served.has(server) &&
      !small &&
      !dropped.some((rule) => rule.service === 'tftp' && rule.interface === name),
  );
  const tried = unread.map((guest) =>
    found(
      'firewall-drops',
      `A machine on ${guest.interface} gets no answer from ${guest.server}:${guest.port} (tftp); this host itself does.`,
    ),
  );
  return [...read, ...tried, ...judgeSilence(tftp, services, dropped)];
}

/** TFTP that is ready and deaf, where no rule was found that explains it. */
function judgeSilence(
  tftp: Facts['tftp'],
  services: Facts['services'],
  dropped: readonly RuleFact[],
): readonly Finding[] {
  const isReady = services.some(({ service, state }) => service === 'tftp' && state === 'ready');
  const explained = dropped.some(({ service }) => service === 'tftp');
  const silent = tftp.filter(({ answers }) => !answers);
  if (!isReady || explained || silent.length === 0) return [];
  const where = silent.map(({ where: host, port }) => `${host}:${port}`).join(' and ');
  return [found('tftp-silent', `Nothing came from ${where}.`)];
}

function nameOf({ protocol, port, service }: RuleFact): string {
  return `${protocol.toUpperCase()} ${port} (${service})`;
}

/** Whether large packets go where small ones go. */
export function judgePath({ paths, guests, tftp }: Facts): readonly Finding[] {
  const narrow = paths.filter(({ passes, mtu }) => passes < mtu);
  const byInterface = Object.values(Object.groupBy(narrow, (one) => one.interface));
  const pinged = byInterface.flatMap((group = []) => {
    const [first] = group;
    if (first === undefined) return [];
    const { interface: name, mtu } = first;
    const least = Math.min(...group.map(({ passes }) => passes));
    const hosts = group.map(({ host }) => host).join(', ');
    // Where others get everything, it may be that one host that does not like long pings.
    const others = paths.some((one) => one.interface === name && one.passes >= mtu);
    const detail = `${name} sends packets of ${mtu} bytes; of those above ${least}, none came back from ${hosts}.`;
    return [found('path-mtu', detail, others ? 'likely' : 'certain')];
  });
  if (pinged.length > 0) return pinged;
  const fetched = [
    ...guests
      .filter(({ small, large }) => small && !large)
      .map((one) => ({ from: `a machine on ${one.interface}`, ...one })),
    ...tftp
      .filter(({ largeBlocks }) => largeBlocks === false)
      .map(({ where, port }) => ({ from: 'this host', server: where, port })),
  ];
  return fetched.map(({ from, server, port }) =>
    found(
      'path-mtu',
      `TFTP from ${server}:${port} to ${from} works in blocks of 512 bytes, and not of 1468.`,
    ),
  );
}

/** Servers that DHCP names, and that are not there. */
export function judgeNamed({ named }: Facts): readonly Finding[] {
  return named
    .filter(({ answers }) => !answers)
    .map(({ what, where }) => found('server-unreachable', `${what}: nothing answers at ${where}.`));
}
