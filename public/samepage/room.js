/** The room as one of its occupants sees it (XEP-0045): stanzas in, stanzas and events out. */
import { child, children, element, freshId, ns } from './xml.js';
import { stanzaError } from './connection.js';
import { alternative, Sent } from './visitor.js';

/** Messages of the history: at the first join, and after an interruption. */
const HISTORY = 50;
const CAUGHT_UP = 200;
const MAX_SEEN = 2_000; // ids
const MAX_PEOPLE = 5_000;
const MAX_WAITING = 50; // messages of ours
/** So many leave at once; of more, one each PACE ms, so that no server finds it too much. */
const BURST = 5;
const PACE = 600;
/** For so many ms a message that waits is sent by itself. */
const RESEND = 3_600_000;
/** A history of fewer messages has no gap. */
const SHORT = 20;
/** Seconds of history beyond what we believe we missed. */
const OVERLAP = 30;

/** What a part looks at that is loaded for it: answers, and what is perhaps no message itself. */
const EXTRA = /(message-(?:correct|retract)|:reporting|:moderation:|x:data)|:reply:/;

/** What a room answers to those who are not in it. */
export const OUTSIDE = ['not-acceptable', 'item-not-found'];

export class Room {
  #jid;
  #page;
  #link;
  #events;
  #wanted = ''; // nick
  #asked = '';
  #attempt = 1;
  #id = '';
  #strict = false;
  #joined = false;
  #ready = false;
  #heard = 0;
  #rows;
  #since = '';
  #fresh = 0; // messages after it
  #history = 0;
  #isWhole = false; // the history reaches back to it
  #timer = 0;
  #seen = new Set();
  #mine = new Map(); // id → message that was not reflected
  #sent = new Sent();
  #self; // occupant id, which outlives nicks and tabs

  nick = ''; // '' while one only reads
  hidden = 0; // people whom a crowd does not show
  readers = 0;
  mark; // the last message
  people = new Map(); // nick → {nick, role, affiliation, jid, hat, by: occupant id}

  /**
   * `page`: {url, title, room}; `link`: send(stanza), online; `visit`: what is left of the last one: {mark, rows,
   * waiting}. Events: joined(), ready(fresh) (history is complete), refused(error),
   * removed(code, reason), message(message), changed(message), subject(text, by), people(presence), renamed(old, nick),
   * renameRefused(error, nick), notice(text), link(isUp),
   * extra(stanza, message): what a message holds besides words, or the error to one of ours.
   */
  constructor(jid, page, link, events, { mark = '', rows = 0, waiting = [] }) {
    this.#jid = jid;
    this.#page = page;
    this.#link = link;
    this.#events = events;
    this.#rows = rows;
    this.mark = mark;
    for (const each of waiting) this.#mine.set(each.id, { ...each, time: new Date(each.time) });
  }

  get joined() {
    return this.#joined;
  }

  /** Inside, without a nick, and not on the way to one. */
  get reading() {
    return this.#joined && !this.#asked;
  }

  get here() {
    return this.people.size + this.hidden;
  }

  /** One's place, also while one is on the way to it. */
  get place() {
    return this.#id && this.#address(this.#joined ? this.nick : this.#asked);
  }

  /** What asks the room whether one is still inside: to whom, and what. An occupant pings itself (XEP-0410). */
  get probe() {
    return [this.place, this.nick ? element(ns.ping, 'ping') : element(ns.lurk, 'lurk')];
  }

