"""A mail server with 64 hands, of which some are cut off: storm.py FOLDER COUNT OPTION... -- COMMAND...

Hands COMMAND the letters 0 to COUNT-1, each on standard input with its envelope as --sender and --recipient
(support+l17@example.org for letter 17, by which the ledger tells of it), 64 at once. A letter whose command does
not end with 0 stays in the queue: FOLDER/queue, which the next call goes on with. The letters are always the same.

  kill=PERCENT   so many commands, with their children, get SIGKILL at a random moment
  again=PERCENT  so many letters are given again after a success, as a relay does that lost the answer
  once           one attempt a letter; without it the queue is run until it is empty

Prints what became of the attempts, as {"status":count,...}, with "killed" for those that a SIGKILL ended.
"""
import base64
import collections
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time

folder, count = sys.argv[1], int(sys.argv[2])
command = sys.argv[sys.argv.index('--') + 1:]
options = dict(word.partition('=')[::2] for word in sys.argv[3:sys.argv.index('--')])
WRITERS = 64
LARGE = 300000  # more than what the database holds itself


def person(number):
    """Each has 25 letters, 12 others apart from each other."""
    return f'person{number // 300}.{number % 12}@example.net'


def letter(number):
    """The envelope's sender and the bytes."""
    sender = person(number)
    lines = {'From': sender, 'To': 'support@example.org', 'Subject': f'storm {number}',
             'Date': 'Mon, 02 Mar 2026 08:59:00 +0000', 'Message-ID': f'<l{number}@example.net>'}
    body = f'Letter {number}.\n'
    if number % 500 == 18:
        return sender, f'no letter {number}\n'.encode()
    if number % 12 == 5:
        lines['From'] = 'flood@example.net'
    elif number % 24 == 10:  # of the same person
        lines['In-Reply-To'] = f'<l{number - 12}@example.net>'
    elif number % 24 == 11:
        del lines['Message-ID']
    elif number % 24 == 6:
        lines['Auto-Submitted'] = 'auto-replied'
    elif number % 24 == 7:
        lines['List-Id'] = '<news.example.net>'
    elif number % 48 == 8:
        sender = ''
        lines['From'] = 'MAILER-DAEMON@example.net'
        lines['Subject'] = 'Undelivered Mail Returned to Sender'
        lines['Content-Type'] = 'multipart/report; report-type=delivery-status; boundary=b'
        body = ('--b\n\nNo such mailbox.\n--b\nContent-Type: message/delivery-status\n\n'
                f'Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; {number}@example.net\n'
                'Action: failed\nStatus: 5.1.1\n--b--\n')
    elif number % 96 == 13:
        noise = base64.encodebytes(random.Random(number).randbytes(LARGE)).decode()
        lines['Content-Type'] = f'application/octet-stream; name={number}.bin'
        lines['Content-Transfer-Encoding'] = 'base64'
        body = noise
    header = ''.join(f'{name}: {value}\n' for name, value in lines.items())
    return sender, f'{header}\n{body}'.encode()


class Server:
    def __init__(self, numbers):
        self.lock, self.waiting, self.left = threading.Lock(), queue.Queue(), set(numbers)
        self.ended = collections.Counter()
        self.mean_seconds = 0.05
        for number in numbers:
            self.waiting.put((number, False))

    def attempt(self, number):
        """Its end: a status, or 'killed'."""
        sender, content = letter(number)
        envelope = ['--sender', sender or '<>', '--recipient', f'support+l{number}@example.org']
        process = subprocess.Popen(command + envelope, stdin=subprocess.PIPE, start_new_session=True)
        started, timer = time.monotonic(), None  # Popen waits for its turn: that is not the command's
        if random.random() * 100 < float(options.get('kill', 0)):
            timer = threading.Timer(random.uniform(0, self.mean_seconds), kill, [process])
            timer.start()
        try:
            process.communicate(content)
        except BrokenPipeError:
            process.wait()
        if timer:
            timer.cancel()
        with self.lock:
            if process.returncode == 0:
                self.mean_seconds += (time.monotonic() - started - self.mean_seconds) / 10
            end = 'killed' if process.returncode == -signal.SIGKILL else str(process.returncode)
            self.ended[end] += 1
        return end

    def work(self):
        while True:
            try:
                number, is_repeated = self.waiting.get_nowait()
            except queue.Empty:
                return
            end = self.attempt(number)
            if end == '0':
                with self.lock:
                    self.left.discard(number)
                if not is_repeated and random.random() * 100 < float(options.get('again', 0)):
                    self.waiting.put((number, True))
            elif 'once' not in options:
                self.waiting.put((number, is_repeated))

    def run(self):
        threads = [threading.Thread(target=self.work) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def kill(process):
    """The command leads a session of its own; it may be gone."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main():
    path = os.path.join(folder, 'queue')
    numbers = list(range(count))
    if os.path.exists(path):
        with open(path) as file:
            numbers = json.load(file)
    else:
        random.shuffle(numbers)
    server = Server(numbers)
    server.run()
    with open(path, 'w') as file:
        json.dump(sorted(server.left), file)
    print(json.dumps(server.ended, sort_keys=True))


main()
