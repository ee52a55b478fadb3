'use strict';
// Runs a job only while this worker leads. Copy this file; ../README.md describes what is spoken.

class Leader {
  #job;
  #timeToEnd;
  #highest = -1;
  #term = null; // { generation, lost: AbortController, ended: Promise }
  #turn = Promise.resolve(); // one message is taken after the other

  /**
   * @param job (generation, signal) => Promise: runs while this worker leads. It must end soon after the signal is aborted:
   *   another worker leads only after it has.
   * @param timeToEnd how long it may take for that, in ms; less than roles.timeout, which is 5 s.
   */
  constructor(job, timeToEnd = 4000) {
    this.#job = job;
    this.#timeToEnd = timeToEnd;
    // Without bluegreen there is nobody else to lead.
    if (process.env.BLUEGREEN_ROLE === undefined) this.tell({ role: 'active', generation: 0, leader: true });
  }

  /** Does what a message says. False: it is out of date, or the job still runs after its time; then it must not be acknowledged. */
  tell(message) {
    const taken = this.#turn.then(() => this.#take(message));
    this.#turn = taken.catch(() => {});
    return taken;
  }

  /** Ends the job for good, as the worker itself ends. */
  stop() {
    return this.tell({ role: 'draining', generation: Infinity, leader: false });
  }

  /** Answers POST /-/role. */
  async handle(request, response) {
    let text = '';
    for await (const part of request) text += part;
    let message = null;
    try {
      message = JSON.parse(text);
    } catch {
      // Not JSON: answered below.
    }
    const status = typeof message?.generation !== 'number' ? 400 : (await this.tell(message)) ? 204 : 409;
    response.writeHead(status).end();
  }

  async #take({ generation, leader }) {
    if (generation < this.#highest) return false;
    this.#highest = generation;
    if (leader && this.#term?.generation === generation) return true;
    if (!(await this.#end())) return false;
    if (leader) {
      const lost = new AbortController();
      // A job that fails ends the process, as an unhandled rejection does: then another worker leads.
      this.#term = { generation, lost, ended: this.#job(generation, lost.signal) };
    }
    return true;
  }

  async #end() {
    if (this.#term === null) return true;
    this.#term.lost.abort();
    let timer;
    const tooLate = new Promise((resolve) => { timer = setTimeout(() => resolve('late'), this.#timeToEnd); });
    const how = await Promise.race([this.#term.ended, tooLate]);
    clearTimeout(timer);
    if (how === 'late') return false;
    this.#term = null;
    return true;
  }
}

module.exports = { Leader };
