// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is iPXE that expands these.
import { expect } from 'chai';
import {
  anyKernelArgs,
  type KernelSettings,
  kernelArgs,
} from '../../../../../services/http/decide/kernel-args.ts';
import { machine } from '../../../../support/machines.ts';

const plain: KernelSettings = {
  syslogHost: '192.168.77.1',
  tinkServer: undefined,
  tinkServerTls: false,
  tinkServerInsecureTls: false,
  extraKernelArgs: undefined,
};

describe('services/http/decide/kernel-args.ts', () => {
  it('has Smee’s order: who and for whom, what the OS needs, the operator’s extras, the machine’s own', () => {
    const full = machine({
      agentId: 'worker-7',
      facility: 'onprem console=ttyS1,115200',
      dhcp: { vlanId: '30' },
      netboot: {
        osie: {
          baseUrl: undefined,
          kernel: undefined,
          initrd: undefined,
          kernelParams: ['quiet', 'a=1 b=2'],
        },
      },
    });
    const settings = {
      ...plain,
      tinkServer: '192.168.77.1:42113',
      tinkServerTls: true,
      tinkServerInsecureTls: true,
      extraKernelArgs: 'docker_registry=r.example.com registry_username=u',
    };
    expect(kernelArgs(full, 'initramfs-x86_64', settings).join(' ')).to.equal(
      'vlan_id=30 facility=onprem console=ttyS1,115200 syslog_host=192.168.77.1 grpc_authority=192.168.77.1:42113 ' +
        'tinkerbell_tls=true tinkerbell_insecure_tls=true worker_id=worker-7 hw_addr=52:54:00:77:00:07 ' +
        'modules=loop,squashfs,sd-mod,usb-storage intel_iommu=on iommu=pt initrd=initramfs-x86_64 ' +
        'console=tty0 console=ttyS1,115200 docker_registry=r.example.com registry_username=u quiet a=1 b=2',
    );
  });

  it('names the machine by its MAC when it has no agent id, and leaves out a VLAN that it has not', () => {
    const args = kernelArgs(machine(), 'initrd', plain);
    expect(args).to.include('worker_id=52:54:00:77:00:07');
    expect(args[0]).to.equal('facility=');
    expect(args).to.include('grpc_authority=');
  });

  it('has Smee’s order for any machine, with what iPXE knows by itself', () => {
    const settings = { ...plain, tinkServer: '192.168.77.1:42113', extraKernelArgs: 'docker_registry=r u=v' };
    expect(anyKernelArgs('initramfs-${arch}', settings).join(' ')).to.equal(
      'syslog_host=192.168.77.1 grpc_authority=192.168.77.1:42113 tinkerbell_tls=false worker_id=${mac} hw_addr=${mac} ' +
        'console=tty1 console=tty2 console=ttyAMA0,115200 console=ttyAMA1,115200 console=ttyS0,115200 ' +
        'console=ttyS1,115200 intel_iommu=on iommu=pt docker_registry=r u=v initrd=initramfs-${arch}',
    );
  });
});
