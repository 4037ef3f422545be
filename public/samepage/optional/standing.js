/** What one may do here just now: without voice, in slow mode. Says so where one would write. */
import { stanzaError } from '../connection.js';
import { button, make } from '../dom.js';
import { child, element, freshId, ns } from '../xml.js';
import { submission } from './form.js';
import { why, words } from './words.js';

const REQUEST = 'http://jabber.org/protocol/muc#request';
const LONGEST = 86_400; // seconds

export class Standing {
  #jid;
  #room;
  #connection;
  #composer;
  #role = '';
  #placeholder;
  #until = 0;
  #waiting = [];
  #order = 0;
  #timer = 0;
  #asked = '';
  #voice = make('div', { sp: 'no-voice', role: 'status', hidden: true });
  #rest = make('span', { role: 'timer' });
  #slow = make('div', { sp: 'slow-mode', hidden: true }, make('span', { role: 'status' }), ' ', this.#rest);

  constructor(jid, room, connection, composer) {
    this.#jid = jid;
    this.#room = room;
    this.#connection = connection;
    this.#composer = composer;
    this.#placeholder = composer.field.placeholder;
    composer.node.prepend(this.#voice, this.#slow);
  }

  destroy() {
    clearTimeout(this.#timer);
  }

  // Voice (XEP-0045 §8.3, §8.4, §7.13).

  /** `self`: who one is now, if anybody; `presence`: what has changed, of whomever. */
  update(self, presence) {
    const role = self?.role ?? '';
    if (role === this.#role) return;
    const had = this.#role;
    this.#role = role;
    const isSilent = role === 'visitor';
    this.#composer.field.readOnly = isSilent;
    this.#composer.field.placeholder = isSilent ? words.readOnly : this.#placeholder;
    this.#voice.hidden = !isSilent;
    if (!isSilent) {
      if (had === 'visitor') this.#close();
      return;
    }
    const item = child(child(presence, 'x', ns.mucUser), 'item');
    const why = presence?.getAttribute('from') === `${this.#jid}/${this.#room.nick}` ? child(item, 'reason')?.textContent : '';
    this.#voice.replaceChildren(had ? words.muted(child(item, 'actor')?.getAttribute('nick'), why) : words.noVoice, ' ',
      button({ class: 'link', 'data-sp': 'ask-voice', onclick: () => this.#ask() }, words.askVoice));
    this.#close();
  }

  #ask() {
    this.#asked = freshId();
    this.#connection.send(element(ns.client, 'message', { to: this.#jid, id: this.#asked },
      submission(REQUEST, [['muc#role', ['participant']]])));
    this.#voice.lastChild.replaceWith(words.asked);
  }

  // Slow mode, and what else keeps a message from being sent.

  /** The answer to a message of ours. Whether it was about this. */
  async refused(stanza, message) {
    const error = child(stanza, 'error');
    if (stanza.id === this.#asked) {
      this.#voice.lastChild.replaceWith(await why(stanzaError(stanza)));
      return true;
    }
    if (!message) return false;
    const [why] = [...error.children].filter(({ namespaceURI }) => namespaceURI === ns.moderation);
    if (!why) return false;
    message.error = { condition: why.localName };
    if (why.localName === 'slow-mode') this.#wait(Number(why.getAttribute('seconds')), message);
    return true;
  }

  #wait(seconds, message) {
    message.order ??= this.#order += 1;
    this.#waiting = [...this.#waiting.filter((each) => each !== message), message].sort((one, other) => one.order - other.order);
    const most = Math.min(Math.max(1, seconds || 1), LONGEST);
    this.#until = Math.max(this.#until, Date.now() + most * 1000);
    this.#slow.hidden = false;
    this.#slow.firstChild.textContent = words.slow;
    this.#close();
    if (!this.#timer) this.#tick();
  }

  #tick() {
    const rest = Math.ceil((this.#until - Date.now()) / 1000);
    if (rest > 0) {
      this.#rest.textContent = words.slowRest(rest);
      this.#timer = setTimeout(() => this.#tick(), 500);
      return;
    }
    this.#timer = this.#until = 0;
    this.#slow.hidden = true;
    this.#close();
    // The second is refused, and brings the time until it may follow.
    for (const message of this.#waiting.splice(0, 2)) if (message.state === 'failed') this.#room.retry(message);
  }

  #close() {
    this.#composer.closed = this.#role === 'visitor' ? words.readOnly : this.#until ? words.slowKept : '';
  }
}
