/** Reports of messages to the moderators of the room (XEP-0377). */
import { make } from '../dom.js';
import { element, ns } from '../xml.js';
import { archiveId } from './amendments.js';
import { formNode, wearForm } from './form.js';
import { cover } from './view.js';
import { words } from './words.js';

const REPORT = 'urn:xmpp:reporting:1';

/** Asks why, and sends it. */
export function report(extras, message, anchor) {
  const { body, close } = cover(extras.panel, 'report-view', words.reportTitle(message.nick), anchor);
  const submit = async (values) => {
    const { reason: [reason], text: [text] } = Object.fromEntries(values);
    await extras.present();
    await extras.connection.iq('set', extras.jid, element(REPORT, 'report', { reason: `urn:xmpp:reporting:${reason}` },
      element(ns.stanzaId, 'stanza-id', { by: extras.jid, id: archiveId(message) }),
      text.trim() ? element(REPORT, 'text', {}, text.trim()) : null));
    close();
    extras.say(words.reported);
  };
  body.append(make('blockquote', { class: 'quoted', dir: 'auto' }, message.body.slice(0, 300)), formNode({
    instructions: words.reportHint,
    fields: [
      { name: 'reason', type: 'list-single', label: words.reportWhy, values: ['abuse'], options: [{ value: 'abuse', label: words.abuse }, { value: 'spam', label: words.spam }] },
      { name: 'text', type: 'text-single', label: words.reportText, values: [] },
    ],
  }, { action: words.reportSend, submit, back: close }));
  wearForm(body);
}
