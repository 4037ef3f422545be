"""`/metrics`, for Prometheus, on a listener of its own."""

import re
import unittest

from common.server import Server, free_port
from common.waiting import until
from harness.case import MANY
from harness.http import ask, request
from harness.xmpp import Client

SAMPLE = re.compile(r'([a-z_]+)(\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (\S+)')


class MetricsTest(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        self.server = Server(*MANY, "--metrics-listen", f"127.0.0.1:{self.port}", "--archive-storage", "memory")
        self.addCleanup(self.server.stop)
        self.room = self.server.rooms(self.server.url("/demo/"))["rooms"][0]["jid"]

    def read(self):
        """All samples by name and labels, each line checked against the format."""
        answers, _ = ask(self.port, request("GET", "/metrics", "Connection: close"))
        self.assertEqual([answer.status for answer in answers], [200])
        self.assertTrue(answers[0].get("Content-Type").startswith("text/plain; version=0.0.4"))
        self.text = answers[0].body.decode()
        families, samples = {}, {}
        for line in self.text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, families, "a family stands in one place")
                families[name] = kind
            elif not line.startswith("# HELP "):
                match = SAMPLE.fullmatch(line)
                self.assertIsNotNone(match, line)
                family = re.sub("_(bucket|sum|count)$", "", match[1])
                self.assertTrue(match[1] in families or families.get(family) == "histogram", line)
                key = match[1] + (match[2] or "")
                self.assertNotIn(key, samples)
                samples[key] = float(match[3])
        return samples

    def test_it_counts_who_is_here_and_what_is_said(self):
        before = self.read()
        self.assertEqual(before['samepage_sessions{transport="websocket"}'], 0)
        clients = [Client(self.server.port) for _ in range(3)]
        for number, client in enumerate(clients):
            self.addCleanup(client.close)
            client.join(self.room, f"Ann{number}")
        clients[0].say(self.room, "a secret", id="said")
        for client in clients:
            client.find(lambda stanza: stanza.get("id") == "said", "the message")
        after = self.read()
        self.assertEqual(after['samepage_sessions{transport="websocket"}'], 3)
        self.assertEqual(after['samepage_occupants{service="hosted"}'], 3)
        self.assertEqual(after["samepage_occupied_rooms"], 1)
        self.assertEqual(after["samepage_sessions_total"] - before["samepage_sessions_total"], 3)
        self.assertGreaterEqual(after["samepage_deliveries_total"] - before["samepage_deliveries_total"], 3)
        self.assertGreaterEqual(after["samepage_received_stanzas_total"] - before["samepage_received_stanzas_total"], 4)
        for name in ("samepage_received_bytes_total", "samepage_sent_bytes_total", "process_cpu_seconds_total"):
            self.assertGreater(after[name], before[name], name)
        self.assertGreater(after["process_resident_memory_bytes"], 1_000_000)
        for word in ("secret", "Ann0", "localhost", "/demo", "127.0.0.1"):
            self.assertNotIn(word, self.text, "nothing of visitors, pages and addresses")
        for client in clients:
            client.close()
        until(lambda: self.read()['samepage_sessions{transport="websocket"}'] == 0, "the sessions to be gone")

    def test_the_histogram_of_turns_adds_up(self):
        self.read()
        samples = self.read()
        name = "samepage_loop_turn_seconds"
        buckets = [value for key, value in samples.items() if key.startswith(name + "_bucket")]
        self.assertGreater(buckets[-1], 0)
        self.assertEqual(buckets, sorted(buckets))
        self.assertEqual(buckets[-1], samples[name + "_count"])
        self.assertGreater(samples[name + "_sum"], 0)

    def test_what_is_refused_is_counted_by_reason(self):
        before = self.read()
        ask(self.server.port, b"no HTTP at all\r\n\r\n")
        name = 'samepage_refused_total{reason="bad_request"}'
        self.assertEqual(self.read()[name] - before[name], 1)

    def test_each_listener_serves_its_own(self):
        answers, _ = ask(self.server.port, request("GET", "/metrics", "Connection: close"))
        self.assertEqual([answer.status for answer in answers], [404])
        for path in ("/", "/healthz", "/rooms", "/demo/", "/http-bind", "/xmpp-websocket"):
            answers, _ = ask(self.port, request("GET", path, "Connection: close"))
            self.assertEqual([answer.status for answer in answers], [404], path)
        answers, _ = ask(self.port, request("POST", "/metrics", "Connection: close", "Content-Length: 0"))
        self.assertEqual([answer.status for answer in answers], [405])
