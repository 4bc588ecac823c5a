import { setting, text } from '../config.ts';

/** Where loaders come from, for the services that serve them. */
export const loaderSettings = {
  ipxeDir: setting(
    'ipxe-dir',
    text,
    undefined,
    'Folder of the iPXE binaries; unset: the first that exists of /usr/lib/ipxe and assets/ipxe.',
  ),
  ipxeScriptPatch: setting(
    'ipxe-script-patch',
    text,
    undefined,
    "iPXE script fragment, at most 131 bytes, written over the magic string in Tinkerbell's iPXE binaries.",
    { secret: true },
  ),
};

export const assetSettings = {
  tftpAssetDir: setting(
    'tftp-asset-dir',
    text,
    undefined,
    'Folder of other files that are served over TFTP, and under pxe-http-path-prefix; unset: none.',
    { tinkerbell: true },
  ),
};

export const artifactSettings = {
  artifactDir: setting(
    'artifact-dir',
    text,
    'assets/artifacts',
    'Folder of kernels, initrds and images, served under /artifacts/.',
  ),
};
