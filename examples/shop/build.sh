#!/usr/bin/env bash
# Builds shop.tar.gz with a real Docker engine: needs docker, npm, ssh-keygen and Debian's busybox-static and base-files packages (apt-get download).
# Run by hand when the sample changes; the archive is committed so that README's command needs nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cp -r "$here/context" "$work/context"
cd "$work"
apt-get download -q busybox-static base-files tzdata >/dev/null
mkdir -p root/var/lib/dpkg/status.d root/bin root/etc
for deb in *.deb; do
  name=${deb%%_*}
  dpkg-deb -f "$deb" >"root/var/lib/dpkg/status.d/$name"
  dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./md5sums >"root/var/lib/dpkg/status.d/$name.md5sums"
done
dpkg-deb -x busybox-static_*.deb root && rm -rf root/usr/share/man root/usr/share/initramfs-tools
dpkg-deb -x base-files_*.deb base
mkdir -p root/usr/lib && cp -P base/etc/os-release base/etc/debian_version root/etc/ && cp base/usr/lib/os-release root/usr/lib/
[ -e root/bin/busybox ] || cp root/usr/bin/busybox root/bin/
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >root/etc/passwd
ln -s busybox root/bin/sh
tar -C root --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner -cf context/base.tar .
cd context
npm install --omit=dev --no-audit --no-fund --ignore-scripts >/dev/null
find node_modules/lodash -type f ! -name package.json ! -name LICENSE ! -name lodash.min.js ! -name README.md -delete
find . -type d -empty -delete
ssh-keygen -q -t rsa -b 2048 -N '' -C deploy@example -f deploy_key && rm deploy_key.pub
cp package-lock.json "$here/context/package-lock.json"
docker build -q -t shop:1.0 . >/dev/null
docker save shop:1.0 | gzip -9n >"$here/shop.tar.gz"
