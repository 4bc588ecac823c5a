#!/bin/sh
# For udhcpc: takes the address that was leased, and leaves what else was said for boot.sh.
set -eu
case $1 in
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/$mask" brd + dev "$interface"
    # The boot file is in the header, or in option 67 when it is too long for it.
    printf "address='%s'\nserver='%s'\nfile='%s'\n" "$ip/$mask" "${siaddr:-}" "${boot_file:-${bootfile:-}}" >/tmp/lease
    ;;
  deconfig) ip addr flush dev "$interface" ;;
esac
