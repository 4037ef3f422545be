/** Ad-hoc commands (XEP-0050) of the room, step by step. */
import { child, element } from '../xml.js';
import { DATA, read, submission } from './form.js';

const COMMANDS = 'http://jabber.org/protocol/commands';
/** Names of the commands of docs/moderation.md begin with this. */
export const NODE = 'urn:samepage:moderation:0#';

export class Command {
  #connection;
  #room;
  #node;
  #session;

  constructor(connection, room, name) {
    this.#connection = connection;
    this.#room = room;
    this.#node = NODE + name;
  }

  /** Resolves with {isDone, form, x, note}; rejects with an error. */
  begin() {
    this.#session = undefined;
    return this.#step('execute');
  }

  /** `values`: pairs of name and values. */
  go(values, action = 'execute') {
    return this.#step(action, values && submission('', values));
  }

  /** Begun and filled in at once. */
  async run(values) {
    await this.begin();
    return this.go(values);
  }

  cancel() {
    if (this.#session) this.#step('cancel').catch(() => {});
    this.#session = undefined;
  }

  async #step(action, x) {
    const answer = await this.#connection.iq('set', this.#room,
      element(COMMANDS, 'command', { node: this.#node, action, sessionid: this.#session }, x));
    const command = child(answer, 'command', COMMANDS);
    const isDone = command?.getAttribute('status') !== 'executing';
    this.#session = isDone ? undefined : command.getAttribute('sessionid');
    const form = child(command, 'x', DATA);
    return { isDone, x: form, form: form && read(form), note: child(command, 'note', COMMANDS)?.textContent ?? '' };
  }
}
