/** Messages that were changed after they were sent: corrected (XEP-0308), retracted by their author (XEP-0424) or by a moderator (XEP-0425). */
import { continues } from '../log.js';
import { child, element, freshId, ns } from '../xml.js';
import { answer } from './answers.js';
import { words } from './words.js';

const CORRECT = 'urn:xmpp:message-correct:0';
const RETRACT = 'urn:xmpp:message-retract:1';
const MODERATE = 'urn:xmpp:message-moderate:1';
const OLD_MODERATE = 'urn:xmpp:message-moderate:0';
const FASTEN = 'urn:xmpp:fasten:0';
const HINTS = 'urn:xmpp:hints';
const MAX_EDITS = 50; // of a message, whose ids are kept

/** The id that the room gave a message; none for what it has not stored. */
export const archiveId = ({ key }) => key?.startsWith('a ') ? key.slice(2) : undefined;

export class Amendments {
  #jid;
  #log;
  #connection;

  #redraw;

  /** `redraw(message)`: it says something else now. */
  constructor(jid, log, connection, redraw) {
    this.#jid = jid;
    this.#log = log;
    this.#connection = connection;
    this.#redraw = redraw;
  }

  // What is heard.

  /** What the room itself says of a message. */
  moderated(stanza) {
    const retract = child(stanza, 'retract', RETRACT);
    const fastening = child(stanza, 'apply-to', FASTEN);
    const by = child(retract, 'moderated', MODERATE) ?? child(fastening, 'moderated', OLD_MODERATE);
    if (!by) return;
    const reason = child(retract, 'reason', RETRACT) ?? child(by, 'reason');
    const message = this.stored((retract ?? fastening).id);
    if (message) this.#take(message, nickOf(by), reason?.textContent);
  }

  /** Whether a message says something new itself, and does not only change another one. */
  isNew(stanza, message) {
    const gone = message.live ? null : child(stanza, 'retracted', RETRACT);
    if (gone) return this.#tombstone(gone, message);
    const { id } = child(stanza, 'retract', RETRACT) ?? {};
    if (id !== undefined) {
      const target = this.stored(id);
      if (target && isSameAuthor(target, message)) this.#take(target);
      return false;
    }
    const replaced = child(stanza, 'replace', CORRECT)?.id;
    if (replaced && message.body) return this.#correct(replaced, message, stanza);
    return Boolean(message.body) && !this.#isKnown(message);
  }

  #tombstone(gone, message) {
    const by = child(gone, 'moderated', MODERATE);
    const known = this.stored(archiveId(message), message);
    this.#take(known ?? message, by && nickOf(by), child(gone, 'reason', RETRACT)?.textContent);
    return !known;
  }

  #correct(id, message, stanza) {
    const target = this.#find((each) => each.id === id && each !== message && isSameAuthor(each, message));
    if (!target) {
      if (this.#isKnown(message)) return false;
      message.edited = true;
      this.#redraw(message);
      return true;
    }
    // A history that comes again changes nothing again.
    if (target.gone || target.edits?.includes(message.key)) return false;
    target.body = answer(stanza, message.body)?.body ?? message.body;
    target.edits = [...target.edits ?? [], message.key].slice(-MAX_EDITS);
    target.edited = true;
    this.#redraw(target);
    return false;
  }

  #take(message, by, reason) {
    if (message.gone) return;
    message.gone = true;
    message.body = by === undefined || by === null ? words.retracted : words.removedBy(by, reason);
    this.#redraw(message);
  }

  /** Takes away what is not to be seen itself; the others close ranks. */
  remove(message) {
    const { rows } = this.#log;
    const { node } = rows.get(message) ?? {};
    if (!node) return;
    const at = (place) => [...rows].find(([, row]) => row.node === place) ?? [];
    const [before = null] = at(node.previousElementSibling);
    const [after, row] = at(node.nextElementSibling);
    node.remove();
    rows.delete(message);
    if (row) row.head = !continues(before, after);
    if (this.#log.last === message) this.#log.last = before;
    this.#log.empty.hidden ||= rows.size > 0;
  }

  /** Whether the history shows what is there already. */
  #isKnown(message) {
    return !message.live && Boolean(this.stored(archiveId(message), message));
  }

  /** The message to which the room gave an id, but not this one. */
  stored(id, other) {
    return id ? this.#find((each) => each !== other && archiveId(each) === id) : undefined;
  }

  #find(matches) {
    return [...this.#log.rows.keys()].reverse().find(matches);
  }

  // What is said.

  correct({ id }, body) {
    return this.send(element(ns.client, 'body', {}, body), element(CORRECT, 'replace', { id }));
  }

  /** Takes back what one has said oneself. */
  retract(message) {
    for (const id of ids(message)) this.send(element(RETRACT, 'retract', { id }), element(HINTS, 'store'));
  }

  /** The same with what others have said, for moderators. */
  async moderate(message, reason, isOld) {
    for (const id of ids(message)) {
      const why = (namespace) => reason ? element(namespace, 'reason', {}, reason) : null;
      await this.#connection.iq('set', this.#jid, isOld
        ? element(FASTEN, 'apply-to', { id }, element(OLD_MODERATE, 'moderate', {}, element('urn:xmpp:message-retract:0', 'retract'), why(OLD_MODERATE)))
        : element(MODERATE, 'moderate', { id }, element(RETRACT, 'retract'), why(MODERATE)));
    }
  }

  send(...payload) {
    const id = freshId();
    this.#connection.send(element(ns.client, 'message', { to: this.#jid, type: 'groupchat', id }, ...payload));
    return id;
  }
}

const nickOf = (by) => {
  const address = by.getAttribute('by') ?? '';
  return address.includes('/') ? address.slice(address.indexOf('/') + 1) : '';
};

/** By occupant id (XEP-0421), which nobody else can have; where a room gives none, by nick. */
const isSameAuthor = (one, other) =>
  !one.private === !other.private && (one.by || other.by ? one.by === other.by : one.nick === other.nick);

const ids = ({ key, edits = [] }) => [key, ...edits].map((each) => archiveId({ key: each })).filter(Boolean);