  #address(nick) {
    return nick ? `${this.#jid}/${nick}` : this.#jid;
  }

  /** Messages of ours that are not in the room yet, oldest first. */
  get waiting() {
    return [...this.#mine.values()];
  }

  /** Without a nick one reads. `strict`: answers to the page that was in the room before us may still be on their way. */
  join(nick, strict = false) {
    this.#wanted = nick;
    this.#strict = strict;
    this.#attempt = 1;
    this.people.clear();
    this.#ask(nick);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  leave(place = this.place) {
    if (place) this.#link.send(element(ns.client, 'presence', { to: place, type: 'unavailable' }));
  }

  #ask(nick) {
    this.#asked = nick;
    let history = { maxstanzas: 0 };
    // Who has been reading hears on while getting a nick.
    if (!nick || this.nick || !this.#ready) {
      this.disconnected();
      this.#since = this.mark;
      this.#fresh = this.#history = 0;
      this.#isWhole = false;
      // Seconds, not `since`: the visitor's clock may be wrong, but it runs as fast as ours.
      const missed = this.#heard && Math.ceil((Date.now() - this.#heard) / 1000) + OVERLAP;
      history = missed ? { maxstanzas: CAUGHT_UP, seconds: missed } : { maxstanzas: Math.max(HISTORY, Math.min(this.#rows, CAUGHT_UP)) };
    }
    this.#presence(nick, element(ns.muc, 'x', {}, element(ns.muc, 'history', history)),
      element(ns.page, 'page', this.#page), element(ns.lurk, nick ? 'count' : 'lurk'));
  }

  rename(nick) {
    this.#asked = nick;
    this.#presence(nick);
  }

  #presence(nick, ...children) {
    this.#id = freshId();
    this.#link.send(element(ns.client, 'presence', { to: this.#address(nick), id: this.#id }, ...children));
  }

  disconnected() {
    this.#joined = this.#ready = false;
  }

  /** The message, or null when too many wait already. */
  say(body, nick) {
    if (this.waiting.length >= MAX_WAITING) this.#forget();
    if (this.waiting.length >= MAX_WAITING) return null;
    const message = {
      id: freshId(), nick: this.nick || nick, body, time: new Date(), own: true, state: 'pending', live: true,
    };
    this.#mine.set(message.id, message);
    if (!this.#timer) this.flush();
    return message;
  }

  retry(message) {
    this.#mine.delete(message.id); // to the end
    this.#mine.set(message.id, Object.assign(message, { state: 'pending', time: new Date(), sent: false }));
    this.#events.changed(message);
    this.flush();
  }

  #forget() {
    for (const { id, state } of this.waiting) if (state === 'failed') this.#mine.delete(id);
  }

  /** Sends what waits, in order. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#ready || !this.nick || !this.#link.online) return;
    const unsent = this.waiting.filter(({ state, sent }) => state === 'pending' && !sent);
    const now = unsent.length > BURST ? 1 : BURST;
    for (const message of unsent.slice(0, now)) {
      message.sent = true;
      this.#sent.add(message.id, this.nick);
      this.#link.send(element(ns.client, 'message', { to: this.#jid, type: 'groupchat', id: message.id },
        element(ns.client, 'body', {}, message.body)));
    }
    if (unsent.length > now) this.#timer = setTimeout(() => this.flush(), PACE);
  }

  giveUp(error = {}) {
    for (const message of this.waiting) if (message.state === 'pending') this.#fail(message, error);
  }

  /** Is not forgotten: what looked lost with a connection may yet come in the history. */
  #fail(message, error) {
    if (message.state !== 'failed') this.#events.changed(Object.assign(message, { state: 'failed', error }));
  }

  receive(stanza) {
    const from = stanza.getAttribute('from') ?? '';
    const [room] = from.split('/', 1);
    if (room !== this.#jid) return;
    const nick = from.slice(room.length + 1);
    const type = stanza.getAttribute('type') ?? '';
    if (this.#joined) this.#heard = Date.now();
    if (stanza.localName === 'message') this.#message(stanza, nick, type);
    else if (type === 'error') this.#refused(stanzaError(stanza), nick);
    else this.#occupant(stanza, nick, type === 'unavailable');
    const count = child(stanza, 'count', ns.lurk);
    if (!count) return;
    this.hidden = Math.max(0, count.getAttribute('occupants') - this.people.size);
    this.readers = +count.getAttribute('readers');
    this.#events.people();
  }

  #refused(error, nick) {
    if (this.#joined && this.nick) return this.#events.renameRefused(error, this.#asked);
    if (error.condition === 'conflict' && (!nick || nick === this.#asked)) {
      this.#attempt += 1;
      if (this.#attempt < 15) return this.#ask(alternative(this.#wanted, this.#attempt));
    }
    if (this.#joined) this.#asked = '';
    this.#events.refused(error);
  }

  #occupant(presence, nick, gone) {
    const user = child(presence, 'x', ns.mucUser);
    const item = child(user, 'item');
    const codes = children(user, 'status').map((status) => status.getAttribute('code'));
    const self = codes.includes('110') || (this.#joined && nick === this.nick);
    const by = child(presence, 'occupant-id', ns.occupantId)?.id;
    if (!gone) {
      if (nick && (this.people.size < MAX_PEOPLE || this.people.has(nick) || self)) {
        const [role, affiliation, jid] = ['role', 'affiliation', 'jid'].map((name) => item?.getAttribute(name));
        const hat = child(child(presence, 'hats', ns.hats), 'hat')?.getAttribute('title');
        this.people.set(nick, { nick, role, affiliation, jid, hat, by });
      }
      if (self && !(this.#strict && presence.id && presence.id !== this.#id)) {
        this.#self = by;
        this.#present(nick);
      }
    } else if (codes.includes('303') && item?.getAttribute('nick')) {
      const renamed = item.getAttribute('nick');
      const person = this.people.get(nick);
      this.people.delete(nick);
      if (person) this.people.set(renamed, { ...person, nick: renamed });
      if (self) this.nick = renamed;
      if (this.#ready) this.#events.renamed(nick, renamed);
    } else {
      this.people.delete(nick);
      if (self) return this.#removed(user, item, codes);
    }
    if (this.#joined) this.#events.people(presence);
  }

  #present(nick) {
    const isNew = !this.#joined || nick && !this.nick;
    this.nick = nick;
    if (!isNew) return;
    this.#joined = true;
    this.#heard = Date.now();
    this.#events.joined();
    this.flush();
  }

  #removed(user, item, codes) {
    this.disconnected();
    this.people.clear();
    this.hidden = 0;
    const destroyed = child(user, 'destroy');
    this.#events.people();
    // The highest code says most: a technical removal is a kick (307) with 333.
    const why = destroyed ? 'destroyed' : codes.sort().at(-1);
    this.#events.removed(why, child(destroyed ?? item, 'reason')?.textContent ?? '');
  }

  #message(stanza, nick, type) {
    const { id } = stanza;
    const extra = EXTRA.exec([...stanza.querySelectorAll('*')].map((each) => each.namespaceURI));
    const hidden = Boolean(extra?.[1]); // until it has been looked at
    if (type === 'error') {
      const lost = this.#mine.get(id);
      const error = stanzaError(stanza);
      // The room was restarted and has forgotten us: once more from the start.
      if (lost && OUTSIDE.includes(error.condition) && lost.state !== 'held' && !lost.again) {
        lost.again = true;
        this.join(this.nick);
      } else if (lost) this.#fail(lost, lost.state === 'held' ? { text: error.text } : error);
      if (extra || !lost) this.#events.extra(stanza, lost);
      return;
    }
    const link = !nick && child(stanza, 'x', ns.link);
    if (link) return this.#linked(link.getAttribute('state') !== 'down');
    const body = child(stanza, 'body')?.textContent;
    const subject = child(stanza, 'subject');
    if (subject && body == null) return this.#subject(subject.textContent, !child(stanza, 'delay', ns.delay) && nick);
    if (extra && !nick) return this.#events.extra(stanza);
    if (!(body || extra) || (type !== 'groupchat' && type !== 'chat')) return;
    if (!nick) return this.#events.notice(body);
    // Meant for the page before us; the history will tell.
    if (!this.#joined) return;
    const delay = child(stanza, 'delay', ns.delay);
    const archived = children(stanza, 'stanza-id', ns.stanzaId).find((each) => each.getAttribute('by') === this.#jid);
    const keys = [archived && `a ${archived.id}`, id && `i ${id} ${nick}`].filter(Boolean);
    const known = keys.some((key) => this.#seen.has(key));
    this.#note(keys);
    if (!this.#ready) {
      this.#history += 1;
      if (known || keys.includes(this.#since)) {
        this.#isWhole = true;
        this.#fresh = 0;
      }
    }
    const key = this.mark = keys[0] ?? this.mark;
    // Live messages are always new: ids may be chosen badly.
    if (known && delay && !hidden) return;
    const by = child(stanza, 'occupant-id', ns.occupantId)?.id;
    const time = date(delay?.getAttribute('stamp'));
    const ours = this.#mine.get(id);
    // Nobody else can know the id of what is pending; what seems to have failed may have reached them.
    if (ours && (ours.state === 'pending' || ours.nick === nick)) {
      const state = child(stanza, 'held', ns.moderation) ? 'held' : 'sent';
      if (state === 'sent') this.#mine.delete(id);
      return this.#events.changed(Object.assign(ours, { state, nick, key, time, by, error: { condition: state } }));
    }
    const own = type === 'groupchat'
      && ((!delay && nick === this.nick) || this.#sent.has(id, nick) || (by && by === this.#self));
    if (!own && !hidden && key !== this.#since) this.#fresh += 1;
    const message = {
      id, key, nick, by, body: body ?? '', time, own, live: this.#ready && !delay, state: 'sent', private: type === 'chat',
      hidden,
    };
    this.#events.message(message);
    if (extra) this.#events.extra(stanza, message);
  }

  #linked(isUp) {
    if (!isUp) this.giveUp({ condition: 'remote-server-timeout' });
    this.#events.link(isUp);
  }

  #note(keys) {
    for (const key of keys) this.#seen.add(key);
    for (const key of this.#seen) {
      if (this.#seen.size <= MAX_SEEN) break;
      this.#seen.delete(key);
    }
  }

  /** The subject ends the history (§7.2.15); later ones are changes. */
  #subject(text, nick) {
    this.#events.subject(text, this.#ready && nick);
    this.settle();
  }

  settle() {
    if (this.#ready || !this.#joined) return;
    this.#ready = true;
    this.#strict = false;
    this.#events.ready(this.#since ? this.#fresh : 0);
    for (const message of this.waiting) {
      const { state } = message;
      // What was sent and did not come back is sent again only if the history would show it.
      if (state === 'pending') message.sent &&= !(this.#isWhole || this.#history < SHORT);
      if ((state === 'pending' && message.sent) || Date.now() - message.time > RESEND) this.#fail(message, {});
    }
    this.flush();
  }
}

function date(stamp) {
  const time = new Date(stamp ?? Date.now());
  return isNaN(time) ? new Date() : time;
}
