#!/bin/sh
# Boots as a UEFI machine does, up to its kernel, and tells each step. Exits non-zero at the first that fails.
set -eu
device=eth0

step() {
  doing=$*
  printf '== %s\n' "$doing"
}
trap '[ $? = 0 ] || printf "FAILED: %s\n" "$doing"' EXIT

# lease WORDS…: asks DHCP as that client, and sets $address, $server and $file.
lease() {
  udhcpc -f -q -n -t 5 -T 2 -i "$device" -s /client/lease.sh "$@" 2>&1
  . /tmp/lease
  printf '   address %s, server %s, file %s\n' "$address" "$server" "$file"
}

# Options 93 (architecture: x64 UEFI), 94 (UNDI 3.16) and, for iPXE, 77 (user class) and 175 (it speaks HTTP).
firmware='-V PXEClient:Arch:00007:UNDI:003016 -x 0x5d:0007 -x 0x5e:010310'
ipxe='-x 0x4d:69505845 -x 0xaf:130101'

step "power on: nothing but the MAC $MAC"
ip addr flush dev "$device"
ip link set "$device" down
ip link set "$device" address "$MAC" up

step 'DHCP, as firmware'
lease $firmware

step "TFTP: the loader $file"
curl -sSf --max-time 30 --tftp-blksize 1468 -o /tmp/loader "tftp://$server/$file"
[ "$(head -c 2 /tmp/loader)" = MZ ] || { echo 'this is no UEFI program'; exit 1; }
printf '   %s bytes, a UEFI program\n' "$(wc -c </tmp/loader)"

step 'DHCP, as the loader (iPXE)'
lease $firmware $ipxe

step "HTTP: the script $file"
curl -sSf --max-time 30 -o /tmp/script "$file"
[ "$(head -n 1 /tmp/script)" = '#!ipxe' ] || { echo 'this is no iPXE script'; exit 1; }
sed 's/^/   /' /tmp/script

step 'booted: a machine would load its kernel now'
