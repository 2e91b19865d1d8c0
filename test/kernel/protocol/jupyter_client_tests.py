"""The kernel through jupyter_client, whose code knows nothing of ours: what jupyter_kernel_test leaves out, and what its
later versions ask. The kernelspec is found through JUPYTER_PATH."""

import time
import unittest

import zmq
from jupyter_client.manager import KernelManager, start_new_kernel
from jupyter_client.session import Session

TIMEOUT = 300


class UnrolledClientTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="unrolled")

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def published(self, msg_id):
        """What iopub says of a request, until the kernel is idle again."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                return messages

    def reply(self, msg_id):
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT)
            if message["parent_header"]["msg_id"] == msg_id:
                return message["content"]

    def execute(self, code, **options):
        msg_id = self.client.execute(code, **options)
        return self.reply(msg_id), self.published(msg_id)

    def result(self, code):
        _, messages = self.execute(code)
        return [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]

    def test_iopub_welcome(self):
        session = Session(key=self.client.session.key)
        socket = zmq.Context.instance().socket(zmq.SUB)
        socket.linger = 0
        socket.connect(self.client._make_url("iopub"))
        socket.setsockopt(zmq.SUBSCRIBE, b"")
        self.assertTrue(socket.poll(TIMEOUT * 1000))
        _, frames = session.feed_identities(socket.recv_multipart())
        message = session.deserialize(frames)
        socket.close()
        self.assertEqual(message["msg_type"], "iopub_welcome")
        self.assertEqual(message["content"], {"subscription": ""})
        self.assertEqual(message["parent_header"], {})

    def test_kernel_info_on_control(self):
        message = self.client.session.msg("kernel_info_request", {})
        self.client.control_channel.send(message)
        reply = self.client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["msg_type"], "kernel_info_reply")
        content = reply["content"]
        self.assertEqual(content["status"], "ok")
        self.assertEqual(content["protocol_version"], "5.5")
        self.assertEqual(content["language_info"]["file_extension"], ".ts")
        self.assertIsInstance(content["supported_features"], list)
        self.assertIs(content["debugger"], False)

    def ask(self, code, answer, password=False):
        msg_id = self.client.execute(code, allow_stdin=True)
        question = self.client.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(question["msg_type"], "input_request")
        self.assertIs(question["content"]["password"], password)
        self.client.input(answer)
        self.reply(msg_id)
        messages = self.published(msg_id)
        results = [m["content"]["data"]["text/plain"] for m in messages if m["msg_type"] == "execute_result"]
        return question["content"]["prompt"], results

    def test_stdin(self):
        self.assertEqual(self.ask("prompt('name? ')", "Ada 에이다"), ("name? ", ["'Ada 에이다'"]))

    def test_password(self):
        code = "prompt.password('secret? ').length"
        self.assertEqual(self.ask(code, "abc", password=True), ("secret? ", ["3"]))

    def test_stdin_not_allowed(self):
        reply, _ = self.execute("prompt('name? ')", allow_stdin=False)
        self.assertEqual(reply["status"], "error")

    def send_on_shell(self, msg_type, content):
        message = self.client.session.msg(msg_type, content)
        self.client.shell_channel.send(message)
        return self.published(message["header"]["msg_id"])

    def test_comm_of_unknown_target_is_closed(self):
        messages = self.send_on_shell("comm_open", {"comm_id": "c1", "target_name": "nobody", "data": {}})
        closed = [m["content"]["comm_id"] for m in messages if m["msg_type"] == "comm_close"]
        self.assertEqual(closed, ["c1"])

    def test_comm(self):
        self.result(
            "import { registerTarget } from 'unrolled/comm';"
            "registerTarget('double', (comm) => comm.onMessage(({ data }) =>"
            " comm.send({ twice: 2 * (data as { n: number }).n })));"
        )
        self.send_on_shell("comm_open", {"comm_id": "c2", "target_name": "double", "data": {}})
        messages = self.send_on_shell("comm_msg", {"comm_id": "c2", "data": {"n": 21}})
        answers = [m["content"] for m in messages if m["msg_type"] == "comm_msg"]
        self.assertEqual(answers, [{"comm_id": "c2", "data": {"twice": 42}}])

        msg_id = self.client.comm_info("double")
        self.assertEqual(self.reply(msg_id)["comms"], {"c2": {"target_name": "double"}})

    def test_interrupt(self):
        self.assertEqual(self.result("let kept = 7; kept"), ["7"])
        msg_id = self.client.execute("while (true) {}")
        time.sleep(0.5)
        self.manager.interrupt_kernel()
        self.assertEqual(self.reply(msg_id)["status"], "error")
        self.published(msg_id)
        self.assertEqual(self.result("kept + 1"), ["8"])

    def test_user_expressions(self):
        reply, _ = self.execute("const n = 6", user_expressions={"good": "n * 7", "bad": "n.nothing"})
        self.assertEqual(reply["user_expressions"]["good"]["data"]["text/plain"], "42")
        self.assertEqual(reply["user_expressions"]["bad"]["status"], "error")

    def test_stop_on_error(self):
        for stop, statuses in ((True, ["error", "aborted"]), (False, ["error", "ok"])):
            ids = [
                self.client.execute(
                    "await new Promise((r) => setTimeout(r, 300)); throw new Error('no')", stop_on_error=stop
                ),
                self.client.execute("1 + 1"),
            ]
            replies = [self.reply(msg_id)["status"] for msg_id in ids]
            self.published(ids[-1])
            self.assertEqual(replies, statuses)


class UnrolledIpcTests(unittest.TestCase):
    def test_sockets_in_the_file_system(self):
        manager = KernelManager(kernel_name="unrolled", transport="ipc")
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=TIMEOUT)
            self.assertEqual(manager.transport, "ipc")
            printed = []
            reply = client.execute_interactive(
                "console.log(6 * 7)", timeout=TIMEOUT, output_hook=lambda message: printed.append(message["content"])
            )
            self.assertEqual(reply["content"]["status"], "ok")
            self.assertEqual([content.get("text") for content in printed if "text" in content], ["42\n"])
        finally:
            client.stop_channels()
            manager.shutdown_kernel()


if __name__ == "__main__":
    unittest.main()
