# Small files of each kind, and mails that have them; for suites that try what is done with attachments.
# shellcheck shell=bash

# file KIND: the smallest that is one, on standard output.
file() {
	/usr/bin/python3 - "$1" <<-'END'
		import struct, sys, zlib

		def chunk(kind, data):
		    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

		png = (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 2, 0, 0, 0)) +
		       chunk(b'IDAT', zlib.compress(b'\0\0\0\0')) + chunk(b'IEND', b''))
		svg = b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'
		program = b'MZ' + b'\0' * 58 + struct.pack('<I', 64) + b'PE\0\0L\1\0\0' + b'\0' * 200
		sys.stdout.buffer.write({
		    'png': png,
		    'png-truncated': png[:40],
		    'png-stub': png[:12],
		    'gif': b'GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;',
		    'jpeg': b'\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9',
		    'bmp': b'BM' + struct.pack('<IHHIIiiHHIIiiII', 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b'\0' * 4,
		    'tiff': b'II*\0\x08\0\0\0\0\0\0\0\0\0',
		    'webp': b'RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0',
		    'heic': b'\0\0\0\x18ftypheic\0\0\0\0heicmif1',
		    'svg': svg,
		    'svg-with-prologue': b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n' + svg,
		    'html': b'<html><body><script>alert(1)</script></body></html>\n',
		    'program': program,
		    'pdf': b'%PDF-1.4\n',
		    'text': b'one line\n',
		    'csv': b'a;b\n1;2\n',
		    'empty': b'',
		}[sys.argv[1]])
	END
}

# letter FROM SUBJECT PART...: a mail with attachments on standard output; each PART is KIND:TYPE:NAME, and
# 'alternative' gives its text in HTML as well.
letter() {
	local from=$1 subject=$2 part kind type name
	shift 2
	printf 'From: %s\nTo: support@example.org\nSubject: %s\nDate: Mon, 02 Mar 2026 08:59:00 +0000\n' "$from" "$subject"
	printf 'Message-ID: <%s@example.com>\nMIME-Version: 1.0\n' "$(printf %s "$from$subject$*" | cksum | tr ' ' .)"
	printf 'Content-Type: multipart/mixed; boundary="b"\n\n'
	for part in text "$@"; do
		printf -- '--b\n'
		case $part in
		text) printf 'Content-Type: text/plain\n\nSee what I have attached.\n' ;;
		alternative)
			printf 'Content-Type: multipart/alternative; boundary="a"\n\n--a\nContent-Type: text/plain\n\nIn short.\n'
			printf -- '--a\nContent-Type: text/html\n\n<p>In short.</p>\n--a--\n'
			;;
		*)
			IFS=: read -r kind type name <<<"$part"
			printf 'Content-Type: %s; name="%s"\nContent-Disposition: attachment; filename="%s"\n' "$type" "$name" "$name"
			printf 'Content-Transfer-Encoding: base64\n\n'
			file "$kind" | base64
			;;
		esac
	done
	printf -- '--b--\n'
}
