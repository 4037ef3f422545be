/** What the composer is for besides new messages: correcting what one has said (XEP-0308), and answering (XEP-0461). */
import { button, make } from '../dom.js';
import { archiveId } from './amendments.js';
import { answering } from './answers.js';
import { why, words } from './words.js';

export class Writing {
  #extras;
  #composer;
  #now = null; // {of: message, isAnswer, bar}
  #sent = {}; // the last answer or correction: {id, of, body, isAnswer}
  #draft = '';

  /** Listens to the keys of the composer until `signal` says that it is enough. */
  constructor(extras, signal) {
    this.#extras = extras;
    this.#composer = extras.panel.composer;
    this.#composer.node.addEventListener('keydown', (event) => this.#key(event), { signal });
  }

  /** Whether it can be corrected: sent by this browser, under an id that the others know too. */
  isMine({ own, id, state, private: isPrivate, gone, body }) {
    return own && id && state === 'sent' && !isPrivate && !gone && Boolean(body);
  }

  #key(event) {
    const { key, target } = event;
    const { field } = this.#composer;
    if (target !== field || event.isComposing) return;
    const last = [...this.#extras.log.rows.keys()].reverse().find((message) => this.isMine(message));
    if (key === 'Escape' && this.#now) this.#stop();
    else if (key === 'ArrowUp' && !field.value && last) this.edit(last);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  edit(message) {
    this.#compose(message, message.body);
  }

  answer(message) {
    this.#compose(message, this.#now ? '' : this.#composer.draft, true);
  }

  /** What is written now corrects a message, or answers it. */
  #compose(of, body, isAnswer) {
    if (this.#now) this.#stop();
    const composer = this.#composer;
    const bar = make('div', { sp: 'editing', role: 'status' }, isAnswer ? words.answering(of.nick) : words.editing, ' ',
      button({ class: 'link', onclick: () => this.#stop() }, words.cancel));
    composer.field.parentNode.before(bar);
    this.#draft = isAnswer ? '' : composer.draft;
    this.#now = { of, isAnswer, bar };
    composer.draft = body;
    composer.focus();
    composer.field.setSelectionRange(body.length, body.length);
  }

  /** What was written is no correction after all; an answer goes on as a message. */
  #stop() {
    const { bar, isAnswer } = this.#now;
    bar.remove();
    this.#now = null;
    if (!isAnswer) this.#composer.draft = this.#draft;
    this.#composer.focus();
  }

  /** Whether a text that is sent is no plain message. */
  takes(body) {
    const { of, isAnswer } = this.#now ?? {};
    // An answer to what was taken back meanwhile, or one that would have to wait, is said as what it is: a message.
    if (!of || (isAnswer && (of.gone || !this.#extras.room.joined || !this.#extras.connection.online))) {
      if (of) this.#stop();
      return false;
    }
    if (isAnswer) this.#say(of, body);
    else if (body !== of.body && !of.gone) this.#sent = { id: this.#extras.amendments.correct(of, body), of, body };
    this.#stop();
    const draft = this.#draft;
    // The composer empties itself after this.
    queueMicrotask(() => this.#composer.draft = draft);
    return true;
  }

  async #say(of, body) {
    try {
      await this.#extras.present();
      this.#sent = { id: this.#extras.amendments.send(...answering(of, archiveId(of), this.#extras.jid, body)), of, body, isAnswer: true };
    } catch (error) {
      this.#extras.say(await why(error));
      if (!this.#composer.draft) this.#compose(of, body, true);
    }
  }

  /** The room did not take what was sent under this id: it comes back, to be sent again. */
  refused(sent) {
    const { id, of, body, isAnswer } = this.#sent;
    if (id === sent && !this.#composer.draft) this.#compose(of, body, isAnswer);
  }
}
