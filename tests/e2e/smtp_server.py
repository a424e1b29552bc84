"""An SMTP server on 127.0.0.1 that misbehaves as it is told: smtp_server.py FOLDER [OPTION...] RULE...

RULE is STAGE[/PART][*COUNT]=ACTION: at that stage (greeting, ehlo, starttls, auth, mail, rcpt, data, end, rset,
quit), if PART stands in the client's line, COUNT times at most. The first rule that fits counts; without one
the server is well-behaved. ACTION is a reply (\\n parts its lines), or
  hang       say nothing more          drop       close the connection
  reset      break it (RST)            bytes:TEXT a reply byte by byte
  raw:TEXT   those bytes, \\xNN too     REPLY|drop, REPLY|reset  one after the other
OPTION is tls=CERTIFICATE (offers STARTTLS), smtps=CERTIFICATE, login=USER:PASSWORD with mechanisms=PLAIN LOGIN.

FOLDER gets: port; conversation, what was heard; taken, a line for each mail taken: sender, recipients.
"""
import base64
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time

folder, options, rules = sys.argv[1], {}, []
for word in sys.argv[2:]:
    name, value = word.split('=', 1)
    if name in ('tls', 'smtps', 'login', 'mechanisms'):
        options[name] = value
    else:
        stage, part, count = re.fullmatch(r'(\w+)(?:/([^*]*))?(?:\*(\d+))?', name).groups()
        rules.append({'stage': stage, 'part': part or '', 'left': int(count or 1000), 'action': value})
lock = threading.Lock()


class Gone(Exception):
    pass


def note(name, data):
    with lock, open(os.path.join(folder, name), 'ab') as file:
        file.write(data)


class Session:
    def __init__(self, connection):
        self.connection, self.buffer, self.encrypted = connection, b'', False

    def encrypt(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.connection, self.buffer, self.encrypted = context.wrap_socket(self.connection, server_side=True), b'', True

    def send(self, data):
        self.connection.sendall(data)

    def line(self):
        while b'\n' not in self.buffer:
            data = self.connection.recv(65536)
            if not data:
                raise Gone
            self.buffer += data
        line, self.buffer = self.buffer.split(b'\n', 1)
        note('conversation', line.rstrip(b'\r') + b'\n')
        return line.rstrip(b'\r')

    def act(self, action):
        action, *then = action.split('|')
        if action == 'hang':
            while self.connection.recv(65536):
                pass
            raise Gone
        if action == 'reset':
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        if action in ('drop', 'reset'):
            raise Gone
        if action.startswith('raw:'):
            self.send(action[4:].encode().decode('unicode_escape').encode('latin-1'))
        elif action.startswith('bytes:'):
            for byte in (action[6:].replace('\\n', '\r\n') + '\r\n').encode():
                self.send(bytes([byte]))
                time.sleep(0.002)
        else:
            self.send(action.replace('\\n', '\r\n').encode() + b'\r\n')
        for action in then:
            self.act(action)

    def reply(self, stage, line, usual):
        with lock:
            for rule in rules:
                if rule['stage'] == stage and rule['part'].encode() in line and rule['left']:
                    rule['left'] -= 1
                    usual = rule['action']
                    break
        self.act(usual)
        return usual[:1] in '23' or usual.startswith(('bytes:2', 'bytes:3'))

    def features(self):
        yield 'mx.example.com'
        if 'tls' in options and not self.encrypted:
            yield 'STARTTLS'
        if 'login' in options:
            yield 'AUTH ' + options.get('mechanisms', 'PLAIN')
        yield 'SIZE 10000000'

    def login(self, line):
        words = line.split()
        if words[1].upper() == b'LOGIN':
            answers = []
            for question in (b'Username:', b'Password:'):
                self.send(b'334 ' + base64.b64encode(question) + b'\r\n')
                answers.append(base64.b64decode(self.line()))
            given = b':'.join(answers)
        else:
            if len(words) < 3:
                self.send(b'334 \r\n')
                words.append(self.line())
            given = b':'.join(base64.b64decode(words[2]).split(b'\0')[1:])
        good = given == options['login'].encode()
        return self.reply('auth', line, '235 welcome' if good else '535 5.7.8 wrong login')

    def data(self):
        while self.line() != b'.':
            pass

    def run(self):
        if 'smtps' in options:
            self.encrypt(options['smtps'])
        self.reply('greeting', b'', '220 mx.example.com ESMTP')
        sender, recipients = b'', []
        while True:
            line = self.line()
            verb = line[:4].upper()
            if verb == b'EHLO':
                self.reply('ehlo', line, '\\n'.join('250' + ('-' if i else ' ') + text for i, text in
                    reversed(list(enumerate(reversed(list(self.features())))))))
            elif verb == b'HELO':
                self.reply('ehlo', line, '250 mx.example.com')
            elif verb == b'STAR':
                if self.reply('starttls', line, '220 go on'):
                    self.encrypt(options['tls'])
            elif verb == b'AUTH':
                self.login(line)
            elif verb == b'MAIL':
                sender, recipients = line[11:].split(b'>')[0], []
                self.reply('mail', line, '250 2.1.0 sender')
            elif verb == b'RCPT':
                if self.reply('rcpt', line, '250 2.1.5 recipient'):
                    recipients.append(line[9:].split(b'>')[0])
            elif verb == b'DATA':
                if self.reply('data', line, '354 go on'):
                    self.data()
                    if self.reply('end', line, '250 2.0.0 taken'):
                        note('taken', sender + b' ' + b' '.join(recipients) + b'\n')
            elif verb == b'RSET':
                self.reply('rset', line, '250 2.0.0 forgotten')
            elif verb == b'QUIT':
                self.reply('quit', line, '221 2.0.0 bye')
                return
            else:
                self.send(b'500 5.5.1 what?\r\n')


def serve(connection):
    connection.settimeout(20)
    session = Session(connection)
    try:
        session.run()
    except (Gone, OSError):
        pass
    session.connection.close()


server = socket.create_server(('127.0.0.1', 0))
with open(os.path.join(folder, 'port.new'), 'w') as file:
    file.write(str(server.getsockname()[1]))
os.rename(os.path.join(folder, 'port.new'), os.path.join(folder, 'port'))
while True:
    threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
