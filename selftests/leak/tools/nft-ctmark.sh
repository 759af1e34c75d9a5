# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# nftables, with the mark kept in conntrack: what comes after the socket's end has it too

. "$leak_dir/tools/nft-skuid.sh"

nft_rules() # MARK
{
	nft -f - <<-EOF
		table inet leak
		delete table inet leak
		table inet leak {
			chain prerouting {
				type filter hook prerouting priority mangle
				iifname != "lo" jump marking
			}
			chain output {
				type route hook output priority mangle
				oifname != "lo" jump marking
			}
			chain marking {
				meta mark set ct mark & 0x0000ffff
				meta mark & 0x0000ffff != 0x00000000 return
				meta skuid $owner meta mark set $1
				ct mark set meta mark & 0x0000ffff
			}
			chain postrouting {
				type nat hook postrouting priority srcnat
				oifname "tun0" masquerade
			}
		}
	EOF
}
