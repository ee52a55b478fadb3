"""Runs a job only while this worker leads. Copy this file; ../README.md describes what is spoken."""
import math
import os
import threading
import traceback


class Leader:
    def __init__(self, job, time_to_end=4.0):
        """
        job(generation, lost) runs in a thread while this worker leads. It must return soon after the event `lost` is set: another worker
        leads only after it has. It may take time_to_end seconds for that; less than roles.timeout, which is 5 s.
        """
        self._job = job
        self._time_to_end = time_to_end
        self._turn = threading.Lock()  # one message is taken after the other
        self._highest = -1
        self._term = None  # (generation, lost, thread)
        if "BLUEGREEN_ROLE" not in os.environ:  # without bluegreen there is nobody else to lead
            self.tell({"role": "active", "generation": 0, "leader": True})

    def tell(self, message):
        """Does what a message says. False: it is out of date, or the job still runs after its time; then it must not be acknowledged."""
        generation, leader = message["generation"], message["leader"]
        with self._turn:
            if generation < self._highest:
                return False
            self._highest = generation
            if leader and self._term and self._term[0] == generation:
                return True
            if not self._end():
                return False
            if leader:
                lost = threading.Event()
                thread = threading.Thread(target=self._run, args=(generation, lost))
                self._term = (generation, lost, thread)
                thread.start()
            return True

    def stop(self):
        """Ends the job for good, as the worker itself ends."""
        self.tell({"role": "draining", "generation": math.inf, "leader": False})

    def _end(self):
        if self._term:
            _, lost, thread = self._term
            lost.set()
            thread.join(self._time_to_end)
            if thread.is_alive():
                return False
            self._term = None
        return True

    def _run(self, generation, lost):
        try:
            self._job(generation, lost)
        except BaseException:
            # A job that fails ends the process: then another worker leads.
            traceback.print_exc()
            os._exit(1)
